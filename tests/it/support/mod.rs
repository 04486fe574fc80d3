//! What several test modules need: throwaway servers, the corpus, catalogs in memory.

pub(crate) mod browser;
pub(crate) mod catalogs;
pub(crate) mod corpus;
pub(crate) mod postgres;
pub(crate) mod program;
pub(crate) mod schemas;
pub(crate) mod scripts;
pub(crate) mod sqlite;
pub(crate) mod workers;
