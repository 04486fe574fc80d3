//! # naming/identifier-collision
//!
//! Two objects that share a namespace have names that the database cannot tell apart, or that
//! differ only in case.
//!
//! ## Why
//!
//! Tables, views, sequences and indexes of a schema share one namespace, and so do their row types
//! and the enums, domains and other types. PostgreSQL compares the first 63 bytes of names;
//! SQLite does not distinguish upper and lower case. Of two names that are equal so, the second
//! CREATE fails, or with IF NOT EXISTS quietly does nothing. An index that a constraint keeps has the
//! constraint's name. (The same name twice, letter by letter, is an error of reading.)
//!
//! In PostgreSQL names that differ only in case are two names, but `Users` without quotes is
//! `users`: this is reported as a warning.
//!
//! ## Fix
//!
//! Rename one of the two.
//!
//! ```sql bad {also=naming/identifier-too-long}
//! CREATE TABLE readings_of_the_temperature_sensors_in_the_northern_warehouses_a (id bigint PRIMARY KEY);
//! CREATE TABLE readings_of_the_temperature_sensors_in_the_northern_warehouses_b (id bigint PRIMARY KEY);
//! ```
//!
//! ```sql bad {also=naming/case}
//! CREATE TABLE users (id bigint PRIMARY KEY);
//! CREATE TABLE "Users" (id bigint PRIMARY KEY);
//! ```
//!
//! ```sql good
//! CREATE TABLE users (id bigint PRIMARY KEY, users bigint);
//! CREATE TABLE user_groups (id bigint PRIMARY KEY);
//! ```

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher as _, RandomState};

use super::named_objects;
use crate::check::{Context, Level, Rule, RuleInfo};
use crate::diagnostic::{Diagnostic, Facet, Severity};
use crate::dialect::Dialect;
use crate::model::{Constraint, Ident, ObjectId, ObjectKind, QualifiedName};

static INFO: RuleInfo = RuleInfo {
    id: "naming/identifier-collision",
    level: Level::Error,
    docs: include_str!("identifier_collision.rs"),
    options: &[],
};

pub(in crate::check) struct IdentifierCollision;

/// Where names have to differ.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Namespace {
    /// `pg_class` of a schema: the schema's name.
    Relations(Option<Ident>),
    /// `pg_type` of a schema.
    Types(Option<Ident>),
    Columns(QualifiedName),
}

impl Rule for IdentifierCollision {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        // Hardly any name is taken twice, so all are counted first, by hash, and only those that
        // are counted twice are looked at.
        let hasher = RandomState::new();
        let key = |namespace, name: &str| (namespace, kept(cx.dialect, name).to_lowercase());
        let mut seen: HashMap<u64, bool> = HashMap::new();
        for (id, name) in named_objects(cx) {
            for namespace in namespaces(cx, &id) {
                let hash = hasher.hash_one(key(namespace, &name));
                seen.entry(hash)
                    .and_modify(|twice| *twice = true)
                    .or_default();
            }
        }
        let mut taken: BTreeMap<(Namespace, String), Vec<(ObjectId, Ident)>> = BTreeMap::new();
        for (id, name) in named_objects(cx) {
            for namespace in namespaces(cx, &id) {
                let key = key(namespace, &name);
                if seen.get(&hasher.hash_one(&key)) != Some(&true) {
                    continue;
                }
                taken
                    .entry(key)
                    .or_default()
                    .push((id.clone(), name.clone()));
            }
        }
        for ((namespace, _), mut holders) in taken.into_iter().filter(|(_, h)| h.len() > 1) {
            holders.sort_by_key(|(id, _)| cx.span(id, Facet::Name));
            let mut rest = holders.iter();
            let Some(first) = rest.next() else { continue };
            for second in rest {
                // A table and its row type are reported once, as relations.
                let twice = matches!(namespace, Namespace::Types(_))
                    && first.0.kind.is_relation()
                    && second.0.kind.is_relation();
                if !twice {
                    out.push(collision(cx, first, second));
                }
            }
        }
    }
}

fn collision(
    cx: &Context<'_>,
    (first, first_name): &(ObjectId, Ident),
    (second, second_name): &(ObjectId, Ident),
) -> Diagnostic {
    let only_case = cx.dialect == Dialect::Postgres
        && kept(cx.dialect, first_name) != kept(cx.dialect, second_name);
    let headline = if only_case {
        format!("{second} differs from {first} only in case")
    } else {
        format!("{second} and {first} have one name between them")
    };
    let label = if first_name == second_name {
        "this name"
    } else {
        "the same name"
    };
    let mut finding = cx.finding_at(second.clone(), Facet::Name, headline, label);
    if let Some(span) = cx.span(first, Facet::Name) {
        finding = finding.and_at(span, "is taken here");
    }
    if only_case {
        finding.severity = finding.severity.min(Severity::Warning);
    }
    finding.discriminator = first.to_string();
    finding
        .note(if only_case {
            "without quotes the database folds both to one of them"
        } else {
            "the database cannot tell them apart: the second CREATE fails"
        })
        .help("rename one of the two")
}

/// The part of a name that the database compares.
fn kept(dialect: Dialect, name: &str) -> &str {
    let Some(max) = dialect
        .max_identifier_bytes()
        .filter(|max| name.len() > *max)
    else {
        return name;
    };
    let mut end = max;
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}

fn namespaces(cx: &Context<'_>, id: &ObjectId) -> Vec<Namespace> {
    let schema = || id.name.schema.clone();
    match id.kind {
        ObjectKind::Column => vec![Namespace::Columns(id.name.clone())],
        ObjectKind::Constraint if index_of_constraint(cx, id) => {
            vec![Namespace::Relations(schema())]
        }
        // Indexes and sequences have no row type.
        ObjectKind::Index | ObjectKind::Sequence => vec![Namespace::Relations(schema())],
        kind if kind.is_relation() => {
            vec![Namespace::Relations(schema()), Namespace::Types(schema())]
        }
        kind if kind.is_type() => vec![Namespace::Types(schema())],
        _ => Vec::new(),
    }
}

/// Whether the database keeps an index of the constraint's name. SQLite names those indexes
/// itself, out of everybody's way.
fn index_of_constraint(cx: &Context<'_>, id: &ObjectId) -> bool {
    let constraint = cx
        .table(&id.name)
        .zip(id.member.as_ref())
        .and_then(|(table, name)| table.constraint(name));
    cx.dialect == Dialect::Postgres && constraint.is_some_and(Constraint::has_index)
}
