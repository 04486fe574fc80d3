//! The statements of a catalog spread over files.

use std::collections::BTreeMap;

use crate::ddl::{Body, Ddl, each_statement};
use crate::dialect::Dialect;
use crate::model::ObjectKind;
use crate::render::split::{Files, Split};
use crate::render::{FileTree, Report};

/// The canonical DDL as files that are read together, in any order.
pub fn files(report: &Report<'_>, split: Split) -> FileTree {
    let mut homes = Files::new(split, report.catalog, report.dialect);
    // Whether the file has routines, and its statements.
    let mut files: BTreeMap<String, (bool, Body)> = BTreeMap::new();
    let add = &mut |ddl: Ddl| {
        let routine = matches!(
            ddl.object.kind,
            ObjectKind::Function | ObjectKind::Procedure
        );
        let (routines, body) = files.entry(homes.of(&ddl.object)).or_default();
        *routines |= routine;
        body.push(ddl);
    };
    each_statement(report.catalog, report.graph, report.dialect, add);
    let mut tree = FileTree::default();
    for (path, (routines, body)) in files {
        // A body may use what is created later.
        let before = match routines && report.dialect == Dialect::Postgres {
            true => "SET check_function_bodies = false;\n\n",
            false => "",
        };
        tree.insert(format!("{path}.sql"), format!("{before}{}", body.text));
    }
    tree
}
