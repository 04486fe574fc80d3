//! A catalog as YAML: the text that the YAML source reads as the same catalog.
//!
//! Invariants: the text is a function of the catalog and its graph; nothing is lost, what has no key
//! of its own stands under `sql:`; YAML 1.1 and 1.2 read the same values. Each kind of object has a
//! function that makes its value; [`layout`] alone knows how values become text.

mod code;
mod columns;
mod constraints;
mod elsewhere;
mod indexes;
mod layout;
mod names;
mod pieces;
mod rest;
mod said;
mod scalar;
mod tables;
mod triggers;
mod types;
mod value;

use std::collections::BTreeMap;

use super::split::{Files, Split};
use super::{FileTree, Report};
use crate::ddl;
use names::Names;
use pieces::{Piece, SECTIONS};
use value::{Map, Value};

use crate::model::ObjectRef;

/// The whole catalog as one document.
pub fn yaml(report: &Report<'_>) -> String {
    let files = files(report, Split::File);
    files.get("schema.yaml").unwrap_or_default().to_owned()
}

/// The catalog as files.
pub fn files(report: &Report<'_>, split: Split) -> FileTree {
    let names = Names::new(ddl::Context {
        catalog: report.catalog,
        graph: report.graph,
        dialect: report.dialect,
    });
    let mut homes = Files::new(split, report.catalog, report.dialect);
    let mut files: BTreeMap<String, Vec<Piece>> = BTreeMap::new();
    for piece in pieces::pieces(&names) {
        files.entry(homes.of(&piece.id)).or_default().push(piece);
    }
    let mut tree = FileTree::default();
    for (path, pieces) in files {
        tree.insert(format!("{path}.yaml"), layout::document(&document(pieces)));
    }
    tree
}

/// What the keys of an object say, as JSON; `None` for what has no keys, or stands within its table.
pub(super) struct Definitions<'a>(Names<'a>);

impl<'a> Definitions<'a> {
    pub(super) fn new(report: &Report<'a>) -> Self {
        Self(Names::new(ddl::Context {
            catalog: report.catalog,
            graph: report.graph,
            dialect: report.dialect,
        }))
    }

    pub(super) fn of(&self, object: ObjectRef<'_>) -> Option<serde_json::Value> {
        let value = match object {
            ObjectRef::Table(table) => self.0.table(table),
            ObjectRef::Sequence(sequence) => self.0.sequence(sequence),
            other => self.0.entry(other)?.2,
        };
        Some(value.to_json())
    }
}

/// The pieces of a file under their sections.
fn document(pieces: Vec<Piece>) -> Map {
    let mut sections: BTreeMap<usize, (Map, Vec<Value>)> = BTreeMap::new();
    for piece in pieces {
        let rank = SECTIONS.iter().position(|s| *s == piece.section);
        let (map, list) = sections.entry(rank.unwrap_or(SECTIONS.len())).or_default();
        match piece.key {
            Some(key) => map.put(key, piece.value),
            None => list.push(piece.value),
        }
    }
    let mut document = Map::block();
    for (rank, (map, list)) in sections {
        let Some(section) = SECTIONS.get(rank) else {
            continue;
        };
        document.put_filled(section, map);
        document.put_filled(section, list);
    }
    document
}
