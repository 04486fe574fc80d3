//! Which tables are below which, which refer to which, and whose an index is, without a walk over all
//! tables for every statement.
//!
//! Invariants: what is noted is only ever too much, and is held against the catalog when it is asked
//! for; a statement whose effect is not followed here forgets everything.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::scene::Scene;
use crate::model::{Catalog, Object, ObjectKind, QualifiedName, Table};
use crate::source::{AlterAction, Statement};

/// Names by the name of what they belong to, in their order.
type Names = BTreeMap<QualifiedName, BTreeSet<QualifiedName>>;

/// What is noted of the tables of a catalog, once somebody asks.
#[derive(Debug, Default)]
pub(super) struct Kin {
    noted: OnceCell<Noted>,
}

#[derive(Debug, Default)]
struct Noted {
    children: Names,
    referring: Names,
    indexes: Names,
}

impl Noted {
    fn of(catalog: &Catalog) -> Self {
        let mut noted = Self::default();
        for table in catalog.tables.values() {
            noted.add(table);
        }
        noted
    }

    fn add(&mut self, table: &Table) {
        let name = &table.name;
        let parents = table.partition_of.iter().map(|p| &p.parent);
        for parent in parents.chain(&table.inherits) {
            add(&mut self.children, parent.clone(), name);
        }
        for fk in table.constraints.iter().filter_map(|c| c.as_foreign_key()) {
            add(&mut self.referring, fk.target.clone(), name);
        }
        let own = table.indexes.iter().map(|i| &i.name);
        let keys = table.constraints.iter().filter(|c| c.has_index());
        for index in own.chain(keys.map(|c| &c.name)) {
            add(&mut self.indexes, name.sibling(index.clone()), name);
        }
    }
}

fn add(names: &mut Names, of: QualifiedName, name: &QualifiedName) {
    names.entry(of).or_default().insert(name.clone());
}

impl Kin {
    fn noted(&self, catalog: &Catalog) -> &Noted {
        self.noted.get_or_init(|| Noted::of(catalog))
    }

    /// The tables right below one, by their names.
    pub(super) fn children(&self, catalog: &Catalog, parent: &QualifiedName) -> Vec<QualifiedName> {
        let is_child = |name: &&QualifiedName| {
            catalog.tables.get(*name).is_some_and(|table| {
                let of = table.partition_of.as_ref();
                table.inherits.contains(parent) || of.is_some_and(|p| p.parent == *parent)
            })
        };
        let noted = self.noted(catalog).children.get(parent);
        let noted = noted.into_iter().flatten();
        noted.filter(is_child).cloned().collect()
    }

    /// The tables that may have foreign keys to one, by their names.
    pub(super) fn referring<'a>(
        &self,
        catalog: &'a Catalog,
        target: &QualifiedName,
    ) -> Vec<&'a Table> {
        let noted = self.noted(catalog).referring.get(target);
        let names = noted.into_iter().flatten();
        names.filter_map(|name| catalog.tables.get(name)).collect()
    }

    /// The table that had an index of this name; whether it still has it is to be seen.
    pub(super) fn had<'a>(&self, catalog: &'a Catalog, index: &QualifiedName) -> Option<&'a Table> {
        let noted = self.noted(catalog).indexes.get(index);
        let mut names = noted.into_iter().flatten();
        names.find_map(|name| catalog.tables.get(name))
    }

    /// Takes note of what a statement has changed.
    pub(super) fn note(&mut self, catalog: &Catalog, change: &Change) {
        let Some(noted) = self.noted.get_mut() else {
            return;
        };
        match change {
            Change::Nothing => {}
            // What a parent gets its children get as well.
            Change::Table(name) if noted.children.contains_key(name) => *self = Self::default(),
            Change::Table(name) => {
                if let Some(table) = catalog.tables.get(name) {
                    noted.add(table);
                }
            }
            Change::Everything => *self = Self::default(),
        }
    }
}

/// What a statement changes of what is noted.
#[derive(Debug)]
pub(super) enum Change {
    Nothing,
    /// This table may have a parent, a foreign key or an index more.
    Table(QualifiedName),
    Everything,
}

impl Change {
    pub(super) fn of(scene: &Scene<'_>, statement: Option<&Statement>) -> Self {
        match statement {
            Some(Statement::Create { object, .. }) => match object {
                Object::Table(table) => Self::Table(match &table.name.schema {
                    Some(_) => table.name.clone(),
                    // It is made where the path says, whatever has its name elsewhere.
                    None => match scene.path.first() {
                        Some(schema) => QualifiedName::new(schema.clone(), table.name.name.clone()),
                        None => table.name.clone(),
                    },
                }),
                Object::Index(relation, _) => Self::Table(scene.relation(relation)),
                _ => Self::Nothing,
            },
            Some(Statement::Alter {
                target, actions, ..
            }) => {
                let moves = |action: &AlterAction| {
                    matches!(
                        action,
                        AlterAction::Rename(_)
                            | AlterAction::SetSchema(_)
                            | AlterAction::AttachPartition { .. }
                    )
                };
                match target.kind {
                    ObjectKind::Table | ObjectKind::Schema if actions.iter().any(moves) => {
                        Self::Everything
                    }
                    ObjectKind::Table => Self::Table(scene.relation(&target.name)),
                    _ => Self::Nothing,
                }
            }
            Some(Statement::AlterOpaque { .. }) => Self::Everything,
            _ => Self::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::{Dialect, TargetVersion};
    use crate::facts::tell;

    /// The tables that each statement locks, over a few tables.
    fn locked(text: &str) -> Vec<String> {
        let version = TargetVersion::default_of(Dialect::Postgres);
        let setup = "CREATE TABLE a (id integer PRIMARY KEY); CREATE TABLE b (id integer NOT NULL); \
                     CREATE TABLE c (id integer); CREATE INDEX b_idx ON b (id);";
        let (_, setup) = tell(&Catalog::default(), setup, version);
        let (told, resolved) = tell(&setup.catalog, text, version);
        assert_eq!(resolved.diagnostics, []);
        let locks = told.iter().map(|t| &t.facts.locks);
        let names = locks.map(|all| all.iter().map(|l| l.relation.name.to_string()));
        names.map(|n| n.collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn children_come_go_and_change_their_names() {
        let text = "ALTER TABLE a ADD COLUMN x int; ALTER TABLE b ADD COLUMN x int; \
                    ALTER TABLE b INHERIT a; ALTER TABLE a ADD COLUMN y int; \
                    ALTER TABLE b RENAME TO d; ALTER TABLE a ADD COLUMN z int; \
                    ALTER TABLE d NO INHERIT a; ALTER TABLE a ADD COLUMN w int;";
        let found = locked(text);
        assert_eq!(
            [&*found[0], &found[3], &found[5], &found[7]],
            ["a", "a b", "a d", "a"]
        );
    }

    #[test]
    fn foreign_keys_and_indexes_are_found_when_they_are_new() {
        let text = "ALTER TABLE a ALTER COLUMN id TYPE bigint; \
                    ALTER TABLE b ADD CONSTRAINT b_fkey FOREIGN KEY (id) REFERENCES a (id); \
                    ALTER TABLE a ALTER COLUMN id TYPE integer; \
                    CREATE INDEX c_idx ON c (id); DROP INDEX c_idx; \
                    ALTER INDEX b_idx RENAME TO bb_idx; DROP INDEX bb_idx;";
        let found = locked(text);
        assert_eq!(
            [&*found[0], &found[2], &found[4], &found[6]],
            ["a", "a b", "c", "b"]
        );
    }
}
