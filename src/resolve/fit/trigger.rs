//! Triggers whose words do not go together, or with what they stand on.
//!
//! Source: `CreateTriggerFiringOn` in src/backend/commands/trigger.c.

use super::text::Place;
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::expr::{Lexer, ReferenceKind, references_of_expression};
use crate::model::{
    ArgumentMode, Expr, ObjectKind, QualifiedName, Returns, Routine, RoutineKind, Table, Trigger,
};
use crate::resolve::fold::Fold;

impl Fold {
    pub(super) fn unfit_trigger(
        &self,
        relation: &QualifiedName,
        trigger: &Trigger,
        or_replace: bool,
    ) -> Option<Diagnostic> {
        let (name, kind) = self.relation_kind(relation)?;
        if let Some((why, help)) = words(trigger, kind) {
            return self.cannot(format!("trigger `{}` cannot be: {why}", trigger.name), help);
        }
        self.unfit_replacement(&name, trigger, or_replace)
            .or_else(|| self.unfit_update_of(&name, trigger))
            .or_else(|| self.unfit_function(trigger))
            .or_else(|| {
                let from = trigger.from.as_ref()?;
                let full = self.relation_name(from);
                let there = self.relations.contains_key(&full) || self.is_mentioned(&full.name);
                (!there && full.schema.as_ref().is_some_and(|s| self.names.declares(s)))
                    .then(|| self.no_such_relation(&full))
            })
            .or_else(|| self.unfit_when(&name, trigger, trigger.when.as_ref()?))
    }

    /// The server keeps a constraint trigger beside the constraints of its table.
    fn unfit_replacement(
        &self,
        table: &QualifiedName,
        trigger: &Trigger,
        or_replace: bool,
    ) -> Option<Diagnostic> {
        let found = self.catalog.tables.get(table);
        if trigger.constraint {
            if or_replace {
                return self.cannot(
                    format!("constraint trigger `{}` cannot be replaced", trigger.name),
                    "drop it before, and create it again",
                );
            }
            let taken = found.is_some_and(|t| t.constraint(&trigger.name).is_some());
            return taken.then(|| self.has_constraint(table, &trigger.name));
        }
        let mut others = found.into_iter().flat_map(|t| &t.triggers);
        if or_replace && others.any(|t| t.name == trigger.name && t.constraint) {
            return self.cannot(
                format!("`{}` is a constraint trigger there", trigger.name),
                "drop it before",
            );
        }
        None
    }

    pub(super) fn has_constraint(&self, table: &QualifiedName, name: &str) -> Diagnostic {
        Diagnostic::error(
            "resolve/duplicate",
            format!("`{table}` has a constraint `{name}` already"),
        )
        .at(self.now.span, "in this statement")
        .note("keys, checks and constraint triggers of a table are all its constraints")
        .help("choose another name")
    }

    fn unfit_update_of(&self, relation: &QualifiedName, trigger: &Trigger) -> Option<Diagnostic> {
        let columns = &trigger.update_of;
        for (n, column) in columns.iter().enumerate() {
            if columns[..n].contains(column) {
                return self.cannot(
                    format!("trigger `{}` names column `{column}` twice", trigger.name),
                    "name it once",
                );
            }
            let missing = self.missing_column(relation, column, &Default::default());
            if missing.is_some() {
                return missing;
            }
        }
        None
    }

    /// The function takes nothing and returns a trigger.
    fn unfit_function(&self, trigger: &Trigger) -> Option<Diagnostic> {
        let name = self.names.routine(&trigger.function, &self.now.path)?;
        let from = (name.clone(), Box::default());
        let routines = self.catalog.routines.range(from..);
        let own: Vec<&Routine> = routines
            .take_while(|((found, _), _)| *found == name)
            .map(|(_, routine)| routine)
            .collect();
        if own.is_empty() || self.is_mentioned(&name.name) {
            return None;
        }
        let takes_nothing = |r: &&&Routine| {
            let mut arguments = r.arguments.iter();
            r.kind == RoutineKind::Function
                && !arguments.any(|a| !matches!(a.mode, ArgumentMode::Out | ArgumentMode::Table))
        };
        let Some(found) = own.iter().find(takes_nothing) else {
            return self.cannot(
                format!("there is no function `{name}()` that takes no arguments"),
                "a trigger's function takes its arguments from TG_ARGV",
            );
        };
        let returns = matches!(&found.returns, Some(Returns::Type(t)) if t.name.name == "trigger");
        if returns {
            return None;
        }
        self.cannot(
            format!("function `{name}()` does not return a trigger"),
            "declare it RETURNS trigger",
        )
    }

    fn unfit_when(
        &self,
        relation: &QualifiedName,
        trigger: &Trigger,
        when: &Expr,
    ) -> Option<Diagnostic> {
        let text = when.text();
        let (old, new) = (reads_row(text, "old"), reads_row(text, "new"));
        let has = |event: &str| trigger.events.iter().any(|e| **e == *event);
        let why = if !trigger.for_each_row && (old || new) {
            Some("a trigger for each statement has no rows")
        } else if old && has("INSERT") {
            Some("an INSERT has no OLD row")
        } else if new && has("DELETE") {
            Some("a DELETE has no NEW row")
        } else {
            None
        };
        if let Some(why) = why {
            return self.cannot(
                format!(
                    "the condition of trigger `{}` cannot be: {why}",
                    trigger.name
                ),
                "make a trigger for each event",
            );
        }
        let table = self.catalog.tables.get(relation);
        if let Some(column) = table
            .filter(|_| &*trigger.timing == "BEFORE" && new)
            .and_then(|t| not_made_yet(t, text))
        {
            return self.cannot(
                format!("before a row is stored it has no `{column}` yet"),
                "make it an AFTER trigger, or name what the column is computed from",
            );
        }
        if let Some(column) = table.and_then(|t| ambiguous(t, text)) {
            return self.cannot(
                format!("`{column}` may be the one of OLD or of NEW"),
                "write OLD or NEW before it",
            );
        }
        let place = Place::of("the condition of a trigger");
        let when = self.qualify(when);
        self.unfit_condition(&when, place, |r, t| r.type_of_rows(relation, t))
    }
}

/// What the words of a trigger do not allow.
fn words(trigger: &Trigger, kind: ObjectKind) -> Option<(&'static str, &'static str)> {
    let row = trigger.for_each_row;
    let has = |event: &str| trigger.events.iter().any(|e| **e == *event);
    let instead = &*trigger.timing == "INSTEAD OF";
    let transition = trigger.old_table.is_some() || trigger.new_table.is_some();
    match kind {
        ObjectKind::Table if instead => {
            return Some(("a table has no INSTEAD OF triggers", "use BEFORE or AFTER"));
        }
        ObjectKind::View if row && !instead => {
            return Some((
                "a view has no rows before or after which it could fire",
                "use INSTEAD OF, or FOR EACH STATEMENT",
            ));
        }
        ObjectKind::View if has("TRUNCATE") => {
            return Some(("a view cannot be truncated", "leave TRUNCATE out"));
        }
        ObjectKind::View if transition => {
            return Some(("a view has no transition tables", "leave REFERENCING out"));
        }
        ObjectKind::MaterializedView | ObjectKind::Sequence | ObjectKind::Index => {
            return Some(("only tables and views have triggers", "name a table"));
        }
        _ => {}
    }
    if row && has("TRUNCATE") {
        return Some(("TRUNCATE has no rows", "say FOR EACH STATEMENT"));
    }
    if trigger.constraint && (!row || &*trigger.timing != "AFTER") {
        let help = "say AFTER and FOR EACH ROW";
        return Some(("a constraint trigger fires after each row", help));
    }
    if instead && !row {
        return Some(("INSTEAD OF is for each row", "say FOR EACH ROW"));
    }
    if instead && trigger.when.is_some() {
        return Some(("INSTEAD OF has no condition", "ask in the function"));
    }
    if instead && !trigger.update_of.is_empty() {
        return Some(("INSTEAD OF has no columns", "ask in the function"));
    }
    transition.then(|| transition_words(trigger)).flatten()
}

fn transition_words(trigger: &Trigger) -> Option<(&'static str, &'static str)> {
    let has = |event: &str| trigger.events.iter().any(|e| **e == *event);
    if &*trigger.timing != "AFTER" {
        return Some(("transition tables are there after the command", "say AFTER"));
    }
    if has("TRUNCATE") {
        let help = "leave REFERENCING out";
        return Some(("TRUNCATE has no transition tables", help));
    }
    if trigger.events.len() > 1 {
        let help = "make a trigger for each event";
        return Some(("transition tables are of one event", help));
    }
    if !trigger.update_of.is_empty() {
        let help = "leave the columns out";
        return Some(("transition tables do not go with columns", help));
    }
    if trigger.new_table.is_some() && has("DELETE") {
        return Some(("a DELETE has no NEW TABLE", "leave it out"));
    }
    if trigger.old_table.is_some() && has("INSERT") {
        return Some(("an INSERT has no OLD TABLE", "leave it out"));
    }
    if trigger.old_table.is_some() && trigger.old_table == trigger.new_table {
        let help = "give them two names";
        return Some(("OLD TABLE and NEW TABLE have one name", help));
    }
    None
}

/// Whether a condition reads OLD or NEW, in lower case here.
pub(super) fn reads_row(text: &str, row: &str) -> bool {
    let Ok(tokens) = Lexer::tokens(text, Dialect::Postgres) else {
        return false;
    };
    let word = |n: usize| tokens.get(n).map_or("", |t| t.text(text));
    (0..tokens.len()).any(|n| {
        word(n).eq_ignore_ascii_case(row) && word(n + 1) == "." && (n == 0 || word(n - 1) != ".")
    })
}

/// What of NEW is computed after the BEFORE triggers: generated and system columns, and the whole row where
/// there are any.
fn not_made_yet(table: &Table, text: &str) -> Option<String> {
    const SYSTEM: [&str; 5] = ["ctid", "xmin", "xmax", "cmin", "cmax"];
    let generated = |name: &str| {
        let mut columns = table.columns.iter();
        columns.any(|c| c.generated.is_some() && c.name == name)
    };
    let references = references_of_expression(text, Dialect::Postgres);
    let of_new = |r: &QualifiedName| {
        r.schema
            .as_ref()
            .is_some_and(|s| s.eq_ignore_ascii_case("new"))
    };
    let mut named = references
        .iter()
        .filter(|r| r.kind == ReferenceKind::Column && of_new(&r.name))
        .map(|r| r.name.name.to_string());
    let named = named.find(|name| generated(name) || SYSTEM.contains(&name.as_str()));
    named.or_else(|| {
        let whole = is_whole_row(text) && table.columns.iter().any(|c| c.generated.is_some());
        let generated = table.columns.iter().find(|c| c.generated.is_some());
        generated.filter(|_| whole).map(|c| c.name.to_string())
    })
}

/// `NEW.*`
fn is_whole_row(text: &str) -> bool {
    let Ok(tokens) = Lexer::tokens(text, Dialect::Postgres) else {
        return false;
    };
    let word = |n: usize| tokens.get(n).map_or("", |t| t.text(text));
    (0..tokens.len())
        .any(|n| word(n).eq_ignore_ascii_case("new") && word(n + 1) == "." && word(n + 2) == "*")
}

/// A column that is named without its row.
fn ambiguous(table: &Table, text: &str) -> Option<String> {
    let references = references_of_expression(text, Dialect::Postgres);
    let mut columns = references
        .iter()
        .filter(|r| r.kind == ReferenceKind::Column && r.name.schema.is_none());
    let has = |name: &str| table.columns.iter().any(|c| c.name == name);
    let found = columns.find(|r| {
        let end = r.end as usize;
        let (before, behind) = (&text[..r.start as usize], text[end..].trim_start());
        let field = before.trim_end().ends_with('.') || behind.starts_with(['.', '=']);
        let word = behind.get(..4).unwrap_or_default();
        has(&r.name.name)
            && (!field || behind.starts_with("= "))
            && !word.eq_ignore_ascii_case("from")
    })?;
    Some(found.name.name.to_string())
}
