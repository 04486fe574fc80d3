//! # normalization/fd-transitive-dependency
//!
//! By the declared dependencies, a column depends on columns that are no key: the table is not in
//! third normal form.
//!
//! ## Why
//!
//! The value repeats in every row that has the same determining columns: it has to be changed in
//! all of them at once, and is lost with the last of them (Codd 1971). The finding is exact: it
//! follows from the `dependencies:` of the table, its primary key, its unique keys without nulls and
//! its generated columns, by the definition of Zaniolo (1982). Columns of any candidate key are not
//! reported (see normalization/fd-bcnf), nor is what normalization/fd-partial-dependency says.
//!
//! ## Fix
//!
//! The help prints a proposal in third normal form. Where the repetition is meant, declare it:
//! `denormalized: [{ columns: [customer_title], reason: ... }]`.
//!
//! ```yaml bad
//! tables:
//!   orders:
//!     description: What was ordered, and by whom
//!     columns:
//!       order_no: bigint primary key
//!       customer: bigint not null
//!       customer_title: text not null
//!     dependencies:
//!       - { from: [customer], to: [customer_title] }
//! ```
//!
//! ```yaml good
//! tables:
//!   orders:
//!     description: What was ordered, and by whom
//!     columns:
//!       order_no: bigint primary key
//!       customer: bigint not null
//!       customer_title: text not null
//!     dependencies:
//!       - { from: [customer], to: [customer_title] }
//!     denormalized:
//!       - { columns: [customer_title], reason: printed as it was on the day of the order }
//! ```

use super::{declared, proposal::proposal};
use crate::check::{Context, Level, Rule, RuleInfo};
use crate::diagnostic::Diagnostic;

static INFO: RuleInfo = RuleInfo {
    id: "normalization/fd-transitive-dependency",
    level: Level::Error,
    docs: include_str!("fd_transitive_dependency.rs"),
    options: &[],
};

pub(in crate::check) struct FdTransitiveDependency;

impl Rule for FdTransitiveDependency {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        for declared in declared::tables(cx) {
            let analysis = declared.analysis();
            // The proposal is about the whole table: the first finding of all prints it.
            let printed = !analysis.partial_dependencies().is_empty();
            for (n, dependency) in analysis.transitive_dependencies().iter().enumerate() {
                let headline = format!(
                    "in {}, {} {} on {}, which {} no key",
                    declared.table.name,
                    declared.in_words(&dependency.to),
                    if dependency.to.len() == 1 {
                        "depends"
                    } else {
                        "depend"
                    },
                    declared.in_words(&dependency.from),
                    if dependency.from.len() > 1 {
                        "are"
                    } else {
                        "is"
                    },
                );
                let mut finding = declared.finding(cx, dependency, headline).note(format!(
                    "not in third normal form: the value repeats with every row of the same {}",
                    declared.in_words(&dependency.from)
                ));
                let whole = (n == 0 && !printed)
                    .then(|| proposal(cx, &declared))
                    .flatten();
                finding.help = Some(whole.unwrap_or_else(|| declared.own_table(dependency)));
                out.push(finding);
            }
        }
    }
}
