//! # constraint/fk-cycle
//!
//! Foreign keys that lead from a table over others back to itself.
//!
//! ## Why
//!
//! Where every foreign key of a cycle is NOT NULL and none is deferrable, no plain INSERT can
//! ever put a first row into any of its tables: that is an error. Where one can be null or is
//! deferrable, rows have to be written in two steps or in one transaction, no order of tables
//! loads or truncates the data (pg_dump warns of it), and deletes can run in circles: that is a
//! warning. A table that refers to itself is not reported.
//!
//! ## Fix
//!
//! Drop the foreign key that can be derived from the others, move it into a table of its own
//! (`team_owners`), or make it deferrable.
//!
//! ```sql bad
//! CREATE TABLE teams (id bigint PRIMARY KEY, owner bigint NOT NULL UNIQUE);
//! CREATE TABLE users (id bigint PRIMARY KEY, team bigint NOT NULL UNIQUE REFERENCES teams (id));
//! ALTER TABLE teams ADD FOREIGN KEY (owner) REFERENCES users (id);
//! ```
//!
//! ```sql good
//! CREATE TABLE teams (id bigint PRIMARY KEY, parent bigint UNIQUE REFERENCES teams (id));
//! CREATE TABLE users (id bigint PRIMARY KEY, team bigint NOT NULL UNIQUE REFERENCES teams (id));
//! CREATE TABLE team_owners (
//!     team bigint PRIMARY KEY REFERENCES teams (id),
//!     owner bigint NOT NULL UNIQUE REFERENCES users (id)
//! );
//! ```

use std::collections::BTreeMap;

use super::is_required;
use crate::check::rules::remedy::{alter_table, column_list};
use crate::check::rules::subject::{constraint_finding, constraint_id};
use crate::check::{Context, ForeignKeyRef, Level, Rule, RuleInfo};
use crate::diagnostic::{Diagnostic, Severity};
use crate::dialect::Capability;
use crate::model::{Deferral, MatchType, QualifiedName};

static INFO: RuleInfo = RuleInfo {
    id: "constraint/fk-cycle",
    level: Level::Warning,
    docs: include_str!("fk_cycle.rs"),
    options: &[],
};

pub(in crate::check) struct FkCycle;

impl Rule for FkCycle {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        let web = Web::new(cx);
        let hard = web.components(is_hard);
        // A group of tables that no row can enter is reported for that, and not again.
        let mut stuck = vec![false; web.tables.len()];
        for component in hard {
            for table in &component {
                stuck[*table] = true;
            }
            out.push(web.finding(cx, &component, true));
        }
        for component in web.components(|_| true) {
            if !component.iter().any(|table| stuck[*table]) {
                out.push(web.finding(cx, &component, false));
            }
        }
    }
}

/// Whether a row can be there only after the row that it refers to.
fn is_hard(edge: &ForeignKeyRef<'_>) -> bool {
    let required = |c| is_required(edge.table, c);
    let always_checked = match edge.key.match_type {
        MatchType::Full => edge.key.columns.iter().any(required),
        MatchType::Simple | MatchType::Partial => edge.key.columns.iter().all(required),
    };
    always_checked && edge.constraint.deferral == Deferral::NotDeferrable
}

/// The tables by number, in the order of their names, and the foreign keys between two of them.
struct Web<'a> {
    tables: Vec<&'a QualifiedName>,
    /// By table: the number of the target and the foreign key.
    edges: Vec<Vec<(usize, ForeignKeyRef<'a>)>>,
}

impl<'a> Web<'a> {
    fn new(cx: &Context<'a>) -> Self {
        let tables: Vec<&QualifiedName> = cx.tables().map(|t| &t.name).collect();
        let numbers: BTreeMap<&QualifiedName, usize> = tables
            .iter()
            .enumerate()
            .map(|(n, name)| (*name, n))
            .collect();
        let edges = cx.tables().enumerate().map(|(from, table)| {
            table
                .foreign_keys()
                .filter_map(|(constraint, key)| {
                    let to = *numbers.get(&key.target)?;
                    let reference = ForeignKeyRef {
                        table,
                        constraint,
                        key,
                    };
                    (to != from).then_some((to, reference))
                })
                .collect()
        });
        let edges = edges.collect();
        Self { tables, edges }
    }

    /// The strongly connected components of two tables or more over the wanted edges, each in the
    /// order of names (Tarjan 1972, without recursion).
    fn components(&self, wanted: impl Fn(&ForeignKeyRef<'a>) -> bool) -> Vec<Vec<usize>> {
        let mut search = Search::new(self.tables.len());
        for root in 0..self.tables.len() {
            if search.index[root].is_none() {
                search.run(root, |table| {
                    let edges = self.edges[table].iter().filter(|(_, edge)| wanted(edge));
                    edges.map(|(to, _)| *to).collect()
                });
            }
        }
        search.found.sort();
        search.found
    }

    fn finding(&self, cx: &Context<'_>, component: &[usize], hard: bool) -> Diagnostic {
        let cycle = self.shortest_cycle(component, hard);
        let path = self.path(&cycle);
        let (from, edge) = self.weakest(&cycle);
        let headline = if hard {
            format!("no row can be inserted into {path}: each needs one of the next first")
        } else {
            format!("foreign keys run in a circle: {path}")
        };
        let mut finding = constraint_finding(cx, edge.table, edge.constraint, headline);
        if hard {
            finding.severity = finding.severity.max(Severity::Error);
        }
        let mut note = if hard {
            "every foreign key of the circle is NOT NULL and checked at the end of each statement"
        } else {
            "no order of the tables loads, truncates or deletes their rows table by table"
        }
        .to_owned();
        if component.len() > cycle.len() {
            note.push_str(&format!(
                "; {} tables are tied to each other in this way",
                component.len()
            ));
        }
        for (_, edge) in cycle.iter().filter(|(table, _)| *table != from) {
            let id = constraint_id(edge.table, edge.constraint);
            if let Some(span) = cx.span(&id, crate::diagnostic::Facet::Name) {
                finding = finding.and_at(span, "and this one");
            }
        }
        finding.note(note).help(help(cx, edge, hard))
    }

    /// A shortest cycle through the first table of a component that has one: by breadth.
    fn shortest_cycle(&self, component: &[usize], hard: bool) -> Vec<(usize, ForeignKeyRef<'a>)> {
        let start = component[0];
        let mut came_from: BTreeMap<usize, (usize, ForeignKeyRef<'a>)> = BTreeMap::new();
        let mut queue = std::collections::VecDeque::from([start]);
        while let Some(table) = queue.pop_front() {
            for (to, edge) in &self.edges[table] {
                let inside = component.binary_search(to).is_ok() && (!hard || is_hard(edge));
                if inside && !came_from.contains_key(to) {
                    came_from.insert(*to, (table, *edge));
                    queue.push_back(*to);
                }
            }
            if came_from.contains_key(&start) {
                break;
            }
        }
        let mut cycle = Vec::new();
        let mut at = start;
        while let Some((previous, edge)) = came_from.get(&at) {
            cycle.push((*previous, *edge));
            at = *previous;
            if at == start {
                break;
            }
        }
        cycle.reverse();
        cycle
    }

    /// `a (b_id) -> b (a_id) -> a`.
    fn path(&self, cycle: &[(usize, ForeignKeyRef<'a>)]) -> String {
        let mut path = String::new();
        for (table, edge) in cycle {
            let columns: Vec<&str> = edge.key.columns.iter().map(|c| c.as_str()).collect();
            path.push_str(&format!(
                "{} ({}) -> ",
                self.tables[*table],
                columns.join(", ")
            ));
        }
        if let Some((first, _)) = cycle.first() {
            path.push_str(&self.tables[*first].to_string());
        }
        path
    }

    /// The foreign key that is the easiest to do without: one that can be null, else the last.
    fn weakest(&self, cycle: &[(usize, ForeignKeyRef<'a>)]) -> (usize, ForeignKeyRef<'a>) {
        let soft = cycle.iter().find(|(_, edge)| !is_hard(edge));
        *soft.unwrap_or(&cycle[cycle.len() - 1])
    }
}

fn help(cx: &Context<'_>, edge: ForeignKeyRef<'_>, hard: bool) -> String {
    let name = cx.dialect.quote(&edge.constraint.name);
    let mut help = format!(
        "see whether ({}) can be derived from the other tables, or move it into a table of its own",
        column_list(cx.dialect, &edge.key.columns)
    );
    if hard && cx.version.has(Capability::AddConstraint) {
        let action = format!("ALTER CONSTRAINT {name} DEFERRABLE INITIALLY DEFERRED");
        help = format!(
            "`{}` (in YAML, `deferrable: deferred`), or let ({}) be null",
            alter_table(cx, edge.table, &action),
            column_list(cx.dialect, &edge.key.columns)
        );
    } else if hard {
        help = format!(
            "make it DEFERRABLE INITIALLY DEFERRED, or let ({}) be null",
            column_list(cx.dialect, &edge.key.columns)
        );
    }
    help
}

/// The state of a search for strongly connected components.
struct Search {
    index: Vec<Option<usize>>,
    low: Vec<usize>,
    on_stack: Vec<bool>,
    stack: Vec<usize>,
    next: usize,
    found: Vec<Vec<usize>>,
}

/// A table that is being visited: its targets, and how many of them are done.
struct Visit {
    table: usize,
    targets: Vec<usize>,
    done: usize,
}

impl Search {
    fn new(size: usize) -> Self {
        Self {
            index: vec![None; size],
            low: vec![0; size],
            on_stack: vec![false; size],
            stack: Vec::new(),
            next: 0,
            found: Vec::new(),
        }
    }

    fn enter(&mut self, table: usize, targets: Vec<usize>) -> Visit {
        self.index[table] = Some(self.next);
        self.low[table] = self.next;
        self.next += 1;
        self.stack.push(table);
        self.on_stack[table] = true;
        Visit {
            table,
            targets,
            done: 0,
        }
    }

    fn run(&mut self, root: usize, targets_of: impl Fn(usize) -> Vec<usize>) {
        let mut visits = vec![self.enter(root, targets_of(root))];
        while let Some(visit) = visits.last_mut() {
            let table = visit.table;
            if let Some(to) = visit.targets.get(visit.done).copied() {
                visit.done += 1;
                match self.index[to] {
                    None => {
                        let next = self.enter(to, targets_of(to));
                        visits.push(next);
                    }
                    Some(index) if self.on_stack[to] => {
                        self.low[table] = self.low[table].min(index);
                    }
                    Some(_) => {}
                }
                continue;
            }
            visits.pop();
            if let Some(parent) = visits.last() {
                self.low[parent.table] = self.low[parent.table].min(self.low[table]);
            }
            if Some(self.low[table]) == self.index[table] {
                self.leave(table);
            }
        }
    }

    /// Takes the component of a root off the stack.
    fn leave(&mut self, root: usize) {
        let mut component = Vec::new();
        while let Some(table) = self.stack.pop() {
            self.on_stack[table] = false;
            component.push(table);
            if table == root {
                break;
            }
        }
        if component.len() > 1 {
            component.sort_unstable();
            self.found.push(component);
        }
    }
}
