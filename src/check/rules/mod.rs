//! The rules: a folder a group, a file a rule.

pub(super) mod meta;
pub(super) mod naming;
