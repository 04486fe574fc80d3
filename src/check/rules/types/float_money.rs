//! # type/float-money
//!
//! A column that is named like an amount of money has a binary floating-point type.
//!
//! ## Why
//!
//! `real` and `double precision` cannot hold 0.10. Sums drift by a cent, equal amounts compare as
//! different, and the error depends on the order of the rows.
//!
//! Names are judged by their last word, units of currency aside (`price_usd`): `price`, `salary`
//! and the like are money; `amount`, `total`, `cost` and `balance` can be of something else, so
//! they are reported one level lower, and not at all where another word says what they are of
//! (`energy_cost`, `total_time`).
//!
//! ## Fix
//!
//! `numeric(19,4)`, or an integer of the currency's smallest unit.
//!
//! ```sql bad
//! CREATE TABLE products (id bigint PRIMARY KEY, unit_price double precision NOT NULL);
//! ```
//!
//! ```sql good
//! CREATE TABLE products (
//!     id bigint PRIMARY KEY,
//!     unit_price numeric(19,4) NOT NULL,
//!     price_cents bigint NOT NULL,
//!     weight double precision
//! );
//! ```

use crate::check::rules::remedy::{alter_table, lowered};
use crate::check::{Context, Level, Rule, RuleInfo, words};
use crate::diagnostic::{Diagnostic, Facet};
use crate::dialect::Capability;
use crate::model::{Column, ObjectId, Table};

static INFO: RuleInfo = RuleInfo {
    id: "type/float-money",
    level: Level::Error,
    docs: include_str!("float_money.rs"),
    options: &[],
};

/// Words that mean money wherever they are the last one.
static MONEY: &[&str] = &[
    "deposit",
    "fare",
    "fee",
    "income",
    "payment",
    "payout",
    "price",
    "refund",
    "rent",
    "revenue",
    "salary",
    "shipping",
    "subtotal",
    "surcharge",
    "tax",
    "wage",
];

/// Words that mean money alone or beside a word of trade.
static PERHAPS: &[&str] = &["amount", "balance", "cost", "credit", "discount", "total"];

/// Words of trade.
static TRADE: &[&str] = &[
    "account",
    "base",
    "bill",
    "cart",
    "currency",
    "due",
    "gross",
    "invoice",
    "list",
    "net",
    "order",
    "paid",
    "product",
    "purchase",
    "sale",
    "tax",
    "transaction",
    "unit",
];

/// Words after an amount that name its currency.
static CURRENCIES: &[&str] = &["chf", "eur", "gbp", "inr", "jpy", "usd"];

pub(in crate::check) struct FloatMoney;

impl Rule for FloatMoney {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        for (table, column) in cx.columns() {
            if !is_float(column) {
                continue;
            }
            match certainty(&column.name) {
                Some(true) => out.push(finding(cx, table, column)),
                Some(false) => out.push(lowered(finding(cx, table, column))),
                None => {}
            }
        }
    }
}

/// The types that round in binary, in both dialects.
fn is_float(column: &Column) -> bool {
    let name = column.data_type.name.name.to_ascii_lowercase();
    column.data_type.name.schema.is_none()
        && matches!(
            name.as_str(),
            "real" | "double precision" | "double" | "float"
        )
}

/// Whether a name surely means money (`true`), perhaps, or not that we know.
fn certainty(name: &str) -> Option<bool> {
    let mut tokens = words::tokens(name);
    let is_in = |list: &[&str], word: &str| list.binary_search(&word).is_ok();
    if tokens.len() > 1 && tokens.last().is_some_and(|word| is_in(CURRENCIES, word)) {
        tokens.pop();
        return Some(true).filter(|_| {
            let last = tokens.last().map(|w| words::singular(w));
            last.is_some_and(|w| is_in(MONEY, &w) || is_in(PERHAPS, &w))
        });
    }
    let (last, before) = tokens.split_last()?;
    let last = words::singular(last);
    if is_in(MONEY, &last) {
        return Some(true);
    }
    let of_trade = || before.iter().all(|w| is_in(TRADE, w) || is_in(PERHAPS, w));
    (is_in(PERHAPS, &last) && of_trade()).then_some(false)
}

fn finding(cx: &Context<'_>, table: &Table, column: &Column) -> Diagnostic {
    let name = cx.dialect.print_type(&column.data_type);
    let headline = format!(
        "column {}.{} keeps money as {name}",
        table.name, column.name
    );
    let help = if cx.version.has(Capability::AddConstraint) {
        let action = format!(
            "ALTER COLUMN {} TYPE numeric(19,4)",
            cx.dialect.quote(&column.name)
        );
        format!("`{}`", alter_table(cx, table, &action))
    } else {
        "keep whole cents in an INTEGER column".to_owned()
    };
    cx.finding_at(
        ObjectId::column(&table.name, &column.name),
        Facet::Type,
        headline,
        "rounds in binary",
    )
    .note("a binary fraction cannot hold 0.10, so sums drift and equal amounts differ")
    .help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_for_search() {
        for list in [MONEY, PERHAPS, TRADE, CURRENCIES] {
            assert!(list.is_sorted(), "{list:?}");
        }
    }

    #[test]
    fn names_of_money() {
        for name in [
            "price",
            "unitPrice",
            "sales_tax",
            "prices",
            "amount_usd",
            "shipping_fee",
        ] {
            assert_eq!(certainty(name), Some(true), "{name}");
        }
        for name in ["amount", "total_amount", "account_balance", "net_total"] {
            assert_eq!(certainty(name), Some(false), "{name}");
        }
        for name in [
            "total_time",
            "energy_cost",
            "weight",
            "price_ratio",
            "tax_rate",
            "usd",
        ] {
            assert_eq!(certainty(name), None, "{name}");
        }
    }
}
