//! Views, materialized views and SQLite's virtual tables.

use super::column::texts;
use super::draft::Draft;
use super::names::qualified;
use super::node::{Entry, Kind, Node};
use super::reader::{Document, Reader, create};
use crate::expr::{Lexer, expression, query};
use crate::model::{Facets, Ident, Object, ObjectKind, Query, View, VirtualTable};
use crate::source::{Part, Target, sql};

impl<'a> Reader<'a> {
    pub(super) fn view(&mut self, entry: &'a Entry, materialized: bool, document: &Document<'a>) {
        let name = self.name(&entry.key, entry.key_span);
        let node = &entry.value;
        let Some(query) = self.query(node.get("query").unwrap_or(node)) else {
            return;
        };
        let mut view = View {
            name: name.clone(),
            materialized,
            query,
            options: texts(node.get("options")),
            facets: self.facets(node),
            ..View::default()
        };
        self.view_options(&mut view, node);
        self.view_columns(&mut view, node);
        let kind = if materialized {
            ObjectKind::MaterializedView
        } else {
            ObjectKind::View
        };
        self.declare_entry(
            entry,
            document,
            Object::View(Box::new(view)),
            Target::new(kind, name.clone()),
        );
        self.indexes_of(
            &name,
            node.get("indexes").map_or(&[][..], Node::items),
            document,
        );
        let mut draft = Draft::new(name.clone(), document.clone());
        self.triggers(&mut draft, node);
        for (trigger, said, span) in draft.triggers {
            let object = Object::Trigger(name.clone(), Box::new(trigger));
            self.declare_with(document, create(object), span, said);
        }
    }

    fn view_options(&mut self, view: &mut View, node: &Node) {
        for key in ["security_barrier", "security_invoker"] {
            if let Some(value) = node.get(key).and_then(Node::boolean) {
                view.options.insert(key.into(), value.to_string().into());
            }
        }
        let text = |key: &str| node.get(key).and_then(Node::text);
        let is = |key: &str| node.get(key).and_then(Node::boolean);
        view.recursive = is("recursive") == Some(true);
        view.no_data = is("with_data") == Some(false);
        view.access_method = text("access_method").map(Ident::new);
        view.tablespace = text("tablespace").map(Ident::new);
        view.cluster_on = text("cluster_on").map(Ident::new);
        view.columns = self.names(node.get("column_names"));
        let check = text("check_option").map(|w| Box::from(w.to_ascii_lowercase()));
        view.check_option = check.or_else(|| view.options.remove("check_option"));
    }

    fn view_columns(&mut self, view: &mut View, node: &Node) {
        let Some(columns) = node.get("columns") else {
            return;
        };
        if let Kind::Sequence(_) = &columns.kind {
            view.columns = self.names(Some(columns));
        }
        for column in columns.entries() {
            let name = Ident::new(&column.key);
            let comment = match column.value.text() {
                Some(_) => super::said::written_text(&column.value).map(Box::from),
                None => self.comment(&column.value),
            };
            if let Some(comment) = comment {
                view.column_comments.insert(name.clone(), comment);
            }
            if let Some(default) = column.value.get("default")
                && let Some(default) = self.default_expression(default)
            {
                view.defaults.insert(name, default);
            }
        }
    }

    /// A query: one statement that begins as a query does.
    fn query(&mut self, node: &Node) -> Option<Query> {
        let text = node.text()?;
        let tokens = self.fragment(node, sql::tokens)?;
        let first = tokens
            .first()
            .map_or("", |t| t.text(text))
            .to_ascii_lowercase();
        if !["select", "with", "values", "table", "("].contains(&first.as_str()) {
            self.error(
                "The body of a view is a query",
                node.span,
                "begin it with SELECT, WITH, VALUES or TABLE",
            );
            return None;
        }
        let last = tokens.len() - 1;
        if let Some(end) = tokens.iter().position(|t| t.text(text) == ";")
            && end < last
        {
            let next = tokens[end + 1];
            let span = self.span_within(node, next.start as usize, next.end as usize);
            self.error(
                "A view has one query",
                span,
                "remove what follows the semicolon",
            );
            return None;
        }
        Some(query(text, self.dialect()))
    }

    /// `fts5(title, content='notes')`, or `using:` and `arguments:`.
    pub(super) fn virtual_table(&mut self, entry: &Entry, document: &Document<'a>) {
        let name = self.name(&entry.key, entry.key_span);
        let node = &entry.value;
        let mut table = VirtualTable {
            name: name.clone(),
            comment: self.comment(node),
            ..VirtualTable::default()
        };
        let short = node.text();
        let using = node.get("using").and_then(Node::text);
        let (module, arguments) = match (short, using) {
            (Some(text), _) => match text.split_once('(') {
                Some((module, rest)) => {
                    let Some(inner) = rest.trim_end().strip_suffix(')') else {
                        self.error(
                            "The parenthesis of the arguments is never closed",
                            node.span,
                            "write it as `fts5(title, body)`",
                        );
                        return;
                    };
                    (module.trim(), self.arguments_of(inner))
                }
                None => (text.trim(), Vec::new()),
            },
            (None, Some(module)) => {
                let arguments = node.get("arguments").map_or(&[][..], Node::items);
                let texts = arguments.iter().filter_map(Node::text);
                (module, texts.map(str::to_owned).collect())
            }
            (None, None) => return,
        };
        table.module = Ident::from(module.to_lowercase());
        table.arguments = arguments
            .iter()
            .map(|a| expression(a, self.dialect()))
            .collect();
        let target = Target::new(ObjectKind::VirtualTable, name);
        self.declare_entry(entry, document, Object::VirtualTable(table), target);
    }

    /// The arguments between parentheses, at commas outside of any group.
    fn arguments_of(&self, text: &str) -> Vec<String> {
        let Ok(tokens) = Lexer::tokens(text, self.dialect()) else {
            return vec![text.trim().to_owned()];
        };
        let mut arguments = Vec::new();
        let (mut start, mut depth) = (0, 0_usize);
        for token in tokens {
            match token.text(text) {
                "(" | "[" => depth += 1,
                ")" | "]" => depth = depth.saturating_sub(1),
                "," if depth == 0 => {
                    arguments.push(text[start..token.start as usize].trim().to_owned());
                    start = token.end as usize;
                }
                _ => {}
            }
        }
        arguments.push(text[start..].trim().to_owned());
        arguments.retain(|a| !a.is_empty());
        arguments
    }

    /// Schemas and extensions.
    pub(super) fn schema(&mut self, entry: &Entry, document: &Document<'a>) {
        let schema = crate::model::Schema {
            name: Ident::new(&entry.key),
            external: entry.value.get("external").and_then(Node::boolean) == Some(true),
            implicit: false,
            facets: self.facets(&entry.value),
        };
        let name = crate::model::QualifiedName::bare(&*entry.key);
        let target = Target::new(ObjectKind::Schema, name);
        self.declare_entry(entry, document, Object::Schema(schema), target);
    }

    pub(super) fn extension(&mut self, node: &Node, document: &Document<'a>) {
        let name = node.get("name").unwrap_or(node);
        let Some(text) = name.text() else {
            return;
        };
        let of = |key: &str| node.get(key).and_then(Node::text);
        let extension = crate::model::Extension {
            name: Ident::new(text),
            schema: of("schema").map(Ident::new),
            version: of("version").map(Box::from),
            comment: self.comment(node),
        };
        let mut said = super::reader::Said::default();
        said.parts.push((Part::Name, name.span));
        let statement = create(Object::Extension(extension));
        self.declare_with(document, statement, node.span, said);
    }

    pub(super) fn event_trigger(&mut self, entry: &Entry, document: &Document<'a>) {
        let node = &entry.value;
        let text = |key: &str| node.get(key).and_then(Node::text);
        let (Some(event), Some(function)) = (text("event"), text("function")) else {
            return;
        };
        let tags = self.names(node.get("tags"));
        let facets: Facets = self.facets(node);
        let trigger = crate::model::EventTrigger {
            name: Ident::new(&entry.key),
            event: Ident::from(event.to_ascii_lowercase()),
            tags: tags.iter().map(|t| t.to_uppercase().into()).collect(),
            function: qualified(function.trim_end_matches("()")),
            enabled: super::trigger::enabled(text("enabled")),
            facets,
        };
        let name = crate::model::QualifiedName::bare(&*entry.key);
        let target = Target::new(ObjectKind::EventTrigger, name);
        self.declare_entry(entry, document, Object::EventTrigger(trigger), target);
    }
}
