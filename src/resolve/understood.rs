//! The server understands a text when it is created, and again when a column beneath it gets another
//! type: names, operators and functions have to be there by then.
//!
//! Invariants: as in `presence.rs`; what a schema of files says is looked at when all of it is there.
//!
//! Source: `ATPostAlterTypeCleanup` and `RememberIndexForRebuilding` in src/backend/commands/tablecmds.c,
//! `fmgr_sql_validator` in src/backend/catalog/pg_proc.c.

use super::fold::Fold;
use crate::diagnostic::Diagnostic;
use crate::expr::{Conversion, Reader, UnknownColumn, Wrong, conversion, expression};
use crate::model::{
    Column, ConstraintKind, DataType, Expr, Ident, Object, ObjectId, Pair, QualifiedName, Routine,
    RoutineBody, Rule, Table, Trigger, View,
};
use crate::source::{AlterAction, ColumnAction, SearchPath};

impl Fold {
    /// What the texts of a new object name or use, and nothing has; bodies in strings are looked at where
    /// the server does.
    pub(super) fn missing_in_object(&self, object: &Object, bodies: bool) -> Option<Diagnostic> {
        let found = match object {
            Object::View(view) => self.unknown_in_view(view),
            Object::Trigger(relation, trigger) => self.unknown_in_trigger(relation, trigger),
            Object::Rule(relation, rule) => self.unknown_in_rule(relation, rule),
            Object::Routine(routine) => {
                let mut arguments = routine.arguments.iter();
                let unfit =
                    arguments.find_map(|a| self.unfit_stored(a.default.as_ref()?, &a.data_type));
                return unfit.or_else(|| self.missing_in_routine(routine, bodies));
            }
            Object::Domain(domain) => {
                let checks: Vec<&Expr> = domain.checks.iter().map(|c| &c.expression).collect();
                return self.unfit_in_domain(&domain.base, domain.default.as_ref(), &checks);
            }
            _ => Vec::new(),
        };
        self.first_wrong(found)
    }

    fn first_wrong(&self, found: Vec<UnknownColumn>) -> Option<Diagnostic> {
        found.iter().find_map(|f| self.wrong_name(None, f))
    }

    /// What is wrong with a name, unless a statement that is kept may have made what it stands for.
    pub(super) fn wrong_name(
        &self,
        relation: Option<&QualifiedName>,
        found: &UnknownColumn,
    ) -> Option<Diagnostic> {
        let name = &found.name;
        let last = name.rsplit('.').next().unwrap_or_default();
        match found.what {
            Wrong::Unfit => Some(self.no_operator(name)),
            Wrong::Value if self.is_mentioned(name) => None,
            Wrong::Value => Some(self.no_value(name, found.known.first())),
            _ if self.is_mentioned(last) => None,
            _ => Some(match relation {
                Some(relation) => self.no_column(relation, name),
                None => self.not_yet("column", &QualifiedName::bare(Ident::new(name))),
            }),
        }
    }

    fn no_operator(&self, call: &str) -> Diagnostic {
        let headline = format!("there is no operator or function `{call}` here");
        Diagnostic::error("resolve/unknown-operator", headline)
            .at(self.now.span, "used here")
            .help("write a cast, or move the statement behind the one that changes the types")
    }

    fn no_value(&self, value: &str, of: Option<&String>) -> Diagnostic {
        let of = of.map_or("its type", String::as_str);
        let headline = format!("`{value}` is no value of {of} here");
        Diagnostic::error("resolve/unknown-value", headline)
            .at(self.now.span, "used here")
            .help("write a value of the type, or move the statement behind the one that adds it")
    }

    /// Literals of a value that are none of the type that it is stored as.
    pub(super) fn unfit_literals(&self, text: &Expr, of: &DataType) -> Option<Diagnostic> {
        let reader = Reader::new(&self.catalog);
        let mut found = reader.unknown(|r| r.of_stored(text.text(), of));
        found.retain(|f| f.what == Wrong::Value);
        self.first_wrong(found)
    }

    /// What is wrong with a value that is stored as a type: names in it, and types that do not become it.
    pub(super) fn unfit_stored(&self, text: &Expr, of: &DataType) -> Option<Diagnostic> {
        let text = self.qualify(text);
        let of = self.known_type(of);
        let reader = Reader::new(&self.catalog);
        let found = reader.unknown(|r| r.of_stored(text.text(), &of));
        self.first_wrong(found).or_else(|| {
            let from = reader.type_of(text.text())?;
            // What an argument of any type is says the call.
            if is_any(&of) {
                return None;
            }
            let both = Pair::new(&self.catalog, &self.catalog);
            let found = conversion(both, (&from, &of), self.version);
            let unfit = matches!(found, Conversion::Explicit | Conversion::None);
            unfit.then(|| self.no_cast(&from, &of))
        })
    }

    fn no_cast(&self, from: &DataType, of: &DataType) -> Diagnostic {
        let dialect = self.dialect();
        let (from, of) = (dialect.print_type(from), dialect.print_type(of));
        let headline = format!("a value of {from} is not stored as {of} by itself");
        Diagnostic::error("resolve/unknown-operator", headline)
            .at(self.now.span, "used here")
            .help("write a cast, or a value of the type")
    }

    /// Columns with the full names of their types.
    pub(super) fn known_columns(&self, columns: &[Column]) -> Vec<Column> {
        let known = |c: &Column| Column {
            name: c.name.clone(),
            data_type: self.known_type(&c.data_type),
            ..Column::default()
        };
        columns.iter().map(known).collect()
    }

    /// Values and operators in the check of a table that is not there yet that fit no types.
    pub(super) fn unfit_over(&self, columns: &[Column], text: &Expr) -> Option<Diagnostic> {
        let reader = Reader::new(&self.catalog);
        let found = reader.unknown(|r| r.of_declared(columns, text.text()));
        let unfit = |f: &UnknownColumn| matches!(f.what, Wrong::Unfit | Wrong::Value);
        self.first_wrong(found.into_iter().filter(unfit).collect())
    }

    /// A type by its full name.
    pub(super) fn known_type(&self, of: &DataType) -> DataType {
        let named = self.names.data_type(&of.name, &self.now.path);
        let builtin = of.name.schema.is_none() && super::names::is_known_type(&of.name.name);
        let name = named.filter(|_| !builtin);
        DataType {
            name: name.unwrap_or_else(|| of.name.clone()),
            ..of.clone()
        }
    }

    /// The default and the checks of a domain.
    pub(super) fn unfit_in_domain(
        &self,
        base: &DataType,
        default: Option<&Expr>,
        checks: &[&Expr],
    ) -> Option<Diagnostic> {
        let of = self.known_type(base);
        let reader = Reader::new(&self.catalog);
        let check = |check: &&Expr| {
            let check = self.qualify(check);
            self.first_wrong(reader.unknown(|r| r.of_value(&of, check.text())))
        };
        let default = default.and_then(|default| self.unfit_stored(default, base));
        default.or_else(|| checks.iter().find_map(check))
    }

    /// What a query that is run names or uses, and nothing has.
    pub(super) fn unfit_in_query(&self, text: &str) -> Option<Diagnostic> {
        let reader = Reader::new(&self.catalog);
        self.first_wrong(reader.unknown(|r| r.query(text)))
    }

    /// The same of what ALTER DOMAIN gives it.
    pub(super) fn unfit_in_type(
        &self,
        name: &QualifiedName,
        action: &AlterAction,
    ) -> Option<Diagnostic> {
        let (default, check) = match action {
            AlterAction::DomainDefault(default) => (default.as_ref(), None),
            AlterAction::AddConstraint(found) => (None, Some(found.as_check()?)),
            _ => return None,
        };
        let id = self.locate_type(name)?;
        let domain = self.catalog.domains.get(&id.name)?;
        let checks: Vec<&Expr> = check.into_iter().collect();
        self.unfit_in_domain(&domain.base, default, &checks)
    }

    fn unknown_in_view(&self, view: &View) -> Vec<UnknownColumn> {
        let view = View {
            query: self.qualify_query(&view.query),
            ..view.clone()
        };
        Reader::new(&self.catalog).unknown(|r| r.view(&view))
    }

    fn unknown_in_trigger(
        &self,
        relation: &QualifiedName,
        trigger: &Trigger,
    ) -> Vec<UnknownColumn> {
        let relation = self.relation_name(relation);
        let Some(when) = trigger.when.as_ref().filter(|_| self.is_own(&relation)) else {
            return Vec::new();
        };
        let reader = Reader::new(&self.catalog);
        reader.unknown(|r| r.of_rows(&relation, self.qualify(when).text()))
    }

    fn unknown_in_rule(&self, relation: &QualifiedName, rule: &Rule) -> Vec<UnknownColumn> {
        let relation = self.relation_name(relation);
        if !self.is_own(&relation) {
            return Vec::new();
        }
        let reader = Reader::new(&self.catalog);
        let of_condition = |e: &Expr| {
            let condition = self.qualify(e);
            reader.unknown(|r| r.of_rows(&relation, condition.text()))
        };
        let mut found: Vec<UnknownColumn> = rule.condition.iter().flat_map(of_condition).collect();
        let action = self.qualify(&rule.action);
        found.extend(reader.unknown(|r| r.action(&relation, action.text())));
        found
    }

    /// A relation whose columns are all known.
    fn is_own(&self, relation: &QualifiedName) -> bool {
        self.catalog.relation(relation).is_some() && !self.catalog.is_external(relation)
    }

    fn missing_in_routine(&self, routine: &Routine, bodies: bool) -> Option<Diagnostic> {
        // A body reads the columns of an argument that is a row.
        let mut routine = routine.clone();
        for argument in &mut routine.arguments {
            let of = &mut argument.data_type.name;
            if let Some(found) = self.names.data_type(of, &self.now.path) {
                *of = found;
            }
        }
        let routine = &routine;
        match &routine.body {
            RoutineBody::Standard(body) => {
                let body = self.qualify(body);
                let reader = Reader::new(&self.catalog);
                self.first_wrong(reader.unknown(|r| r.body(routine, body.text())))
                    .or_else(|| self.unfit_result(routine, body.text()))
            }
            RoutineBody::Source(body) if bodies && is_analysed(routine) => {
                let found = self.qualified_under(body, &self.path_of(routine));
                let body = found.as_deref().unwrap_or(body);
                let missing = self.missing_named(vec![body], Some(&routine.name));
                missing.or_else(|| {
                    let reader = Reader::new(&self.catalog);
                    self.first_wrong(reader.commands_of_source(routine, body))
                        .or_else(|| self.unfit_result(routine, body))
                })
            }
            _ => None,
        }
    }

    /// The schemas that the names in a body are looked up in.
    fn path_of(&self, routine: &Routine) -> SearchPath {
        let Some(said) = routine.settings.get("search_path") else {
            return self.now.path.clone();
        };
        let named = said.split(',').map(|s| s.trim().trim_matches(['\'', '"']));
        let ours = named.filter(|s| !s.is_empty() && !s.starts_with("pg_"));
        ours.map(Ident::new).collect()
    }

    /// The texts over columns that get another type are made anew of what the server has understood of
    /// them, and not of what their author wrote.
    pub(super) fn keep_understood(&mut self, table: &QualifiedName, columns: &[Ident]) {
        for name in self.with_children(table) {
            let Some(found) = self.catalog.tables.get(&name) else {
                continue;
            };
            let reader = Reader::new(&self.catalog);
            let mut kept = Vec::new();
            for text in texts(&mut found.clone()) {
                let key = reader.understood(&name, text.text());
                let again = key.as_ref().and_then(|key| reader.of_columns(&name, key));
                let concerned = again.is_some_and(|reads| {
                    let of =
                        |column: &Ident| reads.columns.contains(&(name.clone(), column.clone()));
                    columns.iter().any(of)
                });
                kept.push(key.filter(|_| concerned));
            }
            let dialect = self.dialect();
            let Some(found) = self.catalog.tables.get_mut(&name) else {
                continue;
            };
            for (text, key) in texts(found).into_iter().zip(kept) {
                if let Some(key) = key {
                    *text = expression(&key, dialect);
                }
            }
        }
    }

    /// Whether a text over columns that have got another type has no meaning any more.
    pub(super) fn refuse_misunderstood(&mut self, table: &QualifiedName) -> bool {
        let mut wrong = None;
        for name in self.with_children(table) {
            let Some(found) = self
                .catalog
                .tables
                .get(&name)
                .filter(|_| self.is_own(&name))
            else {
                continue;
            };
            let reader = Reader::new(&self.catalog);
            let unfit = texts(&mut found.clone()).into_iter().find_map(|text| {
                let unknown = reader.unknown(|r| r.of_columns(&name, text.text()));
                unknown.into_iter().find(|u| u.what == Wrong::Unfit)
            });
            wrong = wrong.or(unfit.map(|unfit| (name, unfit)));
        }
        let Some((name, unfit)) = wrong else {
            return false;
        };
        let call = &unfit.name;
        let table = ObjectId::table(&name);
        let headline =
            format!("the type cannot be changed: an expression of {table} would need `{call}`");
        let help = "drop the index or check before, and create it again behind";
        self.refuse("resolve/unknown-operator", headline).help = Some(help.to_owned());
        true
    }

    fn with_children(&self, table: &QualifiedName) -> Vec<QualifiedName> {
        let mut tables = self.children(table);
        tables.push(table.clone());
        tables
    }
}

/// The columns that a statement gives another type.
pub(super) fn retyped(actions: &[AlterAction]) -> Vec<Ident> {
    let of = |action: &AlterAction| match action {
        AlterAction::Column {
            name,
            action: ColumnAction::Type { .. },
        } => Some(name.clone()),
        _ => None,
    };
    actions.iter().filter_map(of).collect()
}

/// The texts of a table that the server makes anew with its columns' types.
fn texts(table: &mut Table) -> Vec<&mut Expr> {
    let mut all = Vec::new();
    for constraint in &mut table.constraints {
        match &mut constraint.kind {
            ConstraintKind::Check { expression } => all.push(expression),
            ConstraintKind::Exclusion {
                elements,
                predicate,
                ..
            } => {
                all.extend(
                    elements
                        .iter_mut()
                        .filter_map(|e| e.element.expression.as_mut()),
                );
                all.extend(predicate);
            }
            _ => {}
        }
    }
    for index in &mut table.indexes {
        all.extend(
            index
                .elements
                .iter_mut()
                .filter_map(|e| e.expression.as_mut()),
        );
        all.extend(&mut index.predicate);
    }
    all
}

/// Whether the server reads the commands of a body: not those of arguments of any type.
fn is_analysed(routine: &Routine) -> bool {
    let mut arguments = routine.arguments.iter();
    routine.language == "sql" && !arguments.any(|a| is_any(&a.data_type))
}

fn is_any(of: &DataType) -> bool {
    of.name.name.starts_with("any") || of.name.name == "record"
}
