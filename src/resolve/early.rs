//! What a statement of a migration names before it is there, or when it is gone: schemas, keys that foreign
//! keys refer to, columns, tables of publications, wrappers and servers.
//!
//! Invariant: as in `presence.rs`, only what the migration or its catalog declares is missed.

use std::collections::BTreeMap;

use super::fold::Fold;
use crate::diagnostic::Diagnostic;
use crate::expr::{Reader, unquote_string, without_cast};
use crate::model::{
    Catalog, Constraint, DataType, Deferral, Expr, ForeignKey, Ident, Index, Object, ObjectId,
    ObjectKind, QualifiedName, Table,
};
use crate::source::{AlterAction, ColumnAction, LikeClause};

/// The columns and constraints that a statement brings to its table by itself.
#[derive(Default)]
pub(super) struct Brought<'s> {
    columns: Vec<&'s Ident>,
    constraints: Vec<&'s Constraint>,
    types: BTreeMap<&'s Ident, &'s DataType>,
    /// Whether a column is renamed or gets another type in the same statement.
    pub(super) changes: bool,
}

impl<'s> Brought<'s> {
    pub(super) fn by(actions: &'s [AlterAction]) -> Self {
        let mut brought = Self::default();
        for action in actions {
            match action {
                AlterAction::AddColumn {
                    column,
                    constraints,
                    ..
                } => {
                    brought.columns.push(&column.name);
                    brought.constraints.extend(constraints);
                }
                AlterAction::AddConstraint(found) => brought.constraints.push(found),
                AlterAction::AddConstraintUsingIndex { constraint, .. } => {
                    brought.constraints.push(constraint);
                }
                AlterAction::Column {
                    name,
                    action: ColumnAction::Type { data_type, .. },
                } => {
                    brought.types.insert(name, data_type);
                    brought.changes = true;
                }
                AlterAction::Column { .. } | AlterAction::RenameColumn { .. } => {
                    brought.changes = true;
                }
                _ => {}
            }
        }
        brought
    }
}

impl Fold {
    /// The schema that a new object would be in, or what it is made of beside types and texts.
    pub(super) fn missing_around(
        &self,
        object: &Object,
        like: &[LikeClause],
    ) -> Option<Diagnostic> {
        let own = match object {
            Object::Extension(extension) => extension.schema.clone(),
            _ => object.id().and_then(|id| id.name.schema),
        };
        own.and_then(|schema| self.missing_schema(&schema))
            .or_else(|| match object {
                Object::Table(table) => self
                    .missing_server(table.foreign.as_ref().map(|f| &f.server))
                    .or_else(|| self.missing_keys(&table.name, &table.constraints, like)),
                Object::ForeignServer(server) => {
                    let there = self
                        .catalog
                        .foreign_data_wrappers
                        .contains_key(&server.wrapper);
                    let known = self.names.wrappers.contains(&server.wrapper);
                    (known && !there)
                        .then(|| self.not_yet("foreign-data wrapper", &bare(&server.wrapper)))
                }
                Object::UserMapping(mapping) => self.missing_server(Some(&mapping.server)),
                Object::Publication(publication) => {
                    let mut tables = publication.tables.iter();
                    tables.find_map(|t| self.missing_read(&t.name))
                }
                Object::Index(relation, index) => self.missing_of_index(relation, index),
                Object::Policy(relation, policy) => {
                    let texts = policy.using.iter().chain(&policy.with_check);
                    self.missing_in_texts(relation, texts, &Brought::default())
                }
                _ => None,
            })
    }

    pub(super) fn missing_of_action(
        &self,
        table: &QualifiedName,
        action: &AlterAction,
        brought: &Brought<'_>,
    ) -> Option<Diagnostic> {
        match action {
            AlterAction::SetSchema(schema) => self.missing_schema(schema),
            AlterAction::OwnedBy(Some((owner, _))) => self.missing_read(owner),
            AlterAction::AddConstraint(found) => self
                .missing_key(table, &brought.constraints, found)
                .or_else(|| self.unequal_key(table, found, brought))
                .or_else(|| {
                    let keys = found.columns().iter().chain(found.compared());
                    self.missing_columns(table, keys.chain(found.included()), brought)
                })
                .or_else(|| self.missing_in_texts(table, found.expressions(), brought)),
            AlterAction::AddColumn {
                column,
                constraints,
                ..
            } => constraints
                .iter()
                .find_map(|c| self.missing_key(table, &brought.constraints, c))
                .or_else(|| self.missing_value(&column.data_type, column.default.as_ref())),
            AlterAction::Column {
                name,
                action: ColumnAction::Default(default),
            } => {
                let found = self.catalog.tables.get(&self.relation_name(table));
                let found = found.and_then(|t| t.column(name));
                let data_type = brought.types.get(name).copied();
                let data_type = data_type.or(found.map(|c| &c.data_type));
                self.missing_value(data_type?, default.as_ref())
            }
            AlterAction::Publication { publication, .. } => {
                let mut tables = publication.tables.iter();
                tables.find_map(|t| self.missing_read(&t.name))
            }
            _ => None,
        }
    }

    fn missing_schema(&self, schema: &Ident) -> Option<Diagnostic> {
        let declared = self.names.schemas.contains(schema);
        let there = self.catalog.schemas.contains_key(schema);
        (declared && !there && !self.is_mentioned(schema))
            .then(|| self.not_yet("schema", &bare(schema)))
    }

    /// A value of an enum that a default names.
    fn missing_value(&self, data_type: &DataType, default: Option<&Expr>) -> Option<Diagnostic> {
        let full = self.names.data_type(&data_type.name, &self.now.path)?;
        let found = self.catalog.enums.get(&full)?;
        let value = without_cast(default?.text());
        let value =
            unquote_string(value).filter(|_| value.starts_with('\'') && !data_type.is_array())?;
        let there = found.values.iter().any(|v| **v == *value);
        (!there).then(|| self.not_yet("value", &full.sibling(format!("{}.{value}", full.name))))
    }

    fn missing_server(&self, server: Option<&Ident>) -> Option<Diagnostic> {
        let server = server?;
        let there = self.catalog.foreign_servers.contains_key(server);
        (self.names.servers.contains(server) && !there)
            .then(|| self.not_yet("server", &bare(server)))
    }

    /// The same for a table that is made, which may take keys of its own from another.
    fn missing_keys(
        &self,
        table: &QualifiedName,
        own: &[Constraint],
        like: &[LikeClause],
    ) -> Option<Diagnostic> {
        let brought: Vec<&Constraint> = own.iter().collect();
        own.iter().find_map(|constraint| {
            let fk = constraint.as_foreign_key()?;
            if !like.is_empty() || self.relation_name(&fk.target) != self.relation_name(table) {
                return self.missing_key(table, &brought, constraint);
            }
            let there = own.iter().any(|c| is_key(c, &fk.target_columns));
            (!there).then(|| self.no_key(table, fk))
        })
    }

    /// The table that a foreign key refers to, and the key there.
    fn missing_key(
        &self,
        table: &QualifiedName,
        brought: &[&Constraint],
        constraint: &Constraint,
    ) -> Option<Diagnostic> {
        let fk = constraint.as_foreign_key()?;
        let (from, to) = (self.relation_name(table), self.relation_name(&fk.target));
        if from == to {
            let own = brought.iter().any(|c| is_key(c, &fk.target_columns));
            let there = own || !self.catalog.tables.contains_key(&to) || self.has_key(&to, fk);
            return (!there).then(|| self.no_key(&to, fk));
        }
        let missing = self.missing_read(&fk.target);
        missing.or_else(|| {
            let known = self.catalog.tables.contains_key(&to) && !self.catalog.is_external(&to);
            (known && !self.has_key(&to, fk)).then(|| self.no_key(&to, fk))
        })
    }

    /// Whether a table has a key over the columns that a foreign key refers to; a partition has those of
    /// its parents (`transformFkeyCheckAttrs` in tablecmds.c).
    fn has_key(&self, table: &QualifiedName, fk: &ForeignKey) -> bool {
        let constraint = |c: &Constraint| is_key(c, &fk.target_columns);
        let index = |i: &Index| is_key_index(i, &fk.target_columns);
        let has = |t: &Table| t.constraints.iter().any(constraint) || t.indexes.iter().any(index);
        self.catalog.partition_lineage(table).any(has)
    }

    fn no_key(&self, table: &QualifiedName, fk: &ForeignKey) -> Diagnostic {
        let columns: Vec<&str> = fk.target_columns.iter().map(Ident::as_str).collect();
        let headline = match columns.as_slice() {
            [] => format!("`{table}` has no primary key here"),
            columns => format!("`{table}` has no key over {} here", columns.join(", ")),
        };
        Diagnostic::error("resolve/foreign-key", headline)
            .at(self.now.span, "referred to here")
            .note("a foreign key refers to a primary key, a unique constraint that is not deferrable, or a unique index")
            .help("move the statement behind the one that makes the key")
    }

    fn missing_of_index(&self, relation: &QualifiedName, index: &Index) -> Option<Diagnostic> {
        let full = self.relation_name(relation).sibling(index.name.clone());
        let table = self.catalog.tables.get(&self.relation_name(relation));
        if !index.name.is_empty()
            && let Some(taken) = self.given_relation(&full)
        {
            return Some(taken);
        }
        let nothing = Brought::default();
        let keys = index.elements.iter();
        let mut columns = keys.filter_map(|e| e.column.as_ref()).chain(&index.include);
        let missing = columns.find_map(|c| self.missing_column(relation, c, &nothing));
        let missing = missing.or_else(|| self.missing_class(table?, index));
        missing.or_else(|| self.missing_in_texts(relation, index.expressions(), &nothing))
    }

    fn missing_columns<'c>(
        &self,
        table: &QualifiedName,
        mut columns: impl Iterator<Item = &'c Ident>,
        brought: &Brought<'_>,
    ) -> Option<Diagnostic> {
        columns.find_map(|c| self.missing_column(table, c, brought))
    }

    pub(super) fn missing_column(
        &self,
        table: &QualifiedName,
        column: &Ident,
        brought: &Brought<'_>,
    ) -> Option<Diagnostic> {
        let full = self.relation_name(table);
        let found = self.own_table(&full)?;
        let there = found.column(column).is_some();
        let missing = !there && !brought.changes && !brought.columns.contains(&column);
        (missing && !self.is_mentioned(column)).then(|| self.no_column(&full, column))
    }

    /// A table whose columns are all known.
    fn own_table(&self, table: &QualifiedName) -> Option<&Table> {
        let found = self.catalog.tables.get(table)?;
        (!self.catalog.is_external(table)).then_some(found)
    }

    pub(super) fn no_column(&self, table: &QualifiedName, column: &str) -> Diagnostic {
        let named = table.sibling(format!("{}.{column}", table.name));
        self.not_yet("column", &named)
    }

    /// A column that an expression over a table names.
    fn missing_in_texts<'e>(
        &self,
        table: &QualifiedName,
        texts: impl IntoIterator<Item = &'e Expr>,
        brought: &Brought<'_>,
    ) -> Option<Diagnostic> {
        let full = self.relation_name(table);
        let mut texts = texts.into_iter().peekable();
        if texts.peek().is_none() || brought.changes || self.own_table(&full).is_none() {
            return None;
        }
        let reader = Reader::new(&self.catalog);
        let new = |name: &str| brought.columns.iter().any(|c| c.as_str() == name);
        texts.find_map(|text| {
            let unknown = reader.unknown(|r| r.of_columns(&full, text.text()));
            let first = unknown.into_iter().find(|u| !new(&u.name))?;
            self.wrong_name(Some(&full), &first)
        })
    }

    /// What a wrapper or a server keeps from going.
    pub(super) fn behind(&self, id: &ObjectId) -> Vec<ObjectId> {
        if !matches!(
            id.kind,
            ObjectKind::ForeignServer | ObjectKind::ForeignDataWrapper
        ) {
            return Vec::new();
        }
        let own = |id: &ObjectId, server: &Ident| {
            id.kind == ObjectKind::ForeignServer && *server == id.name.name
        };
        let catalog: &Catalog = &self.catalog;
        let servers = catalog
            .foreign_servers
            .values()
            .filter(|s| id.kind == ObjectKind::ForeignDataWrapper && s.wrapper == id.name.name);
        let servers = servers.map(|s| ObjectId::new(ObjectKind::ForeignServer, bare(&s.name)));
        let tables = catalog.tables.values().filter(|t| {
            let of = t.foreign.as_ref();
            of.is_some_and(|f| own(id, &f.server))
        });
        servers
            .chain(tables.map(|t| ObjectId::table(&t.name)))
            .collect()
    }
}

fn bare(name: &Ident) -> QualifiedName {
    QualifiedName::bare(name.clone())
}

fn same_columns(own: &[Ident], wanted: &[Ident]) -> bool {
    own.len() == wanted.len() && wanted.iter().all(|c| own.contains(c))
}

fn is_key(constraint: &Constraint, wanted: &[Ident]) -> bool {
    if wanted.is_empty() {
        return constraint.is_primary_key();
    }
    let key = constraint.is_primary_key() || constraint.is_unique();
    // What is made of an index has its columns when it is folded.
    let columns = constraint.columns();
    key && constraint.deferral == Deferral::NotDeferrable
        && (columns.is_empty() || same_columns(columns, wanted))
}

fn is_key_index(index: &Index, wanted: &[Ident]) -> bool {
    let columns: Option<Vec<Ident>> = index.elements.iter().map(|e| e.column.clone()).collect();
    index.unique
        && index.predicate.is_none()
        && columns.is_some_and(|columns| same_columns(&columns, wanted))
}
