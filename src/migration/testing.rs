//! Catalogs for the tests of this room.

use super::fold;
use crate::dialect::{Dialect, TargetVersion};
use crate::model::Catalog;

pub(super) fn version() -> TargetVersion {
    TargetVersion::default_of(Dialect::Postgres)
}

/// The catalog of a text without errors.
pub(super) fn catalog(text: &str) -> Catalog {
    fold::text(Catalog::default(), text, version()).unwrap_or_else(|e| panic!("{e:?}"))
}
