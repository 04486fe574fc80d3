//! What a plan cannot decide without its author: values for a type that the server has no cast to, rows
//! of a table that cannot be altered into what it is to be, names that cannot be had.
//!
//! Invariant: each obstacle says what is wrong, why, and what to write. The plan is made all the same, so
//! that it can be shown; whoever writes migrations does not write it.

use super::columns::{is_added_again, is_retyped};
use super::using::Casting;
use crate::diagnostic::Diagnostic;
use crate::facts::hazard::Hazard;
use crate::model::{Catalog, Column, DataType, ObjectId, Table};

/// Something that stands in the way of a plan.
#[derive(Clone, Debug)]
pub struct Obstacle {
    /// About the object in the schema that the plan goes to.
    pub said: Diagnostic,
    /// The loss that its author may allow instead.
    pub unless: Option<(Hazard, ObjectId)>,
}

/// What stands in the way; the catalog before has the names of the one after.
pub(super) fn obstacles(casting: Casting<'_>) -> Vec<Obstacle> {
    let mut found = Vec::new();
    let (before, after) = (casting.catalogs.before, casting.catalogs.after);
    for new in after.tables.values() {
        let Some(old) = before.tables.get(&new.name) else {
            continue;
        };
        if after.is_external(&new.name) || new.foreign.is_some() || old.foreign.is_some() {
            continue;
        }
        if old.partition_by != new.partition_by {
            found.push(partitioned(old, new));
            continue;
        }
        for column in new.columns.iter().filter(|c| !c.inherited) {
            let was = old.column(&column.name);
            found.extend(was.and_then(|was| retyped(casting, new, was, column)));
        }
    }
    found
}

/// A column whose rows the server cannot bring to their new type.
fn retyped(casting: Casting<'_>, table: &Table, old: &Column, new: &Column) -> Option<Obstacle> {
    let changed = is_retyped(old, new) || base_changed(casting, old, new);
    if !changed || is_added_again(old, new) {
        return None;
    }
    let id = ObjectId::column(&table.name, &new.name);
    let expands = casting.catalogs.after.notes(&id).is_some_and(|n| n.expands);
    let said = casting.said(&id).is_some();
    let known = casting.is_known(&old.data_type, &new.data_type);
    if (said || known) && !(said && expands) {
        return None;
    }
    let dialect = casting.version.dialect;
    let [from, to] = [old, new].map(|c| dialect.print_type(&c.data_type));
    let column = dialect.quote(&new.name);
    let said = match said {
        true => Diagnostic::error(
            "migration/cast",
            format!("{id} cannot have both `using:` and `strategy: expand-contract`"),
        )
        .note("until the second act a trigger writes both columns, by casts that the server has")
        .help("take one of the two away"),
        false => no_cast(&id, &column, (&from, &to), expands),
    };
    Some(Obstacle {
        said: said.about(id),
        unless: None,
    })
}

fn no_cast(id: &ObjectId, column: &str, (from, to): (&str, &str), expands: bool) -> Diagnostic {
    let headline = format!("{id} cannot become {to}: PostgreSQL has no cast from {from} to {to}");
    let mut said = Diagnostic::error("migration/cast", headline);
    if expands {
        said = said.note("`strategy: expand-contract` needs casts both ways");
    }
    said.note("what the new values are made of is not guessed, because a wrong guess would be written")
        .help(format!(
            "say what gives them: `using: <expression over {column} and the other columns>` at the column \
             (`using_back:` for the way back), in SQL `-- schemagen:using EXPRESSION` at the end of its \
             line; or give the new column another name, so that both are there"
        ))
}

/// Whether the domain of a column is made of another type.
fn base_changed(casting: Casting<'_>, old: &Column, new: &Column) -> bool {
    let base = |catalog: &Catalog, t: &DataType| {
        let domain = catalog.domains.get(&t.name)?;
        Some(domain.base.clone())
    };
    let catalogs = casting.catalogs;
    let (was, is) = (
        base(catalogs.before, &old.data_type),
        base(catalogs.after, &new.data_type),
    );
    was.is_some() && is.is_some() && was != is
}

/// A table whose rows would have to move.
fn partitioned(old: &Table, new: &Table) -> Obstacle {
    let id = ObjectId::table(&new.name);
    let name = &new.name.name;
    let (headline, stages) = match (&old.partition_by, &new.partition_by) {
        (None, _) => (
            format!("{id} cannot become a partitioned table"),
            format!(
                "in stages: declare the partitioned table as `{name}_new` beside `{name}` and build; write \
                 a migration of your own (`schemagen migrate new NAME --empty`) that renames `{name}` to \
                 `{name}_old` and `{name}_new` to `{name}`, and either attaches `{name}_old` as a partition \
                 or copies its rows; then declare what is there now"
            ),
        ),
        (Some(_), None) => (
            format!("{id} cannot become a table without partitions"),
            format!(
                "in stages: declare the plain table as `{name}_new` beside `{name}` and build; write a \
                 migration of your own (`schemagen migrate new NAME --empty`) that copies the rows, renames \
                 `{name}` to `{name}_old` and `{name}_new` to `{name}`; then declare what is there now"
            ),
        ),
        (Some(_), Some(_)) => (
            format!("{id} cannot be partitioned by something else"),
            format!(
                "in stages: declare the table with the new key as `{name}_new` beside `{name}` and build; \
                 write a migration of your own (`schemagen migrate new NAME --empty`) that copies the rows, \
                 renames `{name}` to `{name}_old` and `{name}_new` to `{name}`; then declare what is there now"
            ),
        ),
    };
    let said = Diagnostic::error("migration/partitioned", headline)
        .note("no ALTER TABLE does it: the table would be dropped with its rows, and created again")
        .help(format!(
            "{stages}. Where the rows may go: `--allow deletes-data:{}`",
            id.path()
        ))
        .about(id.clone());
    Obstacle {
        said,
        unless: Some((Hazard::DeletesData, id)),
    }
}
