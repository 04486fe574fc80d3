//! # type/no-char
//!
//! A column or domain is of the type `char(n)`.
//!
//! ## Why
//!
//! PostgreSQL pads `char(n)` with spaces to its length and ignores spaces at its end when it
//! compares, but not when it matches patterns: `code LIKE 'ab'` fails for the `char(3)` value
//! `ab`. It takes more room than `text` and is never faster. Without a length, `char` holds one
//! character.
//!
//! ## Fix
//!
//! Use `text`, with a CHECK where the length matters: `text CHECK (length(code) = 3)`.
//!
//! ```sql bad
//! CREATE TABLE countries (code char(2) PRIMARY KEY);
//! ```
//!
//! ```sql bad
//! CREATE DOMAIN currency AS character(3);
//! ```
//!
//! ```sql good
//! CREATE TABLE countries (code text PRIMARY KEY CHECK (length(code) = 2));
//! ```

use super::findings_of_type;
use crate::check::{Context, Level, Rule, RuleInfo};
use crate::diagnostic::Diagnostic;
use crate::model::DataType;

static INFO: RuleInfo = RuleInfo {
    id: "type/no-char",
    level: Level::Warning,
    docs: include_str!("no_char.rs"),
    options: &[],
};

pub(in crate::check) struct NoChar;

impl Rule for NoChar {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        let because = "it is padded with spaces, which comparison ignores and LIKE does not";
        findings_of_type(cx, "character", because, help, out);
    }
}

fn help(data_type: &DataType) -> String {
    let length = data_type.modifiers.first().map_or("1", |n| n);
    format!("use text, with CHECK (length(...) <= {length}) where the length matters")
}
