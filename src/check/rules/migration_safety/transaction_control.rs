//! # migration-safety/transaction-control
//!
//! A file begins or ends transactions in a way that its tool does not expect.
//!
//! ## Why
//!
//! Where the tool opens a transaction around a file, BEGIN within it does nothing but warn, and COMMIT ends the tool's transaction: what
//! follows is no longer undone with the rest when it fails, and the note that the migration has run stands outside
//! of it. A BEGIN without COMMIT is undone when the connection closes.
//!
//! ## Fix
//!
//! Leave BEGIN, COMMIT and ROLLBACK to the tool; where a file needs several transactions, make several files of it, or mark it as one without
//! a transaction and write both BEGIN and COMMIT.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! BEGIN;
//! ALTER TABLE users ADD COLUMN phone text;
//! COMMIT;
//! ```
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration, outside of a transaction:
//! BEGIN;
//! ALTER TABLE users ADD COLUMN phone text;
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration:
//! ALTER TABLE users ADD COLUMN phone text;
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, email text);
//! -- migration, outside of a transaction:
//! BEGIN;
//! ALTER TABLE users ADD COLUMN phone text;
//! COMMIT;
//! ```

use crate::check::migration::{Act, Migration};
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/transaction-control",
    level: Level::Error,
    docs: include_str!("transaction_control.rs"),
    options: &[],
};

pub(in crate::check) struct TransactionControl;

impl Rule for TransactionControl {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_migration(&self, cx: &Ruling<'_>, all: &Migration<'_>, out: &mut Vec<Diagnostic>) {
        let mut begun: Option<&Act<'_>> = None;
        for (n, act) in all.acts.iter().enumerate() {
            if n > 0 && all.acts[n - 1].file != act.file {
                unclosed(cx, begun.take(), out);
            }
            let nested = act.opened_by_tool || begun.is_some();
            match control(act) {
                Some(Control::Begin) if nested => out.push(wrong(cx, act, NESTED)),
                Some(Control::Begin) => begun = Some(act),
                Some(Control::End) if act.opened_by_tool => out.push(wrong(cx, act, ENDS)),
                Some(Control::End) if begun.is_none() => out.push(wrong(cx, act, NOTHING)),
                Some(Control::End) => begun = None,
                None => {}
            }
        }
        unclosed(cx, begun, out);
    }
}

enum Control {
    Begin,
    End,
}

/// Whether a statement begins or ends a transaction; savepoints do neither.
fn control(act: &Act<'_>) -> Option<Control> {
    match act.word(0) {
        "begin" => Some(Control::Begin),
        "start" if act.word(1) == "transaction" => Some(Control::Begin),
        "commit" | "end" | "abort" => Some(Control::End),
        "rollback" if !act.has_word("to") => Some(Control::End),
        _ => None,
    }
}

const NESTED: [&str; 3] = [
    "a transaction is open already",
    "the server warns and begins none; the COMMIT that belongs to it ends the outer one",
    "leave it out",
];
const ENDS: [&str; 3] = [
    "this ends the transaction that the tool has opened",
    "what follows is not undone when it fails, nor is it noted that the migration has run",
    "leave it out, or make several files of this one",
];
const NOTHING: [&str; 3] = [
    "no transaction is open here",
    "the server warns and does nothing",
    "leave it out, or write the BEGIN that belongs to it",
];
const UNCLOSED: [&str; 3] = [
    "this transaction is not ended in its file",
    "it is undone when the connection closes",
    "write the COMMIT that belongs to it",
];

fn unclosed(cx: &Ruling<'_>, begun: Option<&Act<'_>>, out: &mut Vec<Diagnostic>) {
    out.extend(begun.map(|act| wrong(cx, act, UNCLOSED)));
}

fn wrong(cx: &Ruling<'_>, act: &Act<'_>, [what, why, help]: [&str; 3]) -> Diagnostic {
    let finding = cx.finding_anywhere(what).at(act.span(), "");
    finding.note(why).help(help)
}
