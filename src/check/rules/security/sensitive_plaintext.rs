//! # security/sensitive-plaintext
//!
//! A text column is named like a password, a key or a card number, and nothing says that it holds
//! a hash or ciphertext.
//!
//! ## Why
//!
//! What stands in clear text in a table stands so in every backup, replica, log and dump. A
//! password has to be stored as a slow hash (Argon2, bcrypt), which nobody can turn back; card
//! numbers and keys of other services have to be encrypted with a key from outside the database.
//!
//! A column counts as protected when it is marked `hashed: true` or `encrypted: true` (in SQL
//! `-- schemagen:hashed`, `-- schemagen:encrypted`), when its name says so (`password_hash`), or
//! when its comment does. The option `names` lists the names that are looked for, at the end of a
//! column's name.
//!
//! ## Fix
//!
//! Store a hash or ciphertext, and say so.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, password text NOT NULL);
//! ```
//!
//! ```sql bad
//! CREATE TABLE cards (id bigint PRIMARY KEY, credit_card_number varchar(19) NOT NULL);
//! ```
//!
//! ```sql good
//! CREATE TABLE users (
//!     id bigint PRIMARY KEY,
//!     password_hash text NOT NULL,
//!     password_changed_on text,
//!     api_key text -- schemagen:hashed
//! );
//! ```
//!
//! ```yaml good
//! tables:
//!   users:
//!     columns:
//!       id: bigint primary key
//!       password: { type: text, nullable: false, hashed: true }
//! ```

use heck::ToSnakeCase;

use crate::check::{Context, DefaultValue, Level, OptionInfo, Rule, RuleInfo};
use crate::diagnostic::{Diagnostic, Facet};
use crate::dialect::{Dialect, sqlite_affinity};
use crate::model::{Column, DataType, ObjectId, Table};

static INFO: RuleInfo = RuleInfo {
    id: "security/sensitive-plaintext",
    level: Level::Warning,
    docs: include_str!("sensitive_plaintext.rs"),
    options: &[OptionInfo {
        name: "names",
        default: DefaultValue::List(&[
            "password",
            "passwd",
            "pwd",
            "passphrase",
            "secret",
            "api_key",
            "private_key",
            "access_token",
            "refresh_token",
            "ssn",
            "social_security_number",
            "card_number",
            "cvv",
            "cvc",
        ]),
        docs: "Names of columns that must not hold clear text.",
    }],
};

/// Words of a name or comment that say that the text is not clear.
const PROTECTED: &[&str] = &[
    "hash",
    "hashed",
    "digest",
    "bcrypt",
    "scrypt",
    "argon",
    "argon2",
    "argon2id",
    "pbkdf2",
    "encrypted",
    "ciphertext",
    "cipher",
    "enc",
    "salted",
];

/// What may follow a sensitive word without making the column another one.
const PLAIN: &[&str] = &[
    "plain",
    "plaintext",
    "text",
    "raw",
    "value",
    "clear",
    "cleartext",
];

pub(in crate::check) struct SensitivePlaintext;

impl Rule for SensitivePlaintext {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        let names = cx.list("names");
        for (table, column) in cx.columns() {
            if !is_text(cx.dialect, &column.data_type) || is_protected(cx, table, column) {
                continue;
            }
            let Some(name) = names.iter().find(|name| is_named(&column.name, name)) else {
                continue;
            };
            let id = ObjectId::column(&table.name, &column.name);
            let what = name.replace('_', " ");
            let article = if what.starts_with(['a', 'e', 'i', 'o', 'u']) {
                "an"
            } else {
                "a"
            };
            let headline = format!("{id} seems to hold {article} {what} in clear text");
            let finding = cx
                .finding_at(id, Facet::Name, headline, "")
                .note("clear text ends up in every backup, replica and log")
                .help(
                    "store a hash or ciphertext, and mark it `hashed: true` or `encrypted: true`",
                );
            out.push(finding);
        }
    }
}

/// Types that text is stored in; `bytea` holds ciphertext as a rule.
fn is_text(dialect: Dialect, data_type: &DataType) -> bool {
    if dialect == Dialect::Sqlite {
        return sqlite_affinity(&data_type.name.name) == "TEXT";
    }
    ["text", "character varying", "character", "citext"]
        .iter()
        .any(|name| data_type.name.name == *name && !data_type.is_array())
}

fn is_protected(cx: &Context<'_>, table: &Table, column: &Column) -> bool {
    let marked = cx
        .column_notes(table, column)
        .is_some_and(|notes| notes.hashed || notes.encrypted);
    let comment = column.comment.as_deref().unwrap_or("").to_lowercase();
    let words = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric())
            .any(|word| PROTECTED.contains(&word))
    };
    marked || words(&column.name.to_snake_case()) || words(&comment)
}

/// Whether a column's name ends in a sensitive one, word by word: `user_password` does,
/// `password_changed` does not.
fn is_named(column: &str, sensitive: &str) -> bool {
    let column = column.to_snake_case();
    let mut words: Vec<&str> = column.split('_').collect();
    if words.len() > 1 && words.last().is_some_and(|last| PLAIN.contains(last)) {
        words.pop();
    }
    let sensitive: Vec<&str> = sensitive.split('_').collect();
    words.ends_with(&sensitive)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_in_the_word() {
        for (column, name) in [
            ("password", "password"),
            ("userPassword", "password"),
            ("password_plain", "password"),
            ("credit_card_number", "card_number"),
        ] {
            assert!(is_named(column, name), "{column}");
        }
        for (column, name) in [
            ("password_reset_at", "password"),
            ("secretary", "secret"),
            ("card_number_last4", "card_number"),
            ("secret_name", "secret"),
        ] {
            assert!(!is_named(column, name), "{column}");
        }
    }
}
