//! What a plan cannot decide without its author: values for a type that the server has no cast to, rows
//! of a table that cannot be altered into what it is to be, names that cannot be had.
//!
//! Invariant: each obstacle says what is wrong, why, and what to write. The plan is made all the same, so
//! that it can be shown; whoever writes migrations does not write it.

use super::columns::{is_added_again, is_retyped};
use super::table::other_key;
use super::using::Casting;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::nearest;
use crate::diff::{self, RefusedRename, Why};
use crate::facts::hazard::Hazard;
use crate::model::{Catalog, Column, DataType, ObjectId, Pair, Table};

/// Something that stands in the way of a plan.
#[derive(Clone, Debug)]
pub struct Obstacle {
    /// About the object in the schema that the plan goes to.
    pub said: Diagnostic,
    /// The loss that its author may allow instead.
    pub unless: Option<(Hazard, ObjectId)>,
}

/// What stands in the way of a plan between two catalogs; that of `casting` has the names of the other.
pub(super) fn obstacles(pair: Pair<&Catalog>, casting: Casting<'_>) -> Vec<Obstacle> {
    let refused = refused_renames(pair).into_iter();
    let mut found: Vec<Obstacle> = refused
        .map(|said| Obstacle { said, unless: None })
        .collect();
    let (before, after) = (casting.catalogs.before, casting.catalogs.after);
    for new in after.tables.values() {
        let Some(old) = before.tables.get(&new.name) else {
            continue;
        };
        if after.is_external(&new.name) || new.foreign.is_some() || old.foreign.is_some() {
            continue;
        }
        let key = other_key(old, new);
        if old.partition_by != new.partition_by || key.is_some() {
            found.push(partitioned(old, new, key));
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
    if !changed || is_added_again(old, new, casting.version) {
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
fn partitioned(old: &Table, new: &Table, key: Option<&Column>) -> Obstacle {
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
            match key {
                Some(key) => format!(
                    "column {}.{} cannot have another type: {id} is partitioned by it",
                    new.name, key.name
                ),
                None => format!("{id} cannot be partitioned by something else"),
            },
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

/// The annotations of renames that cannot be followed.
pub fn refused_renames(pair: Pair<&Catalog>) -> Vec<Diagnostic> {
    let refused = diff::refused_renames(pair);
    refused.iter().map(|r| renamed(pair, r)).collect()
}

fn renamed(pair: Pair<&Catalog>, refused: &RefusedRename) -> Diagnostic {
    let RefusedRename { id, old, why } = refused;
    let (headline, note, help) = match why {
        Why::Unknown => (
            format!("{id} cannot be renamed from `{old}`: there is no such {}", id.kind),
            "it would be created as a new one, without data",
            unknown(pair, id, old),
        ),
        Why::Stays => (
            format!("{id} cannot be renamed from `{old}`, which is still declared"),
            "of the two, only one can have the data",
            format!("take `renamed_from: {old}` away where both are wanted, or the declaration of `{old}`"),
        ),
        Why::Taken => (
            format!("{id} cannot be renamed from `{old}`: the name is in use"),
            "both were there before, and only one of them is declared now",
            format!(
                "where `{old}` is to go with its data, take `renamed_from:` away; where it is to have this \
                 name, rename or drop the one that has it now first, in a migration of its own"
            ),
        ),
        Why::Twice(other) => (
            format!("{id} cannot be renamed from `{old}`: {other} is"),
            "a name that goes has one that comes for it",
            "take `renamed_from:` away from one of the two".to_owned(),
        ),
        Why::Circle => (
            format!("{id} cannot be renamed from `{old}` in a circle of names"),
            "whether names have been swapped already cannot be told from the schema, and doing it again \
             would undo it",
            "rename one of them to a third name and build, then give the names, and build again".to_owned(),
        ),
        Why::Kind => (
            format!("{id} cannot be renamed from `{old}` by schemagen"),
            "what mentions a thing of this kind is not known to follow its name",
            "rename it in a migration of your own (`schemagen migrate new NAME --empty`), or take the line \
             away: it is dropped and created then"
                .to_owned(),
        ),
        Why::Both => (
            format!("{id} is said to be renamed from `{old}`, and to replace something"),
            "a rename keeps the data; what replaces something begins without",
            "keep one of `renamed_from:` and `replaces:`".to_owned(),
        ),
        Why::ReplacesNothing => (
            format!("{id} cannot replace `{old}`: there is no such {}", id.kind),
            "`replaces:` says of what goes and what comes that they are two things",
            unknown(pair, id, old),
        ),
        Why::ReplacesWhatStays => (
            format!("{id} cannot replace `{old}`, which is still declared"),
            "`replaces:` says of what goes and what comes that they are two things",
            format!("take `replaces: {old}` away, or the declaration of `{old}`"),
        ),
    };
    let said = Diagnostic::error("migration/rename", headline);
    said.note(note).help(help).about(id.clone())
}

/// The name that was meant, perhaps.
fn unknown(pair: Pair<&Catalog>, id: &ObjectId, old: &str) -> String {
    let objects = pair.before.objects();
    let columns = pair.before.tables.get(&id.name);
    let columns = columns
        .map_or(&[][..], |t| &t.columns)
        .iter()
        .map(|c| c.name.as_str());
    let near = match id.member {
        Some(_) => nearest(old, columns),
        None => {
            let same = objects.iter().filter(|(o, _)| o.kind == id.kind);
            nearest(old, same.map(|(o, _)| o.name.name.as_str()))
        }
    };
    match near {
        Some(near) => {
            format!("did you mean `{near}`? Where nothing had another name, take the line away")
        }
        None => "where nothing had another name, take the line away".to_owned(),
    }
}
