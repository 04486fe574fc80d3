//! The statements of a catalog spread over files.

use std::collections::BTreeMap;

use super::{Ddl, statements};
use crate::dialect::Dialect;
use crate::model::ObjectKind;
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
        let bodies = statements
            .iter()
            .any(|d| matches!(d.object.kind, ObjectKind::Function | ObjectKind::Procedure));
        // A body may use what is created later.
        let before = match bodies && report.dialect == Dialect::Postgres {
            true => "SET check_function_bodies = false;\n\n",
            false => "",
        };
        let text = super::assembly::text_of(statements);
        tree.insert(format!("{path}.sql"), format!("{before}{text}"));
    }
    tree
}
