//! The rules: a folder a group, a file a rule.

pub(super) mod constraint;
pub(super) mod documentation;
pub(super) mod index;
pub(super) mod meta;
pub(super) mod migration_safety;
pub(super) mod naming;
pub(super) mod normalization;
pub(super) mod security;
pub(super) mod types;

mod remedy;
mod subject;
