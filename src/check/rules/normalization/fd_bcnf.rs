//! # normalization/fd-bcnf
//!
//! By the declared dependencies, a column of a key depends on columns that are no key: the table is
//! in third normal form, and not in that of Boyce and Codd.
//!
//! ## Why
//!
//! The value repeats with every row that has the same determining columns, as in any other
//! violation, but a table without it may not be able to check all dependencies by its keys alone
//! (a street and a city determine the code of the post, and the code determines the city). So it is
//! a hint, and a decision (Codd 1974; Beeri and Bernstein 1979).
//!
//! A table with more than 1,000 candidate keys is reported here for every dependency on what is no
//! key: which of its columns belong to keys is not computed then.
//!
//! ## Fix
//!
//! Move the dependency into a table of its own, and keep the key over several tables in mind; or
//! accept it with `allow:` and the reason.
//!
//! ```yaml bad
//! tables:
//!   addresses:
//!     description: Where streets are
//!     columns:
//!       street: text not null
//!       city: text not null
//!       post_code: text not null
//!     primary_key: [street, city]
//!     dependencies:
//!       - { from: [post_code], to: [city] }
//! ```
//!
//! ```yaml good
//! tables:
//!   addresses:
//!     description: Where streets are
//!     columns:
//!       street: text not null
//!       post_code: text not null
//!     primary_key: [street, post_code]
//!   post_codes:
//!     description: Which city a code is of
//!     columns:
//!       post_code: text primary key
//!       city: text not null
//!     dependencies:
//!       - { from: [post_code], to: [city] }
//! ```

use super::declared;
use crate::check::normal_form::MAX_KEYS;
use crate::check::{Context, Level, Rule, RuleInfo};
use crate::diagnostic::Diagnostic;

static INFO: RuleInfo = RuleInfo {
    id: "normalization/fd-bcnf",
    level: Level::Info,
    docs: include_str!("fd_bcnf.rs"),
    options: &[],
};

pub(in crate::check) struct FdBcnf;

impl Rule for FdBcnf {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        for declared in declared::tables(cx) {
            let analysis = declared.analysis();
            for dependency in analysis.boyce_codd_violations() {
                let (from, to) = (
                    declared.in_words(&dependency.from),
                    declared.in_words(&dependency.to),
                );
                let headline = format!(
                    "in {}, {to} {} on {from}, which {} no key",
                    declared.table.name,
                    if dependency.to.len() == 1 {
                        "depends"
                    } else {
                        "depend"
                    },
                    if dependency.from.len() > 1 {
                        "are"
                    } else {
                        "is"
                    },
                );
                let note = if analysis.keys.is_some() {
                    format!(
                        "third normal form allows it, because {to} belongs to a key; that of Boyce and Codd does not"
                    )
                } else {
                    format!(
                        "the table has more than {MAX_KEYS} candidate keys, so whether {to} belongs to one is not known"
                    )
                };
                let finding = declared.finding(cx, &dependency, headline).note(note);
                out.push(finding.help(declared.own_table(&dependency)));
            }
        }
    }
}
