//! Tables: their entries and those of their mixins, put together and declared.

use super::column::texts;
use super::draft::Draft;
use super::node::{Entry, Node};
use super::reader::{Document, Placed, Reader, Said, create};
use crate::diagnostic::{Diagnostic, nearest};
use crate::model::{DataType, Ident, Index, Object, ObjectKind, QualifiedName, ReplicaIdentity};
use crate::source::{LikeClause, Part, Statement, Target};

/// Mixins within mixins.
const MAX_INCLUDES: usize = 32;

impl<'a> Reader<'a> {
    /// One entry of `tables:`.
    pub(super) fn table(&mut self, entry: &'a Entry, document: &Document<'a>) {
        let name = self.name(&entry.key, entry.key_span);
        let node = &entry.value;
        let mut draft = Draft::new(name, document.clone());
        draft.said.parts.push((Part::Name, entry.key_span));
        draft.said.place_comment(Part::Comment, node);
        self.origin(&mut draft, node);
        for layer in self.layers(node, document) {
            self.layer(&mut draft, &layer);
        }
        self.table_facts(&mut draft, node);
        self.soft_delete(&mut draft, node);
        self.check_listed_columns(&draft, node);
        draft.make_wanted_indexes();
        let own = draft.table.name.name.clone();
        self.name_indexes(&own, draft.indexes.iter_mut().map(|(i, ..)| i));
        let made = self.set_on_update(&mut draft);
        let audit = self.audit(&mut draft, node);
        let like = self.like_clauses(node);
        let target = Target::new(ObjectKind::Table, draft.table.name.clone());
        let parent = draft.table.name.clone();
        self.declare_draft(draft, entry, like);
        for (statement, span, said) in made.into_iter().chain(audit) {
            self.declare_with(document, statement, span, said);
        }
        self.grants(node, &target, document);
        self.partitions(node, &parent, document, 0);
    }

    /// The table, then what stands in statements of its own in SQL.
    fn declare_draft(&mut self, mut draft: Draft<'a>, entry: &Entry, like: Vec<LikeClause>) {
        let document = draft.document.clone();
        let name = draft.table.name.clone();
        let after = self.after_create(&mut draft, entry.span());
        let statement = Statement::Create {
            object: Object::Table(Box::new(draft.table)),
            or_replace: false,
            if_not_exists: false,
            like,
        };
        self.declare_with(&document, statement, entry.span(), draft.said);
        for statement in after {
            self.declare(&document, statement, entry.span());
        }
        for (index, said, span) in draft.indexes {
            self.declare_index(&document, &name, index, said, span);
        }
        for (trigger, said, span) in draft.triggers {
            let object = Object::Trigger(name.clone(), Box::new(trigger));
            self.declare_with(&document, create(object), span, said);
        }
        for (policy, said, span) in draft.policies {
            let object = Object::Policy(name.clone(), Box::new(policy));
            self.declare_with(&document, create(object), span, said);
        }
    }

    /// A table or mixin and everything that it includes, itself first.
    pub(super) fn layers(&mut self, node: &'a Node, document: &Document<'a>) -> Vec<Placed<'a>> {
        let own = Placed {
            node,
            document: document.clone(),
        };
        let mut layers = vec![own];
        let mut at = 0;
        while let Some(layer) = layers.get(at).cloned() {
            at += 1;
            let mut place = at;
            for (mixin, key) in self.includes_of(layer.node) {
                if layers.iter().any(|l| std::ptr::eq(l.node, mixin.node)) {
                    continue;
                }
                if layers.len() > MAX_INCLUDES {
                    self.error(
                        format!("More than {MAX_INCLUDES} mixins come together here"),
                        key.span,
                        "put what they share into fewer mixins",
                    );
                    return layers;
                }
                layers.insert(place, mixin);
                place += 1;
            }
        }
        layers
    }

    fn includes_of(&mut self, node: &'a Node) -> Vec<(Placed<'a>, &'a Node)> {
        let Some(include) = node.get("include") else {
            return Vec::new();
        };
        let single = include.text().map(|_| include);
        let mut found = Vec::new();
        for item in single.into_iter().chain(include.items()) {
            let Some(name) = item.text() else {
                continue;
            };
            if let Some((key, mixin)) = self.mixins.get_key_value(name) {
                self.included.insert(key);
                found.push((mixin.clone(), item));
            } else {
                let mut diagnostic = Diagnostic::error(
                    "parse/yaml-unknown-mixin",
                    format!("There is no mixin `{name}`"),
                )
                .at(item.span, "refers to nothing");
                diagnostic = match nearest(name, self.mixins.keys().copied()) {
                    Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                    None => diagnostic.help("declare it under `mixins:` of any YAML file"),
                };
                self.report(diagnostic);
            }
        }
        found
    }

    /// Adds what a table or mixin says itself.
    pub(super) fn layer(&mut self, draft: &mut Draft<'a>, layer: &Placed<'a>) {
        let node = layer.node;
        for entry in node.get("columns").map_or(&[][..], Node::entries) {
            // The table's own column stands in front of its mixins', the first mixin's in front of
            // the second's.
            if draft.table.column(&entry.key).is_none() {
                self.column(draft, entry, &layer.document);
            }
        }
        self.constraints(draft, node, &layer.document);
        let columns: Vec<String> = draft
            .table
            .columns
            .iter()
            .map(|c| c.name.to_string())
            .collect();
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        for item in node.get("indexes").map_or(&[][..], Node::items) {
            if let Some((index, said)) = self.index(item, &columns) {
                draft.indexes.push((index, said, item.span));
            }
        }
        self.triggers(draft, node);
        self.policies(draft, node);
        if let Some(security) = node.get("row_security").and_then(Node::text) {
            let word = security.to_ascii_lowercase().replace('_', " ");
            draft.table.row_security |= matches!(word.as_str(), "true" | "forced");
            draft.table.force_row_security |= matches!(word.as_str(), "forced" | "forced only");
        }
    }

    /// What only a table says, not a mixin.
    fn table_facts(&mut self, draft: &mut Draft<'a>, node: &Node) {
        draft.table.facets = self.facets(node);
        let flag = |key: &str| node.get(key).and_then(Node::boolean) == Some(true);
        let text = |key: &str| node.get(key).and_then(Node::text);
        draft.table.strict = flag("strict");
        draft.table.without_rowid = flag("without_rowid");
        draft.table.storage = texts(node.get("storage"));
        draft.table.access_method = text("access_method").map(Ident::new);
        draft.table.tablespace = text("tablespace").map(Ident::new);
        draft.table.cluster_on = text("cluster_on").map(Ident::new);
        let index = node.get("replica_identity").and_then(|i| i.get("index"));
        draft.table.replica_identity = match text("replica_identity") {
            None => match index.and_then(Node::text) {
                Some(index) => ReplicaIdentity::Index(Ident::new(index)),
                None => ReplicaIdentity::Default,
            },
            Some(word) if word.eq_ignore_ascii_case("full") => ReplicaIdentity::Full,
            Some(word) if word.eq_ignore_ascii_case("nothing") => ReplicaIdentity::Nothing,
            Some(word) if word.eq_ignore_ascii_case("default") => ReplicaIdentity::Default,
            Some(index) => ReplicaIdentity::Index(Ident::new(index)),
        };
        draft.table.partition_by = node
            .get("partition_by")
            .and_then(|by| self.partition_by(by));
        let mut notes = self.notes(node);
        let audit = node.get("audit").filter(|a| a.boolean() != Some(false));
        notes.audit_table = audit.map(|a| self.audit_table_name(&draft.table.name, a));
        notes.soft_delete = soft_delete_column(node);
        draft.said.note(Part::Object, notes, node);
    }

    fn like_clauses(&self, node: &Node) -> Vec<LikeClause> {
        self.names(node.get("like"))
            .iter()
            .map(|source| LikeClause {
                source: super::names::qualified(source),
                including: vec!["DEFAULTS".into(), "CONSTRAINTS".into()],
                position: 0,
            })
            .collect()
    }

    /// Makes the column of `soft_delete:` where nobody declares it.
    fn soft_delete(&mut self, draft: &mut Draft<'a>, node: &Node) {
        let Some(name) = soft_delete_column(node) else {
            return;
        };
        if draft.table.column(&name).is_some() {
            return;
        }
        let data_type = if self.has_schemas() {
            DataType::builtin("timestamp with time zone")
        } else {
            DataType::builtin("TEXT")
        };
        if let Some(entry) = node.entry("soft_delete") {
            let part = Part::Column(name.clone());
            draft.said.parts.push((part, entry.span()));
        }
        draft.table.columns.push(crate::model::Column {
            name,
            data_type,
            comment: Some("When the row was deleted; null while it is not".into()),
            ..Default::default()
        });
    }

    /// Columns that only annotations name: nothing later would miss them.
    fn check_listed_columns(&mut self, draft: &Draft<'a>, node: &Node) {
        let table = &draft.table;
        let elsewhere = !table.inherits.is_empty() || node.get("like").is_some();
        if draft.broken || elsewhere {
            return;
        }
        let known: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
        let lists = [
            ("dependencies", "from"),
            ("dependencies", "to"),
            ("denormalized", "columns"),
        ];
        for (key, inner) in lists {
            for item in node.get(key).map_or(&[][..], Node::items) {
                let Some(columns) = item.get(inner) else {
                    continue;
                };
                let single = columns.text().map(|_| columns);
                for column in single.into_iter().chain(columns.items()) {
                    self.check_column(&known, column, &table.name);
                }
            }
        }
    }

    fn check_column(&mut self, known: &[&str], node: &Node, table: &QualifiedName) {
        let Some(name) = node.text().filter(|n| !known.contains(n)) else {
            return;
        };
        let headline = format!("Table `{table}` has no column `{name}`");
        let mut diagnostic = Diagnostic::error("resolve/unknown-column", headline)
            .at(node.span, "refers to nothing");
        diagnostic = match nearest(name, known.iter().copied()) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help(format!("its columns are {}", known.join(", "))),
        };
        self.report(diagnostic);
    }

    /// A column of a table as the YAML files declare it, its mixins included.
    pub(super) fn find_column(&mut self, table: &'a Node, column: &str) -> Option<&'a Entry> {
        let layers = self.quiet_layers(table);
        layers
            .iter()
            .find_map(|node| node.get("columns").and_then(|c| c.entry(column)))
    }

    pub(super) fn column_names(&mut self, table: &'a Node) -> Vec<&'a str> {
        let layers = self.quiet_layers(table);
        let entries = layers
            .iter()
            .flat_map(|node| node.get("columns").map_or(&[][..], Node::entries));
        entries.map(|e| &*e.key).collect()
    }

    fn quiet_layers(&mut self, table: &'a Node) -> Vec<&'a Node> {
        let told = self.out.diagnostics.len();
        let document = Document {
            node: table,
            search_path: std::sync::Arc::from(Vec::new()),
            external: false,
        };
        let layers = self.layers(table, &document);
        self.out.diagnostics.truncate(told);
        layers.into_iter().map(|l| l.node).collect()
    }

    /// The indexes under a key that a table does not own: of a materialized view, of the file.
    pub(super) fn indexes_of(
        &mut self,
        relation: &QualifiedName,
        items: &[Node],
        document: &Document<'a>,
    ) {
        let mut indexes: Vec<(Index, Said, crate::diagnostic::Span)> = Vec::new();
        for item in items {
            if let Some((index, said)) = self.index(item, &[]) {
                indexes.push((index, said, item.span));
            }
        }
        self.name_indexes(&relation.name, indexes.iter_mut().map(|(i, ..)| i));
        for (index, said, span) in indexes {
            self.declare_index(document, relation, index, said, span);
        }
    }
}

fn soft_delete_column(node: &Node) -> Option<Ident> {
    let value = node.get("soft_delete")?;
    match value.boolean() {
        Some(true) => Some(Ident::new("deleted_at")),
        Some(false) => None,
        None => value.text().map(Ident::new),
    }
}
