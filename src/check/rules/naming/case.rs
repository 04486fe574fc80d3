//! # naming/case
//!
//! A name is not in the configured case (by default `snake_case`).
//!
//! ## Why
//!
//! SQL folds names that are not quoted: PostgreSQL reads `UserAccount` as `useraccount`. A table
//! that was created as `"UserAccount"` must be quoted in every query, by every person and tool,
//! for as long as it lives; a name in lower case never has to be.
//!
//! Policies are left out, because their names are often sentences, and so are names that repeat
//! one that is reported already (`userAccounts_pkey`).
//!
//! The option `form` is `snake`, `camel` or `pascal`.
//!
//! ## Fix
//!
//! Rename the object, with `renamed_from:` (YAML) or `-- schemagen:renamed-from` (SQL), so that the
//! migration renames it and does not drop it.
//!
//! ```sql bad
//! CREATE TABLE "userAccounts" (id bigint PRIMARY KEY);
//! ```
//!
//! ```sql good
//! CREATE TABLE user_accounts (id bigint PRIMARY KEY);
//! ```

use std::collections::BTreeMap;

use heck::{ToLowerCamelCase, ToPascalCase, ToSnakeCase};

use super::named_objects;
use crate::check::{Context, DefaultValue, Level, OptionInfo, Rule, RuleInfo};
use crate::diagnostic::Diagnostic;
use crate::model::{Ident, ObjectId, ObjectKind, QualifiedName};

static INFO: RuleInfo = RuleInfo {
    id: "naming/case",
    level: Level::Warning,
    docs: include_str!("case.rs"),
    options: &[OptionInfo {
        name: "form",
        default: DefaultValue::Choice(&["snake", "camel", "pascal"]),
        docs: "The case that names have to be in.",
    }],
};

pub(in crate::check) struct Case;

impl Rule for Case {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        let form = cx.text("form");
        let mut reported: BTreeMap<QualifiedName, Vec<Ident>> = BTreeMap::new();
        let is_wrong = |(id, name): &(ObjectId, Ident)| {
            id.kind != ObjectKind::Policy && !has_form(name, &form)
        };
        let mut named: Vec<(ObjectId, Ident)> = named_objects(cx).filter(is_wrong).collect();
        // Tables and columns first: the names of keys and indexes are made of theirs.
        named.sort_by_key(|(id, _)| is_made_of_others(id.kind));
        for (id, name) in named {
            let relation = relation_of(cx, &id).clone();
            let parts = reported.entry(relation).or_default();
            let repeats = || parts.iter().any(|part| name.contains(part.as_str()));
            if is_made_of_others(id.kind) && repeats() {
                continue;
            }
            let headline = format!("the name of {id} is not in {form} case");
            let mut finding = cx
                .finding(id, headline)
                .note("a name that is not in lower case must be quoted in every query");
            if form != "snake" {
                finding.note = Some(format!("names are configured to be in {form} case"));
            }
            if let Some(better) = in_form(&name, &form) {
                finding = finding.help(format!(
                    "rename it to `{better}`, with `renamed_from: {name}` so that no data is lost"
                ));
            }
            out.push(finding);
            parts.push(name);
        }
    }
}

/// The relation that an object belongs to, or its own name.
fn relation_of<'a>(cx: &Context<'a>, id: &'a ObjectId) -> &'a QualifiedName {
    let relation = match id.kind {
        ObjectKind::Index => cx.relations.relation_of_index(&id.name),
        ObjectKind::Sequence => {
            let sequence = cx.catalog.sequences.get(&id.name);
            sequence.and_then(|s| s.owned_by.as_ref().map(|(table, _)| table))
        }
        _ => None,
    };
    relation.unwrap_or(&id.name)
}

fn is_made_of_others(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Constraint | ObjectKind::Index | ObjectKind::Sequence | ObjectKind::Trigger
    )
}

/// Whether a name is in the form. Letters of scripts without case are in every form, and leading
/// underscores and digits anywhere are nobody's case.
fn has_form(name: &str, form: &str) -> bool {
    let name = name.trim_start_matches('_');
    let first = name.chars().next();
    match form {
        "camel" => !name.contains('_') && !first.is_some_and(char::is_uppercase),
        "pascal" => !name.contains('_') && !first.is_some_and(char::is_lowercase),
        _ => !name
            .chars()
            .any(|c| c.is_uppercase() || c == '-' || c == ' '),
    }
}

/// The name in the form; `None` where the conversion says nothing new.
fn in_form(name: &str, form: &str) -> Option<String> {
    let better = match form {
        "camel" => name.to_lower_camel_case(),
        "pascal" => name.to_pascal_case(),
        _ => name.to_snake_case(),
    };
    (!better.is_empty() && better != name).then_some(better)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for good in ["users", "_users", "line_2", "straße", "表"] {
            assert!(has_form(good, "snake"), "{good}");
        }
        for bad in ["userId", "UserId", "user-id", "user id", "ID"] {
            assert!(!has_form(bad, "snake"), "{bad}");
        }
        assert!(has_form("userId", "camel") && !has_form("user_id", "camel"));
        assert!(has_form("UserId", "pascal") && !has_form("userId", "pascal"));
    }

    #[test]
    fn conversions() {
        assert_eq!(in_form("userID", "snake").as_deref(), Some("user_id"));
        assert_eq!(in_form("user_id", "camel").as_deref(), Some("userId"));
        assert_eq!(in_form("users", "snake"), None);
    }
}
