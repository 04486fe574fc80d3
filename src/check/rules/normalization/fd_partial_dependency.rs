//! # normalization/fd-partial-dependency
//!
//! By the declared dependencies, a column depends on a part of a key: the table is not in second
//! normal form.
//!
//! ## Why
//!
//! The value repeats in every row that has this part of the key: it has to be changed in all of
//! them at once, and is lost with the last of them (Codd 1971). The finding is exact: it follows
//! from the `dependencies:` of the table, its primary key, its unique keys without nulls and its
//! generated columns. Keys are computed, not assumed: all candidate keys count (Lucchesi and Osborn
//! 1978), and a column that belongs to any of them is not reported.
//!
//! ## Fix
//!
//! The help prints a proposal in third normal form (Bernstein 1976; Biskup, Dayal and Bernstein
//! 1979), tested to lose no row (the chase of Aho, Beeri and Ullman 1979). Columns under
//! `denormalized:` are left where they are.
//!
//! ```yaml bad
//! tables:
//!   order_lines:
//!     description: What was ordered
//!     columns:
//!       order_no: bigint not null
//!       product: bigint not null
//!       quantity: integer not null
//!       product_title: text not null
//!     primary_key: [order_no, product]
//!     dependencies:
//!       - { from: [product], to: [product_title] }
//! ```
//!
//! ```yaml good
//! tables:
//!   products:
//!     description: What can be ordered
//!     columns:
//!       product: bigint primary key
//!       product_title: text not null
//!     dependencies:
//!       - { from: [product], to: [product_title] }
//!   order_lines:
//!     description: What was ordered
//!     columns:
//!       order_no: bigint not null
//!       product: { references: products.product, nullable: false }
//!       quantity: integer not null
//!     primary_key: [order_no, product]
//! ```

use super::{declared, proposal::proposal};
use crate::check::{Context, Level, Rule, RuleInfo};
use crate::diagnostic::Diagnostic;

static INFO: RuleInfo = RuleInfo {
    id: "normalization/fd-partial-dependency",
    level: Level::Error,
    docs: include_str!("fd_partial_dependency.rs"),
    options: &[],
};

pub(in crate::check) struct FdPartialDependency;

impl Rule for FdPartialDependency {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        for declared in declared::tables(cx) {
            let analysis = declared.analysis();
            for (n, dependency) in analysis.partial_dependencies().iter().enumerate() {
                let keys = analysis.keys.as_deref().unwrap_or_default();
                let whole = keys.iter().find(|k| dependency.from.is_subset(k));
                let headline = format!(
                    "in {}, {} {} on {}, which is only a part of the key ({})",
                    declared.table.name,
                    declared.in_words(&dependency.to),
                    if dependency.to.len() == 1 {
                        "depends"
                    } else {
                        "depend"
                    },
                    declared.in_words(&dependency.from),
                    whole
                        .map_or_else(Vec::new, |key| declared.names(key))
                        .join(", "),
                );
                let mut finding = declared.finding(cx, dependency, headline).note(format!(
                    "not in second normal form: the value repeats with every row of the same {}",
                    declared.in_words(&dependency.from)
                ));
                // The proposal is about the whole table: once is enough.
                let whole = (n == 0).then(|| proposal(cx, &declared)).flatten();
                finding.help = Some(whole.unwrap_or_else(|| declared.own_table(dependency)));
                out.push(finding);
            }
        }
    }
}
