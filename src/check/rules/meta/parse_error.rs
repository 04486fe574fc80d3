//! # meta/parse-error
//!
//! The body of a view, function, trigger or constraint cannot be read as SQL.
//!
//! ## Why
//!
//! A quote, comment or parenthesis in it does not end. The database will reject the statement, and
//! what stands in such a text is hidden from every other rule and from the order in which objects
//! are created.
//!
//! Errors that stop the reading of a source file have ids of their own (`parse/...`,
//! `resolve/...`), are no findings and cannot be allowed. Bodies in languages other than `sql` and
//! `plpgsql` are not looked at.
//!
//! ## Fix
//!
//! Close what is open; the message says what that is.
//!
//! ```sql bad
//! CREATE FUNCTION greeting() RETURNS text LANGUAGE sql AS $$ SELECT 'hello $$;
//! ```
//!
//! ```sql good
//! CREATE FUNCTION greeting() RETURNS text LANGUAGE sql AS $$ SELECT 'hello' $$;
//! ```

use crate::check::{Context, Level, Rule, RuleInfo};
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::expr::{Lexer, TokenKind};
use crate::model::{ObjectRef, Routine, RoutineBody};

static INFO: RuleInfo = RuleInfo {
    id: "meta/parse-error",
    level: Level::Error,
    docs: include_str!("parse_error.rs"),
    options: &[],
};

pub(in crate::check) struct ParseError;

impl Rule for ParseError {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        for (id, object) in cx.catalog.objects() {
            let Some(problem) = text_of(object).and_then(|text| problem(text, cx.dialect)) else {
                continue;
            };
            let headline = format!("{problem} in the body of {id}");
            let finding = cx
                .finding(id, headline)
                .note("the database rejects it, and no other rule can look inside")
                .help("close what is open");
            out.push(finding);
        }
    }
}

/// The text of an object that has to be SQL.
fn text_of(object: ObjectRef<'_>) -> Option<&str> {
    match object {
        ObjectRef::Routine(routine) => body(routine),
        ObjectRef::View(view) => Some(view.query.text()),
        ObjectRef::Constraint(_, constraint) => constraint.as_check().map(|check| check.text()),
        ObjectRef::Trigger(_, trigger) => trigger.body.as_ref().map(|body| body.text()),
        ObjectRef::Policy(_, policy) => policy.using.as_ref().map(|using| using.text()),
        _ => None,
    }
}

fn body(routine: &Routine) -> Option<&str> {
    match &routine.body {
        RoutineBody::Source(text) if matches!(routine.language.as_str(), "sql" | "plpgsql") => {
            Some(text)
        }
        RoutineBody::Standard(expression) => Some(expression.text()),
        _ => None,
    }
}

/// What keeps a text from being SQL, if anything does.
fn problem(text: &str, dialect: Dialect) -> Option<String> {
    let tokens = match Lexer::tokens(text, dialect) {
        Ok(tokens) => tokens,
        Err(error) => return Some(format!("a {} does not end", error.what)),
    };
    let mut open: Vec<&str> = Vec::new();
    for token in tokens {
        if token.kind != TokenKind::Punctuation {
            continue;
        }
        let close = token.text(text);
        match close {
            "(" => open.push(")"),
            "[" => open.push("]"),
            ")" | "]" if open.pop() != Some(close) => {
                return Some(format!("a `{close}` closes nothing"));
            }
            _ => {}
        }
    }
    let missing = open.pop()?;
    Some(format!("a `{missing}` is missing"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_is_named() {
        let problem = |text| problem(text, Dialect::Postgres);
        assert_eq!(problem("SELECT (a[1]), 'it''s (' -- ("), None);
        assert_eq!(problem("SELECT (1"), Some("a `)` is missing".into()));
        assert_eq!(problem("SELECT 1)"), Some("a `)` closes nothing".into()));
        assert_eq!(problem("(a]"), Some("a `]` closes nothing".into()));
        assert!(problem("SELECT 'a").is_some_and(|p| p.starts_with("a string")));
    }
}
