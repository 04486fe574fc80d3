//! Row-level security and privileges: who may do what.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::context::{Context, Place};
use super::definition::policy_sentence;
use super::text::{code, fence};
use crate::ddl::{self, create_statement};
use crate::model::{Acl, AclItem, Grantee, ObjectRef, Policy, Table};

/// Privileges in the order in which the manual lists them.
pub(super) const ORDER: &[&str] = &[
    "SELECT",
    "INSERT",
    "UPDATE",
    "DELETE",
    "TRUNCATE",
    "REFERENCES",
    "TRIGGER",
    "MAINTAIN",
];

/// A policy: what it says, and how.
#[derive(Serialize)]
pub(super) struct PolicyItem {
    name: String,
    sentence: String,
    description: String,
    sql: String,
}

/// Roles by privileges.
#[derive(Serialize)]
pub(super) struct GrantMatrix {
    privileges: Vec<String>,
    rows: Vec<GrantRow>,
    /// Privileges taken away from what a fresh table has.
    revoked: Vec<String>,
}

#[derive(Serialize)]
struct GrantRow {
    role: String,
    cells: Vec<String>,
}

/// What row-level security means for the table, where it says anything.
pub(super) fn row_security(table: &Table) -> String {
    let owner = match table.force_row_security {
        true => " This holds for the table's owner too.",
        false => "",
    };
    match (table.row_security, table.policies.is_empty()) {
        (true, true) => format!(
            "Row-level security is on and no policy exists: no row can be read or written.{owner}"
        ),
        (true, false) => format!("A row can be read or written where a policy says so.{owner}"),
        (false, false) => {
            "Row-level security is off for this table: its policies have no effect.".to_owned()
        }
        (false, true) => String::new(),
    }
}

pub(super) fn policies(context: &Context<'_>, table: &Table) -> Vec<PolicyItem> {
    let printer = ddl::Context {
        catalog: context.report.catalog,
        graph: context.report.graph,
        dialect: context.report.dialect,
    };
    let statement = |policy: &Policy| {
        let sql = create_statement(&printer, ObjectRef::Policy(&table.name, policy));
        sql.map_or_else(String::new, |sql| fence("sql", &format!("{sql};")))
    };
    let item = |policy: &Policy| PolicyItem {
        name: code(&policy.name),
        sentence: policy_sentence(policy),
        description: context.said_in_cell(policy.comment.as_deref(), &table.name, Place::Table),
        sql: statement(policy),
    };
    table.policies.iter().map(item).collect()
}

pub(super) fn grants(acl: &Acl) -> Option<GrantMatrix> {
    if acl.is_empty() {
        return None;
    }
    let mut privileges: Vec<&str> = acl
        .granted
        .iter()
        .map(|item| &*item.privilege)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    privileges.sort_by_key(|p| (ORDER.iter().position(|o| o == p).unwrap_or(ORDER.len()), *p));
    let mut by_role: BTreeMap<&Grantee, BTreeMap<&str, Cell<'_>>> = BTreeMap::new();
    for item in &acl.granted {
        let cells = by_role.entry(&item.grantee).or_default();
        let cell = cells.entry(&item.privilege).or_default();
        match &item.column {
            Some(column) => cell.columns.push(column),
            None => cell.whole = true,
        }
        cell.option |= item.grant_option;
    }
    let rows = by_role
        .into_iter()
        .map(|(role, cells)| GrantRow {
            role: grantee(role),
            cells: privileges
                .iter()
                .map(|p| cells.get(p).map_or_else(String::new, Cell::text))
                .collect(),
        })
        .collect();
    // What was taken from a role and given to it again is not taken.
    let is_given = |item: &AclItem| {
        let same = |g: &AclItem| g.grantee == item.grantee && g.privilege == item.privilege;
        acl.granted.iter().any(|g| g.column.is_none() && same(g))
    };
    let revoked = acl
        .revoked
        .iter()
        .filter(|item| !is_given(item))
        .map(|item| {
            let column = item
                .column
                .as_ref()
                .map_or_else(String::new, |c| format!(" on {}", code(c)));
            let privilege = item.privilege.to_lowercase();
            format!("{privilege}{column} from {}", grantee(&item.grantee))
        })
        .collect();
    Some(GrantMatrix {
        privileges: privileges.into_iter().map(str::to_lowercase).collect(),
        rows,
        revoked,
    })
}

#[derive(Default)]
struct Cell<'a> {
    whole: bool,
    columns: Vec<&'a str>,
    option: bool,
}

impl Cell<'_> {
    fn text(&self) -> String {
        let mut text = match self.whole {
            true => "✓".to_owned(),
            false => code(&self.columns.join(", ")),
        };
        if self.option {
            text.push_str(" and may grant it");
        }
        text
    }
}

pub(super) fn grantee(grantee: &Grantee) -> String {
    match grantee {
        Grantee::Public => "everyone".to_owned(),
        Grantee::Role(role) => code(role),
    }
}
