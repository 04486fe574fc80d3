//! # constraint/missing-foreign-key
//!
//! A column that is named after another table, has the type of its key, and no foreign key.
//!
//! ## Why
//!
//! Without a foreign key nothing keeps `user_id` from naming a user that does not exist, or does
//! not exist any more: such rows are found much later, by a join that silently leaves them out.
//!
//! The name has to be a table's name in the singular followed by `id` (`user_id`, `userId` for
//! `users`), and the table's primary key one column of the same type. Where further words come
//! first (`approved_by_user_id`), or the table keeps records of the past (history, log, audit,
//! event, snapshot, invoice), whose references may outlive what they refer to, it is a hint only;
//! so it is in a larger schema with hardly any foreign key. Columns beside a `user_type`,
//! and names that speak of something outside (`external_user_id`, `stripe_customer_id`), are
//! left out.
//!
//! ## Fix
//!
//! Add the foreign key. On a table that is in use, add it NOT VALID and validate it afterwards.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! CREATE TABLE tasks (id bigint PRIMARY KEY, user_id bigint NOT NULL);
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! CREATE TABLE tasks (
//!     id bigint PRIMARY KEY,
//!     user_id bigint NOT NULL REFERENCES users (id),
//!     external_user_id bigint,
//!     session_id uuid
//! );
//! CREATE INDEX tasks_user_id_idx ON tasks (user_id);
//! ```

use std::collections::BTreeSet;

use super::base_type;
use crate::check::rules::remedy::{alter_table, lowered};
use crate::check::{Context, Level, Rule, RuleInfo, words};
use crate::diagnostic::Diagnostic;
use crate::dialect::{Capability, KeyFit};
use crate::model::{Column, Ident, ObjectId, Table};

static INFO: RuleInfo = RuleInfo {
    id: "constraint/missing-foreign-key",
    level: Level::Warning,
    docs: include_str!("missing_foreign_key.rs"),
    options: &[],
};

/// Words by which a key of some other system is told.
static OUTSIDE: &[&str] = &[
    "apple",
    "auth0",
    "aws",
    "azure",
    "clerk",
    "discord",
    "ext",
    "external",
    "facebook",
    "firebase",
    "foreign",
    "github",
    "gitlab",
    "google",
    "jira",
    "ldap",
    "legacy",
    "old",
    "original",
    "paypal",
    "provider",
    "remote",
    "salesforce",
    "shopify",
    "slack",
    "source",
    "stripe",
    "telegram",
    "twitter",
    "upstream",
    "vendor",
    "zendesk",
];

/// In a schema of more tables than this, hardly any foreign key is a decision.
const FEW_TABLES: usize = 10;

pub(in crate::check) struct MissingForeignKey;

impl Rule for MissingForeignKey {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        let decided_against = hardly_any(cx);
        for table in cx.tables().filter(|t| t.foreign.is_none()) {
            let referencing: BTreeSet<&Ident> = table
                .foreign_keys()
                .flat_map(|(_, key)| &key.columns)
                .collect();
            let free = |c: &&Column| {
                !c.inherited && c.generated.is_none() && !referencing.contains(&c.name)
            };
            for column in table.columns.iter().filter(free) {
                let Some(guess) = guess(cx, table, column) else {
                    continue;
                };
                let mut finding = finding(cx, table, column, &guess);
                if !guess.whole || decided_against || words::is_record(&table.name.name) {
                    finding = lowered(finding);
                }
                out.push(finding);
            }
        }
    }
}

/// Whether a schema of some size has less than one foreign key in ten tables.
fn hardly_any(cx: &Context<'_>) -> bool {
    let tables = cx.tables().count();
    let keys: usize = cx.tables().map(|t| t.foreign_keys().count()).sum();
    tables > FEW_TABLES && keys * 10 < tables
}

/// The table that a column seems to refer to.
struct Guess<'a> {
    target: &'a Table,
    key: &'a Column,
    /// Whether nothing but the table's name stands before `id`.
    whole: bool,
}

fn guess<'a>(cx: &Context<'a>, table: &'a Table, column: &Column) -> Option<Guess<'a>> {
    if !ends_in_id(&column.name) {
        return None;
    }
    let tokens = words::tokens(&column.name);
    let (_, subject) = tokens.split_last()?;
    if subject.is_empty() || is_own_key(table, column) {
        return None;
    }
    let guess = (0..subject.len()).find_map(|skipped| {
        let outside = |word: &String| OUTSIDE.binary_search(&word.as_str()).is_ok();
        if subject[..skipped].iter().any(outside) {
            return None;
        }
        let entity = words::entity(&subject[skipped..].join("_"));
        let target = target_of(cx, table, &entity)?;
        let key = single_key(target)?;
        let same = cx.dialect.key_fit(
            base_type(cx, &column.data_type),
            base_type(cx, &key.data_type),
        ) == KeyFit::Same;
        same.then_some(Guess {
            target,
            key,
            whole: skipped == 0,
        })
    });
    guess.filter(|_| !has_type_beside(table, subject))
}

/// Whether the last word is `id`, looked at before the name is taken apart.
fn ends_in_id(name: &str) -> bool {
    name.len() > 2 && (name.ends_with("_id") || name.ends_with("Id") || name.ends_with("ID"))
}

/// The one table of an entity: of the same schema, else of any. Partitions are never meant.
fn target_of<'a>(cx: &Context<'a>, table: &Table, entity: &str) -> Option<&'a Table> {
    let all = cx.relations.tables_of_entity(entity);
    let whole = || all.iter().filter(|t| t.partition_of.is_none());
    let mut near = whole().filter(|t| t.name.schema == table.name.schema);
    let target = match (near.next(), near.next()) {
        (Some(only), None) => *only,
        (Some(_), Some(_)) => return None,
        (None, _) => match whole().collect::<Vec<_>>().as_slice() {
            [only] => **only,
            _ => return None,
        },
    };
    (target.name != table.name).then_some(target)
}

fn single_key(target: &Table) -> Option<&Column> {
    match target.primary_key_columns() {
        [key] => target.column(key),
        _ => None,
    }
}

/// Whether the column is the table's own generated key, which refers to nothing.
fn is_own_key(table: &Table, column: &Column) -> bool {
    let is_key = table.primary_key_columns() == [column.name.clone()];
    is_key && (column.identity.is_some() || column.default.is_some() || column.autoincrement)
}

/// Whether a column says which table is meant: `user_id` beside `user_type`.
fn has_type_beside(table: &Table, subject: &[String]) -> bool {
    table.columns.iter().any(|other| {
        let tokens = words::tokens(&other.name);
        let says_type = tokens
            .last()
            .is_some_and(|w| matches!(w.as_str(), "type" | "kind" | "class" | "table" | "model"));
        says_type && tokens[..tokens.len() - 1] == *subject
    })
}

fn finding(cx: &Context<'_>, table: &Table, column: &Column, guess: &Guess<'_>) -> Diagnostic {
    let (target, key) = (guess.target, guess.key);
    let headline = format!(
        "column {}.{} looks like a reference to {} but has no foreign key",
        table.name, column.name, target.name
    );
    let references = format!(
        "REFERENCES {} ({})",
        cx.dialect.quote_name(&target.name),
        cx.dialect.quote(&key.name)
    );
    let yaml = format!(
        "`{}: {{ references: {}.{} }}`",
        column.name, target.name.name, key.name
    );
    let help = if cx.version.has(Capability::AddConstraint) {
        let action = format!(
            "ADD FOREIGN KEY ({}) {references}",
            cx.dialect.quote(&column.name)
        );
        format!("`{}` (in YAML, {yaml})", alter_table(cx, table, &action))
    } else {
        format!("declare the column with `{references}` (in YAML, {yaml})")
    };
    cx.finding(ObjectId::column(&table.name, &column.name), headline)
        .note(format!(
            "nothing keeps it from naming rows that {} does not have",
            target.name
        ))
        .help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_sorted_for_search() {
        assert!(OUTSIDE.is_sorted());
    }
}
