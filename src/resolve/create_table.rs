//! CREATE TABLE: columns, constraints, what partitions and children take from their parents.

use super::fold::Fold;
use super::implicit;
use crate::diagnostic::Facet;
use crate::model::{
    Column, Constraint, ConstraintKind, Ident, IndexElement, ObjectId, ObjectKind, QualifiedName,
    Table,
};
use crate::source::{LikeClause, Part};

impl Fold {
    pub(super) fn create_table(
        &mut self,
        mut table: Table,
        if_not_exists: bool,
        like: &[LikeClause],
    ) -> Option<ObjectId> {
        table.name = self.created_name(&table.name);
        let id = ObjectId::table(&table.name);
        if !self.take_relation(&table.name, ObjectKind::Table, if_not_exists) {
            return None;
        }
        let name = table.name.clone();
        self.resolve_parents(&mut table);
        self.inherit_columns(&mut table, like);
        let constraints = std::mem::take(&mut table.constraints);
        let mut columns = std::mem::take(&mut table.columns);
        self.refuse_twice(&name, &columns);
        for column in &mut columns {
            self.resolve_column(&name, column);
        }
        table.columns = columns;
        if let Some(partition_by) = &mut table.partition_by {
            for key in &mut partition_by.keys {
                self.resolve_element(key);
            }
        }
        self.place_columns(&table);
        self.catalog.tables.insert(name.clone(), table);
        // Checks are named first, then keys, then foreign keys, as DefineRelation does.
        let (checks, others): (Vec<_>, Vec<_>) = constraints
            .into_iter()
            .partition(|c| c.as_check().is_some());
        let others = match self.dialect().names_constraints() {
            true => without_repeated_keys(others),
            false => others,
        };
        for mut constraint in checks.into_iter().chain(others) {
            // A new table has no rows that could break it (transformCreateStmt).
            constraint.not_valid = false;
            self.add_constraint(&name, constraint);
        }
        self.inherit_rest(&name, like);
        if let Some(parent) = self.partition_parent(&name) {
            self.bring_parts_of_parent_alone(&parent, &name);
        }
        self.holds_what_it_inherits(&name);
        Some(id)
    }

    fn resolve_parents(&mut self, table: &mut Table) {
        if let Some(partition) = &mut table.partition_of {
            partition.parent = self.relation_name(&partition.parent);
            self.parents.insert(partition.parent.clone());
        }
        for parent in &mut table.inherits {
            *parent = self.relation_name(parent);
            self.parents.insert(parent.clone());
        }
        if let Some(of_type) = &mut table.of_type
            && let Some(found) = self.names.data_type(of_type, &self.now.path)
        {
            *of_type = found;
        }
    }

    fn refuse_twice(&mut self, table: &QualifiedName, columns: &[Column]) {
        for (n, column) in columns.iter().enumerate() {
            if columns[..n].iter().any(|c| c.name == column.name) {
                let headline = format!("column `{}` of `{table}` is declared twice", column.name);
                let help = "remove one of the two, or rename one".to_owned();
                self.refuse("resolve/duplicate", headline).help = Some(help);
            }
        }
    }

    /// Resolves what a column names: its type, its default; a serial becomes what it stands for.
    pub(super) fn resolve_column(&mut self, table: &QualifiedName, column: &mut Column) {
        let name = column.name.clone();
        self.resolve_type(&mut column.data_type, Some(&name));
        self.qualify_collation(&mut column.collation);
        if let Some(default) = &column.default {
            column.default = Some(self.resolve_default(default));
        }
        if let Some(generated) = &mut column.generated {
            generated.expression = self.qualify(&generated.expression);
        }
        self.expand_serial(table, column);
        self.settle_identity(table, column);
    }

    /// The types that an index element, an exclusion or a partition key names.
    pub(super) fn resolve_element(&mut self, element: &mut IndexElement) {
        if let Some(expression) = &element.expression {
            element.expression = Some(self.qualify(expression));
        }
        self.qualify_element(element);
    }

    fn place_columns(&mut self, table: &Table) {
        for column in &table.columns {
            let id = ObjectId::column(&table.name, &column.name);
            if let Some(span) = self.part(&Part::Column(column.name.clone())) {
                self.map.insert(id.clone(), Facet::Name, span);
            }
            if let Some(span) = self.part(&Part::ColumnType(column.name.clone())) {
                self.map.insert(id.clone(), Facet::Type, span);
            }
            if let Some(span) = self.part(&Part::ColumnDefault(column.name.clone())) {
                self.map.insert(id.clone(), Facet::Default, span);
            }
            if let Some(span) = self.part(&Part::ColumnComment(column.name.clone())) {
                self.map.insert(id, Facet::Comment, span);
            }
        }
    }

    /// Adds a constraint to a table: names it, resolves it, and marks the columns of a primary key.
    pub(super) fn add_constraint(&mut self, table: &QualifiedName, mut constraint: Constraint) {
        if !self.catalog.tables.contains_key(table) {
            return;
        }
        let target = constraint.as_foreign_key().map(|fk| fk.target.clone());
        self.resolve_constraint(&mut constraint);
        constraint.only = self.is_only(table, &constraint);
        if constraint.name.is_empty() && self.dialect().names_constraints() {
            constraint.name = Ident::from(implicit::constraint_name(self, table, &constraint));
        } else if !constraint.name.is_empty() && self.is_constraint_taken(table, &constraint) {
            let id = ObjectId::constraint(table, &constraint.name);
            self.refuse_duplicate(&id);
            return;
        }
        if constraint.is_primary_key()
            && self
                .catalog
                .tables
                .get(table)
                .is_some_and(|t| t.primary_key().is_some())
        {
            let headline = format!("table `{table}` has two primary keys");
            self.refuse("resolve/duplicate", headline).help =
                Some("keep one, and make the other UNIQUE NOT NULL".into());
            return;
        }
        self.register_constraint(table, &constraint);
        if constraint.has_index() || constraint.as_foreign_key().is_some() {
            self.note_made(table, &constraint.name);
        }
        if constraint.not_valid && constraint.as_check().is_some() {
            self.holds_no_longer(table, &constraint.name);
        }
        let id = ObjectId::constraint(table, &constraint.name);
        if let Some(span) = target.and_then(|name| self.part(&Part::Reference(name))) {
            self.map
                .insert(id.clone(), Facet::Part("target".into()), span);
        }
        self.map.insert(id, Facet::Whole, self.now.span);
        let marks_not_null = self.dialect().primary_key_is_not_null();
        if let ConstraintKind::PrimaryKey { columns, .. } = &constraint.kind {
            self.mark_children(table, columns);
        }
        let Some(found) = self.catalog.tables.get_mut(table) else {
            return;
        };
        if let ConstraintKind::PrimaryKey { columns, .. } = &constraint.kind {
            for column in found
                .columns
                .iter_mut()
                .filter(|c| columns.contains(&c.name))
            {
                column.not_null |= marks_not_null || found.without_rowid;
            }
        }
        let merges = found.partition_by.is_some() && constraint.as_foreign_key().is_some();
        // The same unnamed check twice (SQLite) is one fact.
        found.constraints.push(constraint);
        if merges {
            for partition in self.children(table) {
                self.take_equal_foreign_keys(table, &partition);
            }
        }
    }

    /// The columns of a parent's primary key are NOT NULL in its partitions too.
    fn mark_children(&mut self, table: &QualifiedName, columns: &[Ident]) {
        for child in self.children(table) {
            let Some(child) = self.catalog.tables.get_mut(&child) else {
                continue;
            };
            for column in &mut child.columns {
                column.not_null |= columns.contains(&column.name);
            }
        }
    }

    fn is_constraint_taken(&self, table: &QualifiedName, constraint: &Constraint) -> bool {
        let found = self.catalog.tables.get(table);
        let triggers = || found.into_iter().flat_map(|t| &t.triggers);
        let on_table = found.is_some_and(|t| t.constraint(&constraint.name).is_some())
            || triggers().any(|t| t.constraint && t.name == constraint.name);
        let index = table.sibling(constraint.name.clone());
        on_table
            || (constraint.has_index()
                && self.relations.contains_key(&index)
                && self.dialect().names_constraints())
    }

    pub(super) fn register_constraint(&mut self, table: &QualifiedName, constraint: &Constraint) {
        let name = table.sibling(constraint.name.clone());
        if constraint.has_index() && self.dialect().names_constraints() {
            self.relations.insert(name.clone(), ObjectKind::Index);
        }
        self.constraint_names.insert(name);
    }

    fn resolve_constraint(&mut self, constraint: &mut Constraint) {
        match &mut constraint.kind {
            ConstraintKind::ForeignKey(fk) => {
                fk.target = self.names.relation(&fk.target, &self.now.path);
            }
            ConstraintKind::Check { expression } => *expression = self.qualify(expression),
            ConstraintKind::Exclusion {
                elements,
                predicate,
                ..
            } => {
                for element in elements {
                    self.resolve_element(&mut element.element);
                }
                if let Some(found) = predicate {
                    *found = self.qualify(found);
                }
            }
            ConstraintKind::PrimaryKey { .. } | ConstraintKind::Unique { .. } => {}
        }
    }
}

/// `UNIQUE PRIMARY KEY` of the same columns is one index (transformIndexConstraints).
fn without_repeated_keys(constraints: Vec<Constraint>) -> Vec<Constraint> {
    let (keys, rest): (Vec<_>, Vec<_>) = constraints
        .into_iter()
        .partition(|c| c.is_primary_key() || c.is_unique());
    let (primary, unique): (Vec<_>, Vec<_>) = keys.into_iter().partition(|c| c.is_primary_key());
    let mut kept: Vec<Constraint> = Vec::new();
    for key in primary.into_iter().chain(unique) {
        match kept.iter_mut().find(|k| is_same_index(k, &key)) {
            Some(first) if first.name.is_empty() => first.name = key.name,
            Some(_) => {}
            None => kept.push(key),
        }
    }
    kept.extend(rest);
    kept
}

fn is_same_index(a: &Constraint, b: &Constraint) -> bool {
    let parts = |c: &Constraint| match &c.kind {
        ConstraintKind::PrimaryKey {
            columns, include, ..
        } => (columns.clone(), include.clone(), false),
        ConstraintKind::Unique {
            columns,
            include,
            nulls_not_distinct,
            ..
        } => (columns.clone(), include.clone(), *nulls_not_distinct),
        _ => Default::default(),
    };
    parts(a) == parts(b) && a.deferral == b.deferral
}
