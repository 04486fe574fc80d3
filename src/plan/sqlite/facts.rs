//! What the steps of a plan for SQLite mean: a table that is rebuilt is written again, under a lock that
//! nobody else writes beside, and its rows have to fit what they get into.

use super::difference::constraints;
use super::table::{Constant, constant};
use crate::dialect::{Dialect, sqlite_affinity};
use crate::facts::{Effect, Facts, Lock, LockMode, Reverse};
use crate::model::{Catalog, Column, ConstraintKind, ObjectId, Table};
use crate::plan::Step;

/// Says of the steps of one table what they do to its rows. `reason` is why it is rebuilt, if it is.
pub(super) fn tell(
    steps: &mut [Step],
    (before, after): (&Table, &Table),
    schema: &Catalog,
    reason: Option<&str>,
) {
    let lost = lost(before, after, schema);
    for step in steps {
        let sql = step.sql.as_str();
        let copies = sql.starts_with("INSERT INTO") && !sql.starts_with("INSERT INTO sqlite_");
        let drops = sql.contains(" DROP COLUMN ");
        if sql.starts_with("CREATE TABLE") {
            let why = reason.map(|reason| format!("rebuilt, because {reason}"));
            step.facts.note = why;
        } else if copies && reason.is_some() {
            written_again(&mut step.facts, after);
            step.facts.destroys.clone_from(&lost);
            step.facts.effects = effects(before, after);
        } else if drops {
            written_again(&mut step.facts, after);
            let gone = lost.iter().filter(|id| ends_with(sql, id));
            step.facts.destroys = gone.cloned().collect();
        }
        if !step.facts.destroys.is_empty() {
            let what = step.facts.destroys.iter().map(ToString::to_string);
            let what = what.collect::<Vec<_>>().join(", ");
            step.facts.reverse = Reverse::Loses(format!("the data of {what}"));
        }
    }
}

/// Says of a step that it drops a table.
pub(super) fn tell_drop(step: &mut Step) {
    let id = step.object.clone();
    step.facts.reverse = Reverse::Loses(format!("the rows of {id}"));
    step.facts.destroys = vec![id];
}

fn ends_with(sql: &str, column: &ObjectId) -> bool {
    let name = column.member.as_ref();
    name.is_some_and(|name| sql.ends_with(&*Dialect::Sqlite.quote(name)))
}

fn written_again(facts: &mut Facts, table: &Table) {
    facts.rewrites = vec![table.name.clone()];
    facts.locks = vec![Lock {
        relation: table.name.clone(),
        mode: LockMode::AccessExclusive,
    }];
}

/// The columns whose values nothing takes over.
fn lost(before: &Table, after: &Table, schema: &Catalog) -> Vec<ObjectId> {
    let taken = |old: &&Column| {
        after.columns.iter().any(|new| {
            let id = ObjectId::column(&after.name, &new.name);
            let notes = schema.notes(&id);
            new.name == old.name
                || notes.is_some_and(|n| n.renamed_from.as_ref() == Some(&old.name))
        })
    };
    let own = before.columns.iter().filter(|c| c.generated.is_none());
    let gone = own.filter(|c| !taken(c));
    gone.map(|c| ObjectId::column(&after.name, &c.name))
        .collect()
}

/// What may keep rows from being copied, or change them.
fn effects(before: &Table, after: &Table) -> Vec<Effect> {
    let table = &after.name;
    let mut found = Vec::new();
    for new in after.columns.iter().filter(|c| c.generated.is_none()) {
        let Some(old) = before.column(&new.name) else {
            continue;
        };
        let filled = new.default.as_ref();
        let filled = filled.is_some_and(|d| constant(d, Dialect::Sqlite) == Constant::Value);
        if new.not_null && !old.not_null && !filled {
            let how = format!("rows of {table} without {} make it fail", new.name);
            found.push(Effect::DependsOnRows(how));
        }
        let [was, is] = [old, new].map(|c| sqlite_affinity(&c.data_type.name.name));
        let number = |affinity: &str| matches!(affinity, "INTEGER" | "REAL" | "NUMERIC");
        if was != is && number(is) && !number(was) {
            found.push(Effect::Narrows(ObjectId::column(table, &new.name)));
        }
        if after.strict && (!before.strict || was != is) {
            let what = &new.data_type.name.name;
            let how = format!(
                "values of {table}.{} that are no {what} make it fail",
                new.name
            );
            found.push(Effect::DependsOnRows(how));
        }
    }
    let (_, come) = constraints(before, after);
    for constraint in come {
        let words = match &constraint.kind {
            ConstraintKind::Check { expression } => format!("CHECK ({})", expression.text()),
            ConstraintKind::Unique { .. } | ConstraintKind::PrimaryKey { .. } => {
                let columns: Vec<&str> = constraint.columns().iter().map(|c| c.as_str()).collect();
                format!("a key ({})", columns.join(", "))
            }
            _ => continue,
        };
        let how = format!("rows of {table} that do not satisfy {words} make it fail");
        found.push(Effect::DependsOnRows(how));
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::dialect::{Dialect, TargetVersion};
    use crate::facts::hazard::hazards;
    use crate::model::Pair;
    use crate::plan::sqlite::testing::catalog;
    use crate::plan::{Plan, plan};

    fn planned(before: &str, after: &str) -> Plan {
        let (before, after) = (catalog(before), catalog(after));
        plan(
            Pair::new(&before, &after),
            TargetVersion::default_of(Dialect::Sqlite),
        )
    }

    fn told(before: &str, after: &str) -> Vec<String> {
        let plan = planned(before, after);
        let all = plan.steps.iter().flat_map(|s| hazards(&s.facts));
        all.map(|found| format!("{}: {}", found.hazard, found.what))
            .collect()
    }

    #[test]
    fn a_rebuild_says_why_and_what_it_does() {
        let before = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c INT);";
        let after =
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b INT, CHECK (a <> ''));";
        assert_eq!(
            told(before, after),
            [
                "deletes-data: the data of column t.c is gone",
                "narrows-data: values of column t.b are cut, rounded or refused",
                "blocks-reads-and-writes: nobody reads or writes t while t is written again",
                "row-dependent: rows of t that do not satisfy CHECK (a <> '') make it fail",
                "row-dependent: rows of t without a make it fail",
            ]
        );
        let text = planned(before, after).sql();
        assert!(text.contains("-- rebuilt, because "), "{text}");
    }

    #[test]
    fn what_is_done_in_place_says_no_more_than_it_does() {
        let before = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE TABLE u (x INT);";
        let after = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT);";
        assert_eq!(
            told(before, after),
            ["deletes-data: the data of table u is gone"]
        );
        assert_eq!(told(after, after), [""; 0]);
        let strict = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT) STRICT;";
        let fits = told(after, strict);
        assert!(
            fits.contains(&"row-dependent: values of t.b that are no INT make it fail".to_owned()),
            "{fits:?}"
        );
    }
}
