//! # migration-safety/ambiguous-rename
//!
//! A column is dropped and one like it is added: perhaps it should have been renamed.
//!
//! ## Why
//!
//! DROP and ADD lose the values, a rename keeps them. Tools that compare schemas by name write the first where the second was
//! meant.
//!
//! ## Fix
//!
//! `ALTER TABLE ... RENAME COLUMN`; in the schema `renamed_from: old`. Where they are two different things, `replaces: old`, or
//! copy the values between the two statements.
//!
//! ```sql bad {also=migration-safety/drop-column}
//! CREATE TABLE users (id bigint PRIMARY KEY, mail text);
//! -- migration:
//! ALTER TABLE users DROP COLUMN mail, ADD COLUMN email text;
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, mail text);
//! -- migration:
//! ALTER TABLE users DROP COLUMN mail, ADD COLUMN visits bigint;
//! ```

use crate::check::migration::{Act, Migration};
use crate::check::{Level, Rule, RuleInfo, Ruling};
use crate::diagnostic::{Diagnostic, nearest};
use crate::expr::mentions;
use crate::model::{Column, Ident, ObjectId, QualifiedName};
use crate::source::{AlterAction, Statement};

static INFO: RuleInfo = RuleInfo {
    id: "migration-safety/ambiguous-rename",
    level: Level::Warning,
    docs: include_str!("ambiguous_rename.rs"),
    options: &[],
};

pub(in crate::check) struct AmbiguousRename;

impl Rule for AmbiguousRename {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check_migration(&self, cx: &Ruling<'_>, all: &Migration<'_>, out: &mut Vec<Diagnostic>) {
        let added: Vec<(QualifiedName, &Column, &Act<'_>)> =
            all.acts.iter().flat_map(added).collect();
        for act in all.acts {
            for (table, name) in dropped(act) {
                let before = all.before.tables.get(&table).and_then(|t| t.column(&name));
                let Some(old) = before else { continue };
                let like = |(other, new, _): &&(QualifiedName, &Column, &Act<'_>)| {
                    *other == table
                        && new.name != old.name
                        && new.data_type == old.data_type
                        && is_like(&old.name, &new.name)
                };
                let Some((_, new, by)) = added.iter().find(like) else {
                    continue;
                };
                if is_copied(all, &name, &new.name) {
                    continue;
                }
                let new = &new.name;
                let headline = format!("{table}.{name} is dropped, and {new} of its type is added");
                let id = ObjectId::column(&table, &name);
                let finding = act
                    .finding(cx, id, headline)
                    .and_at(by.span(), "added here");
                let note = "the values of the one are not those of the other";
                let help = format!(
                    "ALTER TABLE {table} RENAME COLUMN {name} TO {new}, which keeps them; or copy \
                     them with an UPDATE between the two"
                );
                out.push(finding.note(note).help(help));
            }
        }
    }
}

fn alters<'a>(act: &'a Act<'_>) -> Option<(QualifiedName, &'a [AlterAction])> {
    match &act.told.statement {
        Some(Statement::Alter {
            target, actions, ..
        }) => Some((act.qualified(&target.name), actions)),
        _ => None,
    }
}

fn added<'a, 'b>(act: &'a Act<'b>) -> Vec<(QualifiedName, &'a Column, &'a Act<'b>)> {
    let Some((table, actions)) = alters(act) else {
        return Vec::new();
    };
    let columns = actions.iter().filter_map(|action| match action {
        AlterAction::AddColumn { column, .. } => Some(&**column),
        _ => None,
    });
    columns.map(|c| (table.clone(), c, act)).collect()
}

fn dropped(act: &Act<'_>) -> Vec<(QualifiedName, Ident)> {
    let Some((table, actions)) = alters(act) else {
        return Vec::new();
    };
    let names = actions.iter().filter_map(|action| match action {
        AlterAction::DropColumn { name, .. } => Some(name.clone()),
        _ => None,
    });
    names.map(|name| (table.clone(), name)).collect()
}

/// Whether two names share a word, or differ by little.
fn is_like(old: &Ident, new: &Ident) -> bool {
    let words = |name: &Ident| -> Vec<String> {
        let words = name.split('_').filter(|w| w.len() > 2);
        words.map(str::to_owned).collect()
    };
    let (old_words, new_words) = (words(old), words(new));
    let shares = old_words.iter().any(|w| new_words.contains(w));
    let within =
        old.len() > 2 && new.contains(old.as_str()) || new.len() > 2 && old.contains(new.as_str());
    shares || within || nearest(new, std::iter::once(old.as_str())).is_some()
}

/// Whether a statement names both: it carries the values over.
fn is_copied(all: &Migration<'_>, old: &Ident, new: &Ident) -> bool {
    all.acts.iter().any(|act| {
        matches!(act.word(0), "update" | "do" | "insert" | "merge" | "with")
            && mentions(act.text, old, act.dialect)
            && mentions(act.text, new, act.dialect)
    })
}
