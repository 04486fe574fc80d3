//! Files: what crosses them is collected first, then each is lowered in its own order.

use std::collections::HashSet;

use super::draft::Draft;
use super::names::{qualified, split_call};
use super::node::{Entry, Node};
use super::parse::parse;
use super::reader::{Document, Placed, Reader, search_path};
use super::validate::validate;
use crate::diagnostic::Diagnostic;
use crate::dialect::TargetVersion;
use crate::model::{QualifiedName, RoutineKind};
use crate::source::{Declarations, SourceFile};

/// Reads YAML files; they are read together because mixins and reference types cross files.
pub fn read(files: &[&SourceFile], version: TargetVersion) -> Declarations {
    let mut diagnostics = Vec::new();
    let mut trees: Vec<(Node, bool)> = Vec::new();
    for file in files {
        let (documents, errors) = parse(file);
        diagnostics.extend(errors);
        for document in documents {
            diagnostics.extend(validate(&document, version));
            trees.push((document, file.external));
        }
    }
    let documents: Vec<Document<'_>> = trees
        .iter()
        .map(|(node, external)| Document {
            node,
            search_path: search_path(node.get("schema").and_then(Node::text), version),
            external: *external,
        })
        .collect();
    let mut reader = Reader::new(files, version);
    reader.out.diagnostics = diagnostics;
    for document in &documents {
        reader.collect(document);
    }
    for document in &documents {
        reader.document(document);
    }
    // They are about what is created from now on, not about what the files declare.
    for document in &documents {
        let items = document
            .node
            .get("default_privileges")
            .map_or(&[][..], Node::items);
        for item in items {
            reader.default_privileges(item, document);
        }
    }
    reader.unused_mixins();
    let mut out = reader.out;
    drop_repetitions(&mut out.diagnostics);
    out
}

/// A mistake in a mixin is met in every table that includes it, and told once.
fn drop_repetitions(diagnostics: &mut Vec<Diagnostic>) {
    let mut seen = HashSet::new();
    diagnostics.retain(|d| {
        let span = d.primary.as_ref().map(|l| l.span);
        seen.insert((d.rule, span, d.headline.clone()))
    });
}

impl<'a> Reader<'a> {
    /// What other files may refer to.
    fn collect(&mut self, document: &Document<'a>) {
        let node = document.node;
        let entries = |key: &str| node.get(key).map_or(&[][..], Node::entries);
        for entry in entries("mixins") {
            let placed = Placed {
                node: &entry.value,
                document: document.clone(),
            };
            if self.mixins.insert(&entry.key, placed).is_some() {
                self.error(
                    format!("The mixin `{}` is declared twice", entry.key),
                    entry.key_span,
                    "mixins are known to all files: rename or remove one of them",
                );
            }
        }
        for entry in entries("tables") {
            let name = self.resolved(&qualified(&entry.key), document);
            let placed = Placed {
                node: &entry.value,
                document: document.clone(),
            };
            self.tables.entry(name).or_insert(placed);
        }
        for entry in entries("functions") {
            let (name, _) = split_call(&entry.key);
            let name = self.resolved(&qualified(name), document);
            self.own_functions.insert(name);
        }
        self.schemas
            .extend(entries("schemas").iter().map(|e| &*e.key));
        self.schemas.extend(node.get("schema").and_then(Node::text));
        if let Some(roles) = node.get("roles") {
            let single = roles.text().map(|_| roles);
            let names = single.into_iter().chain(roles.items());
            self.roles.extend(names.filter_map(Node::text));
        }
    }

    /// Everything that a document declares.
    fn document(&mut self, document: &Document<'a>) {
        for section in document.node.entries() {
            self.section(section, document);
        }
    }

    fn section(&mut self, section: &'a Entry, document: &Document<'a>) {
        let (entries, items) = (section.value.entries(), section.value.items());
        for item in items {
            match &*section.key {
                "extensions" => self.extension(item, document),
                "grants" => self.file_grant(item, document),
                _ => {}
            }
        }
        match &*section.key {
            "indexes" => self.file_indexes(items, document),
            "sql" => self.verbatim(&section.value, document),
            _ => {}
        }
        for entry in entries {
            match &*section.key {
                "schemas" => self.schema(entry, document),
                "enums" => self.enum_type(entry, document),
                "domains" => self.domain(entry, document),
                "composite_types" => self.composite(entry, document),
                "range_types" => self.range(entry, document),
                "sequences" => self.sequence(entry, document),
                "tables" => self.table(entry, document),
                "virtual_tables" => self.virtual_table(entry, document),
                "views" => self.view(entry, false, document),
                "materialized_views" => self.view(entry, true, document),
                "functions" => self.routine(entry, RoutineKind::Function, document),
                "procedures" => self.routine(entry, RoutineKind::Procedure, document),
                "triggers" => self.file_trigger(entry, document),
                "policies" => self.file_policy(entry, document),
                "event_triggers" => self.event_trigger(entry, document),
                "comments" => self.file_comment(entry, document),
                // Read before, or for people only; other keys are told by the validation.
                _ => {}
            }
        }
    }

    /// A mixin that no table includes is read too, for its errors.
    fn unused_mixins(&mut self) {
        let unused: Vec<Placed<'a>> = self
            .mixins
            .iter()
            .filter(|(name, _)| !self.included.contains(*name))
            .map(|(_, mixin)| mixin.clone())
            .collect();
        for mixin in unused {
            let document = mixin.document.clone();
            let mut draft = Draft::new(QualifiedName::default(), document.clone());
            for layer in self.layers(mixin.node, &document) {
                self.layer(&mut draft, &layer);
            }
        }
    }
}
