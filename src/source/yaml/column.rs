//! Columns, in short form (SQL) and in long form.

use super::draft::Draft;
use super::keys::ACTIONS;
use super::node::{Entry, Node};
use super::reader::{Document, Reader};
use super::validate::same_word;
use crate::diagnostic::Diagnostic;
use crate::dialect::Capability;
use crate::model::{
    Column, Constraint, ConstraintKind, Deferral, Generated, Ident, Identity, MatchType, Notes,
    ReferentialAction, SequenceOptions,
};
use crate::source::{Part, sql};

/// The action that a word of `on_delete` or `on_update` names.
pub(super) fn action(text: &str) -> Option<ReferentialAction> {
    use ReferentialAction::{Cascade, NoAction, Restrict, SetDefault, SetNull};
    let at = ACTIONS.iter().position(|w| same_word(w, text))?;
    [NoAction, Restrict, Cascade, SetNull, SetDefault]
        .get(at)
        .copied()
}

pub(super) fn match_type(node: &Node) -> MatchType {
    match node.get("match").and_then(Node::text) {
        Some(text) if text.eq_ignore_ascii_case("full") => MatchType::Full,
        Some(text) if text.eq_ignore_ascii_case("partial") => MatchType::Partial,
        _ => MatchType::Simple,
    }
}

pub(super) fn deferral(node: &Node) -> Deferral {
    match node.get("deferrable").and_then(Node::text) {
        Some(text) if text.eq_ignore_ascii_case("deferred") => Deferral::Deferred,
        Some(text) if !text.eq_ignore_ascii_case("false") => Deferral::Immediate,
        _ => Deferral::NotDeferrable,
    }
}

fn key_constraint(primary: bool, column: &Ident) -> Constraint {
    let columns = vec![column.clone()];
    let kind = if primary {
        ConstraintKind::PrimaryKey {
            columns,
            include: Vec::new(),
            storage: Default::default(),
            tablespace: None,
            without_overlaps: false,
        }
    } else {
        ConstraintKind::Unique {
            columns,
            include: Vec::new(),
            nulls_not_distinct: false,
            storage: Default::default(),
            tablespace: None,
            without_overlaps: false,
        }
    };
    Constraint::new("", kind)
}

impl<'a> Reader<'a> {
    /// One entry of `columns:`, put into the table.
    pub(super) fn column(&mut self, draft: &mut Draft<'a>, entry: &Entry, document: &Document<'a>) {
        let name = Ident::new(&entry.key);
        draft
            .said
            .parts
            .push((Part::Column(name.clone()), entry.key_span));
        if entry.value.text().is_some() {
            self.short_column(draft, name, &entry.value);
            return;
        }
        let node = &entry.value;
        let comment = Part::ColumnComment(name.clone());
        draft.said.place_comment(comment, node);
        let mut column = Column {
            name: name.clone(),
            comment: self.comment(node),
            ..Column::default()
        };
        self.column_type(draft, &mut column, entry, document);
        self.column_value(draft, &mut column, node);
        self.column_storage(&mut column, node);
        let mut constraints = self.column_keys(&mut column, node);
        constraints.extend(self.column_checks(node));
        constraints.extend(self.column_reference(draft, &name, node, document));
        self.on_update(draft, &name, node);
        self.column_notes(draft, &column, node);
        if node.get("index").and_then(Node::boolean) == Some(true) {
            draft.want_index(vec![name], entry.key_span, true);
        }
        self.add_constraints(draft, constraints, node.get("references").unwrap_or(node));
        draft.table.columns.push(column);
    }

    /// The constraints of a column, all at the place of one of its values.
    fn add_constraints(&self, draft: &mut Draft<'a>, constraints: Vec<Constraint>, place: &Node) {
        for constraint in constraints {
            let n = u16::try_from(draft.table.constraints.len()).unwrap_or(u16::MAX);
            draft.said.parts.push((Part::Constraint(n), place.span));
            draft.table.constraints.push(constraint);
        }
    }

    fn short_column(&mut self, draft: &mut Draft<'a>, name: Ident, node: &Node) {
        let parsed = self.fragment(node, |text, version| {
            sql::column_definition(&name, text, version)
        });
        let Some((column, constraints)) = parsed else {
            // The column still exists, so that what refers to it is not told as an error too.
            draft.broken = true;
            draft.table.columns.push(Column {
                name,
                ..Column::default()
            });
            return;
        };
        draft.said.parts.push((Part::ColumnType(name), node.span));
        self.add_constraints(draft, constraints, node);
        draft.table.columns.push(column);
    }

    fn column_type(
        &mut self,
        draft: &mut Draft<'a>,
        column: &mut Column,
        entry: &Entry,
        document: &Document<'a>,
    ) {
        let node = &entry.value;
        if let Some(written) = node.get("type") {
            let part = Part::ColumnType(column.name.clone());
            draft.said.parts.push((part, written.span));
            match self.fragment(written, sql::data_type) {
                Some(data_type) => column.data_type = data_type,
                None => draft.broken = true,
            }
        } else if let Some(reference) = node.get("references") {
            column.data_type = self
                .referenced_type(reference, document)
                .unwrap_or_default();
        } else if self.has_schemas() && !draft.takes_columns() {
            draft.broken = true;
            self.error(
                format!("Column `{}` has no type", entry.key),
                entry.key_span,
                "give it a `type:`, or `references:` to take the type of another column",
            );
        }
        if let Some(collation) = node.get("collation").and_then(Node::text) {
            column.collation = Some(super::names::qualified(collation));
        }
    }

    /// What a column holds where nothing is given: default, identity, generated.
    fn column_value(&mut self, draft: &mut Draft<'a>, column: &mut Column, node: &Node) {
        let nullable = node.get("nullable").and_then(Node::boolean);
        column.not_null = nullable == Some(false);
        column.autoincrement = node.get("autoincrement").and_then(Node::boolean) == Some(true);
        if let Some(default) = node.get("default") {
            let part = Part::ColumnDefault(column.name.clone());
            draft.said.parts.push((part, default.span));
            column.default = self.default_expression(default);
        }
        if let Some(identity) = node.get("identity") {
            column.identity = Some(Box::new(self.identity(identity)));
            column.not_null = true;
        }
        if let Some(generated) = node.get("generated") {
            column.generated = self.generated(generated);
        }
        let given: Vec<&Entry> = ["default", "identity", "generated"]
            .iter()
            .filter_map(|k| node.entry(k).filter(|e| !e.value.is_null()))
            .collect();
        if let [first, second, ..] = given.as_slice() {
            self.report(
                Diagnostic::error(
                    "parse/yaml-value",
                    format!(
                        "Column `{}` has both `{}` and `{}`",
                        column.name, first.key, second.key
                    ),
                )
                .at(second.key_span, "this says where its value comes from")
                .and_at(first.key_span, "and so does this")
                .help("keep one of them"),
            );
        }
    }

    fn identity(&mut self, node: &Node) -> Identity {
        let word = node.text().or(node.get("generated").and_then(Node::text));
        let sequence = node.get("sequence").and_then(Node::text);
        Identity {
            always: !word.is_some_and(|w| same_word("by default", w)),
            sequence: sequence.map(super::names::qualified),
            options: sequence_options(node),
            ..Identity::default()
        }
    }

    fn generated(&mut self, node: &Node) -> Option<Generated> {
        let (expression, stored) = match node.get("expression") {
            Some(inner) => (
                self.expression(inner)?,
                node.get("stored").and_then(Node::boolean).unwrap_or(true),
            ),
            None => (self.expression(node)?, true),
        };
        let needs = if stored {
            Capability::StoredGeneratedColumns
        } else {
            Capability::VirtualGeneratedColumns
        };
        if !self.version.has(needs) {
            let headline = format!(
                "{} does not have {}",
                self.version.label(),
                needs.describe()
            );
            self.error(headline, node.span, "store it, or compute it in a view");
        }
        Some(Generated { expression, stored })
    }

    fn column_storage(&mut self, column: &mut Column, node: &Node) {
        let lower = |key: &str| {
            let text = node.get(key).and_then(Node::text)?;
            Some(Box::from(text.to_ascii_lowercase()))
        };
        column.storage = lower("storage");
        column.compression = lower("compression");
        column.statistics_target = node
            .get("statistics")
            .and_then(Node::integer)
            .and_then(|n| i32::try_from(n).ok());
        column.options = texts(node.get("options"));
        column.foreign_options = texts(node.get("foreign_options"));
    }

    fn column_keys(&mut self, column: &mut Column, node: &Node) -> Vec<Constraint> {
        let is = |key: &str| node.get(key).and_then(Node::boolean) == Some(true);
        let mut constraints = Vec::new();
        if is("primary_key") {
            constraints.push(key_constraint(true, &column.name));
            // As in SQL: a primary key is not null, but for SQLite's tables with a rowid.
            column.not_null = column.not_null || self.has_schemas();
        }
        if is("unique") {
            constraints.push(key_constraint(false, &column.name));
        }
        if column.not_null
            && let Some(nullable) = node
                .entry("nullable")
                .filter(|e| e.value.boolean() == Some(true))
        {
            self.error(
                format!("Column `{}` cannot be nullable", column.name),
                nullable.value.span,
                "a primary key or identity column is never null: remove `nullable: true`",
            );
        }
        constraints
    }

    fn column_checks(&mut self, node: &Node) -> Vec<Constraint> {
        let Some(checks) = node.get("check") else {
            return Vec::new();
        };
        let several = checks.items();
        let all = if several.is_empty() {
            std::slice::from_ref(checks)
        } else {
            several
        };
        all.iter().filter_map(|check| self.check(check)).collect()
    }

    /// `on_update: now()`: an action of a reference is read elsewhere.
    fn on_update(&mut self, draft: &mut Draft<'a>, name: &Ident, node: &Node) {
        let Some(value) = node.get("on_update") else {
            return;
        };
        let is_action = value.text().is_some_and(|t| action(t).is_some());
        match (is_action, node.get("references").is_some()) {
            (true, true) => {}
            (true, false) => self.error(
                "`on_update` names an action of a reference, and there is none",
                value.span,
                "add `references: table.column`, or write an expression such as now()",
            ),
            (false, _) => {
                if let Some(set) = self.default_expression(value) {
                    draft.on_update.push((name.clone(), set, value.span));
                }
            }
        }
    }

    fn column_notes(&mut self, draft: &mut Draft<'a>, column: &Column, node: &Node) {
        let mut notes: Notes = self.notes(node);
        let mut expression = |key| Some(self.expression_of(node, key)?.text().into());
        (notes.using, notes.using_back) = (expression("using"), expression("using_back"));
        if let Some(shape) = node.get("shape") {
            notes.shape = Some(shape.to_json().to_string().into());
            if node.get("check_shape").and_then(Node::boolean) != Some(false) {
                self.shape_check(draft, column, shape);
            }
        }
        notes.examples = node
            .get("examples")
            .map_or(&[][..], Node::items)
            .iter()
            .map(|example| match example.to_json() {
                serde_json::Value::String(text) => text.into(),
                other => other.to_string().into(),
            })
            .collect();
        draft
            .said
            .note(Part::Column(column.name.clone()), notes, node);
    }
}

pub(super) fn sequence_options(node: &Node) -> SequenceOptions {
    let number = |key: &str| node.get(key).and_then(Node::integer);
    SequenceOptions {
        data_type: None,
        start: number("start"),
        increment: number("increment"),
        min_value: number("min"),
        max_value: number("max"),
        cache: number("cache"),
        cycle: node.get("cycle").and_then(Node::boolean) == Some(true),
    }
}

/// A mapping of texts.
pub(super) fn named_texts(node: Option<&Node>) -> crate::model::Parameters {
    let entries = node.map_or(&[][..], Node::entries).iter();
    entries
        .filter_map(|e| Some((e.key.clone(), Box::from(e.value.text()?))))
        .collect()
}

/// A mapping of texts, keys in lower case.
pub(super) fn texts(node: Option<&Node>) -> crate::model::Parameters {
    node.map_or(&[][..], Node::entries)
        .iter()
        .filter_map(|e| {
            Some((
                Box::from(e.key.to_ascii_lowercase()),
                Box::from(e.value.text()?),
            ))
        })
        .collect()
}
