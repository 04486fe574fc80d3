//! # migration-safety/dml-without-where
//!
//! An UPDATE or DELETE without a WHERE clause, or with one that is always true.
//!
//! ## Why
//!
//! It touches every row. A DELETE loses them all; an UPDATE writes every row anew in one transaction,
//! locks each until the end, fills the table with dead rows, and overwrites what rows hold already.
//! Most often the clause was forgotten.
//!
//! ## Fix
//!
//! Say which rows are meant. To fill a new column, update in batches by key, `WHERE ... IS NULL`, outside
//! of one long transaction.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, active boolean);
//! -- migration:
//! UPDATE users SET active = true;
//! ```
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY, active boolean);
//! -- migration:
//! DELETE FROM users WHERE 1 = 1;
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, active boolean);
//! -- migration:
//! UPDATE users SET active = true WHERE active IS NULL AND id BETWEEN 1 AND 10000;
//! ```

use crate::check::migration::{Act, At};
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::Diagnostic;
use crate::expr::unquote_identifier;
use crate::model::{Ident, ObjectId, QualifiedName};

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/dml-without-where",
    level: Level::Error,
    docs: include_str!("dml_without_where.rs"),
    options: &[],
};

pub(in crate::check) struct DmlWithoutWhere;

/// What a statement may do behind WITH.
const VERBS: [&str; 5] = ["select", "insert", "update", "delete", "merge"];

/// Conditions that hold for every row.
const ALWAYS: [&str; 5] = ["true", "1=1", "'1'='1'", "nottrue=false", "1"];

impl Rule for DmlWithoutWhere {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_statement(&self, cx: &Ruling<'_>, at: &At<'_>, out: &mut Vec<Diagnostic>) {
        if !matches!(at.act.word(0), "update" | "delete" | "with") {
            return;
        }
        for words in changes(at.act) {
            out.extend(finding(cx, at, &words));
        }
    }
}

/// What is to be said of an UPDATE or DELETE, by its words.
fn finding(cx: &Ruling<'_>, at: &At<'_>, words: &[String]) -> Option<Diagnostic> {
    let condition = words.iter().position(|w| w == "where").map(|n| {
        let rest = words[n + 1..].iter().take_while(|w| *w != "returning");
        rest.map(String::as_str).collect::<String>()
    });
    if condition
        .as_ref()
        .is_some_and(|c| !ALWAYS.contains(&c.as_str()))
    {
        return None;
    }
    let table = at.scene.relation(&target(&words[1..]));
    if at.scene.is_fresh(&table) {
        return None;
    }
    let (what, note) = match words[0].as_str() {
        "update" => (
            "is written anew",
            "one transaction locks every row until its end, and overwrites what each holds",
        ),
        _ => ("is deleted", "nothing brings the rows back"),
    };
    let which = match condition {
        Some(_) => "the condition is always true, so every row",
        None => "there is no WHERE clause, so every row",
    };
    let headline = format!("{which} of {table} {what}");
    let finding = at.finding(cx, ObjectId::table(&table), headline);
    let help =
        "say which rows are meant; many of them in batches by key, outside of one transaction";
    Some(finding.note(note).help(help))
}

/// The changes of a statement: its own, and those within WITH. Each as the words from its verb on that
/// are outside of its parentheses.
fn changes(act: &Act<'_>) -> Vec<Vec<String>> {
    let mut open: Vec<Vec<String>> = vec![Vec::new()];
    let mut closed = Vec::new();
    for token in act.tokens() {
        let text = token.text(act.text);
        match text {
            "(" => open.push(Vec::new()),
            ")" if open.len() > 1 => closed.extend(open.pop()),
            _ => {
                let word = match text.strip_prefix('"') {
                    Some(_) => unquote_identifier(text).to_string(),
                    None => text.to_lowercase(),
                };
                if let Some(words) = open.last_mut() {
                    words.push(word);
                }
            }
        }
    }
    // The statement itself comes first.
    let all = open.into_iter().take(1).chain(closed);
    let is_verb = |w: &String| w == "update" || w == "delete";
    let outer = |n: usize, words: &[String]| n == 0 && words.first().is_some_and(|w| w == "with");
    all.enumerate()
        .filter_map(|(n, words)| match outer(n, &words) {
            true => {
                // `FOR UPDATE` and `DO UPDATE` stand behind another verb.
                let at = words.iter().position(|w| VERBS.contains(&w.as_str()))?;
                is_verb(&words[at]).then(|| words[at..].to_vec())
            }
            false => words.first().is_some_and(is_verb).then_some(words),
        })
        .collect()
}

/// The table behind UPDATE or DELETE.
fn target(words: &[String]) -> QualifiedName {
    let mut rest = words
        .iter()
        .skip_while(|w| matches!(w.as_str(), "from" | "only" | "or"));
    let first = rest.next().map_or("", String::as_str);
    match (rest.next().map(String::as_str), rest.next()) {
        (Some("."), Some(name)) => QualifiedName::new(Ident::new(first), Ident::new(name)),
        _ => QualifiedName::bare(Ident::new(first)),
    }
}
