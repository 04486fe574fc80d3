//! The constraints of a table that stand beside its columns.

use super::columns::{is_led_by, put_deferral, reference_words};
use super::names::Names;
use super::said;
use super::value::{Map, Value, one_or_list, texts};
use crate::model::{
    Constraint, ConstraintKind, ExclusionElement, Ident, ObjectId, Parameters, Table,
};

impl Names<'_> {
    /// `primary_key`, `unique`, `checks`, `foreign_keys`, `exclusions`.
    pub(super) fn constraints(&self, map: &mut Map, table: &Table) {
        let apart = |c: &&Constraint| !self.is_inline(table, c);
        let (mut uniques, mut checks, mut foreign, mut exclusions) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for constraint in table.constraints.iter().filter(apart) {
            match &constraint.kind {
                ConstraintKind::PrimaryKey { .. } => {
                    map.put("primary_key", self.key_constraint(table, constraint));
                }
                ConstraintKind::Unique { .. } => {
                    uniques.push(self.key_constraint(table, constraint));
                }
                ConstraintKind::Check { .. } => checks.push(constraint),
                ConstraintKind::ForeignKey(_) => foreign.push(self.foreign_key(table, constraint)),
                ConstraintKind::Exclusion { .. } => {
                    exclusions.push(self.exclusion(table, constraint))
                }
            }
        }
        map.put_filled("unique", uniques);
        map.put_filled("foreign_keys", foreign);
        map.put_filled("exclusions", exclusions);
        map.put_filled("checks", self.checks(table, &checks));
    }

    /// What is said of every constraint behind its definition.
    fn finish(&self, map: &mut Map, table: &Table, constraint: &Constraint) {
        put_deferral(map, constraint.deferral);
        map.put_flag("not_valid", constraint.not_valid);
        map.put_flag("not_enforced", constraint.not_enforced);
        map.put_flag("no_inherit", constraint.no_inherit);
        map.put_flag("only", constraint.only);
        said::describe(map, constraint.comment.as_deref());
        map.put_some("index_description", constraint.index_comment.as_deref());
        self.notes(map, &ObjectId::constraint(&table.name, &constraint.name));
    }

    fn start(&self, table: &Table, constraint: &Constraint) -> Map {
        let mut map = Map::inline();
        if !self.is_made(table, constraint) {
            map.put("name", &*constraint.name);
        }
        map
    }

    fn key_constraint(&self, table: &Table, constraint: &Constraint) -> Value {
        let mut map = self.start(table, constraint);
        map.put("columns", texts(constraint.columns()));
        let (include, storage, tablespace, without_overlaps) = match &constraint.kind {
            ConstraintKind::PrimaryKey {
                include,
                storage,
                tablespace,
                without_overlaps,
                ..
            } => (include, storage, tablespace, without_overlaps),
            ConstraintKind::Unique {
                include,
                storage,
                tablespace,
                without_overlaps,
                nulls_not_distinct,
                ..
            } => {
                map.put_flag("nulls_not_distinct", *nulls_not_distinct);
                (include, storage, tablespace, without_overlaps)
            }
            _ => return Value::Null,
        };
        map.put_flag("without_overlaps", *without_overlaps);
        put_index_parts(&mut map, include, storage, tablespace.as_ref());
        self.finish(&mut map, table, constraint);
        if map.entries.len() == 1 {
            return texts(constraint.columns());
        }
        map.into()
    }

    fn foreign_key(&self, table: &Table, constraint: &Constraint) -> Value {
        let Some(key) = constraint.as_foreign_key() else {
            return Value::Null;
        };
        let mut map = self.start(table, constraint);
        map.put("columns", one_or_list(&key.columns));
        map.put("references", self.target(&key.target, &key.target_columns));
        reference_words(&mut map, key, constraint.deferral);
        map.put_filled("set_columns", texts(&key.on_delete_columns));
        map.put_flag("period", key.period);
        if !is_led_by(table, key) {
            map.put("index", Value::Boolean(false));
        }
        map.put_flag("not_valid", constraint.not_valid);
        map.put_flag("not_enforced", constraint.not_enforced);
        said::describe(&mut map, constraint.comment.as_deref());
        self.notes(
            &mut map,
            &ObjectId::constraint(&table.name, &constraint.name),
        );
        map.into()
    }

    fn exclusion(&self, table: &Table, constraint: &Constraint) -> Value {
        let ConstraintKind::Exclusion {
            method,
            elements,
            include,
            predicate,
            storage,
            tablespace,
        } = &constraint.kind
        else {
            return Value::Null;
        };
        let mut map = self.start(table, constraint);
        map.put("using", &**method);
        let elements: Vec<Value> = elements.iter().map(|e| self.compared(e)).collect();
        map.put("elements", elements);
        put_index_parts(&mut map, include, storage, tablespace.as_ref());
        let predicate = predicate.as_ref().map(|p| p.text().to_owned());
        map.put_some("where", predicate.map(Value::Literal));
        self.finish(&mut map, table, constraint);
        map.into()
    }

    fn compared(&self, exclusion: &ExclusionElement) -> Value {
        let mut map = self.long_element(&exclusion.element);
        map.put("with", &*exclusion.operator);
        map.into()
    }

    /// By name where an expression is all there is to them.
    fn checks(&self, table: &Table, checks: &[&Constraint]) -> Value {
        let plain = checks.iter().all(|c| {
            let mut rest = Map::block();
            self.finish(&mut rest, table, c);
            rest.is_empty() && !c.name.is_empty()
        });
        let expression = |c: &Constraint| {
            let text = c.as_check().map_or("", |e| e.text());
            Value::Literal(text.to_owned())
        };
        if plain {
            let mut map = Map::block();
            for check in checks {
                map.put(&*check.name, expression(check));
            }
            return map.into();
        }
        let items = checks.iter().map(|check| {
            let mut map = Map::inline();
            if !check.name.is_empty() {
                map.put("name", &*check.name);
            }
            map.put("expression", expression(check));
            self.finish(&mut map, table, check);
            if map.entries.len() == 1 {
                return expression(check);
            }
            map.into()
        });
        Value::List(items.collect())
    }
}

/// What the index of a key has beside its columns.
fn put_index_parts(
    map: &mut Map,
    include: &[Ident],
    storage: &Parameters,
    tablespace: Option<&Ident>,
) {
    map.put_filled("include", texts(include));
    map.put_filled("storage", storage);
    map.put_some("tablespace", tablespace.map(|t| &**t));
}
