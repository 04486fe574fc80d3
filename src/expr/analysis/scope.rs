//! What a column name means: the relations of FROM, of the queries around, of a table's own checks.
//!
//! Source: src/backend/parser/parse_relation.c (`colNameToVar`, `scanNameSpaceForRelid`).

use std::rc::Rc;

use super::typed::Typed;
use super::types::Type;
use super::world::Output;
use crate::dialect::Dialect;
use crate::model::{Ident, QualifiedName};

/// A relation that columns are looked for in.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    /// How keys name it: a number in the order of FROM, so that aliases do not matter.
    pub(super) label: String,
    /// How the text names it.
    pub(super) alias: String,
    pub(super) schema: Option<String>,
    /// `None` where the relation is not known.
    pub(super) columns: Option<Vec<Visible>>,
    /// The row type.
    pub(super) row: Option<Type>,
    /// Whether only a qualified name finds it: a side of a join that has an alias of its own.
    pub(super) hidden: bool,
    /// Columns that USING has merged, and which unqualified names find elsewhere.
    pub(super) merged: Vec<String>,
    /// The relation, where the text knows it by its own name and not by an alias.
    pub(super) own_name: Option<QualifiedName>,
}

/// A column as the text may name it.
#[derive(Clone, Debug)]
pub(super) struct Visible {
    pub(super) name: String,
    pub(super) key: String,
    pub(super) data_type: Option<Type>,
    /// The column of a relation that it is, where what texts read is asked for.
    pub(super) origin: Option<Rc<(QualifiedName, Ident)>>,
}

/// The relations of one query.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    pub(super) entries: Vec<Entry>,
    /// Columns that USING has merged.
    pub(super) merged: Vec<(String, Typed)>,
    /// Whether the names of a single table stand for themselves: in its checks, defaults, policies.
    pub(super) ctes: Vec<(String, String, Option<Vec<Output>>)>,
}

pub(super) enum Found {
    Column(Typed),
    Row(Typed),
    Nothing,
}

impl Entry {
    /// A relation whose columns have these names; keys name them by `label`, or not at all.
    pub(super) fn of_columns(
        label: &str,
        alias: &str,
        columns: impl Iterator<Item = (String, Option<Type>)>,
    ) -> Self {
        let columns = columns.map(|(name, data_type)| {
            let quoted = Dialect::Postgres.quote(&name).into_owned();
            let key = match label {
                "" => quoted,
                label => format!("{label}.{quoted}"),
            };
            Visible {
                name,
                key,
                data_type,
                origin: None,
            }
        });
        Self {
            label: label.to_owned(),
            alias: alias.to_owned(),
            columns: Some(columns.collect()),
            ..Self::default()
        }
    }

    pub(super) fn column(&self, name: &str) -> Option<Typed> {
        match &self.columns {
            Some(columns) => {
                let found = columns.iter().find(|c| c.name == name);
                let found = found.map(|c| Typed::new(c.key.clone(), c.data_type.clone()));
                found.or_else(|| self.system_column(name))
            }
            None => Some(Typed::new(self.key_of(name), None)),
        }
    }

    fn key_of(&self, name: &str) -> String {
        let quoted = Dialect::Postgres.quote(name);
        match self.label.as_str() {
            "" => quoted.into_owned(),
            label => format!("{label}.{quoted}"),
        }
    }

    fn system_column(&self, name: &str) -> Option<Typed> {
        let data_type = match name {
            "ctid" => "tid",
            "tableoid" => "oid",
            "xmin" | "xmax" => "xid",
            "cmin" | "cmax" => "cid",
            _ => return None,
        };
        Some(Typed::of(self.key_of(name), data_type))
    }

    pub(super) fn row(&self) -> Typed {
        Typed::new(format!("{}.*", self.label), self.row.clone())
    }
}

impl Scope {
    pub(super) fn find(&self, parts: &[String]) -> Found {
        match parts {
            [name] => self.find_bare(name),
            [table, name] => match self.entry(None, table) {
                Some(entry) => entry.column(name).map_or(Found::Nothing, Found::Column),
                None => Found::Nothing,
            },
            [.., schema, table, name] => match self.entry(Some(schema), table) {
                Some(entry) => entry.column(name).map_or(Found::Nothing, Found::Column),
                None => Found::Nothing,
            },
            [] => Found::Nothing,
        }
    }

    pub(super) fn entry(&self, schema: Option<&str>, alias: &str) -> Option<&Entry> {
        self.entries.iter().find(|e| {
            e.alias == alias
                && (schema.is_none() || e.schema.as_deref().is_none_or(|s| Some(s) == schema))
        })
    }

    fn find_bare(&self, name: &str) -> Found {
        if let Some((_, typed)) = self.merged.iter().find(|(n, _)| n == name) {
            return Found::Column(typed.clone());
        }
        let visible = || self.entries.iter().filter(|e| !e.hidden);
        let known = visible().filter(|e| e.columns.is_some());
        for entry in known {
            if let Some(found) = entry.column(name) {
                return Found::Column(found);
            }
        }
        let mut unknown = visible().filter(|e| e.columns.is_none());
        match (unknown.next(), unknown.next()) {
            (Some(one), None) => return one.column(name).map_or(Found::Nothing, Found::Column),
            (Some(_), Some(_)) => return Found::Column(Typed::new(format!("?.{name}"), None)),
            _ => {}
        }
        match self.entry(None, name) {
            Some(entry) => Found::Row(entry.row()),
            None => Found::Nothing,
        }
    }

    pub(super) fn has_column(&self, name: &str) -> bool {
        let of = |e: &Entry| {
            e.columns
                .as_ref()
                .is_some_and(|c| c.iter().any(|c| c.name == name))
        };
        self.merged.iter().any(|(n, _)| n == name) || self.entries.iter().any(of)
    }

    /// The relation of `t.*` as an expression.
    pub(super) fn whole_row(&self, parts: &[String]) -> Option<&Entry> {
        let (schema, alias) = match parts {
            [alias] => (None, alias),
            [.., schema, alias] => (Some(schema.as_str()), alias),
            [] => return None,
        };
        self.entry(schema, alias)
    }
}
