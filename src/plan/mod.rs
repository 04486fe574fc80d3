//! From one schema to another: what to drop, alter and create, in an order that runs.
//!
//! Invariants: planning goes in rounds, and after each one its own statements are read back and
//! folded over the catalog before, as the server would; what still differs then (privileges that
//! default privileges gave, columns that partitions inherited) is the work of the next round. So a
//! plan is complete when it is made, or says what it could not reach. An object is dropped and
//! created again only where it cannot be altered, or where something that it rests on cannot be
//! altered beneath it.

mod again;
mod closure;
mod columns;
mod creation;
mod drops;
mod expansion;
mod exposure;
mod fate;
mod freed;
mod joined;
mod numbers;
mod obstacles;
mod reads;
mod recipe;
mod rename;
mod retyped;
mod round;
mod settle;
mod side;
mod simulate;
mod sqlite;
mod step;
mod swapped;
mod table;
mod text;
mod using;

use crate::diagnostic::Diagnostic;
use crate::dialect::{Dialect, TargetVersion};
use crate::model::{Catalog, ObjectId, Pair, QualifiedName};
pub use expansion::{Expanded, Expansion, contract, expanded, fill};
pub use obstacles::{Obstacle, refused_renames};
pub use step::{Group, Step};
pub(crate) use text::notes;
use using::Casting;

/// The way from one catalog to another.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub steps: Vec<Step>,
    /// Objects that still differ when all steps have run; none in a plan that is right.
    pub remaining: Vec<ObjectId>,
    /// What reading the plan's own text back had to say; nothing where the plan is right.
    pub diagnostics: Vec<Diagnostic>,
    /// What its author has to decide before it may be written.
    pub obstacles: Vec<Obstacle>,
    /// Why the short forms were taken though the online ones were asked for.
    pub short_because: Option<&'static str>,
    /// Whether the steps have the BEGIN and COMMIT that they need among them (SQLite).
    pub self_contained: bool,
}

impl Plan {
    /// Whether folding the steps over the catalog before gives the catalog after.
    pub fn is_proved(&self) -> bool {
        self.remaining.is_empty() && self.diagnostics.is_empty()
    }

    /// The transactions, in their order: a file each.
    pub fn groups(&self) -> Vec<Group<'_>> {
        step::groups(&self.steps)
    }

    /// The catalog behind each group, the last one of which is the catalog after.
    pub fn boundaries(&self, before: &Catalog, version: TargetVersion) -> Vec<Catalog> {
        let mut state = before.clone();
        let mut behind = Vec::new();
        for group in self.groups() {
            (state, _) = simulate::run(state, group.steps, version);
            behind.push(state.clone());
        }
        behind
    }
}

/// How a plan is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether tables that are in use stay so meanwhile: the longer forms, in several transactions.
    pub online: bool,
    /// Tables that get the short forms all the same.
    pub offline: Vec<QualifiedName>,
}

impl Options {
    /// With the tables of which the schema says `online: false`.
    fn with_notes(&self, schema: &Catalog) -> Self {
        let mut options = self.clone();
        let said = schema.notes.iter().filter(|(_, notes)| notes.offline);
        options.offline.extend(said.map(|(id, _)| id.name.clone()));
        options
    }
}

/// Rounds after which whatever still differs is given up, and named.
const ROUNDS: usize = 5;

/// Plans the way from the catalog before to the catalog after, in the short forms.
pub fn plan(pair: Pair<&Catalog>, version: TargetVersion) -> Plan {
    plan_with(pair, version, &Options::default())
}

/// The same, in the forms that are asked for.
pub fn plan_with(pair: Pair<&Catalog>, version: TargetVersion, options: &Options) -> Plan {
    if version.dialect == Dialect::Sqlite {
        return sqlite::plan(pair, version);
    }
    let options = options.with_notes(pair.after);
    settle::settle(statements(pair, version), pair, version, &options)
}

/// A plan before its transactions are known.
#[derive(Default)]
struct Draft {
    steps: Vec<Step>,
    /// All else of the plan.
    plan: Plan,
    /// What the objects of its steps rest on, before and after.
    rests: recipe::Rests,
    /// How many steps come before all others: those that change names and parents.
    first: usize,
}

/// The statements of a plan, and whether they lead to its end.
fn statements(pair: Pair<&Catalog>, version: TargetVersion) -> Draft {
    let mut draft = Draft::default();
    let mut plan = Plan::default();
    let mut state = pair.before.clone();
    let renames = rename::all(pair, version.dialect);
    let renames: Vec<Step> = renames.into_iter().map(|r| r.step).collect();
    if !renames.is_empty() {
        state = plan.take(state, renames, version);
    }
    let renames = rename::of_tables(&state, pair.after, version.dialect);
    if !renames.is_empty() {
        state = plan.take(state, renames, version);
    }
    let joined = joined::early(&state, pair.after, version);
    if !joined.is_empty() {
        state = plan.take(state, joined, version);
    }
    // What a table keeps from the parents that it leaves is known when it has left them.
    let leaving = round::leaving(&state, pair.after, version.dialect);
    if !leaving.is_empty() {
        state = plan.take(state, leaving, version);
    }
    draft.first = plan.steps.len();
    let renamed = Casting::new(Pair::new(&state, pair.after), version);
    plan.obstacles = obstacles::obstacles(pair, renamed);
    for number in 0..ROUNDS {
        let between = Pair {
            before: &state,
            after: pair.after,
        };
        let steps = round::steps(between, version, number == 0, &mut draft.rests);
        if steps.is_empty() && number > 0 {
            break;
        }
        state = plan.take(state, steps, version);
        if !plan.diagnostics.is_empty() {
            break;
        }
    }
    let validating = round::validating(&state, pair.after, version.dialect);
    if !validating.is_empty() && plan.diagnostics.is_empty() {
        state = plan.take(state, validating, version);
    }
    plan.remaining = fate::differing(&state, pair.after);
    draft.steps = std::mem::take(&mut plan.steps);
    draft.plan = plan;
    draft
}

impl Plan {
    /// Adds steps, and says what they make of the catalog.
    fn take(&mut self, state: Catalog, steps: Vec<Step>, version: TargetVersion) -> Catalog {
        let (state, diagnostics) = simulate::run(state, &steps, version);
        self.steps.extend(steps);
        self.diagnostics.extend(diagnostics);
        state
    }
}
