//! # documentation/broken-link
//!
//! A description links to something that the schema does not have.
//!
//! ## Why
//!
//! `[[users]]` and `[[users.email]]` in a description become links in the generated documents. One
//! that leads nowhere was mistyped, or speaks of what has been renamed or dropped since, and so does
//! the sentence around it.
//!
//! Names are looked up in the schema of what is described, then in the default one; tables, views,
//! their columns, types and functions can be linked to. What is no name (`[[1, 2]]`) is no link.
//!
//! ## Fix
//!
//! Correct the name, or write it without brackets where nothing is to be linked to.
//!
//! ```sql bad
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! COMMENT ON TABLE users IS 'People who sign in; their rights are in [[grants]]';
//! ```
//!
//! ```yaml bad
//! tables:
//!   users:
//!     columns:
//!       id: { type: bigint, primary_key: true, description: "Also in [[users.uid]]" }
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! CREATE TABLE sessions (user_id bigint REFERENCES users);
//! COMMENT ON TABLE sessions IS 'Logins of [[users]], by [[users.id]]; a path is like [[1,2],[3,4]]';
//! ```

use crate::check::{Context, Level, Rule, RuleInfo};
use crate::diagnostic::{Diagnostic, Facet, nearest};
use crate::model::{ObjectId, ObjectKind, ObjectRef, QualifiedName, Table};
use crate::prose::{self, Piece};

static INFO: RuleInfo = RuleInfo {
    id: "documentation/broken-link",
    level: Level::Warning,
    docs: include_str!("broken_link.rs"),
    options: &[],
};

pub(in crate::check) struct BrokenLink;

impl Rule for BrokenLink {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        let mut said = Vec::new();
        for table in cx.tables() {
            of_table(table, &mut said);
        }
        for view in cx.catalog.views.values() {
            let columns = view.column_comments.iter();
            said.extend(columns.map(|(c, text)| (ObjectId::column(&view.name, c), &**text)));
        }
        let linking = |(_, text): &(ObjectId, &str)| text.contains("[[");
        said.retain(linking);
        // Objects of other kinds are few.
        for (id, object) in cx.catalog.objects() {
            let is_table = matches!(object, ObjectRef::Table(_));
            let comment = object.facets().and_then(|f| f.comment.as_deref());
            if let Some(text) = comment.filter(|text| !is_table && text.contains("[[")) {
                said.push((id, text));
            }
        }
        for (id, notes) in &cx.catalog.notes {
            let texts = [&notes.reason, &notes.deprecated].into_iter().flatten();
            said.extend(texts.map(|text| (id.clone(), &**text)).filter(linking));
        }
        said.retain(|(id, _)| !cx.catalog.is_external(&id.name));
        for (id, text) in said {
            look(cx, &id, text, out);
        }
    }
}

/// What is said about a table and its parts.
fn of_table<'a>(table: &'a Table, said: &mut Vec<(ObjectId, &'a str)>) {
    let name = &table.name;
    let mut add = |id: &dyn Fn() -> ObjectId, text: &'a Option<Box<str>>| {
        if let Some(text) = text.as_deref().filter(|text| text.contains("[[")) {
            said.push((id(), text));
        }
    };
    let member = |kind, part| ObjectId::member(kind, name.clone(), part);
    add(&|| ObjectId::table(name), &table.facets.comment);
    for column in &table.columns {
        add(&|| ObjectId::column(name, &column.name), &column.comment);
    }
    for c in &table.constraints {
        add(&|| ObjectId::constraint(name, &c.name), &c.comment);
    }
    for index in &table.indexes {
        let id = || ObjectId::index(&name.sibling(index.name.clone()));
        add(&id, &index.comment);
    }
    for trigger in &table.triggers {
        let id = || member(ObjectKind::Trigger, trigger.name.clone());
        add(&id, &trigger.comment);
    }
    for policy in &table.policies {
        let id = || member(ObjectKind::Policy, policy.name.clone());
        add(&id, &policy.comment);
    }
}

fn look(cx: &Context<'_>, id: &ObjectId, text: &str, out: &mut Vec<Diagnostic>) {
    let schemas = prose::home(&id.name, cx.dialect);
    for piece in prose::pieces(text) {
        let Piece::Link(link) = piece else { continue };
        if prose::target(cx.catalog, &link.names, &schemas).is_some() {
            continue;
        }
        let headline = format!(
            "The description of {id} links to `{}`, which is not there",
            link.text
        );
        let mut finding = cx
            .finding_at(id.clone(), Facet::Comment, headline, "in its description")
            .note("the documents show its name without a link, and what it says may be out of date")
            .help(help(cx, &link.names));
        finding.discriminator = link.text.to_owned();
        out.push(finding);
    }
}

fn help(cx: &Context<'_>, names: &[String]) -> String {
    let tables = || cx.catalog.tables.keys();
    let named = |name: &str| tables().find(|t| *t.name == *name || t.to_string() == name);
    if let [.., table, column] = names
        && let Some(table) = named(table).and_then(|name: &QualifiedName| cx.table(name))
    {
        let columns = table.columns.iter().map(|c| c.name.as_str());
        return match nearest(column, columns) {
            Some(near) => format!("did you mean `[[{}.{near}]]`?", table.name.name),
            None => format!("{} has no column of this name", table.name),
        };
    }
    let wanted = names.join(".");
    match nearest(&wanted, tables().map(|t| t.name.as_str())) {
        Some(near) => format!("did you mean `[[{near}]]`?"),
        None => "correct the name, or leave the brackets out".to_owned(),
    }
}
