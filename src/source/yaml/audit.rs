//! `audit:` of a table: a history table, and what writes it.
//!
//! One row for each change: who, when, what, the key of the row, the row before and after as JSON.
//! Columns marked sensitive, hashed or encrypted are left out, so that the history leaks nothing
//! that the table guards. Where the table has row-level security its history has too, without a
//! policy: only its owner reads it until the author says otherwise.

use super::draft::Draft;
use super::names::qualified;
use super::node::Node;
use super::on_update::Made;
use super::reader::{Reader, Said, create};
use crate::diagnostic::Span;
use crate::dialect::{cut_identifier, sqlite_affinity};
use crate::expr::expression;
use crate::model::{
    Column, Constraint, ConstraintKind, DataType, Facets, Ident, Identity, Index, IndexElement,
    Notes, Object, QualifiedName, Returns, Routine, RoutineBody, Table, Trigger,
};
use crate::source::Part;

impl<'a> Reader<'a> {
    pub(super) fn audit_table_name(&self, table: &QualifiedName, audit: &Node) -> Ident {
        match audit.get("table").and_then(Node::text) {
            Some(name) => qualified(name).name,
            None => Ident::from(cut_identifier(
                self.dialect(),
                &format!("{}_audit", table.name),
            )),
        }
    }

    /// The history table and its function; the trigger goes to the table itself.
    pub(super) fn audit(&mut self, draft: &mut Draft<'a>, node: &Node) -> Vec<Made> {
        let Some(entry) = node.entry("audit") else {
            return Vec::new();
        };
        let declared = entry.value.get("made").and_then(Node::boolean) == Some(false);
        if entry.value.is_null() || entry.value.boolean() == Some(false) || declared {
            return Vec::new();
        }
        let span = entry.span();
        let actor = self.expression_of(&entry.value, "actor");
        let excluded = self.excluded_columns(draft, &entry.value);
        let history = QualifiedName {
            schema: draft.table.name.schema.clone(),
            name: self.audit_table_name(&draft.table.name, &entry.value),
        };
        let mut made = vec![self.history_table(draft, &history, span)];
        made.extend(self.history_indexes(&history, span));
        if self.has_schemas() {
            let actor = actor.map_or("session_user".to_owned(), |a| a.text().to_owned());
            made.push(self.recorder(draft, &history, &actor, &excluded, span));
            draft
                .triggers
                .push((self.audit_trigger(draft, &history), Said::default(), span));
        } else {
            let actor = actor.map_or("NULL".to_owned(), |a| a.text().to_owned());
            self.sqlite_triggers(draft, &history, &actor, &excluded, span);
        }
        made
    }

    /// What the author excludes, and what must not leak.
    fn excluded_columns(&mut self, draft: &Draft<'a>, audit: &Node) -> Vec<Ident> {
        let mut excluded = self.names(audit.get("exclude"));
        for column in &excluded {
            if draft.table.column(column).is_none() && !draft.broken {
                let headline = format!("Table `{}` has no column `{column}`", draft.table.name);
                let span = audit.get("exclude").map_or(audit.span, |n| n.span);
                self.error(headline, span, "name columns of the audited table");
            }
        }
        for (part, notes) in &draft.said.notes {
            if let Part::Column(column) = part
                && (notes.sensitive || notes.hashed || notes.encrypted)
                && !excluded.contains(column)
            {
                excluded.push(column.clone());
            }
        }
        excluded
    }

    fn history_table(&self, draft: &Draft<'a>, history: &QualifiedName, span: Span) -> Made {
        let postgres = self.has_schemas();
        let audited = &draft.table.name.name;
        let pick = |pg: &str, lite: &str| DataType::builtin(if postgres { pg } else { lite });
        let column = |name: &str, data_type: DataType, not_null: bool, comment: &str| Column {
            name: Ident::new(name),
            data_type,
            not_null,
            comment: Some(comment.into()),
            ..Column::default()
        };
        let value = |text: &str| Some(expression(text, self.dialect()));
        let json = || pick("jsonb", "TEXT");
        let mut columns = vec![
            column(
                "id",
                pick("bigint", "INTEGER"),
                postgres,
                "Order in which changes were recorded",
            ),
            column(
                "operation",
                pick("text", "TEXT"),
                true,
                "What was done: INSERT, UPDATE or DELETE",
            ),
            column(
                "changed_at",
                pick("timestamp with time zone", "TEXT"),
                true,
                "When: the start of the transaction",
            ),
            column(
                "changed_by",
                pick("text", "TEXT"),
                postgres,
                "Who made the change",
            ),
            column("row_key", json(), true, "The primary key of the row"),
            column("old_row", json(), false, "The row before; null for INSERT"),
            column("new_row", json(), false, "The row after; null for DELETE"),
        ];
        if postgres {
            columns[0].identity = Some(Box::new(Identity {
                always: true,
                ..Identity::default()
            }));
            columns[2].default = value("now()");
        } else {
            columns[2].default = value("current_timestamp");
        }
        let key = ConstraintKind::PrimaryKey {
            columns: vec![Ident::new("id")],
            include: Vec::new(),
            storage: Default::default(),
            tablespace: None,
            without_overlaps: false,
        };
        let operations = ConstraintKind::Check {
            expression: expression(
                "operation IN ('INSERT', 'UPDATE', 'DELETE')",
                self.dialect(),
            ),
        };
        let table = Table {
            name: history.clone(),
            columns,
            constraints: vec![Constraint::new("", key), Constraint::new("", operations)],
            row_security: draft.table.row_security,
            facets: Facets {
                owner: draft.table.facets.owner.clone(),
                comment: Some(format!("History of {audited}: one row for each change").into()),
                ..Facets::default()
            },
            ..Table::default()
        };
        let said = Said {
            parts: vec![(Part::Name, span)],
            notes: vec![(Part::Object, self.history_notes(draft))],
            note_spans: Vec::new(),
        };
        (create(Object::Table(Box::new(table))), span, said)
    }

    /// The history belongs to the group of its table.
    fn history_notes(&self, draft: &Draft<'a>) -> Notes {
        let of_table = draft.said.notes.iter().find(|(p, _)| *p == Part::Object);
        Notes {
            group: of_table.and_then(|(_, n)| n.group.clone()),
            retention: of_table.and_then(|(_, n)| n.retention.clone()),
            ..Notes::default()
        }
    }

    fn history_indexes(&self, history: &QualifiedName, span: Span) -> Vec<Made> {
        let wanted: [(&[&str], &str); 2] = [
            (&["row_key", "changed_at"], "The history of one row"),
            (
                &["changed_at"],
                "What happened in a period, and what is too old to keep",
            ),
        ];
        let index = |(columns, reason): (&[&str], &str)| {
            let name = format!("{}_{}_idx", history.name, columns.join("_"));
            let index = Index {
                name: Ident::from(cut_identifier(self.dialect(), &name)),
                method: Ident::new("btree"),
                elements: columns.iter().map(|c| IndexElement::column(*c)).collect(),
                ..Index::default()
            };
            let notes = Notes {
                reason: Some(reason.into()),
                ..Notes::default()
            };
            let said = Said {
                notes: vec![(Part::Object, notes)],
                ..Said::default()
            };
            let object = Object::Index(history.clone(), Box::new(index));
            (create(object), span, said)
        };
        wanted.into_iter().map(index).collect()
    }

    fn recorder_name(&self, history: &QualifiedName) -> QualifiedName {
        let name = cut_identifier(self.dialect(), &format!("record_{}", history.name));
        history.sibling(name)
    }

    /// The trigger function. It runs with its owner's rights, so that whoever may change the table
    /// need not be able to write (or read) its history.
    fn recorder(
        &self,
        draft: &Draft<'a>,
        history: &QualifiedName,
        actor: &str,
        excluded: &[Ident],
        span: Span,
    ) -> Made {
        let pg = self.dialect();
        let full = pg.quote_name(&self.resolved(history, &draft.document));
        let without = if excluded.is_empty() {
            String::new()
        } else {
            let names: Vec<String> = excluded.iter().map(|c| pg.literal(c)).collect();
            format!(" - ARRAY[{}]", names.join(", "))
        };
        let keys: Vec<String> = draft
            .table
            .primary_key_columns()
            .iter()
            .map(|k| {
                format!(
                    "{0}, coalesce(to_jsonb(OLD), to_jsonb(NEW)) -> {0}",
                    pg.literal(k)
                )
            })
            .collect();
        let body = format!(
            "\nBEGIN\n    \
             INSERT INTO {full} (operation, changed_by, row_key, old_row, new_row)\n    \
             VALUES (\n        \
             TG_OP,\n        \
             ({actor})::text,\n        \
             jsonb_build_object({}),\n        \
             to_jsonb(OLD){without},\n        \
             to_jsonb(NEW){without}\n    \
             );\n    \
             RETURN NULL;\n\
             END;\n",
            keys.join(", "),
        );
        let mut routine = Routine {
            name: self.recorder_name(history),
            returns: Some(Returns::Type(DataType::builtin("trigger"))),
            language: Ident::new("plpgsql"),
            security_definer: true,
            body: RoutineBody::Source(body.into()),
            facets: Facets {
                owner: draft.table.facets.owner.clone(),
                comment: Some(
                    format!(
                        "Records each change of {} in {}",
                        draft.table.name.name, history.name
                    )
                    .into(),
                ),
                ..Facets::default()
            },
            ..Routine::default()
        };
        // With its owner's rights it must not look anything up in schemas that others can write to.
        routine.settings.insert("search_path".into(), "''".into());
        (
            create(Object::Routine(Box::new(routine))),
            span,
            Said::default(),
        )
    }

    fn audit_trigger(&self, draft: &Draft<'a>, history: &QualifiedName) -> Trigger {
        let name = format!("{}_audit", draft.table.name.name);
        Trigger {
            name: Ident::from(cut_identifier(self.dialect(), &name)),
            timing: "AFTER".into(),
            events: vec!["INSERT".into(), "DELETE".into(), "UPDATE".into()],
            for_each_row: true,
            function: self.recorder_name(history),
            ..Trigger::default()
        }
    }

    /// SQLite calls no functions: one trigger for each operation.
    fn sqlite_triggers(
        &mut self,
        draft: &mut Draft<'a>,
        history: &QualifiedName,
        actor: &str,
        excluded: &[Ident],
        span: Span,
    ) {
        for operation in ["INSERT", "UPDATE", "DELETE"] {
            let row = |side: &str, present: bool| {
                if present {
                    self.json_object(draft, side, |c| !excluded.contains(&c.name))
                } else {
                    "NULL".to_owned()
                }
            };
            let keys = draft.table.primary_key_columns().to_vec();
            let side = if operation == "INSERT" { "NEW" } else { "OLD" };
            let key = self.json_object(draft, side, |c| keys.contains(&c.name));
            let body = format!(
                "BEGIN\n    INSERT INTO {} (operation, changed_by, row_key, old_row, new_row)\n    \
                 VALUES ('{operation}', {actor}, {key}, {}, {});\nEND",
                self.dialect().quote(&history.name),
                row("OLD", operation != "INSERT"),
                row("NEW", operation != "DELETE"),
            );
            let trigger = Trigger {
                name: Ident::from(format!(
                    "{}_audit_{}",
                    draft.table.name.name,
                    operation.to_lowercase()
                )),
                timing: "AFTER".into(),
                events: vec![operation.into()],
                for_each_row: true,
                body: Some(expression(&body, self.dialect())),
                ..Trigger::default()
            };
            draft.triggers.push((trigger, Said::default(), span));
        }
    }

    /// A row as a JSON object; blobs, which JSON cannot hold, as hexadecimal text.
    fn json_object(
        &self,
        draft: &Draft<'a>,
        side: &str,
        wanted: impl Fn(&Column) -> bool,
    ) -> String {
        let pairs: Vec<String> = draft
            .table
            .columns
            .iter()
            .filter(|c| wanted(c))
            .map(|c| {
                let value = format!("{side}.{}", self.dialect().quote(&c.name));
                let value = match sqlite_affinity(&c.data_type.name.name) {
                    "BLOB" => format!("hex({value})"),
                    _ => value,
                };
                format!("{}, {value}", self.dialect().literal(&c.name))
            })
            .collect();
        format!("json_object({})", pairs.join(", "))
    }
}
