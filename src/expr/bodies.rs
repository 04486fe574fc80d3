//! Keys of what is more than an expression: views, rules, bodies of SQL functions.

use std::borrow::Cow;

use super::analysis::{Context, World};
use super::normal::key_of;
use super::{Lexer, Token};
use crate::dialect::Dialect;
use crate::model::{Returns, Routine, View};

/// The body of a routine that the server parses when it is created.
pub(super) enum Body<'t> {
    /// `RETURN expression`.
    Return(&'t str),
    /// What stands within `BEGIN ATOMIC ... END`.
    Atomic(&'t str),
}

impl<'t> Body<'t> {
    pub(super) fn of(text: &'t str) -> Option<Self> {
        let tokens = Lexer::tokens(text, Dialect::Postgres).ok()?;
        let is = |at: usize, word: &str| {
            let token = tokens.get(at);
            token.is_some_and(|t| t.text(text).eq_ignore_ascii_case(word))
        };
        if is(0, "return") {
            return Some(Self::Return(&text[tokens[0].end as usize..]));
        }
        let last = tokens.len().checked_sub(1)?;
        let atomic = is(0, "begin") && is(1, "atomic") && is(last, "end");
        atomic.then(|| Self::Atomic(&text[tokens[1].end as usize..tokens[last].start as usize]))
    }
}

/// The key of a body: the server prints both kinds anew.
pub(super) fn body_key(context: &Context<'_, '_>, text: &str, routine: &Routine) -> Option<String> {
    match Body::of(text)? {
        Body::Return(expression) => {
            let key = match &routine.returns {
                Some(Returns::Type(of)) => context.value(expression, of),
                _ => context.expression(expression),
            };
            Some(format!("return {}", key?))
        }
        Body::Atomic(text) => Some(format!("begin atomic {}", commands_key(context, text)?)),
    }
}

/// The texts within a body that are analysed one by one.
pub(super) fn parts_of_body(text: &str) -> Option<Vec<&str>> {
    match Body::of(text)? {
        Body::Return(expression) => Some(vec![expression]),
        Body::Atomic(text) => commands(text),
    }
}

/// The commands between BEGIN and END of an SQLite trigger.
pub(super) fn parts_of_trigger(text: &str) -> Option<Vec<&str>> {
    let tokens = Lexer::tokens(text, Dialect::Postgres).ok()?;
    match tokens.as_slice() {
        [first, .., last] => commands(text.get(first.end as usize..last.start as usize)?),
        _ => None,
    }
}

/// The commands of a rule.
pub(super) fn parts_of_commands(text: &str) -> Option<Vec<&str>> {
    commands(without_parentheses(text)?)
}

/// Commands, each ended by a semicolon or the end.
pub(super) fn commands(text: &str) -> Option<Vec<&str>> {
    let tokens = Lexer::tokens(text, Dialect::Postgres).ok()?;
    let mut commands = Vec::new();
    let mut start = 0;
    let ends = tokens.iter().filter(|t| t.text(text) == ";");
    let ends = ends.map(|t: &Token| (t.start as usize, t.end as usize));
    for (end, next) in ends.chain([(text.len(), text.len())]) {
        commands.push(text.get(start..end)?.trim());
        start = next;
    }
    commands.retain(|command| !command.is_empty());
    Some(commands)
}

/// Whether a command is no query and changes no rows: NOTIFY, NOTHING.
pub(super) fn is_other(command: &str) -> bool {
    let word = command.split(|c: char| !c.is_ascii_alphabetic()).next();
    let others = ["notify", "nothing"];
    word.is_some_and(|word| others.iter().any(|w| word.eq_ignore_ascii_case(w)))
}

/// The key of commands; what is no query is printed as it was read.
pub(super) fn commands_key(context: &Context<'_, '_>, text: &str) -> Option<String> {
    let key = |command: &str| match is_other(command) {
        true => Some(key_of(command, Dialect::Postgres)),
        false => context.query(command, &[]),
    };
    let keys: Option<Vec<String>> = commands(without_parentheses(text)?)?
        .into_iter()
        .map(key)
        .collect();
    let mut keys = keys?;
    keys.retain(|key| !key.is_empty());
    Some(keys.join("; "))
}

/// Several commands of a rule stand in parentheses.
fn without_parentheses(text: &str) -> Option<&str> {
    let tokens = Lexer::tokens(text, Dialect::Postgres).ok()?;
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match token.text(text) {
            "(" => depth += 1,
            ")" => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 && at + 1 < tokens.len() {
            return Some(text);
        }
    }
    match tokens.as_slice() {
        [first, .., last] => text.get(first.end as usize..last.start as usize),
        _ => Some(text),
    }
}

/// The key of a view with the names of its columns: whether they stand before the query or in it is one.
pub(super) fn view_key(world: &World<'_>, view: &View) -> String {
    let names: Vec<String> = view.columns.iter().map(ToString::to_string).collect();
    let key = Context::empty(world).view(&view_text(view), &names);
    key.unwrap_or_else(|| {
        world.take_unknown();
        let quoted = names.iter().map(|n| Dialect::Postgres.quote(n));
        let quoted: Vec<_> = quoted.collect();
        format!("{} {}", quoted.join(", "), view.query.key())
    })
}

/// The query of a view, as the server keeps it where it is recursive (manual, CREATE VIEW).
pub(super) fn view_text(view: &View) -> Cow<'_, str> {
    let query = view.query.text();
    if !view.recursive {
        return Cow::Borrowed(query);
    }
    let dialect = Dialect::Postgres;
    let names: Vec<_> = view.columns.iter().map(|n| dialect.quote(n)).collect();
    let (name, columns) = (dialect.quote(&view.name.name), names.join(", "));
    Cow::Owned(format!(
        "WITH RECURSIVE {name} ({columns}) AS ({query}) SELECT {columns} FROM {name}"
    ))
}
