//! # type/prefer-jsonb
//!
//! A column or domain is of the type `json`.
//!
//! ## Why
//!
//! `json` keeps the text and parses it again for every access. It has no equality operator, so
//! `SELECT DISTINCT`, `GROUP BY` and `UNION` over such a column fail, also in queries that list no
//! column. It cannot be indexed.
//!
//! ## Fix
//!
//! Use `jsonb`. Keep `json` where the exact text matters (order of keys, repeated keys, a
//! signature over it), and allow this rule there.
//!
//! ```sql bad
//! CREATE TABLE events (id bigint PRIMARY KEY, payload json NOT NULL);
//! ```
//!
//! ```sql good
//! CREATE TABLE events (id bigint PRIMARY KEY, payload jsonb NOT NULL);
//! ```

use super::findings_of_type;
use crate::check::{Context, Level, Rule, RuleInfo};
use crate::diagnostic::Diagnostic;

static INFO: RuleInfo = RuleInfo {
    id: "type/prefer-jsonb",
    level: Level::Warning,
    docs: include_str!("prefer_jsonb.rs"),
    options: &[],
};

pub(in crate::check) struct PreferJsonb;

impl Rule for PreferJsonb {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        let because = "json has no equality: DISTINCT, GROUP BY and UNION over it fail";
        let help = "use jsonb, or allow this where the exact text matters";
        findings_of_type(cx, "json", because, |_| help.to_owned(), out);
    }
}
