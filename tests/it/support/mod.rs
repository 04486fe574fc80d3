//! What several test modules need: throwaway servers. Nothing here asserts anything about schemagen.

pub(crate) mod postgres;
