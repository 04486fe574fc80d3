//! Keys of what is more than an expression: views, rules, bodies of SQL functions.

use super::analysis::{Context, World};
use super::normal::key_of;
use super::{Lexer, Token};
use crate::dialect::Dialect;
use crate::model::{Returns, Routine, View};

/// `RETURN expression`, and `BEGIN ATOMIC ... END`: the server prints both anew.
pub(super) fn body_key(context: &Context<'_, '_>, text: &str, routine: &Routine) -> Option<String> {
    let tokens = Lexer::tokens(text, Dialect::Postgres).ok()?;
    let is = |at: usize, word: &str| {
        let token = tokens.get(at);
        token.is_some_and(|t| t.text(text).eq_ignore_ascii_case(word))
    };
    if is(0, "return") {
        let expression = &text[tokens[0].end as usize..];
        let key = match &routine.returns {
            Some(Returns::Type(of)) => context.value(expression, of),
            _ => context.expression(expression),
        };
        return Some(format!("return {}", key?));
    }
    let last = tokens.len().checked_sub(1)?;
    if !(is(0, "begin") && is(1, "atomic") && is(last, "end")) {
        return None;
    }
    let commands = &text[tokens[1].end as usize..tokens[last].start as usize];
    Some(format!("begin atomic {}", commands_key(context, commands)?))
}

/// Commands, each ended by a semicolon or the end; what is no query and changes no rows (NOTIFY, NOTHING)
/// is printed as it was read.
pub(super) fn commands_key(context: &Context<'_, '_>, text: &str) -> Option<String> {
    let tokens = Lexer::tokens(text, Dialect::Postgres).ok()?;
    let mut keys = Vec::new();
    let mut start = 0;
    let ends = tokens.iter().filter(|t| t.text(text) == ";");
    let ends = ends.map(|t: &Token| (t.start as usize, t.end as usize));
    for (end, next) in ends.chain([(text.len(), text.len())]) {
        let command = text.get(start..end)?.trim();
        start = next;
        let word = command.split(|c: char| !c.is_ascii_alphabetic()).next()?;
        let other = ["notify", "nothing"]
            .iter()
            .any(|w| word.eq_ignore_ascii_case(w));
        keys.push(match other || command.is_empty() {
            true => key_of(command, Dialect::Postgres),
            false => context.query(command, &[])?,
        });
    }
    keys.retain(|key| !key.is_empty());
    Some(keys.join("; "))
}

/// The key of a view with the names of its columns: whether they stand before the query or in it is one.
pub(super) fn view_key(world: &World<'_>, view: &View) -> String {
    let names: Vec<String> = view.columns.iter().map(ToString::to_string).collect();
    let dialect = Dialect::Postgres;
    let quoted: Vec<_> = names.iter().map(|n| dialect.quote(n)).collect();
    let text = match view.recursive {
        // What the server keeps of CREATE RECURSIVE VIEW (manual, CREATE VIEW).
        true => {
            let (name, columns) = (dialect.quote(&view.name.name), quoted.join(", "));
            let query = view.query.text();
            format!("WITH RECURSIVE {name} ({columns}) AS ({query}) SELECT {columns} FROM {name}")
        }
        false => view.query.text().to_owned(),
    };
    let key = Context::empty(world).query(&text, &names);
    key.unwrap_or_else(|| format!("{} {}", quoted.join(", "), view.query.key()))
}
