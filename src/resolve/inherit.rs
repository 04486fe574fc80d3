//! What a table takes from others: LIKE, INHERITS, PARTITION OF, OF.

use super::fold::Fold;
use super::implicit;
use crate::model::{
    Column, Constraint, ConstraintKind, Ident, Index, ObjectKind, QualifiedName, Table,
};
use crate::source::LikeClause;

impl Fold {
    /// Completes the columns of a table from LIKE clauses, parents and its type.
    pub(super) fn inherit_columns(&mut self, table: &mut Table, like: &[LikeClause]) {
        for clause in like.iter().rev() {
            let source = self.relation_name(&clause.source);
            let columns = self.liked_columns(&source, clause);
            let at = clause.position.min(table.columns.len());
            table.columns.splice(at..at, columns);
        }
        let mut parents: Vec<QualifiedName> = table.inherits.clone();
        parents.extend(table.partition_of.as_ref().map(|p| p.parent.clone()));
        let mut columns: Vec<Column> = Vec::new();
        for parent in &parents {
            for column in self
                .catalog
                .tables
                .get(parent)
                .map_or(&[][..], |t| &t.columns)
            {
                merge_parent(&mut columns, column, table.partition_of.is_some());
            }
        }
        if let Some(of_type) = &table.of_type
            && let Some(composite) = self.catalog.composites.get(of_type)
        {
            columns.extend(
                composite
                    .attributes
                    .iter()
                    .map(|(name, data_type, collation)| Column {
                        name: name.clone(),
                        data_type: data_type.clone(),
                        collation: collation.clone(),
                        inherited: true,
                        ..Column::default()
                    }),
            );
        }
        if columns.is_empty() {
            return;
        }
        for own in std::mem::take(&mut table.columns) {
            merge_own(&mut columns, own);
        }
        table.columns = columns;
    }

    fn liked_columns(&self, source: &QualifiedName, clause: &LikeClause) -> Vec<Column> {
        let includes = |word: &str| clause.including.iter().any(|w| **w == *word);
        let Some(table) = self.catalog.tables.get(source) else {
            return Vec::new();
        };
        table
            .columns
            .iter()
            .map(|column| Column {
                name: column.name.clone(),
                data_type: column.data_type.clone(),
                collation: column.collation.clone(),
                not_null: column.not_null,
                default: column.default.clone().filter(|_| includes("DEFAULTS")),
                identity: column
                    .identity
                    .clone()
                    .filter(|_| includes("IDENTITY"))
                    .map(|mut i| {
                        i.sequence = None;
                        i
                    }),
                generated: column.generated.clone().filter(|_| includes("GENERATED")),
                storage: column.storage.clone().filter(|_| includes("STORAGE")),
                compression: column
                    .compression
                    .clone()
                    .filter(|_| includes("COMPRESSION")),
                comment: column.comment.clone().filter(|_| includes("COMMENTS")),
                ..Column::default()
            })
            .collect()
    }

    /// Constraints and indexes that LIKE copies, once the table is in the catalog.
    pub(super) fn inherit_rest(&mut self, name: &QualifiedName, like: &[LikeClause]) {
        for clause in like {
            let source = self.relation_name(&clause.source);
            let includes = |word: &str| clause.including.iter().any(|w| **w == *word);
            let Some(table) = self.catalog.tables.get(&source) else {
                continue;
            };
            let constraints: Vec<Constraint> = table.constraints.clone();
            let indexes: Vec<Index> = table.indexes.clone();
            for mut constraint in constraints {
                let copied = match constraint.kind {
                    ConstraintKind::Check { .. } => includes("CONSTRAINTS"),
                    ConstraintKind::ForeignKey(_) => false,
                    _ => includes("INDEXES"),
                };
                if !copied {
                    continue;
                }
                // A check keeps its name, the name of an index is made anew.
                if constraint.as_check().is_none() {
                    constraint.name = Ident::default();
                }
                constraint.comment = constraint.comment.filter(|_| includes("COMMENTS"));
                self.add_constraint(name, constraint);
            }
            for mut index in indexes.into_iter().filter(|_| includes("INDEXES")) {
                index.parent = None;
                index.only = false;
                index.comment = index.comment.filter(|_| includes("COMMENTS"));
                index.name = Ident::default();
                index.name = Ident::from(implicit::index_name(self, name, &index));
                let full = name.sibling(index.name.clone());
                self.relations.insert(full.clone(), ObjectKind::Index);
                self.index_owner.insert(full, name.clone());
                if let Some(table) = self.catalog.tables.get_mut(name) {
                    table.indexes.push(index);
                }
            }
        }
    }

    pub(super) fn partition_parent(&self, name: &QualifiedName) -> Option<QualifiedName> {
        let table = self.catalog.tables.get(name)?;
        table.partition_of.as_ref().map(|of| of.parent.clone())
    }

    /// Takes over what ATTACH PARTITION or INHERIT merges: columns become inherited, equal checks
    /// are the parent's from now on.
    pub(super) fn merge_into_parent(&mut self, child: &QualifiedName, parent: &QualifiedName) {
        self.parents.insert(parent.clone());
        let Some(parent) = self.catalog.tables.get(parent) else {
            return;
        };
        let names: Vec<Ident> = parent.columns.iter().map(|c| c.name.clone()).collect();
        let checks: Vec<Constraint> = parent.passed_on_checks().cloned().collect();
        let Some(child) = self.catalog.tables.get_mut(child) else {
            return;
        };
        for column in &mut child.columns {
            column.inherited |= names.contains(&column.name);
        }
        let is_same = |c: &Constraint| checks.iter().any(|p| p.name == c.name && p.kind == c.kind);
        let (merged, own) = std::mem::take(&mut child.constraints)
            .into_iter()
            .partition(|c| is_same(c));
        child.constraints = own;
        let name = child.name.clone();
        self.holds_its_own(&name, &merged);
    }
}

/// Adds a parent's column, or merges it with that of another parent.
fn merge_parent(columns: &mut Vec<Column>, column: &Column, partition: bool) {
    if let Some(found) = columns.iter_mut().find(|c| c.name == column.name) {
        found.not_null |= column.not_null;
        return;
    }
    columns.push(Column {
        inherited: true,
        // An identity belongs to the parent (and to its partitions from PostgreSQL 17 on); what
        // else describes the column is merged.
        identity: None,
        comment: None,
        statistics_target: None,
        options: crate::model::Parameters::new(),
        storage: column.storage.clone().filter(|_| partition),
        ..column.clone()
    });
}

/// Adds a child's own column, or overrides what it inherits.
fn merge_own(columns: &mut Vec<Column>, own: Column) {
    let Some(found) = columns.iter_mut().find(|c| c.name == own.name) else {
        columns.push(own);
        return;
    };
    found.not_null |= own.not_null;
    if own.default.is_some() {
        found.default = own.default;
    }
    if own.generated.is_some() {
        found.generated = own.generated;
    }
    if own.identity.is_some() {
        found.identity = own.identity;
    }
    if own.storage.is_some() {
        found.storage = own.storage;
    }
    // SQL says these in statements of their own, YAML at the column.
    found.compression = own.compression.or(found.compression.take());
    found.statistics_target = own.statistics_target.or(found.statistics_target);
    found.comment = own.comment.or(found.comment.take());
    found.options.extend(own.options);
    found.foreign_options.extend(own.foreign_options);
    // Declared by the child itself: it stays when the parent drops it.
    if !own.data_type.name.name.is_empty() {
        found.data_type = own.data_type;
        found.inherited = true;
    }
}
