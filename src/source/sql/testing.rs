//! What the tests of the statement grammar share: a text as the one thing it says.

use super::read;
use crate::diagnostic::FileId;
use crate::dialect::{Dialect, TargetVersion};
use crate::model::Object;
use crate::source::{AlterAction, Declarations, SourceFile, SourceKind, Statement};

pub(super) fn read_text(text: &str) -> Declarations {
    let file = SourceFile {
        id: FileId(0),
        path: "test.sql".to_owned(),
        kind: SourceKind::Sql,
        text: text.to_owned(),
        external: false,
    };
    read(&file, TargetVersion::default_of(Dialect::Postgres))
}

pub(super) fn statement_of(text: &str) -> Statement {
    let mut read = read_text(text);
    assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
    assert_eq!(read.declarations.len(), 1, "{text}");
    read.declarations.remove(0).statement
}

pub(super) fn object_of(text: &str) -> Object {
    match statement_of(text) {
        Statement::Create { object, .. } => object,
        other => panic!("{text} is no CREATE: {other:?}"),
    }
}

pub(super) fn actions_of(text: &str) -> Vec<AlterAction> {
    match statement_of(text) {
        Statement::Alter { actions, .. } => actions,
        other => panic!("{text} is no ALTER: {other:?}"),
    }
}

/// The message of the one error in a text.
pub(super) fn error_of(text: &str) -> String {
    let read = read_text(text);
    assert_eq!(read.diagnostics.len(), 1, "{:?}", read.diagnostics);
    read.diagnostics[0].headline.clone()
}
