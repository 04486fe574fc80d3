//! # normalization/multi-valued-text
//!
//! A text column that seems to hold a list.
//!
//! ## Why
//!
//! A list in a text has no foreign key, no index on its members and no type: a search needs LIKE
//! and finds `12` in `112`, a rename has to rewrite texts, and every reader has to split it with
//! the same separator and the same escapes (first normal form, Codd 1971).
//!
//! What tells a list: a name that ends in `_ids`, `_csv` or `_list`; a plural that names another table
//! or something there is mostly more than one of (`tags`, `roles`, `emails`); a default like
//! `'read,write'`; a CHECK whose pattern has a separator; a comment that says so.
//! JSON is left out, where a default or a CHECK tells that it is.
//!
//! ## Fix
//!
//! Rows of a child or join table; where nobody refers to the members, an array.
//!
//! ```sql bad
//! CREATE TABLE posts (id bigint PRIMARY KEY, tags text);
//! ```
//!
//! ```sql good
//! CREATE TABLE posts (id bigint PRIMARY KEY, status text, notes text, labels text[]);
//! CREATE TABLE tags (id bigint PRIMARY KEY, name text NOT NULL UNIQUE);
//! CREATE TABLE post_tags (
//!     post_id bigint REFERENCES posts (id),
//!     tag_id bigint REFERENCES tags (id),
//!     PRIMARY KEY (post_id, tag_id)
//! );
//! CREATE INDEX post_tags_tag_id_idx ON post_tags (tag_id);
//! ```

use super::{denormalized, is_text};
use crate::check::rules::remedy::lowered;
use crate::check::{Context, Level, Rule, RuleInfo, words};
use crate::diagnostic::Diagnostic;
use crate::expr::{Lexer, TokenKind, unquote_string};
use crate::model::{Column, ObjectId, Table};

static INFO: RuleInfo = RuleInfo {
    id: "normalization/multi-valued-text",
    level: Level::Warning,
    docs: include_str!("multi_valued_text.rs"),
    options: &[],
};

/// Plurals of which a row mostly has several, one by one.
static MANY: &[&str] = &[
    "aliases",
    "attendees",
    "authors",
    "categories",
    "colors",
    "colours",
    "countries",
    "emails",
    "genres",
    "groups",
    "hashtags",
    "hobbies",
    "ids",
    "ingredients",
    "interests",
    "keywords",
    "labels",
    "languages",
    "members",
    "participants",
    "permissions",
    "phones",
    "photos",
    "recipients",
    "roles",
    "skills",
    "subscribers",
    "tags",
    "topics",
    "urls",
    "users",
];

/// What a comment says of a list.
static SAYS_LIST: &[&str] = &[
    "comma separated",
    "comma-delimited",
    "comma-separated",
    "csv",
    "delimited list",
    "semicolon separated",
    "semicolon-separated",
    "separated by comma",
    "separated list",
];

pub(in crate::check) struct MultiValuedText;

impl Rule for MultiValuedText {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        for table in cx.tables() {
            for column in table.columns.iter().filter(|c| !c.inherited && is_text(c)) {
                if column.generated.is_some() || is_ciphertext(cx, table, column) {
                    continue;
                }
                let Some((sign, certain)) = sign_of_a_list(cx, table, column) else {
                    continue;
                };
                if holds_json(cx, table, column) || denormalized(cx, table).contains(&column.name) {
                    continue;
                }
                let mut finding = finding(cx, table, column, &sign);
                if !certain || words::is_record(&table.name.name) {
                    finding = lowered(finding);
                }
                out.push(finding);
            }
        }
    }
}

fn is_ciphertext(cx: &Context<'_>, table: &Table, column: &Column) -> bool {
    cx.column_notes(table, column)
        .is_some_and(|n| n.encrypted || n.hashed || n.shape.is_some())
}

/// Why a column seems to hold a list, and whether that is sure.
fn sign_of_a_list(cx: &Context<'_>, table: &Table, column: &Column) -> Option<(String, bool)> {
    let comment = column
        .comment
        .as_deref()
        .map(str::to_lowercase)
        .unwrap_or_default();
    if SAYS_LIST.iter().any(|words| comment.contains(words)) {
        return Some(("its comment says so".to_owned(), true));
    }
    if default_text(cx, column).is_some_and(|text| is_list(&text)) {
        return Some(("its default has several values".to_owned(), true));
    }
    if has_separator_check(cx, table, column) {
        return Some(("its CHECK has a pattern with a separator".to_owned(), true));
    }
    sign_of_name(cx, table, &column.name)
}

fn sign_of_name(cx: &Context<'_>, table: &Table, name: &str) -> Option<(String, bool)> {
    // Most names end in neither, and are not taken apart.
    let lower = name.trim_end_matches('_').to_ascii_lowercase();
    if !lower.ends_with('s') && !lower.ends_with("csv") && !lower.ends_with("list") {
        return None;
    }
    let tokens = words::tokens(name);
    let (last, before) = tokens.split_last()?;
    match last.as_str() {
        "ids" | "csv" => return Some((format!("its name ends in `{last}`"), true)),
        "list" if !before.is_empty() => {
            return Some((format!("its name ends in `{last}`"), true));
        }
        _ => {}
    }
    if MANY.binary_search(&last.as_str()).is_ok() {
        return Some((format!("`{last}` are several"), before.is_empty()));
    }
    let single = words::singular(last);
    let one = single.as_ref();
    let others = cx.relations.tables_of_entity(one).iter();
    let is_entity = one != last.as_str()
        && before.is_empty()
        && others
            .into_iter()
            .any(|t| t.name != table.name && t.name.schema == table.name.schema);
    is_entity.then(|| (format!("there is a table of {last}"), false))
}

/// The value of a default that is one string literal, with or without a cast.
fn default_text(cx: &Context<'_>, column: &Column) -> Option<String> {
    let text = column.default.as_ref()?.text();
    let tokens = Lexer::tokens(text, cx.dialect).ok()?;
    let first = tokens.first()?;
    let alone = tokens.get(1).is_none_or(|t| t.text(text) == "::");
    let is_string = matches!(first.kind, TokenKind::String | TokenKind::DollarString);
    (alone && is_string).then(|| unquote_string(first.text(text)))?
}

/// `read,write` and `a, b, c`; not prose, not JSON, not a number.
fn is_list(text: &str) -> bool {
    let members: Vec<&str> = text.split(',').collect();
    let is_word = |m: &&str| {
        let m = m.strip_prefix(' ').unwrap_or(m);
        !m.is_empty()
            && m.chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '/'))
    };
    let spaced = text.contains(", ");
    members.len() >= if spaced { 3 } else { 2 }
        && members.iter().all(is_word)
        && members.iter().any(|m| m.chars().any(char::is_alphabetic))
}

/// Whether a CHECK matches the column against a pattern that repeats after a separator.
fn has_separator_check(cx: &Context<'_>, table: &Table, column: &Column) -> bool {
    checks_of(table, column).any(|text| {
        let tokens = Lexer::tokens(text, cx.dialect).unwrap_or_default();
        let strings = tokens.iter().filter(|t| t.kind == TokenKind::String);
        let mut patterns = strings.filter_map(|t| unquote_string(t.text(text)));
        let is_match = text.contains('~') || text.contains("regexp") || text.contains("similar to");
        is_match
            && patterns.any(|p| {
                let separated = ["(,", "(;", "(\\|", "(?:,", "(?:;", "([,;]"];
                separated.iter().any(|s| p.contains(s)) && (p.contains(")*") || p.contains(")+"))
            })
    })
}

fn checks_of<'a>(table: &'a Table, column: &'a Column) -> impl Iterator<Item = &'a str> {
    let checks = table.constraints.iter().filter_map(|c| c.as_check());
    checks
        .map(|e| e.key())
        .filter(|key| key.contains(column.name.as_str()))
}

/// Whether a default or a CHECK tells that the text is JSON.
fn holds_json(cx: &Context<'_>, table: &Table, column: &Column) -> bool {
    let by_default =
        default_text(cx, column).is_some_and(|text| text.starts_with('[') || text.starts_with('{'));
    by_default || checks_of(table, column).any(|key| key.contains("json"))
}

fn finding(cx: &Context<'_>, table: &Table, column: &Column, sign: &str) -> Diagnostic {
    let headline = format!(
        "column {}.{} seems to hold a list as text",
        table.name, column.name
    );
    let one = words::entity(&table.name.name);
    let member = words::entity(
        column
            .name
            .trim_end_matches("_list")
            .trim_end_matches("_csv"),
    );
    let member = member.strip_suffix("_id").unwrap_or(&member).to_owned();
    let mut help = format!(
        "keep the members as rows of a table `{one}_{}`, with a key on ({one}_id, {member})",
        words::plural(&member)
    );
    if let Some(known) = cx.relations.tables_of_entity(&member).first() {
        help = format!(
            "keep the members as rows of a table `{one}_{}` that references {one} and {}",
            words::plural(&member),
            known.name
        );
    }
    cx.finding(ObjectId::column(&table.name, &column.name), headline)
        .note(format!(
            "{sign}; a list in a text has no foreign key, no index on its members, and no type"
        ))
        .help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_for_search() {
        assert!(MANY.is_sorted());
    }

    #[test]
    fn lists_are_told_from_prose() {
        for list in ["read,write", "a, b, c", "a.b,c-d"] {
            assert!(is_list(list), "{list}");
        }
        for other in [
            "Hello, world",
            "1,000",
            "[1,2]",
            "a,",
            "one",
            "",
            "we came, we saw, we left",
        ] {
            assert!(!is_list(other), "{other}");
        }
    }
}
