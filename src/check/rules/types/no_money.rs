//! # type/no-money
//!
//! A column or domain is of the type `money`.
//!
//! ## Why
//!
//! How a `money` value is read, printed and rounded depends on the setting `lc_monetary` of the
//! session: the same dump restored on a server of another locale holds other amounts. The type
//! stores no currency, and divides with a loss.
//!
//! ## Fix
//!
//! Use `numeric(p, s)`, or `bigint` in the smallest unit, and a column for the currency.
//!
//! ```sql bad
//! CREATE TABLE invoices (id bigint PRIMARY KEY, total money NOT NULL);
//! ```
//!
//! ```sql good
//! CREATE TABLE invoices (id bigint PRIMARY KEY, total numeric(12, 2) NOT NULL);
//! ```

use super::findings_of_type;
use crate::check::{Context, Level, Rule, RuleInfo};
use crate::diagnostic::Diagnostic;

static INFO: RuleInfo = RuleInfo {
    id: "type/no-money",
    level: Level::Warning,
    docs: include_str!("no_money.rs"),
    options: &[],
};

pub(in crate::check) struct NoMoney;

impl Rule for NoMoney {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        let because = "its values depend on the locale of the session that reads them";
        let help = "use numeric(12, 2), or bigint in the smallest unit, and a currency column";
        findings_of_type(cx, "money", because, |_| help.to_owned(), out);
    }
}
