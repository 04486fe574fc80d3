//! Plans for SQLite: ALTER TABLE where the version can, else the rebuild of a table.
//!
//! Invariants: a table is rebuilt only where [`table::change`] names what ALTER TABLE cannot do; the
//! rows of a rebuilt table are copied with every column that both sides have, and nothing that
//! refers to the table by name is touched. Plans that rebuild, or that drop what others refer to,
//! run with foreign keys switched off, in one transaction that they open themselves: the switch does
//! nothing inside of one.
//!
//! Source: <https://www.sqlite.org/lang_altertable.html>, section 7.

mod difference;
mod facts;
mod rebuild;
mod renames;
mod round;
mod spelling;
mod table;
#[cfg(test)]
mod testing;
mod virtual_table;

use super::{Plan, ROUNDS, Step};
use crate::dialect::TargetVersion;
use crate::model::{Catalog, ObjectId, ObjectKind, Pair};

/// Plans the way from the catalog before to the catalog after.
pub(super) fn plan(pair: Pair<&Catalog>, version: TargetVersion) -> Plan {
    let after = spelling::plain(pair.after.clone());
    let mut state = spelling::respelled(spelling::plain(pair.before.clone()), &after);
    let mut plan = Plan {
        self_contained: true,
        ..Plan::default()
    };
    let mut detached = false;
    let between = Pair {
        before: &state,
        after: &after,
    };
    let renames = renames::renames(between, version);
    let stale = renames.stale;
    if !renames.steps.is_empty() {
        state = plan.take(state, renames.steps, version);
    }
    let renaming = plan.steps.len();
    let mut reading = false;
    for number in 0..ROUNDS {
        let between = Pair {
            before: &state,
            after: &after,
        };
        let none = Default::default();
        let round = round::round(between, version, if number == 0 { &stale } else { &none });
        if round.steps.is_empty() {
            break;
        }
        detached |= round.detached;
        reading |= round.read_by_others;
        state = plan.take(state, round.steps, version);
        if !plan.diagnostics.is_empty() {
            break;
        }
    }
    plan.remaining = difference::differing(&state, &after).into_iter().collect();
    if detached {
        detach(&mut plan.steps, renaming, reading);
    }
    plan
}

/// Puts a transaction around the steps in which nothing looks at foreign keys.
///
/// While a table is away, views and triggers that read it would keep its successor from taking its
/// name: `legacy_alter_table` has RENAME leave them alone, as versions before 3.25 did.
fn detach(steps: &mut Vec<Step>, renaming: usize, reading: bool) {
    let step = |sql: &str| {
        let session = ObjectId::new(ObjectKind::Kept, Default::default());
        Step::new(session, sql.to_owned())
    };
    if reading {
        steps.insert(renaming, step("PRAGMA legacy_alter_table = ON"));
    }
    steps.splice(0..0, [step("PRAGMA foreign_keys = OFF"), step("BEGIN")]);
    if reading {
        steps.push(step("PRAGMA legacy_alter_table = OFF"));
    }
    steps.push(step("PRAGMA foreign_key_check"));
    steps.push(step("COMMIT"));
    steps.push(step("PRAGMA foreign_keys = ON"));
    // One file has all of it: a connection that sees only half would lose rows to ON DELETE.
    for step in steps {
        step.facts.transactional = false;
    }
}
