//! `on_update:` of a column: the function and trigger that set it on each update.

use super::draft::Draft;
use super::reader::{Reader, Said};
use crate::diagnostic::{Diagnostic, Span};
use crate::dialect::cut_identifier;
use crate::expr::expression;
use crate::model::{
    DataType, Expr, Facets, Ident, Object, QualifiedName, Returns, Routine, RoutineBody, Trigger,
};
use crate::source::Statement;

/// A statement of our own making, where the reason for it stands, and what is said about it.
pub(super) type Made = (Statement, Span, Said);

impl<'a> Reader<'a> {
    /// Adds the triggers to the table; the functions that they need are returned.
    pub(super) fn set_on_update(&mut self, draft: &mut Draft<'a>) -> Vec<Made> {
        let mut functions = Vec::new();
        for (column, set, span) in std::mem::take(&mut draft.on_update) {
            let table = draft.table.name.name.as_str();
            let name = cut_identifier(self.dialect(), &format!("{table}_set_{column}"));
            let mut trigger = Trigger {
                name: Ident::from(name),
                timing: "BEFORE".into(),
                events: vec!["UPDATE".into()],
                for_each_row: true,
                ..Trigger::default()
            };
            if self.has_schemas() {
                trigger.function = QualifiedName {
                    schema: draft.table.name.schema.clone(),
                    name: Ident::from(cut_identifier(self.dialect(), &format!("set_{column}"))),
                };
                functions.extend(self.setter(&trigger.function, &column, &set, span, draft));
            } else if !self.sqlite_setter(&mut trigger, draft, &column, &set, span) {
                continue;
            }
            draft.triggers.push((trigger, Said::default(), span));
        }
        functions
    }

    /// `set_updated_at()`, once for each schema and column name.
    fn setter(
        &mut self,
        name: &QualifiedName,
        column: &Ident,
        set: &Expr,
        span: Span,
        draft: &Draft<'a>,
    ) -> Option<Made> {
        let full = self.resolved(name, &draft.document);
        if self.own_functions.contains(&full) {
            return None;
        }
        if let Some((first, first_span)) = self.made_functions.get(&full) {
            if first != set {
                let (first, first_span) = (first.text().to_owned(), *first_span);
                self.report(
                    Diagnostic::error(
                        "parse/yaml-value",
                        format!("`{name}()` would set both `{first}` and `{}`", set.text()),
                    )
                    .at(span, "one function serves all columns of this name")
                    .and_at(first_span, "the other expression")
                    .help("use the same expression, or write a trigger under `triggers:`"),
                );
            }
            return None;
        }
        self.made_functions.insert(full, (set.clone(), span));
        let quoted = self.dialect().quote(column).into_owned();
        let body = format!(
            "\nBEGIN\n    NEW.{quoted} := {};\n    RETURN NEW;\nEND;\n",
            set.text()
        );
        let mut routine = Routine {
            name: name.clone(),
            returns: Some(Returns::Type(DataType::builtin("trigger"))),
            language: Ident::new("plpgsql"),
            body: RoutineBody::Source(body.into()),
            facets: Facets {
                comment: Some(format!("Sets {column} to {} on each update", set.text()).into()),
                ..Facets::default()
            },
            ..Routine::default()
        };
        if is_of_the_server(set) {
            // Nothing is looked up outside of pg_catalog, so nothing can be put in its way.
            routine.settings.insert("search_path".into(), "''".into());
        }
        let statement = Statement::Create {
            object: Object::Routine(Box::new(routine)),
            or_replace: false,
            // A SQL file may declare the function itself.
            if_not_exists: true,
            like: Vec::new(),
        };
        Some((statement, span, Said::default()))
    }

    /// SQLite has no NEW to assign to: the trigger updates the row once more.
    fn sqlite_setter(
        &mut self,
        trigger: &mut Trigger,
        draft: &Draft<'a>,
        column: &Ident,
        set: &Expr,
        span: Span,
    ) -> bool {
        if set.key() == "now()" {
            self.error(
                "SQLite has no now()",
                span,
                "write `datetime('now')` or `current_timestamp`",
            );
            return false;
        }
        let quote = |name: &str| self.dialect().quote(name).into_owned();
        let keys: Vec<Ident> = draft.table.primary_key_columns().to_vec();
        let key: Vec<String> = if draft.table.without_rowid {
            keys.iter()
                .map(|k| format!("{0} = NEW.{0}", quote(k)))
                .collect()
        } else {
            vec!["rowid = NEW.rowid".to_owned()]
        };
        let (table, column) = (quote(&draft.table.name.name), quote(column));
        trigger.timing = "AFTER".into();
        // An update that sets the column itself is left alone, which also ends the recursion.
        let when = format!("NEW.{column} IS OLD.{column}");
        trigger.when = Some(expression(&when, self.dialect()));
        let body = format!(
            "BEGIN\n    UPDATE {table} SET {column} = {} WHERE {};\nEND",
            set.text(),
            key.join(" AND ")
        );
        trigger.body = Some(expression(&body, self.dialect()));
        true
    }
}

/// Whether an expression is one of the server's own clocks.
fn is_of_the_server(set: &Expr) -> bool {
    matches!(
        set.key(),
        "now()"
            | "clock_timestamp()"
            | "statement_timestamp()"
            | "transaction_timestamp()"
            | "current_timestamp"
            | "current_date"
            | "localtimestamp"
    )
}
