//! What views and the rules of tables read is there.
//!
//! The server refuses both over a relation that does not exist, and so does this; where it cannot be
//! known (schemas of others, extensions that bring relations, imported schemas, blocks that make
//! something), nothing is said.

use std::collections::BTreeSet;

use super::fold::Fold;
use crate::diagnostic::{Diagnostic, nearest};
use crate::dialect::{Dialect, known_extension};
use crate::expr::{ReferenceKind, references_of_query};
use crate::model::{ObjectId, ObjectKind, QualifiedName};

impl Fold {
    pub(super) fn check_view_references(&mut self) {
        if self.dialect() != Dialect::Postgres || self.others_bring_relations() {
            return;
        }
        let mut missing: Vec<(ObjectId, QualifiedName)> = Vec::new();
        for view in self.catalog.views.values() {
            if self.catalog.is_external(&view.name) {
                continue;
            }
            let kind = if view.materialized {
                ObjectKind::MaterializedView
            } else {
                ObjectKind::View
            };
            let id = ObjectId::new(kind, view.name.clone());
            let unknown = self.missing_in(view.query.text());
            missing.extend(unknown.into_iter().map(|n| (id.clone(), n)));
        }
        for table in self.catalog.tables.values() {
            for rule in &table.rules {
                let name = table.name.clone();
                let id = ObjectId::member(ObjectKind::Rule, name, rule.name.clone());
                let unknown = self.missing_in(rule.action.text());
                missing.extend(unknown.into_iter().map(|n| (id.clone(), n)));
            }
        }
        for (id, name) in missing {
            self.report_missing(&id, &name);
        }
    }

    pub(super) fn others_bring_relations(&self) -> bool {
        let mut extensions = self.catalog.extensions.keys();
        let mut opaque = self.catalog.opaque.keys();
        extensions.any(|name| known_extension(name).is_none_or(|e| e.brings_relations))
            || opaque.any(|(kind, _)| kind.starts_with("import"))
    }

    pub(super) fn missing_in(&self, text: &str) -> BTreeSet<QualifiedName> {
        let references = references_of_query(text, self.dialect());
        let relations = references
            .into_iter()
            .filter(|r| r.kind == ReferenceKind::Relation);
        relations
            .map(|r| r.name)
            .filter(|name| self.is_missing(name))
            .collect()
    }

    fn is_missing(&self, name: &QualifiedName) -> bool {
        let bare = name.name.as_str();
        if name.schema.is_none() && bare.starts_with("pg_") {
            return false;
        }
        let full = match (&name.schema, self.dialect().default_schema()) {
            (None, Some(default)) => QualifiedName::new(default, name.name.clone()),
            _ => name.clone(),
        };
        let strict = full.schema.as_ref().is_some_and(|schema| {
            let declared = self.catalog.schemas.get(schema);
            self.names.declares(schema) && declared.is_none_or(|s| !s.external)
        });
        let there = self.relations.contains_key(&full)
            || self.catalog.relation(&full).is_some()
            || self.catalog.external.contains(&full);
        strict && !there && !self.is_mentioned(bare)
    }

    /// Whether a statement that is kept verbatim names it, and may make it.
    pub(super) fn is_mentioned(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        let opaque = self.catalog.opaque.values().flat_map(|o| &o.statements);
        let kept = self.catalog.kept.iter().map(|k| &k.text);
        let mut texts = opaque.chain(kept);
        texts.any(|text| text.to_lowercase().contains(&name))
    }

    fn report_missing(&mut self, id: &ObjectId, name: &QualifiedName) {
        let mut known: Vec<&str> = self.relations.keys().map(|n| n.name.as_str()).collect();
        known.sort_unstable();
        let help = match nearest(&name.name, known) {
            Some(near) if near != name.name.as_str() => format!("did you mean `{near}`?"),
            Some(_) => "name the schema that it is in".to_owned(),
            None => "declare it, or its schema as external".to_owned(),
        };
        let mut diagnostic = Diagnostic::error(
            "resolve/unknown-relation",
            format!("{id} reads `{name}`, which does not exist"),
        )
        .about(id.clone())
        .note("no source declares a table or view of this name, and the server refuses it")
        .help(help);
        if let Some(span) = self.map.of(id) {
            diagnostic = diagnostic.at(span, "declared here");
        }
        self.diagnostics.push(diagnostic);
    }
}
