//! `docs/roles.md`: who may do what, a role at a time; who may do what to a table is on its page.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::context::{Context, Links, Place};
use super::security::{ORDER, grantee};
use super::text::{code, inline, link};
use crate::model::{Grantee, Ident, ObjectId, ObjectKind, ObjectRef, QualifiedName};
use crate::render::file_names::FileNames;

/// A role; every string is Markdown.
#[derive(Serialize)]
pub(super) struct RoleItem {
    anchor: String,
    title: String,
    /// Privileges, and what they are for.
    grants: Vec<(String, String)>,
    /// Tables with the policies for the role.
    policies: Vec<String>,
    owns: String,
}

/// What is known of a role.
#[derive(Default)]
struct Known<'a> {
    /// Objects by the privileges that it has on them.
    privileges: BTreeMap<ObjectId, BTreeSet<String>>,
    policies: BTreeMap<&'a QualifiedName, Vec<&'a str>>,
    owns: Vec<ObjectId>,
}

/// More links than this are counted.
const MOST: usize = 100;

pub(super) fn roles(context: &Context<'_>) -> Vec<RoleItem> {
    let mut names = FileNames::default();
    let item = |(role, known): (Grantee, Known<'_>)| RoleItem {
        anchor: anchor(&mut names, &role),
        title: grantee(&role),
        grants: grants(context, &known.privileges),
        policies: known
            .policies
            .iter()
            .map(|(table, policies)| {
                let policies: Vec<String> = policies.iter().map(|p| code(p)).collect();
                let table = context.table_link(table, Place::Top);
                format!("{table}: {}", policies.join(", "))
            })
            .collect(),
        owns: some(known.owns.iter().map(|id| object(context, id)).collect()),
    };
    known(context).into_iter().map(item).collect()
}

/// The roles by name, linked to what is said about them.
pub(super) fn links(context: &Context<'_>) -> Vec<String> {
    let mut names = FileNames::default();
    let linked = |role: Grantee| {
        let anchor = anchor(&mut names, &role);
        let text = match &role {
            Grantee::Public => "everyone".to_owned(),
            Grantee::Role(role) => inline(role),
        };
        match context.links {
            Links::Files => link(&text, &format!("roles.md#{anchor}")),
            _ => link(&text, &format!("#{anchor}")),
        }
    };
    known(context).into_keys().map(linked).collect()
}

fn anchor(names: &mut FileNames, role: &Grantee) -> String {
    match role {
        Grantee::Public => "role".to_owned(),
        Grantee::Role(role) => format!("role-{}", names.of_title(role)),
    }
}

fn known<'a>(context: &Context<'a>) -> BTreeMap<Grantee, Known<'a>> {
    let mut roles: BTreeMap<Grantee, Known<'_>> = BTreeMap::new();
    let catalog = context.report.catalog;
    for (id, object) in catalog.objects() {
        if catalog.is_external(&id.name) {
            continue;
        }
        if let ObjectRef::Policy(table, policy) = object {
            let everyone = [Grantee::Public];
            let named: Vec<Grantee> = policy.roles.iter().map(role).collect();
            let whom = if named.is_empty() {
                &everyone[..]
            } else {
                &named
            };
            for role in whom {
                let known = roles.entry(role.clone()).or_default();
                let policies = known.policies.entry(table).or_default();
                policies.push(policy.name.as_str());
            }
        }
        let Some(facets) = object.facets() else {
            continue;
        };
        for item in &facets.acl.granted {
            let known = roles.entry(item.grantee.clone()).or_default();
            let mut privilege = item.privilege.to_lowercase();
            if item.column.is_some() {
                privilege.push_str(" of some columns");
            }
            let privileges = known.privileges.entry(id.clone()).or_default();
            privileges.insert(privilege);
        }
        if let Some(owner) = &facets.owner {
            let known = roles.entry(Grantee::Role(owner.clone())).or_default();
            known.owns.push(id);
        }
    }
    roles
}

fn role(name: &Ident) -> Grantee {
    match name.eq_ignore_ascii_case("public") {
        true => Grantee::Public,
        false => Grantee::Role(name.clone()),
    }
}

/// A row for each set of privileges, with all that it is for.
fn grants(
    context: &Context<'_>,
    privileges: &BTreeMap<ObjectId, BTreeSet<String>>,
) -> Vec<(String, String)> {
    let place = |privilege: &str| {
        let word = privilege.split(' ').next().unwrap_or("");
        let known = ORDER.iter().position(|o| o.eq_ignore_ascii_case(word));
        (known.unwrap_or(ORDER.len()), privilege.to_owned())
    };
    let mut rows: BTreeMap<Vec<(usize, String)>, Vec<String>> = BTreeMap::new();
    for (id, words) in privileges {
        let mut words: Vec<(usize, String)> = words.iter().map(|w| place(w)).collect();
        words.sort();
        rows.entry(words).or_default().push(object(context, id));
    }
    let row = |(words, objects): (Vec<(usize, String)>, Vec<String>)| {
        let words: Vec<String> = words.into_iter().map(|(_, word)| word).collect();
        (words.join(", "), some(objects))
    };
    rows.into_iter().map(row).collect()
}

/// An object of any kind, linked where it has a place; what is no table says what it is.
fn object(context: &Context<'_>, id: &ObjectId) -> String {
    let link = match id.kind.is_type() {
        true => {
            let path = context.type_path(&id.name).map(String::as_str);
            context.linked(&inline(&context.display(&id.name)), path, Place::Top)
        }
        false => context.object_link(id, Place::Top),
    };
    match id.kind {
        ObjectKind::Table => link,
        kind => format!("{kind} {link}"),
    }
}

/// All of some links, or the first of them and a number.
pub(super) fn some(links: Vec<String>) -> String {
    match links.len() {
        0..=MOST => links.join(", "),
        n => format!("{} and {} more", links[..MOST].join(", "), n - MOST),
    }
}
