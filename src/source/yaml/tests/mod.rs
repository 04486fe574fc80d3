//! Whole files: what they declare, and what is wrong with them.

mod errors;
mod made;
mod objects;
mod tables;
mod validation;

use super::read;
use crate::diagnostic::{Diagnostic, FileId};
use crate::dialect::{Dialect, TargetVersion};
use crate::model::{Column, Index, Object, Policy, Routine, Table, Trigger};
use crate::source::{Declarations, Part, SourceFile, SourceKind, Statement};

fn file(n: u32, text: &str) -> SourceFile {
    SourceFile {
        id: FileId(n),
        path: format!("{n}.yaml"),
        kind: SourceKind::Yaml,
        text: text.into(),
        external: false,
    }
}

fn read_as(text: &str, dialect: Dialect) -> Declarations {
    let file = file(0, text);
    read(&[&file], TargetVersion::default_of(dialect))
}

/// A file without a mistake.
fn good(text: &str) -> Declarations {
    let read = read_as(text, Dialect::Postgres);
    assert_eq!(read.diagnostics, []);
    read
}

/// The text at the position of each error, with its headline and help.
fn bad(text: &str) -> Vec<(String, String, String)> {
    bad_as(text, Dialect::Postgres)
}

fn bad_as(text: &str, dialect: Dialect) -> Vec<(String, String, String)> {
    let read = read_as(text, dialect);
    let at = |d: &Diagnostic| {
        let span = d.primary.as_ref().expect("every error has a place").span;
        text[span.start as usize..span.end as usize].to_owned()
    };
    read.diagnostics
        .iter()
        .map(|d| {
            (
                at(d),
                d.headline.clone(),
                d.help.clone().unwrap_or_default(),
            )
        })
        .collect()
}

/// The only error of a file.
fn one(text: &str) -> (String, String, String) {
    let mut all = bad(text);
    assert_eq!(all.len(), 1, "{all:#?}");
    all.remove(0)
}

fn objects(read: &Declarations) -> impl Iterator<Item = &Object> {
    read.declarations.iter().filter_map(|d| match &d.statement {
        Statement::Create { object, .. } => Some(object),
        _ => None,
    })
}

fn tables(read: &Declarations) -> Vec<&Table> {
    objects(read)
        .filter_map(|o| match o {
            Object::Table(table) => Some(&**table),
            _ => None,
        })
        .collect()
}

fn indexes(read: &Declarations) -> Vec<&Index> {
    objects(read)
        .filter_map(|o| match o {
            Object::Index(_, index) => Some(&**index),
            _ => None,
        })
        .collect()
}

fn index_names(read: &Declarations) -> Vec<&str> {
    indexes(read).iter().map(|i| i.name.as_str()).collect()
}

fn triggers(read: &Declarations) -> Vec<&Trigger> {
    objects(read)
        .filter_map(|o| match o {
            Object::Trigger(_, trigger) => Some(&**trigger),
            _ => None,
        })
        .collect()
}

fn policies(read: &Declarations) -> Vec<&Policy> {
    objects(read)
        .filter_map(|o| match o {
            Object::Policy(_, policy) => Some(&**policy),
            _ => None,
        })
        .collect()
}

fn routines(read: &Declarations) -> Vec<&Routine> {
    objects(read)
        .filter_map(|o| match o {
            Object::Routine(routine) => Some(&**routine),
            _ => None,
        })
        .collect()
}

fn column<'a>(read: &'a Declarations, name: &str) -> &'a Column {
    tables(read)
        .into_iter()
        .find_map(|t| t.column(name))
        .expect("the column is there")
}

fn print_type(column: &Column) -> String {
    Dialect::Postgres.print_type(&column.data_type)
}
