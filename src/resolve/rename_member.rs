//! RENAME of parts: columns, constraints, triggers, rules and policies.

use super::fold::Fold;
use super::rewrite::{rename_column_in, rename_in};
use crate::model::{ConstraintKind, Ident, ObjectId, ObjectKind, QualifiedName};

impl Fold {
    pub(super) fn rename_member(&mut self, id: &ObjectId, from: &Ident, to: &Ident) {
        match id.kind {
            ObjectKind::Constraint => self.rename_constraint(&id.name, from, to),
            ObjectKind::Column => self.rename_column(&id.name, from, to),
            // The server looks for other triggers of the name.
            ObjectKind::Trigger if from == to => {}
            _ if self.member_is_taken(id, to) => self.refuse_taken(id.kind.as_str(), &id.name, to),
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
                    for r in view
                        .rules
                        .iter_mut()
                        .filter(|r| id.kind == ObjectKind::Rule && r.name == *from)
                    {
                        r.name = to.clone();
                    }
                }
            }
        }
    }

    /// Whether a relation has a trigger, rule or policy of a name.
    fn member_is_taken(&self, id: &ObjectId, name: &Ident) -> bool {
        let table = self.catalog.tables.get(&id.name);
        let view = self.catalog.views.get(&id.name);
        match id.kind {
            ObjectKind::Trigger => {
                let triggers = table.map(|t| &t.triggers).or(view.map(|v| &v.triggers));
                triggers.is_some_and(|all| all.iter().any(|t| t.name == *name))
            }
            ObjectKind::Rule => {
                let rules = table.map(|t| &t.rules).or(view.map(|v| &v.rules));
                rules.is_some_and(|all| all.iter().any(|r| r.name == *name))
            }
            ObjectKind::Policy => table.is_some_and(|t| t.policies.iter().any(|p| p.name == *name)),
            _ => false,
        }
    }

    pub(super) fn rename_constraint(&mut self, table: &QualifiedName, from: &Ident, to: &Ident) {
        let Some(found) = self.catalog.tables.get_mut(table) else {
            return;
        };
        if found.constraints.iter().any(|c| c.name == *to) {
            return self.refuse_taken("constraint", table, to);
        }
        let Some(constraint) = found.constraints.iter_mut().find(|c| c.name == *from) else {
            let headline = format!("constraint `{from}` of `{table}` does not exist");
            self.refuse("resolve/unknown-object", headline);
            return;
        };
        let index = table.sibling(to.clone());
        if constraint.has_index() && self.relations.contains_key(&index) {
            let headline = format!("relation `{index}` exists already");
            self.refuse("resolve/duplicate", headline);
            return;
        }
        constraint.name = to.clone();
        let (constraint, old) = (constraint.clone(), table.sibling(from.clone()));
        self.constraint_names.remove(&old);
        if constraint.has_index() {
            self.relations.remove(&old);
            self.follow_marked(table, from, Some(to));
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
        if let Some(parent) = self.inherited_from(name, from) {
            return self.refuse_inherited(name, from, &parent, "renamed");
        }
        let mut tables = self.children(name);
        tables.push(name.clone());
        let has = |t: &&QualifiedName| {
            self.catalog
                .tables
                .get(*t)
                .is_some_and(|t| t.column(to).is_some())
        };
        if let Some(taken) = tables.iter().find(has) {
            return self.refuse_taken("column", &taken.clone(), to);
        }
        self.respell_column(&tables, from, to);
        for table in &tables {
            if let Some(found) = self.catalog.tables.get_mut(table) {
                rename_column_in(found, from, to, dialect);
            }
            self.follow_column(table, from, to);
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
