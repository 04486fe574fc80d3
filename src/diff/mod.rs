//! Two catalogs to the changes between them.
//!
//! Invariants: equality is the model's own, so neither positions nor spelling are seen, nor the order
//! of a table's columns; a catalog has no change to itself. Every thing that differs has a change of its
//! own, in an order that depends on names alone. What is not compared is counted. The cost is linear in
//! the size of the catalogs: lists are merged, never searched.

mod access;
mod blocks;
mod code;
mod columns;
mod constraints;
mod differ;
mod indexes;
mod matched;
mod members;
mod mentioned;
mod renames;
mod rest;
mod shown;
mod tables;
mod types;
mod unqualified;
mod views;
pub mod words;

use crate::dialect::Dialect;
use crate::model::{Catalog, Change, Ident, ObjectId, Pair, Question};
pub use blocks::without_made;
use differ::Differ;
use renames::Renames;
pub use renames::{RefusedRename, Why, refused_renames, renames};

/// What a comparison is about.
#[derive(Clone, Debug)]
pub struct Options {
    pub dialect: Dialect,
    pub managed: Managed,
    /// The role that owns what has no owner said, where one side is a database; `None` leaves "no owner
    /// said" a value of its own, equal to itself alone.
    pub executor: Option<Ident>,
}

impl Options {
    /// Between two declared schemas: everything counts.
    pub fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            managed: Managed::default(),
            executor: None,
        }
    }
}

/// The properties that count only where somebody says something about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Managed {
    pub owners: bool,
    /// Privileges of objects, and default privileges.
    pub privileges: bool,
    pub tablespaces: bool,
}

impl Managed {
    /// What a declared schema says something about.
    pub fn mentioned(catalog: &Catalog) -> Self {
        mentioned::mentioned(catalog)
    }
}

impl Default for Managed {
    fn default() -> Self {
        Self {
            owners: true,
            privileges: true,
            tablespaces: true,
        }
    }
}

/// What differs, and what was not compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    pub changes: Vec<Change>,
    /// Pairs of changes that may be renames.
    pub questions: Vec<Question>,
    pub left_out: LeftOut,
}

/// How many differences were seen and do not count, by reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    pub owners: usize,
    pub privileges: usize,
    pub tablespaces: usize,
    /// Of objects that belong to others.
    pub external: usize,
    /// Statements that make no object: reference data, DO blocks.
    pub kept: usize,
    /// What a DO block makes: the caller that took it out of a catalog says so.
    pub made: Vec<ObjectId>,
}

/// What [`LeftOut::made`] is called.
pub const MADE: &str = "objects that a DO block makes";

/// What [`LeftOut::external`] is called.
pub const OF_OTHERS: &str = "objects of others";

impl LeftOut {
    /// The reasons in words, with the numbers that are not zero.
    pub fn list(&self) -> Vec<(&'static str, usize)> {
        let all = [
            ("owners", self.owners),
            ("privileges", self.privileges),
            ("tablespaces", self.tablespaces),
            (OF_OTHERS, self.external),
            ("kept statements", self.kept),
            (MADE, self.made.len()),
        ];
        all.into_iter().filter(|(_, count)| *count > 0).collect()
    }
}

/// The changes that lead from one catalog to the other.
pub fn compare(pair: Pair<&Catalog>, options: &Options) -> Comparison {
    let renames = Renames::of(pair, options.dialect);
    let (renames, pair) = match &renames {
        Some((renames, followed)) => (Some(renames), Pair::new(followed, pair.after)),
        None => (None, pair),
    };
    let mut differ = Differ::new(pair, renames, options);
    differ.namespaces();
    differ.types();
    differ.code();
    differ.operators();
    differ.foreign();
    differ.tables();
    differ.views();
    differ.rest();
    differ.finish()
}
