//! RENAME and SET SCHEMA: what refers to the object follows, as it does in the server.

use super::fold::Fold;
use crate::expr::{ReferenceKind, expression, query, references_of_query};
use crate::model::{
    ConstraintKind, Expr, Ident, IndexElement, Object, ObjectId, ObjectKind, QualifiedName, Table,
};

impl Fold {
    pub(super) fn rename(&mut self, id: &mut ObjectId, to: Ident) {
        if let Some(member) = id.member.clone() {
            self.rename_member(id, &member, &to);
            id.member = Some(to);
            return;
        }
        let new = id.name.sibling(to);
        self.move_object(id, new);
    }

    pub(super) fn set_schema(&mut self, id: &mut ObjectId, schema: Ident) {
        if id.kind == ObjectKind::Extension {
            if let Some(extension) = self.catalog.extensions.get_mut(&id.name.name) {
                extension.schema = Some(schema);
            }
            return;
        }
        let new = QualifiedName::new(schema, id.name.name.clone());
        self.move_object(id, new);
    }

    fn move_object(&mut self, id: &mut ObjectId, new: QualifiedName) {
        let old = id.name.clone();
        if old == new {
            return;
        }
        if id.kind.is_relation() && self.relations.contains_key(&new) {
            self.refuse(
                "resolve/duplicate",
                format!("relation `{new}` exists already"),
            );
            return;
        }
        match id.kind {
            ObjectKind::Table => self.move_table(&old, &new),
            ObjectKind::Index => self.move_index(&old, &new),
            _ => self.move_other(id, &new),
        }
        if let Some(kind) = self.relations.remove(&old) {
            self.relations.insert(new.clone(), kind);
        }
        if id.kind.is_relation() || id.kind.is_type() {
            self.follow(&old, &new);
        }
        if let Some(notes) = self.catalog.notes.remove(id) {
            self.catalog.notes.insert(
                ObjectId {
                    name: new.clone(),
                    ..id.clone()
                },
                notes,
            );
        }
        id.name = new;
        self.place(id);
    }

    fn move_table(&mut self, old: &QualifiedName, new: &QualifiedName) {
        let Some(mut table) = self.catalog.tables.remove(old) else {
            return;
        };
        table.name = new.clone();
        // Indexes and owned sequences go into the new schema with their table.
        for index in &table.indexes {
            let (from, to) = (
                old.sibling(index.name.clone()),
                new.sibling(index.name.clone()),
            );
            self.relations.remove(&from);
            self.index_owner.remove(&from);
            self.relations.insert(to.clone(), ObjectKind::Index);
            self.index_owner.insert(to, new.clone());
        }
        for constraint in &table.constraints {
            let from = old.sibling(constraint.name.clone());
            self.constraint_names.remove(&from);
            if constraint.has_index() {
                self.relations.remove(&from);
            }
            self.register_constraint(new, constraint);
        }
        self.keep_identity_names(&mut table, old);
        let ids: Vec<ObjectId> = self
            .catalog
            .notes
            .keys()
            .filter(|id| id.name == *old && id.member.is_some())
            .cloned()
            .collect();
        for id in ids {
            if let Some(notes) = self.catalog.notes.remove(&id) {
                self.catalog.notes.insert(
                    ObjectId {
                        name: new.clone(),
                        ..id
                    },
                    notes,
                );
            }
        }
        for column in &table.columns {
            let (from, to) = (
                ObjectId::column(old, &column.name),
                ObjectId::column(new, &column.name),
            );
            if let Some(span) = self.map.of(&from) {
                self.map.insert(to, crate::diagnostic::Facet::Name, span);
            }
        }
        self.catalog.tables.insert(new.clone(), table);
        let owned: Vec<QualifiedName> = self
            .catalog
            .sequences
            .values()
            .filter(|s| s.owned_by.as_ref().is_some_and(|(t, _)| t == old))
            .map(|s| s.name.clone())
            .collect();
        for name in owned {
            if let Some(sequence) = self.catalog.sequences.get_mut(&name)
                && let Some((table, _)) = &mut sequence.owned_by
            {
                *table = new.clone();
            }
            if name.schema != new.schema {
                let moved = new.sibling(name.name.clone());
                let mut id = ObjectId::new(ObjectKind::Sequence, name);
                self.move_object(&mut id, moved);
            }
        }
    }

    /// A renamed table's identity sequences keep their names, which are no longer the implicit ones.
    fn keep_identity_names(&mut self, table: &mut Table, old: &QualifiedName) {
        for column in &mut table.columns {
            let Some(identity) = &mut column.identity else {
                continue;
            };
            let implicit = crate::dialect::object_name(&old.name, &column.name, "seq");
            let now = crate::dialect::object_name(&table.name.name, &column.name, "seq");
            let name = identity
                .sequence
                .take()
                .map_or(implicit, |s| s.name.to_string());
            identity.sequence = (name != now).then(|| table.name.sibling(name.as_str()));
        }
    }

    fn move_index(&mut self, old: &QualifiedName, new: &QualifiedName) {
        match self.index_owner.remove(old) {
            Some(owner) => {
                if let Some(index) = self.index_mut(&owner, &old.name) {
                    index.name = new.name.clone();
                }
                self.index_owner.insert(new.clone(), owner);
            }
            // The index of a constraint: the constraint is renamed with it.
            None => {
                for table in self
                    .catalog
                    .tables
                    .values_mut()
                    .filter(|t| t.name.schema == old.schema)
                {
                    for c in table
                        .constraints
                        .iter_mut()
                        .filter(|c| c.has_index() && c.name == old.name)
                    {
                        c.name = new.name.clone();
                    }
                }
            }
        }
        for table in self.catalog.tables.values_mut() {
            for index in &mut table.indexes {
                if index.parent.as_ref() == Some(old) {
                    index.parent = Some(new.clone());
                }
            }
        }
    }

    fn move_other(&mut self, id: &ObjectId, new: &QualifiedName) {
        if let Some(object) = self.catalog.take(id) {
            let object = renamed(object, new);
            self.catalog.insert(object);
        }
    }

    /// Everything that names a relation or type by its old name.
    fn follow(&mut self, old: &QualifiedName, new: &QualifiedName) {
        let dialect = self.dialect();
        let rewrite = |e: &Expr| {
            rename_in_text(e.text(), old, new, dialect).map(|text| expression(&text, dialect))
        };
        for table in self.catalog.tables.values_mut() {
            follow_in_table(table, old, new, &rewrite);
        }
        for view in self.catalog.views.values_mut() {
            if let Some(text) = rename_in_text(view.query.text(), old, new, dialect) {
                view.query = query(&text, dialect);
            }
        }
        for composite in self.catalog.composites.values_mut() {
            for (_, data_type, _) in &mut composite.attributes {
                if data_type.name == *old {
                    data_type.name = new.clone();
                }
            }
        }
        for statistics in self.catalog.statistics.values_mut() {
            if statistics.table == *old {
                statistics.table = new.clone();
            }
        }
        for domain in self.catalog.domains.values_mut() {
            if domain.base.name == *old {
                domain.base.name = new.clone();
            }
        }
        let routines = std::mem::take(&mut self.catalog.routines);
        for ((name, _), mut routine) in routines {
            for argument in &mut routine.arguments {
                if argument.data_type.name == *old {
                    argument.data_type.name = new.clone();
                }
            }
            if let Some(crate::model::Returns::Type(t) | crate::model::Returns::SetOf(t)) =
                &mut routine.returns
                && t.name == *old
            {
                t.name = new.clone();
            }
            let signature = routine.signature().into();
            self.catalog.routines.insert((name, signature), routine);
        }
    }

    fn rename_member(&mut self, id: &ObjectId, from: &Ident, to: &Ident) {
        match id.kind {
            ObjectKind::Constraint => self.rename_constraint(&id.name, from, to),
            ObjectKind::Column => self.rename_column(&id.name, from, to),
            _ => {
                let table = self.catalog.tables.get_mut(&id.name);
                if let Some(table) = table {
                    for t in table
                        .triggers
                        .iter_mut()
                        .filter(|t| id.kind == ObjectKind::Trigger && t.name == *from)
                    {
                        t.name = to.clone();
                    }
                    for r in table
                        .rules
                        .iter_mut()
                        .filter(|r| id.kind == ObjectKind::Rule && r.name == *from)
                    {
                        r.name = to.clone();
                    }
                    for p in table
                        .policies
                        .iter_mut()
                        .filter(|p| id.kind == ObjectKind::Policy && p.name == *from)
                    {
                        p.name = to.clone();
                    }
                } else if let Some(view) = self.catalog.views.get_mut(&id.name) {
                    for t in view
                        .triggers
                        .iter_mut()
                        .filter(|t| id.kind == ObjectKind::Trigger && t.name == *from)
                    {
                        t.name = to.clone();
                    }
                }
            }
        }
    }

    pub(super) fn rename_constraint(&mut self, table: &QualifiedName, from: &Ident, to: &Ident) {
        let Some(found) = self.catalog.tables.get_mut(table) else {
            return;
        };
        let Some(constraint) = found.constraints.iter_mut().find(|c| c.name == *from) else {
            let headline = format!("constraint `{from}` of `{table}` does not exist");
            self.refuse("resolve/unknown-object", headline);
            return;
        };
        constraint.name = to.clone();
        let (constraint, old) = (constraint.clone(), table.sibling(from.clone()));
        self.constraint_names.remove(&old);
        if constraint.has_index() {
            self.relations.remove(&old);
        }
        self.register_constraint(table, &constraint);
    }

    pub(super) fn rename_column(&mut self, name: &QualifiedName, from: &Ident, to: &Ident) {
        let dialect = self.dialect();
        if self
            .catalog
            .tables
            .get(name)
            .is_none_or(|t| t.column(from).is_none())
        {
            self.refuse_unknown_column(name, from);
            return;
        }
        let mut tables = self.children(name);
        tables.push(name.clone());
        for table in &tables {
            if let Some(found) = self.catalog.tables.get_mut(table) {
                rename_column_in(found, from, to, dialect);
            }
            let (old, new) = (ObjectId::column(table, from), ObjectId::column(table, to));
            if let Some(notes) = self.catalog.notes.remove(&old) {
                self.catalog.notes.insert(new.clone(), notes);
            }
            if let Some(span) = self.map.of(&old) {
                self.map.insert(new, crate::diagnostic::Facet::Name, span);
            }
        }
        for other in self.catalog.tables.values_mut() {
            for constraint in &mut other.constraints {
                if let ConstraintKind::ForeignKey(fk) = &mut constraint.kind
                    && fk.target == *name
                {
                    rename_in(&mut fk.target_columns, from, to);
                }
            }
        }
        for sequence in self.catalog.sequences.values_mut() {
            if let Some((table, column)) = &mut sequence.owned_by
                && table == name
                && column == from
            {
                *column = to.clone();
            }
        }
    }
}

fn rename_in(columns: &mut [Ident], from: &Ident, to: &Ident) {
    for column in columns.iter_mut().filter(|c| *c == from) {
        *column = to.clone();
    }
}

fn rename_column_in(table: &mut Table, from: &Ident, to: &Ident, dialect: crate::dialect::Dialect) {
    let rewrite = |e: &mut Expr| {
        if let Some(text) = rename_column_in_text(e.text(), from, to, dialect) {
            *e = expression(&text, dialect);
        }
    };
    let element = |e: &mut IndexElement| {
        if e.column.as_ref() == Some(from) {
            e.column = Some(to.clone());
        }
        if let Some(expression) = &mut e.expression {
            rewrite(expression);
        }
    };
    for column in &mut table.columns {
        if column.name == *from {
            column.name = to.clone();
        }
        if let Some(generated) = &mut column.generated {
            rewrite(&mut generated.expression);
        }
    }
    for constraint in &mut table.constraints {
        match &mut constraint.kind {
            ConstraintKind::PrimaryKey {
                columns, include, ..
            }
            | ConstraintKind::Unique {
                columns, include, ..
            } => {
                rename_in(columns, from, to);
                rename_in(include, from, to);
            }
            ConstraintKind::ForeignKey(fk) => {
                rename_in(&mut fk.columns, from, to);
                rename_in(&mut fk.on_delete_columns, from, to);
            }
            ConstraintKind::Check { expression } => rewrite(expression),
            ConstraintKind::Exclusion {
                elements,
                predicate,
                ..
            } => {
                elements.iter_mut().for_each(|e| element(&mut e.element));
                predicate.iter_mut().for_each(rewrite);
            }
        }
    }
    for index in &mut table.indexes {
        index.elements.iter_mut().for_each(element);
        rename_in(&mut index.include, from, to);
        index.predicate.iter_mut().for_each(rewrite);
    }
    for trigger in &mut table.triggers {
        rename_in(&mut trigger.update_of, from, to);
    }
    for policy in &mut table.policies {
        policy.using.iter_mut().for_each(rewrite);
        policy.with_check.iter_mut().for_each(rewrite);
    }
    if let Some(partition_by) = &mut table.partition_by {
        partition_by.keys.iter_mut().for_each(element);
    }
}

fn follow_in_table(
    table: &mut Table,
    old: &QualifiedName,
    new: &QualifiedName,
    rewrite: &impl Fn(&Expr) -> Option<Expr>,
) {
    let change = |name: &mut QualifiedName| {
        if name == old {
            *name = new.clone();
        }
    };
    table.inherits.iter_mut().for_each(change);
    if let Some(partition) = &mut table.partition_of {
        change(&mut partition.parent);
    }
    table.of_type.iter_mut().for_each(change);
    for column in &mut table.columns {
        change(&mut column.data_type.name);
        if let Some(default) = &column.default
            && let Some(changed) = rewrite(default)
        {
            column.default = Some(changed);
        }
    }
    for constraint in &mut table.constraints {
        match &mut constraint.kind {
            ConstraintKind::ForeignKey(fk) => change(&mut fk.target),
            ConstraintKind::Check { expression } => {
                if let Some(changed) = rewrite(expression) {
                    *expression = changed;
                }
            }
            _ => {}
        }
    }
    for policy in &mut table.policies {
        for expression in policy.using.iter_mut().chain(policy.with_check.iter_mut()) {
            if let Some(changed) = rewrite(expression) {
                *expression = changed;
            }
        }
    }
}

/// The text with a relation or type renamed; `None` where it does not name it.
fn rename_in_text(
    text: &str,
    old: &QualifiedName,
    new: &QualifiedName,
    dialect: crate::dialect::Dialect,
) -> Option<String> {
    replace(text, dialect, |kind, name| {
        let same_schema = name.schema.is_none() || name.schema == old.schema;
        let matches = kind != ReferenceKind::Column
            && kind != ReferenceKind::Function
            && name.name == old.name
            && same_schema;
        matches.then(|| match name.schema {
            Some(_) => dialect.quote_name(new),
            None if new.schema == old.schema => dialect.quote(&new.name).into_owned(),
            None => dialect.quote_name(new),
        })
    })
}

fn rename_column_in_text(
    text: &str,
    from: &Ident,
    to: &Ident,
    dialect: crate::dialect::Dialect,
) -> Option<String> {
    replace(text, dialect, |kind, name| {
        (kind == ReferenceKind::Column && name.name == *from).then(|| match &name.schema {
            Some(table) => format!("{}.{}", dialect.quote(table), dialect.quote(to)),
            None => dialect.quote(to).into_owned(),
        })
    })
}

fn replace(
    text: &str,
    dialect: crate::dialect::Dialect,
    with: impl Fn(ReferenceKind, &QualifiedName) -> Option<String>,
) -> Option<String> {
    let mut out = String::new();
    let mut copied = 0;
    for reference in references_of_query(text, dialect) {
        let Some(replacement) = with(reference.kind, &reference.name) else {
            continue;
        };
        let (start, end) = (reference.start as usize, reference.end as usize);
        out.push_str(&text[copied..start]);
        if text[start..].starts_with('\'') {
            out.push_str(&dialect.literal(&replacement));
        } else {
            out.push_str(&replacement);
        }
        copied = end;
    }
    if copied == 0 {
        return None;
    }
    out.push_str(&text[copied..]);
    Some(out)
}

/// The object under a new name.
fn renamed(mut object: Object, new: &QualifiedName) -> Object {
    if let Some(name) = object.name_mut() {
        *name = new.clone();
    } else if let Some(name) = object.bare_name_mut() {
        *name = new.name.clone();
    }
    object
}
