//! # normalization/fd-redundant
//!
//! A declared dependency says nothing: it follows from the others and the keys, it is trivial, or
//! it names a column that the table does not have.
//!
//! ## Why
//!
//! Dependencies are read by people too, and one that follows from the others hides which facts the
//! design rests on. What follows is computed (Armstrong 1974; Maier 1980); of two that say the same,
//! the first one stays.
//!
//! ## Fix
//!
//! Take it out, or correct its columns.
//!
//! ```yaml bad
//! tables:
//!   orders:
//!     description: What was ordered
//!     columns:
//!       order_no: bigint primary key
//!       placed_on: date not null
//!     dependencies:
//!       - { from: [order_no], to: [placed_on] }
//! ```
//!
//! ```yaml good
//! tables:
//!   orders:
//!     description: What was ordered
//!     columns:
//!       order_no: bigint primary key
//!       placed_on: date not null
//!       placed_in: integer not null
//!     dependencies:
//!       - { from: [placed_on], to: [placed_in] }
//!     denormalized:
//!       - { columns: [placed_in], reason: the year is what the table is partitioned by }
//! ```

use super::declared::{self, Declared};
use crate::check::normal_form::{Dependency, redundant};
use crate::check::rules::remedy::in_words;
use crate::check::{Context, Level, Rule, RuleInfo};
use crate::diagnostic::{Diagnostic, Facet};
use crate::model::{FunctionalDependency, Ident, ObjectId};

static INFO: RuleInfo = RuleInfo {
    id: "normalization/fd-redundant",
    level: Level::Warning,
    docs: include_str!("fd_redundant.rs"),
    options: &[],
};

pub(in crate::check) struct FdRedundant;

impl Rule for FdRedundant {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        for table in declared::tables(cx) {
            // By position in the notes: what is known to be a dependency of the table.
            let known: Vec<(usize, Dependency)> = (0..)
                .zip(&table.declared)
                .filter_map(|(n, d)| Some((n, whole(&table, n, d.as_ref()?))))
                .collect();
            let list: Vec<Dependency> = known.iter().map(|(_, d)| d.clone()).collect();
            let implied: Vec<usize> = redundant(&list, &table.given)
                .into_iter()
                .map(|n| known[n].0)
                .collect();
            for (n, note) in table.notes.iter().enumerate() {
                let unknown = unknown_columns(&table, note);
                if !unknown.is_empty() {
                    let why = format!("{} has no column {}", table.table.name, in_words(&unknown));
                    out.push(finding(cx, &table, n, note, &why, "correct the names"));
                } else if implied.contains(&n) {
                    let trivial = note.to.iter().all(|c| note.from.contains(c));
                    let why = match trivial {
                        true => "every column determines itself",
                        false => "it follows from the other dependencies and the keys",
                    };
                    out.push(finding(cx, &table, n, note, why, "take it out"));
                }
            }
        }
    }
}

/// The dependency with its denormalized columns: they are left out of the analysis, but the
/// declaration says something of them.
fn whole(table: &Declared<'_>, number: usize, known: &Dependency) -> Dependency {
    let names = &table.notes[number].to;
    let numbers = |name: &Ident| table.table.columns.iter().position(|c| c.name == *name);
    Dependency {
        from: known.from.clone(),
        to: names.iter().filter_map(numbers).collect(),
    }
}

fn unknown_columns<'a>(table: &Declared<'_>, note: &'a FunctionalDependency) -> Vec<&'a Ident> {
    let all = note.from.iter().chain(&note.to);
    all.filter(|name| table.table.column(name).is_none())
        .collect()
}

fn finding(
    cx: &Context<'_>,
    table: &Declared<'_>,
    number: usize,
    note: &FunctionalDependency,
    why: &str,
    help: &str,
) -> Diagnostic {
    let list = |names: &[Ident]| {
        names
            .iter()
            .map(|n| n.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let says = format!("{} -> {}", list(&note.from), list(&note.to));
    let headline = format!("the dependency {says} of {} says nothing", table.table.name);
    let facet = u16::try_from(number).map_or(Facet::Name, Facet::Dependency);
    let id = ObjectId::table(&table.table.name);
    let mut finding = cx.finding_at(id, facet, headline, "");
    finding.discriminator = says;
    finding.note(why).help(help)
}
