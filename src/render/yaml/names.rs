//! Names and types as the YAML source reads them.
//!
//! Invariant: a name goes without its schema only where looking it up finds the same object, which
//! is where the catalog declares it in the schema that is looked into anyway.

use std::collections::BTreeMap;

use crate::ddl::Context;
use crate::dialect::{Dialect, cut_identifier, is_builtin_type};
use crate::model::{
    Catalog, Column, Constraint, ConstraintKind, DataType, Ident, Index, QualifiedName, Table,
};

/// What printing needs to know beside the object at hand.
pub(super) struct Names<'a> {
    pub(super) cx: Context<'a>,
    pub(super) dialect: Dialect,
    /// How many constraints and relations of a schema have a name.
    counts: BTreeMap<QualifiedName, usize>,
    /// Partitions by the table that they divide.
    partitions: BTreeMap<&'a QualifiedName, Vec<&'a Table>>,
}

impl<'a> Names<'a> {
    pub(super) fn new(cx: Context<'a>) -> Self {
        Self {
            cx,
            dialect: cx.dialect,
            counts: counts(cx.catalog),
            partitions: partitions(cx.catalog),
        }
    }

    /// The partitions of a table that are told with it.
    pub(super) fn partitions(&self, table: &QualifiedName) -> impl Iterator<Item = &'a Table> {
        let partitions = self.partitions.get(table).into_iter().flatten().copied();
        partitions.filter(|p| self.is_nested(p))
    }

    /// The name of an object as a key: without the default schema.
    pub(super) fn key(&self, name: &QualifiedName) -> String {
        dotted(&self.parts(name))
    }

    /// The name of a relation that is referred to.
    pub(super) fn relation(&self, name: &QualifiedName) -> String {
        if self.cx.catalog.relation(name).is_some() {
            self.key(name)
        } else {
            self.full(name)
        }
    }

    /// The name of a function that is called.
    pub(super) fn routine(&self, name: &QualifiedName) -> String {
        let first = (name.clone(), Box::from(""));
        let mut from = self.cx.catalog.routines.range(first..);
        match from.next() {
            Some(((found, _), _)) if found == name => self.key(name),
            _ => self.full(name),
        }
    }

    /// The name with its schema, whichever that is.
    pub(super) fn full(&self, name: &QualifiedName) -> String {
        let parts: Vec<&str> = name
            .schema
            .iter()
            .chain([&name.name])
            .map(|p| &**p)
            .collect();
        dotted(&parts)
    }

    /// The name in SQL text.
    pub(super) fn sql(&self, name: &QualifiedName) -> String {
        let bare = self.in_default_schema(name) && self.cx.catalog.relation(name).is_some();
        if bare {
            self.dialect.quote(&name.name).into_owned()
        } else {
            self.dialect.quote_name(name)
        }
    }

    fn parts<'n>(&self, name: &'n QualifiedName) -> Vec<&'n str> {
        match &name.schema {
            Some(schema) if !self.in_default_schema(name) => vec![schema, &name.name],
            _ => vec![&name.name],
        }
    }

    fn in_default_schema(&self, name: &QualifiedName) -> bool {
        name.schema.as_deref() == self.dialect.default_schema()
    }

    /// A data type: in its short spelling, without the default schema.
    pub(super) fn data_type(&self, data_type: &DataType) -> String {
        let name = &data_type.name;
        let aliased = matches!(
            &*name.name,
            "character varying"
                | "timestamp with time zone"
                | "timestamp without time zone"
                | "time with time zone"
                | "time without time zone"
        );
        if aliased && name.schema.is_none() && self.dialect == Dialect::Postgres {
            return self.dialect.short_type(data_type);
        }
        let text = self.dialect.print_type(data_type);
        match self.dialect.default_schema() {
            Some(schema) if name.schema.is_some() && self.declares_type(name) => {
                match text.strip_prefix(schema).and_then(|t| t.strip_prefix('.')) {
                    Some(bare) if self.in_default_schema(name) => bare.to_owned(),
                    _ => text,
                }
            }
            _ => text,
        }
    }

    fn declares_type(&self, name: &QualifiedName) -> bool {
        let catalog = self.cx.catalog;
        let declared = catalog.enums.contains_key(name)
            || catalog.domains.contains_key(name)
            || catalog.composites.contains_key(name)
            || catalog.ranges.contains_key(name);
        let plain = name
            .name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b == b'_');
        declared
            && plain
            && !is_builtin_type(&name.name)
            && crate::dialect::extension_of_type(&name.name).is_none()
            && self.dialect.quote(&name.name) == name.name.as_str()
    }

    /// `users.id`, `projects(id, owner_id)`: what a foreign key refers to.
    pub(super) fn target(&self, table: &QualifiedName, columns: &[Ident]) -> String {
        let table = self.relation(table);
        match columns {
            [] => table,
            [column] => format!("{table}.{}", part(column)),
            columns => {
                let columns: Vec<String> = columns.iter().map(|c| part(c)).collect();
                format!("{table}({})", columns.join(", "))
            }
        }
    }

    /// Whether the server would give a constraint the name that it has: it need not be said then.
    pub(super) fn is_made(&self, table: &Table, constraint: &Constraint) -> bool {
        if !self.dialect.names_constraints() || constraint.name.is_empty() {
            return constraint.name.is_empty();
        }
        let columns: Vec<&str> = constraint.columns().iter().map(|c| &**c).collect();
        let (columns, label) = match constraint.kind {
            ConstraintKind::PrimaryKey { .. } => (&[][..], "pkey"),
            ConstraintKind::Unique { .. } => (&columns[..], "key"),
            ConstraintKind::ForeignKey(_) => (&columns[..], "fkey"),
            _ => return false,
        };
        let made = crate::dialect::constraint_name(&table.name.name, columns, label, |_| false);
        let full = table.name.sibling(constraint.name.clone());
        made == *constraint.name && self.counts.get(&full) == Some(&1)
    }

    /// Whether the name of an index is the one that is made for it.
    pub(super) fn is_made_index(&self, relation: &QualifiedName, index: &Index) -> bool {
        let Some(columns) = index.plain_columns() else {
            return false;
        };
        let columns: Vec<&str> = columns.into_iter().map(|c| &**c).collect();
        let made = format!("{}_{}_idx", relation.name, columns.join("_"));
        let full = relation.sibling(index.name.clone());
        cut_identifier(self.dialect, &made) == *index.name && self.counts.get(&full) == Some(&1)
    }

    /// `bigserial` and its like, where that is all there is to a column and its sequence.
    pub(super) fn serial(&self, table: &Table, column: &Column) -> Option<&'static str> {
        if self.dialect != Dialect::Postgres {
            return None;
        }
        crate::ddl::serial_type(&self.cx, table, column)
    }
}

/// A part of a dotted name, in double quotes where a dot or a bracket would end it.
pub(super) fn part(name: &str) -> String {
    let odd = name.is_empty()
        || name.contains(['.', '"', '(', ')', ','])
        || name.starts_with(char::is_whitespace)
        || name.ends_with(char::is_whitespace);
    if odd {
        format!("\"{}\"", name.replace('"', "\"\""))
    } else {
        name.to_owned()
    }
}

fn dotted(parts: &[&str]) -> String {
    let parts: Vec<String> = parts.iter().map(|p| part(p)).collect();
    parts.join(".")
}

fn partitions(catalog: &Catalog) -> BTreeMap<&QualifiedName, Vec<&Table>> {
    let mut partitions: BTreeMap<&QualifiedName, Vec<&Table>> = BTreeMap::new();
    for table in catalog.tables.values() {
        if let Some(of) = &table.partition_of {
            partitions.entry(&of.parent).or_default().push(table);
        }
    }
    partitions
}

fn counts(catalog: &Catalog) -> BTreeMap<QualifiedName, usize> {
    let mut counts: BTreeMap<QualifiedName, usize> = BTreeMap::new();
    let mut count = |name: QualifiedName| *counts.entry(name).or_default() += 1;
    for (name, table) in &catalog.tables {
        count(name.clone());
        let constraints = table.constraints.iter().map(|c| &c.name);
        let indexes = table.indexes.iter().map(|i| &i.name);
        for member in constraints.chain(indexes) {
            count(name.sibling(member.clone()));
        }
    }
    for (name, view) in &catalog.views {
        count(name.clone());
        for index in &view.indexes {
            count(name.sibling(index.name.clone()));
        }
    }
    let others = catalog.sequences.keys().chain(catalog.composites.keys());
    for name in others.chain(catalog.virtual_tables.keys()) {
        count(name.clone());
    }
    counts
}
