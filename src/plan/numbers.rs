//! Columns whose numbers come from another sequence go on where they are, and give none twice.
//!
//! Invariant: a sequence that gives way to an identity column's own is read before it goes, so that
//! numbers of rows that are gone are not given again. An identity column takes its sequence along when it
//! is one no more: then the rows are all that is left to ask.

use std::collections::BTreeMap;

use super::closure::Closure;
use super::fate::Fate;
use super::side::Side;
use super::using::{self, Casting};
use crate::dialect::{Dialect, identity_sequence};
use crate::expr::references_of_expression;
use crate::model::{Catalog, Column, ObjectId, ObjectKind, Pair, QualifiedName, Sequence, Table};

/// The sequences whose name an identity column's own gets, with the one that they have meanwhile.
pub(super) fn handed_over(
    pair: &Pair<Side<'_>>,
    closure: &Closure,
) -> BTreeMap<QualifiedName, QualifiedName> {
    let sequences = pair.before.catalog.sequences.values();
    let handed = sequences.filter(|sequence| {
        let id = ObjectId::new(ObjectKind::Sequence, sequence.name.clone());
        closure.early.contains(&id)
            && closure.fates.get(&id) == Some(&Fate::Drop)
            && becomes_identity(pair, closure, sequence)
    });
    let named = handed.map(|sequence| {
        let short: String = sequence.name.name.chars().take(50).collect();
        let old = sequence.name.sibling(format!("{short}_before"));
        (sequence.name.clone(), old)
    });
    named.collect()
}

fn becomes_identity(pair: &Pair<Side<'_>>, closure: &Closure, sequence: &Sequence) -> bool {
    let Some((table, column)) = &sequence.owned_by else {
        return false;
    };
    let stays = !matches!(
        closure.fates.get(&ObjectId::table(table)),
        Some(Fate::Drop | Fate::Replace)
    );
    let table = pair.after.catalog.tables.get(table);
    let same = |table: &Table| {
        let column = table.column(column);
        column.is_some_and(|c| {
            c.identity.is_some() && identity_sequence(&table.name, c) == sequence.name
        })
    };
    stays && table.is_some_and(same)
}

/// The statement behind the change of a column that has it go on.
pub(super) fn go_on(
    casting: Casting<'_>,
    closure: &Closure,
    table: &Table,
    (old, new): (&Column, &Column),
) -> Option<String> {
    let catalogs = casting.catalogs;
    let number = matches!(
        using::name(&new.data_type).as_str(),
        "smallint" | "integer" | "bigint"
    );
    if !number || old.identity.is_some() == new.identity.is_some() && old.default == new.default {
        return None;
    }
    let (sequence, increment) = match (&old.identity, &new.identity) {
        (None, Some(identity)) => {
            let increment = identity.options.increment;
            (identity_sequence(&table.name, new), increment)
        }
        (_, None) => {
            let given =
                owned(catalogs.after, table, new).or_else(|| shared(catalogs.after, new))?;
            // One that others take numbers from meanwhile knows nothing of those that the identity gave.
            let unaware =
                old.identity.is_some() || !catalogs.before.sequences.contains_key(&given.name);
            unaware.then(|| (given.name.clone(), given.options.increment))?
        }
        _ => return None,
    };
    let from = owned(catalogs.before, table, old).filter(|_| new.identity.is_some());
    let from = from.map(|s| closure.handed_over.get(&s.name).unwrap_or(&s.name));
    // A sequence of several tables goes on behind the rows of all of them.
    let of_several = new.identity.is_none() && owned(catalogs.after, table, new).is_none();
    let from = from.or(of_several.then_some(&sequence));
    let dialect = casting.version.dialect;
    let (name, column) = (dialect.quote_name(&table.name), dialect.quote(&new.name));
    let step = increment.unwrap_or(1);
    let (furthest, last) = match step < 0 {
        true => ("LEAST", "min"),
        false => ("GREATEST", "max"),
    };
    let to = dialect.literal(&dialect.quote_name(&sequence));
    let rows = format!("(SELECT {last}({column}) FROM {name})");
    let sign = if step < 0 { '-' } else { '+' };
    let step = step.unsigned_abs();
    let times = match step {
        1 => String::new(),
        more => format!(" * {more}"),
    };
    Some(match from {
        Some(from) => format!(
            "SELECT pg_catalog.setval({to}, {furthest}(s.last_value {sign} s.is_called::integer{times}, \
             {rows} {sign} {step}), false) FROM {} AS s",
            dialect.quote_name(from)
        ),
        None => match new.identity.as_ref().and_then(|i| i.options.start) {
            Some(start) => format!(
                "SELECT pg_catalog.setval({to}, {furthest}({rows} {sign} {step}, {start}), false)"
            ),
            None => {
                format!(
                    "SELECT pg_catalog.setval({to}, {furthest}({rows}, 0) {sign} {step}, false)"
                )
            }
        },
    })
}

/// The sequence that a default takes its numbers from, and nobody owns.
fn shared<'c>(catalog: &'c Catalog, column: &Column) -> Option<&'c Sequence> {
    let text = column.default.as_ref()?.text();
    let named = references_of_expression(text, Dialect::Postgres);
    let mut sequences = named.iter().filter_map(|r| catalog.sequences.get(&r.name));
    sequences.find(|s| s.owned_by.is_none() && text.contains("nextval"))
}

/// The sequence that a column owns.
fn owned<'c>(catalog: &'c Catalog, table: &Table, column: &Column) -> Option<&'c Sequence> {
    let mut sequences = catalog.sequences.values();
    sequences.find(|s| {
        let by = s.owned_by.as_ref();
        by.is_some_and(|(t, c)| *t == table.name && *c == column.name)
    })
}
