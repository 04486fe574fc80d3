//! # security/policy-always-true
//!
//! A policy lets its roles write every row.
//!
//! ## Why
//!
//! A permissive policy whose condition is `true` for INSERT, UPDATE, DELETE or ALL turns row-level
//! security off for writing: whoever has its role changes everybody's rows. For SELECT it is how
//! public data is declared, and is not reported.
//!
//! Where a restrictive policy of the table covers the same command, nothing is reported. The
//! option `trusted_roles` lists roles that may write every row.
//!
//! ## Fix
//!
//! Say which rows: `USING (owner = current_user)`, and `WITH CHECK` for what may be written.
//!
//! ```sql bad
//! CREATE TABLE notes (id bigint PRIMARY KEY, owner name NOT NULL);
//! ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY anybody ON notes FOR UPDATE USING (true);
//! ```
//!
//! ```sql bad
//! CREATE TABLE notes (id bigint PRIMARY KEY, owner name NOT NULL);
//! ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY own ON notes USING (owner = current_user) WITH CHECK (true);
//! ```
//!
//! ```sql good
//! CREATE TABLE notes (id bigint PRIMARY KEY, owner name NOT NULL);
//! ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY readers ON notes FOR SELECT USING (true);
//! CREATE POLICY own ON notes FOR UPDATE USING (owner = current_user);
//! CREATE POLICY jobs ON notes TO service_role USING (true);
//! ```

use crate::check::{Context, DefaultValue, Level, OptionInfo, Rule, RuleInfo};
use crate::diagnostic::Diagnostic;
use crate::model::{Expr, ObjectId, ObjectKind, Policy, PolicyCommand, Table};

static INFO: RuleInfo = RuleInfo {
    id: "security/policy-always-true",
    level: Level::Warning,
    docs: include_str!("policy_always_true.rs"),
    options: &[OptionInfo {
        name: "trusted_roles",
        default: DefaultValue::List(&["postgres", "service_role"]),
        docs: "Roles that may write every row.",
    }],
};

pub(in crate::check) struct PolicyAlwaysTrue;

impl Rule for PolicyAlwaysTrue {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        let trusted = cx.list("trusted_roles");
        for table in cx.tables() {
            for policy in &table.policies {
                let is_trusted = !policy.roles.is_empty()
                    && policy
                        .roles
                        .iter()
                        .all(|role| trusted.iter().any(|t| *role == t.as_str()));
                if policy.restrictive || is_trusted || is_guarded(table, policy) {
                    continue;
                }
                if let Some(clause) = open_clause(policy) {
                    out.push(finding(cx, table, policy, clause));
                }
            }
        }
    }
}

fn finding(cx: &Context<'_>, table: &Table, policy: &Policy, clause: &str) -> Diagnostic {
    let id = ObjectId::member(ObjectKind::Policy, table.name.clone(), policy.name.clone());
    let command = match policy.command {
        PolicyCommand::Insert => "insert any row",
        PolicyCommand::Delete => "delete every row",
        PolicyCommand::Update => "update every row",
        PolicyCommand::All | PolicyCommand::Select => "write every row",
    };
    let who = match policy.roles.as_slice() {
        [] => "everybody".to_owned(),
        roles => roles.join(" and "),
    };
    let headline = format!("{id} lets {who} {command}");
    cx.finding(id, headline)
        .note(format!("its {clause} is always true"))
        .help("say which rows, as in USING (owner = current_user)")
}

/// The clause that holds for every row that is written, if one does.
fn open_clause(policy: &Policy) -> Option<&'static str> {
    use PolicyCommand::{All, Delete, Insert, Update};
    let holds = |clause: &Option<Expr>| clause.as_ref().is_some_and(is_true);
    let command = policy.command;
    if matches!(command, All | Update | Delete) && holds(&policy.using) {
        return Some("USING");
    }
    if matches!(command, All | Update | Insert) && holds(&policy.with_check) {
        return Some("WITH CHECK");
    }
    None
}

fn is_true(expression: &Expr) -> bool {
    let text = expression.text().trim();
    let inner = text.trim_start_matches('(').trim_end_matches(')').trim();
    let plain: String = inner.split_whitespace().collect();
    ["true", "1=1", "'t'::boolean"].contains(&plain.to_ascii_lowercase().as_str())
}

/// Whether a restrictive policy narrows what this one opens.
fn is_guarded(table: &Table, policy: &Policy) -> bool {
    table.policies.iter().any(|other| {
        let covers = other.command == PolicyCommand::All || other.command == policy.command;
        let same_roles = other.roles.is_empty() || other.roles == policy.roles;
        other.restrictive && covers && same_roles
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_true() {
        for text in ["true", "(TRUE)", "((true))", "1 = 1"] {
            assert!(is_true(&Expr::new(text, text)), "{text}");
        }
        for text in [
            "false",
            "is_admin",
            "true_name = 'x'",
            "true AND x",
            "f(true)",
        ] {
            assert!(!is_true(&Expr::new(text, text)), "{text}");
        }
    }
}
