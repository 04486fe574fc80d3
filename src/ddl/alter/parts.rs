//! What belongs to a relation: constraints, indexes, triggers, policies, rules, statistics.

use super::parameter_actions;
use crate::ddl::constraints::{comment_on_index, deferral};
use crate::ddl::fragments::{join, parenthesised};
use crate::ddl::subject::role;
use crate::ddl::{Context, create_statement, indexes, tables};
use crate::dialect::Dialect;
use crate::model::{
    Constraint, Deferral, EventTrigger, Index, ObjectRef, Policy, QualifiedName, Rule, Statistics,
    Table, Trigger, TriggerEnabled,
};

pub(super) fn constraint(
    before: &Constraint,
    table: &Table,
    after: &Constraint,
    dialect: Dialect,
) -> Option<Vec<String>> {
    let alter = tables::alter(table, dialect);
    let name = dialect.quote(&after.name);
    let mut now = before.clone();
    let mut out = Vec::new();
    if before.deferral != after.deferral && after.as_foreign_key().is_some() {
        let words = match after.deferral {
            Deferral::NotDeferrable => " NOT DEFERRABLE",
            other => deferral(other),
        };
        out.push(format!("{alter} ALTER CONSTRAINT {name}{words}"));
        now.deferral = after.deferral;
    }
    // A check is made anew: the server alters foreign keys only.
    if before.not_enforced != after.not_enforced && after.as_foreign_key().is_some() {
        let word = if after.not_enforced {
            "NOT ENFORCED"
        } else {
            "ENFORCED"
        };
        out.push(format!("{alter} ALTER CONSTRAINT {name} {word}"));
        now.not_enforced = after.not_enforced;
    }
    if before.not_valid && !after.not_valid {
        out.push(format!("{alter} VALIDATE CONSTRAINT {name}"));
        now.not_valid = false;
    }
    now.comment = after.comment.clone();
    if before.index_comment != after.index_comment {
        let text = after.index_comment.as_deref();
        out.extend(comment_on_index(table, after, text, dialect));
        now.index_comment = after.index_comment.clone();
    }
    (now == *after).then_some(out)
}

pub(super) fn index(
    cx: &Context<'_>,
    before: &Index,
    relation: &QualifiedName,
    after: &Index,
) -> Option<Vec<String>> {
    let dialect = cx.dialect;
    let table = cx.catalog.tables.get(relation);
    let partitioned = table.is_some_and(|t| t.partition_by.is_some());
    // The server refuses ALTER INDEX SET on the index of a partitioned table.
    if partitioned && before.storage != after.storage {
        return None;
    }
    let name = dialect.quote_name(&relation.sibling(after.name.clone()));
    let mut now = before.clone();
    let mut out = Vec::new();
    for action in parameter_actions(&before.storage, &after.storage, dialect) {
        out.push(format!("ALTER INDEX {name} {action}"));
    }
    now.storage = after.storage.clone();
    for column in before
        .statistics
        .keys()
        .filter(|c| !after.statistics.contains_key(c))
    {
        out.push(format!(
            "ALTER INDEX {name} ALTER COLUMN {column} SET STATISTICS -1"
        ));
    }
    for (column, target) in &after.statistics {
        if before.statistics.get(column) != Some(target) {
            out.push(format!(
                "ALTER INDEX {name} ALTER COLUMN {column} SET STATISTICS {target}"
            ));
        }
    }
    now.statistics = after.statistics.clone();
    if let (None, Some(parent)) = (&before.parent, &after.parent) {
        out.push(indexes::attach(relation, after, parent, dialect));
        now.parent = after.parent.clone();
    }
    // It becomes whole when the last partition's index is attached.
    if before.only && !after.only {
        now.only = false;
    }
    now.comment = after.comment.clone();
    (now == *after).then_some(out)
}

pub(super) fn trigger(
    cx: &Context<'_>,
    before: &Trigger,
    relation: &QualifiedName,
    after: &Trigger,
) -> Option<Vec<String>> {
    let dialect = cx.dialect;
    let mut now = before.clone();
    let mut out = Vec::new();
    now.comment = after.comment.clone();
    if before.enabled != after.enabled {
        let table = dialect.quote_name(relation);
        let word = enabled(after.enabled);
        let name = dialect.quote(&after.name);
        out.push(format!("ALTER TABLE {table} {word} TRIGGER {name}"));
        now.enabled = after.enabled;
    }
    if before.extension.is_none()
        && let Some(extension) = &after.extension
    {
        let (name, table) = (dialect.quote(&after.name), dialect.quote_name(relation));
        let extension = dialect.quote(extension);
        out.push(format!(
            "ALTER TRIGGER {name} ON {table} DEPENDS ON EXTENSION {extension}"
        ));
        now.extension = after.extension.clone();
    }
    (now == *after).then_some(out)
}

fn enabled(state: TriggerEnabled) -> &'static str {
    crate::ddl::triggers::enabled(state).unwrap_or("ENABLE")
}

/// An expression can be exchanged, but not taken away.
pub(super) fn policy(
    before: &Policy,
    relation: &QualifiedName,
    after: &Policy,
    dialect: Dialect,
) -> Option<Vec<String>> {
    let mut now = before.clone();
    let mut clauses = Vec::new();
    if before.roles != after.roles {
        let named = after.roles.iter().map(|r| match r.as_str() {
            "public" => "PUBLIC".to_owned(),
            _ => role(r, dialect),
        });
        let list = join(named);
        clauses.push(format!(
            "TO {}",
            if list.is_empty() { "PUBLIC" } else { &list }
        ));
        now.roles = after.roles.clone();
    }
    if let Some(using) = after
        .using
        .as_ref()
        .filter(|u| before.using.as_ref() != Some(u))
    {
        clauses.push(format!("USING {}", parenthesised(using)));
        now.using = after.using.clone();
    }
    if let Some(check) = after
        .with_check
        .as_ref()
        .filter(|c| before.with_check.as_ref() != Some(c))
    {
        clauses.push(format!("WITH CHECK {}", parenthesised(check)));
        now.with_check = after.with_check.clone();
    }
    now.comment = after.comment.clone();
    let (name, table) = (dialect.quote(&after.name), dialect.quote_name(relation));
    let statement = format!(
        "ALTER POLICY {name} ON {table}\n    {}",
        clauses.join("\n    ")
    );
    let out = if clauses.is_empty() {
        Vec::new()
    } else {
        vec![statement]
    };
    (now == *after).then_some(out)
}

pub(super) fn rule(
    cx: &Context<'_>,
    before: &Rule,
    relation: &QualifiedName,
    after: &Rule,
) -> Option<Vec<String>> {
    let dialect = cx.dialect;
    let mut now = before.clone();
    now.comment = after.comment.clone();
    now.enabled = after.enabled;
    let mut out = Vec::new();
    if now != *after {
        if before.event != after.event {
            return None;
        }
        let create = create_statement(cx, ObjectRef::Rule(relation, after))?;
        out.push(create.replacen("CREATE ", "CREATE OR REPLACE ", 1));
    }
    if before.enabled != after.enabled {
        let table = dialect.quote_name(relation);
        let word = enabled(after.enabled);
        let name = dialect.quote(&after.name);
        out.push(format!("ALTER TABLE {table} {word} RULE {name}"));
    }
    Some(out)
}

pub(super) fn statistics(
    before: &Statistics,
    after: &Statistics,
    dialect: Dialect,
) -> Option<Vec<String>> {
    let mut now = before.clone();
    let mut out = Vec::new();
    if before.target != after.target {
        let target = after.target.unwrap_or(-1);
        let name = dialect.quote_name(&after.name);
        out.push(format!("ALTER STATISTICS {name} SET STATISTICS {target}"));
        now.target = after.target;
    }
    now.facets = after.facets.clone();
    (now == *after).then_some(out)
}

pub(super) fn event_trigger(
    before: &EventTrigger,
    after: &EventTrigger,
    dialect: Dialect,
) -> Option<Vec<String>> {
    let mut now = before.clone();
    let mut out = Vec::new();
    if before.enabled != after.enabled {
        let (name, word) = (dialect.quote(&after.name), enabled(after.enabled));
        out.push(format!("ALTER EVENT TRIGGER {name} {word}"));
        now.enabled = after.enabled;
    }
    now.facets = after.facets.clone();
    (now == *after).then_some(out)
}
