//! What the tests of this folder share.

use crate::diagnostic::{FileId, Severity};
use crate::dialect::{Dialect, TargetVersion};
use crate::model::{Catalog, Pair};
use crate::plan::{Plan, plan};
use crate::resolve;
use crate::source::{self, SourceFile, SourceKind};

/// The catalog of a SQLite schema, which has to be free of errors.
pub(super) fn catalog(sql: &str) -> Catalog {
    let file = SourceFile {
        id: FileId(0),
        path: "schema.sql".to_owned(),
        kind: SourceKind::Sql,
        text: sql.to_owned(),
        external: false,
    };
    let version = TargetVersion::default_of(Dialect::Sqlite);
    let read = source::sql::read(&file, version);
    let resolved = resolve::resolve(read.declarations, version);
    let said = read.diagnostics.iter().chain(&resolved.diagnostics);
    let errors: Vec<_> = said
        .filter(|d| d.severity == Severity::Error)
        .map(|d| &d.headline)
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    resolved.catalog
}

/// The plan from one schema to the other, for a minor version of SQLite 3; it has to be proved.
pub(super) fn planned(before: &str, after: &str, minor: u16) -> Plan {
    let (before, after) = (catalog(before), catalog(after));
    let version = TargetVersion {
        dialect: Dialect::Sqlite,
        major: minor,
        zone: None,
    };
    let pair = Pair {
        before: &before,
        after: &after,
    };
    let plan = plan(pair, version);
    let said: Vec<_> = plan.diagnostics.iter().map(|d| &d.headline).collect();
    assert!(
        plan.is_proved(),
        "{:?} {said:?}\n{}",
        plan.remaining,
        plan.sql()
    );
    plan
}
