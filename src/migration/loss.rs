//! What a plan destroys: tables and columns that are dropped, values that an enum loses, types that
//! become narrower.
//!
//! A loss is allowed by name: the hazard, and a glob over the object where not every one is meant.

use std::collections::BTreeMap;

use crate::diagnostic::FileId;
use crate::dialect::TargetVersion;
use crate::facts::Effect;
use crate::facts::hazard::Hazard;
use crate::model::{Catalog, Change, ChangeKind, Ident, ObjectId, ObjectKind, QualifiedName};
use crate::plan::Plan;
use crate::source::{self, AlterAction, SourceFile, SourceKind, Statement, Target};

/// The hazard of data that goes.
const DELETES_DATA: Hazard = Hazard::DeletesData;
/// The hazard of values that no longer fit.
const NARROWS_DATA: Hazard = Hazard::NarrowsData;

const TABLE: &str = "is dropped with its rows";
const COLUMN: &str = "is dropped with its values";
const VALUE: &str = "is removed from its type";

/// Something that is lost.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loss {
    pub hazard: Hazard,
    pub object: ObjectId,
    /// What happens to it, in a few words.
    pub what: &'static str,
}

impl Loss {
    /// What allows this one and no other.
    pub fn allowance(&self) -> String {
        format!("{}:{}", self.hazard, self.object.path())
    }
}

/// What a plan destroys: by what its steps declare, by what they drop, and by the changes that they
/// are for.
pub fn losses(
    before: &Catalog,
    plan: &Plan,
    changes: &[Change],
    version: TargetVersion,
) -> Vec<Loss> {
    let mut found = Found::default();
    for change in changes.iter().filter(|c| c.kind == ChangeKind::Drop) {
        let id = &change.id;
        match (id.kind, &id.member) {
            (ObjectKind::Enum, Some(_)) => found.add(DELETES_DATA, id.clone(), VALUE),
            (ObjectKind::Column, Some(column)) if has_values(before, &id.name, column) => {
                found.add(DELETES_DATA, id.clone(), COLUMN);
            }
            (kind, None) if has_rows(before, kind, &id.name) => {
                found.add(DELETES_DATA, id.clone(), TABLE);
            }
            _ => {}
        }
    }
    for (object, what) in dropped(before, &plan.sql(), version) {
        found.add(DELETES_DATA, object, what);
    }
    for facts in plan.steps.iter().map(|s| &s.facts) {
        for object in &facts.destroys {
            let what = if object.kind == ObjectKind::Column {
                COLUMN
            } else {
                "is gone with its data"
            };
            found.add(DELETES_DATA, object.clone(), what);
        }
        for effect in &facts.effects {
            if let Effect::Narrows(object) = effect {
                found.add(
                    NARROWS_DATA,
                    object.clone(),
                    "gets a type that not every value fits",
                );
            }
        }
    }
    found.list()
}

#[derive(Default)]
struct Found(BTreeMap<(Hazard, ObjectId), &'static str>);

impl Found {
    fn add(&mut self, hazard: Hazard, object: ObjectId, what: &'static str) {
        self.0.entry((hazard, object)).or_insert(what);
    }

    fn list(self) -> Vec<Loss> {
        let found = self.0.into_iter();
        let loss = |((hazard, object), what)| Loss {
            hazard,
            object,
            what,
        };
        found.map(loss).collect()
    }
}

/// The tables and columns that statements drop; a table whose rows are copied before is rebuilt.
fn dropped(before: &Catalog, sql: &str, version: TargetVersion) -> Vec<(ObjectId, &'static str)> {
    let file = SourceFile {
        id: FileId(0),
        path: String::new(),
        kind: SourceKind::Sql,
        text: sql.to_owned(),
        external: false,
    };
    let mut gone = Vec::new();
    let mut copies = String::new();
    for declaration in source::sql::read(&file, version).declarations {
        match declaration.statement {
            Statement::Kept(kept) => copies.push_str(&kept.text),
            Statement::Drop { targets, .. } => {
                let rows = |t: &&Target| has_rows(before, t.kind, &t.name);
                let copied = |t: &&Target| copies.contains(&version.dialect.quote_name(&t.name));
                for target in targets.iter().filter(rows).filter(|t| !copied(t)) {
                    gone.push((ObjectId::table(&target.name), TABLE));
                }
            }
            Statement::Alter {
                target, actions, ..
            } => {
                let columns = actions.iter().filter_map(|action| match action {
                    AlterAction::DropColumn { name, .. } => Some(name),
                    _ => None,
                });
                for name in columns.filter(|name| has_values(before, &target.name, name)) {
                    gone.push((ObjectId::column(&target.name, name), COLUMN));
                }
            }
            _ => {}
        }
    }
    gone
}

/// Whether dropping it takes rows along: the rows of a foreign table are elsewhere.
fn has_rows(before: &Catalog, kind: ObjectKind, name: &QualifiedName) -> bool {
    match kind {
        ObjectKind::Table => {
            let table = before.tables.get(name);
            table.is_none_or(|t| t.foreign.is_none())
        }
        ObjectKind::VirtualTable => true,
        _ => false,
    }
}

/// Whether it holds values of its own, not made from those of other columns.
fn has_values(before: &Catalog, table: &QualifiedName, column: &Ident) -> bool {
    let table = before.tables.get(table);
    let column = table.and_then(|t| t.column(column));
    column.is_none_or(|c| c.generated.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;
    use crate::diff::{self, Options};
    use crate::migration::testing::{catalog, version};
    use crate::model::Pair;
    use crate::plan::plan;

    fn lost(before: &str, after: &str) -> Vec<String> {
        let (before, after) = (catalog(before), catalog(after));
        let pair = Pair::new(&before, &after);
        let changes = diff::compare(pair, &Options::new(Dialect::Postgres)).changes;
        let plan = plan(pair, version());
        let losses = losses(&before, &plan, &changes, version());
        losses.iter().map(Loss::allowance).collect()
    }

    #[test]
    fn what_is_dropped_with_its_data_is_named() {
        let table = "CREATE TABLE t (id int, a text, g int GENERATED ALWAYS AS (id + 1) STORED);";
        assert_eq!(lost(table, ""), ["deletes-data:public.t"]);
        assert_eq!(
            lost(table, "CREATE TABLE t (id int);"),
            ["deletes-data:public.t.a"]
        );
        assert_eq!(lost("", table), [""; 0]);
        let view = "CREATE VIEW v AS SELECT 1 AS a; CREATE SEQUENCE s;";
        assert_eq!(lost(view, ""), [""; 0]);
    }

    #[test]
    fn values_that_an_enum_loses_are_named() {
        let of = |values: &str| format!("CREATE TYPE e AS ENUM ({values}); CREATE TABLE t (e e);");
        let lost = lost(&of("'a', 'b'"), &of("'a'"));
        assert!(lost[0].starts_with("deletes-data:public.e"), "{lost:?}");
    }
}
