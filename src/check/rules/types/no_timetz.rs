//! # type/no-timetz
//!
//! A column or domain is of the type `time with time zone`.
//!
//! ## Why
//!
//! A time of day with an offset but without a date names no instant: whether summer time applies
//! depends on the date. The type is there because the SQL standard demands it; PostgreSQL's own
//! manual advises against it.
//!
//! ## Fix
//!
//! Use `timestamptz` for an instant. For a daily time (opening hours) use `time`, with a column for
//! the name of the time zone.
//!
//! ```sql bad
//! CREATE TABLE shops (id bigint PRIMARY KEY, opens timetz NOT NULL);
//! ```
//!
//! ```sql good
//! CREATE TABLE shops (id bigint PRIMARY KEY, opens time NOT NULL, time_zone text NOT NULL);
//! ```

use super::findings_of_type;
use crate::check::{Context, Level, Rule, RuleInfo};
use crate::diagnostic::Diagnostic;

static INFO: RuleInfo = RuleInfo {
    id: "type/no-timetz",
    level: Level::Warning,
    docs: include_str!("no_timetz.rs"),
    options: &[],
};

pub(in crate::check) struct NoTimetz;

impl Rule for NoTimetz {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        let because = "an offset without a date names no instant";
        let help = "use timestamptz for an instant, time and a time zone column for a daily time";
        findings_of_type(cx, "time with time zone", because, |_| help.to_owned(), out);
    }
}
