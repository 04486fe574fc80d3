//! The statements of a catalog spread over files.

use std::collections::BTreeMap;

use super::{Ddl, statements};
use crate::render::split::{Files, Split};
use crate::render::{FileTree, Report};

/// The canonical DDL as files that are read together, in any order.
pub fn files(report: &Report<'_>, split: Split) -> FileTree {
    let mut homes = Files::new(split, report.catalog, report.dialect);
    let mut files: BTreeMap<String, Vec<Ddl>> = BTreeMap::new();
    for ddl in statements(report.catalog, report.graph, report.dialect) {
        files.entry(homes.of(&ddl.object)).or_default().push(ddl);
    }
    let mut tree = FileTree::default();
    for (path, statements) in files {
        tree.insert(format!("{path}.sql"), super::assembly::text_of(statements));
    }
    tree
}
