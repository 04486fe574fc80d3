//! `-- schemagen:` comments: annotations in SQL.

use super::cursor::SyntaxError;
use crate::expr::Token;
use crate::model::{Allow, Ident, Notes};

/// A directive: its word, what follows, and its bytes.
pub(super) struct Directive<'a> {
    pub(super) word: &'a str,
    pub(super) value: &'a str,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The directive in a comment, if it is one.
pub(super) fn directive<'a>(comment: Token, source: &'a str) -> Option<Directive<'a>> {
    let text = comment.text(source);
    let inner = text.strip_prefix("--").or_else(|| {
        let inner = text.strip_prefix("/*")?;
        inner.strip_suffix("*/")
    })?;
    let rest = inner.trim().strip_prefix("schemagen:")?;
    let (word, value) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    Some(Directive {
        word,
        value: value.trim(),
        start: comment.start as usize,
        end: comment.end as usize,
    })
}

/// The words that a directive can have.
pub(super) const WORDS: &[&str] = &[
    "renamed-from",
    "replaces",
    "allow",
    "allow-file",
    "group",
    "sensitive",
    "encrypted",
    "hashed",
    "reason",
    "retention",
    "soft-delete",
    "deprecated",
    "shape",
    "offline",
    "expand-contract",
    "using",
    "using-back",
];

/// Writes a directive into notes; the number of suppressions it added.
pub(super) fn apply(directive: &Directive<'_>, notes: &mut Notes) -> Result<usize, SyntaxError> {
    let value = directive.value;
    let text = || -> Option<Box<str>> { (!value.is_empty()).then(|| value.into()) };
    match directive.word {
        "renamed-from" => notes.renamed_from = Some(Ident::new(value)),
        "replaces" => notes.replaces = Some(Ident::new(value)),
        "group" => notes.group = text(),
        "reason" => notes.reason = text(),
        "retention" => notes.retention = text(),
        "deprecated" => notes.deprecated = Some(value.into()),
        "shape" => notes.shape = text(),
        "soft-delete" => notes.soft_delete = Some(Ident::new(value)),
        "offline" => notes.offline = true,
        "expand-contract" => notes.expands = true,
        "using" => notes.using = text(),
        "using-back" => notes.using_back = text(),
        "sensitive" => notes.sensitive = true,
        "encrypted" => notes.encrypted = true,
        "hashed" => notes.hashed = true,
        "allow" => return Ok(allow(value, notes)),
        // It is about the file, not about an object: `check` reads it from the file.
        "allow-file" => {}
        other => {
            return Err(SyntaxError {
                start: directive.start,
                end: directive.end,
                message: format!("unknown directive `schemagen:{other}`"),
                help: Some(
                    match crate::diagnostic::nearest(other, WORDS.iter().copied()) {
                        Some(near) => format!("did you mean `schemagen:{near}`?"),
                        None => format!("the directives are: {}", WORDS.join(", ")),
                    },
                ),
                unmodelled: false,
            });
        }
    }
    Ok(0)
}

/// `rule[, rule] [until DAY]: reason`
fn allow(value: &str, notes: &mut Notes) -> usize {
    let (rules, reason) = match value.split_once(':') {
        Some((rules, reason)) => (rules, Some(reason.trim())),
        None => (value, None),
    };
    let (rules, until) = match rules.split_once(" until ") {
        Some((rules, day)) => (rules, Some(day.trim())),
        None => (rules, None),
    };
    let before = notes.allow.len();
    for rule in rules.split(',').map(str::trim).filter(|r| !r.is_empty()) {
        notes.allow.push(Allow {
            rule: rule.into(),
            reason: reason.filter(|r| !r.is_empty()).map(Box::from),
            until: until.map(Box::from),
        });
    }
    notes.allow.len() - before
}
