//! Columns that a text names and that nothing has.
//!
//! Invariant: a name is unknown only where the columns of everything that it may mean are known; a
//! relation of an extension or of somebody else's schema, or a function whose rows have no known columns,
//! may have any.
//!
//! Source: src/backend/parser/parse_relation.c (`errorMissingColumn`, `errorMissingRTE`).

use super::Analysis;
use super::scope::Scope;
use super::world::World;
use crate::dialect::is_builtin_type;
use crate::expr::builtin::builtins;

/// A name that means nothing where it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnknownColumn {
    /// As the text has it: `a`, `t.a`.
    pub name: String,
    /// What it may have meant: the names of the columns that are there.
    pub known: Vec<String>,
    pub what: Wrong,
}

/// What is wrong with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wrong {
    /// There is no such column.
    Column,
    /// Nothing is called what stands before the dot.
    Relation,
    /// Two columns of a view have it.
    Twice,
    /// No operator or function of the name takes these types.
    Unfit,
    /// The literal is none of its type, which is what is known of it.
    Value,
}

impl World<'_> {
    /// What was found since this was asked last.
    pub(in crate::expr) fn take_unknown(&self) -> Vec<UnknownColumn> {
        let mut found = self.unknown.take();
        if self.open.replace(false) {
            return Vec::new();
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    pub(in crate::expr) fn found_unknown(&self) -> bool {
        !self.unknown.borrow().is_empty()
    }

    /// The columns of a view, whose names have to differ (view.c, `DefineVirtualRelation`).
    pub(in crate::expr) fn note_twice(&self, names: &[String]) {
        let mut sorted: Vec<&String> = names.iter().collect();
        sorted.sort_unstable();
        let twice = sorted.windows(2).find(|pair| pair[0] == pair[1]);
        self.unknown
            .borrow_mut()
            .extend(twice.map(|pair| UnknownColumn {
                name: pair[0].clone(),
                known: Vec::new(),
                what: Wrong::Twice,
            }));
    }
}

impl Analysis<'_, '_> {
    pub(super) fn note_unknown(&self, parts: &[String]) {
        if self.world.depth.get() > 0 {
            return;
        }
        let found = match parts {
            [name] => self.unknown_anywhere(name),
            [.., table, name] => self.unknown_in(parts, table, name),
            [] => None,
        };
        self.world.unknown.borrow_mut().extend(found);
    }

    /// A column of a join's USING that a side does not have.
    pub(super) fn note_unknown_of_join(&self, name: &str, entries: &[super::scope::Entry]) {
        let known = entries.iter().all(|e| e.columns.is_some());
        if known && self.world.depth.get() == 0 {
            let columns = entries.iter().flat_map(|e| e.columns.iter().flatten());
            let found = UnknownColumn {
                name: name.to_owned(),
                known: columns.map(|c| c.name.clone()).collect(),
                what: Wrong::Column,
            };
            self.world.unknown.borrow_mut().push(found);
        }
    }

    fn unknown_anywhere(&self, name: &str) -> Option<UnknownColumn> {
        let entries = || self.scopes.iter().flat_map(|s| &s.entries);
        if entries().any(|e| e.columns.is_none()) {
            return None;
        }
        let columns = entries().filter(|e| !e.hidden);
        let columns = columns.flat_map(|e| e.columns.iter().flatten());
        Some(UnknownColumn {
            name: name.to_owned(),
            known: columns.map(|c| c.name.clone()).collect(),
            what: Wrong::Column,
        })
    }

    /// Whether `row.name` is a field of an argument (`sql_fn_post_column_ref` in functions.c).
    fn is_field(&self, row: &str, name: &str) -> bool {
        let arguments = self.scopes.first().into_iter().flat_map(|s| &s.entries);
        let mut arguments = arguments.filter_map(|e| e.columns.as_ref()).flatten();
        let of = arguments.find(|a| a.name == row).map(|a| &a.data_type);
        match of {
            Some(Some(of)) => match self.world.columns_of_type(of) {
                Some(fields) => fields.iter().any(|f| f.name == name),
                None => !is_builtin_type(&of.data_type().name.name),
            },
            Some(None) => true,
            None => false,
        }
    }

    /// `t.a` is also `a(t)`, where such a function is there (manual, section 38.4.3).
    fn unknown_in(&self, parts: &[String], table: &str, name: &str) -> Option<UnknownColumn> {
        let schema = parts.len().checked_sub(3).map(|at| parts[at].as_str());
        let entry_of = |s: &'_ Scope| s.entry(schema, table).is_some();
        let scope = self.scopes.iter().rev().find(|s| entry_of(s));
        let Some(scope) = scope else {
            if schema.is_none() && self.is_field(table, name) {
                return None;
            }
            let aliases = self.scopes.iter().flat_map(|s| &s.entries);
            return Some(UnknownColumn {
                name: parts.join("."),
                known: aliases.map(|e| e.alias.clone()).collect(),
                what: Wrong::Relation,
            });
        };
        let columns = scope.entry(schema, table)?.columns.as_ref()?;
        let of_catalog = self.world.catalog.routines.keys();
        let is_function = builtins().functions.contains_key(name)
            || of_catalog.into_iter().any(|(n, _)| n.name.as_str() == name);
        (!is_function).then(|| UnknownColumn {
            name: parts.join("."),
            known: columns.iter().map(|c| c.name.clone()).collect(),
            what: Wrong::Column,
        })
    }
}
