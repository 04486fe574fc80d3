//! Keys: every expression and query of a resolved catalog in its normal form.
//!
//! The reader of files gives each expression a key of its text alone. Here, where the columns, types and
//! functions are known, PostgreSQL's get the key of what the server would keep (`expr/analysis/`); a text
//! that its grammar does not know keeps the one it has. Linear in the size of the schema: what a view
//! reads is looked up once, and a table's columns are listed only where an expression names some.

use std::cell::OnceCell;

use super::Lexer;
use super::analysis::{Context, World};
use super::builtin::builtins;
use crate::dialect::Dialect;
use crate::model::{
    Catalog, ConstraintKind, DataType, Expr, IndexElement, PartitionBound, QualifiedName, Returns,
    Routine, RoutineBody, Table, View,
};

/// Gives every expression its key; SQLite's keep those of their texts, which the database keeps too.
pub fn normalize(catalog: &mut Catalog, dialect: Dialect) {
    if dialect != Dialect::Postgres {
        return;
    }
    let keys = keys(catalog);
    apply(catalog, keys.into_iter());
    drop_null_defaults(catalog);
    for (name, extension) in &mut catalog.extensions {
        let own = builtins().extensions.get(name.as_str());
        extension.comment = extension
            .comment
            .take()
            .filter(|c| Some(&**c) != own.copied());
    }
}

/// `DEFAULT NULL` is no default, but for a domain, whose own it hides (heap.c,
/// `AddRelationNewConstraints`).
fn drop_null_defaults(catalog: &mut Catalog) {
    let domains = &catalog.domains;
    for column in catalog.tables.values_mut().flat_map(|t| &mut t.columns) {
        let null = column
            .default
            .as_ref()
            .is_some_and(|d| d.key().starts_with("null::"));
        if null && !domains.contains_key(&column.data_type.name) {
            column.default = None;
        }
    }
}

/// What an expression is to its object.
enum Role<'a> {
    /// Stored as a value of the type.
    Value(&'a DataType),
    /// The same, of the columns of its table.
    Generated(&'a DataType),
    Condition,
    Element,
    /// A bound of a partition: of the type of a key, where that is a column.
    Bound(Option<&'a DataType>),
    /// A condition about NEW and OLD.
    Rows,
}

/// Calls `$visit` with every expression of a table, in a fixed order.
macro_rules! expressions_of_table {
    ($table:expr, $iter:ident, [$($m:tt)?], $visit:expr) => {{
        let table = $table;
        for column in table.columns.$iter() {
            for default in column.default.$iter() {
                $visit(Role::Value(&column.data_type), default);
            }
            for generated in column.generated.$iter() {
                $visit(Role::Generated(&column.data_type), & $($m)? generated.expression);
            }
        }
        for constraint in table.constraints.$iter() {
            match & $($m)? constraint.kind {
                ConstraintKind::Check { expression } => $visit(Role::Condition, expression),
                ConstraintKind::Exclusion { elements, predicate, .. } => {
                    for element in elements.$iter() {
                        for expression in element.element.expression.$iter() {
                            $visit(Role::Element, expression);
                        }
                    }
                    for predicate in predicate.$iter() {
                        $visit(Role::Condition, predicate);
                    }
                }
                _ => {}
            }
        }
        for partition in table.partition_by.$iter() {
            for key in partition.keys.$iter() {
                for expression in key.expression.$iter() {
                    $visit(Role::Element, expression);
                }
            }
        }
        for policy in table.policies.$iter() {
            for condition in policy.using.$iter().chain(policy.with_check.$iter()) {
                $visit(Role::Condition, condition);
            }
        }
    }};
}

/// The same for what tables and views share.
macro_rules! expressions_of_members {
    ($relation:expr, $iter:ident, $visit:expr) => {{
        let relation = $relation;
        for index in relation.indexes.$iter() {
            for element in index.elements.$iter() {
                for expression in element.expression.$iter() {
                    $visit(Role::Element, expression);
                }
            }
            for predicate in index.predicate.$iter() {
                $visit(Role::Condition, predicate);
            }
        }
        for trigger in relation.triggers.$iter() {
            for condition in trigger.when.$iter() {
                $visit(Role::Rows, condition);
            }
        }
        for rule in relation.rules.$iter() {
            for condition in rule.condition.$iter() {
                $visit(Role::Rows, condition);
            }
        }
    }};
}

macro_rules! expressions_of_bound {
    ($bound:expr, $iter:ident, $visit:expr) => {
        match $bound {
            PartitionBound::Range { from, to } => {
                for (at, value) in from.$iter().enumerate() {
                    $visit(at, value);
                }
                for (at, value) in to.$iter().enumerate() {
                    $visit(at, value);
                }
            }
            PartitionBound::List(values) => {
                for value in values.$iter() {
                    $visit(0, value);
                }
            }
            PartitionBound::Default | PartitionBound::Hash { .. } => {}
        }
    };
}

fn keys(catalog: &Catalog) -> Vec<Option<String>> {
    let world = World::new(catalog);
    let mut keys = Vec::new();
    for table in catalog.tables.values() {
        let place = Place::new(&world, &table.name);
        let mut visit = |role: Role<'_>, expr: &Expr| keys.push(place.key(&role, expr));
        expressions_of_table!(table, iter, [], visit);
        expressions_of_members!(table, iter, visit);
        if let Some(partition) = &table.partition_of {
            let parent = catalog.tables.get(&partition.parent);
            let bound = |at: usize| Role::Bound(parent.and_then(|p| key_type(p, at)));
            expressions_of_bound!(&partition.bound, iter, |at, expr| visit(bound(at), expr));
        }
    }
    for view in catalog.views.values() {
        let place = Place::new(&world, &view.name);
        let mut visit = |role: Role<'_>, expr: &Expr| keys.push(place.key(&role, expr));
        expressions_of_members!(view, iter, visit);
        for default in view.defaults.values() {
            visit(Role::Element, default);
        }
        keys.push(Some(view_key(&world, view)));
    }
    for domain in catalog.domains.values() {
        let context = Context::domain(&world, &domain.base);
        keys.extend(
            domain
                .default
                .iter()
                .map(|d| context.value(d.text(), &domain.base)),
        );
        keys.extend(
            domain
                .checks
                .iter()
                .map(|c| context.condition(c.expression.text())),
        );
    }
    for routine in catalog.routines.values() {
        routine_keys(&world, routine, &mut keys);
    }
    for statistics in catalog.statistics.values() {
        let place = Place::new(&world, &statistics.table);
        keys.extend(
            statistics
                .elements
                .iter()
                .map(|e| place.key(&Role::Element, e)),
        );
    }
    for publication in catalog.publications.values() {
        for table in &publication.tables {
            let place = Place::new(&world, &table.name);
            keys.extend(table.filter.iter().map(|f| place.key(&Role::Condition, f)));
        }
    }
    keys
}

fn routine_keys(world: &World<'_>, routine: &Routine, keys: &mut Vec<Option<String>>) {
    let context = Context::empty(world);
    for argument in &routine.arguments {
        let default = argument.default.iter();
        keys.extend(default.map(|d| context.value(d.text(), &argument.data_type)));
    }
    if let RoutineBody::Standard(body) = &routine.body {
        keys.push(body_key(
            &Context::arguments(world, routine),
            body.text(),
            routine,
        ));
    }
}

/// `RETURN expression`, and `BEGIN ATOMIC ... END` where all of it are queries: the server prints both anew.
fn body_key(context: &Context<'_, '_>, text: &str, routine: &Routine) -> Option<String> {
    let tokens = Lexer::tokens(text, Dialect::Postgres).ok()?;
    let is = |at: usize, word: &str| {
        tokens
            .get(at)
            .is_some_and(|t| t.text(text).eq_ignore_ascii_case(word))
    };
    if is(0, "return") {
        let expression = &text[tokens[0].end as usize..];
        let key = match &routine.returns {
            Some(Returns::Type(of)) => context.value(expression, of),
            _ => context.expression(expression),
        };
        return Some(format!("return {}", key?));
    }
    let last = tokens.len().checked_sub(1)?;
    if !(is(0, "begin") && is(1, "atomic") && is(last, "end")) {
        return None;
    }
    let mut key = String::from("begin atomic");
    let mut start = tokens[1].end;
    for token in tokens.iter().filter(|t| t.text(text) == ";") {
        let statement = text[start as usize..token.start as usize].trim();
        start = token.end;
        key.push_str(&format!(" {};", context.query(statement, &[])?));
    }
    Some(key)
}

fn apply(catalog: &mut Catalog, mut keys: impl Iterator<Item = Option<String>>) {
    let mut set = |expr: &mut Expr| {
        if let Some(Some(key)) = keys.next() {
            expr.set_key(key);
        }
    };
    for table in catalog.tables.values_mut() {
        expressions_of_table!(&mut *table, iter_mut, [mut], |_: Role<'_>, expr: &mut Expr| set(expr));
        expressions_of_members!(&mut *table, iter_mut, |_: Role<'_>, expr: &mut Expr| set(
            expr
        ));
        if let Some(partition) = &mut table.partition_of {
            expressions_of_bound!(&mut partition.bound, iter_mut, |_, expr: &mut Expr| set(
                expr
            ));
        }
    }
    for view in catalog.views.values_mut() {
        expressions_of_members!(&mut *view, iter_mut, |_: Role<'_>, expr: &mut Expr| set(
            expr
        ));
        view.defaults.values_mut().for_each(&mut set);
        let mut query = Expr::new(view.query.text(), view.query.key());
        set(&mut query);
        view.query.set_key(query.key());
    }
    for domain in catalog.domains.values_mut() {
        domain.default.iter_mut().for_each(&mut set);
        domain
            .checks
            .iter_mut()
            .for_each(|c| set(&mut c.expression));
    }
    for routine in catalog.routines.values_mut() {
        let defaults = routine
            .arguments
            .iter_mut()
            .flat_map(|a| a.default.iter_mut());
        defaults.for_each(&mut set);
        if let RoutineBody::Standard(body) = &mut routine.body {
            set(body);
        }
    }
    for statistics in catalog.statistics.values_mut() {
        statistics.elements.iter_mut().for_each(&mut set);
    }
    for publication in catalog.publications.values_mut() {
        let filters = publication
            .tables
            .iter_mut()
            .flat_map(|t| t.filter.iter_mut());
        filters.for_each(&mut set);
    }
}

/// The names that the expressions of a relation may use, made ready when the first one asks.
struct Place<'w, 'c> {
    world: &'w World<'c>,
    relation: &'w QualifiedName,
    columns: OnceCell<Context<'w, 'c>>,
    rows: OnceCell<Context<'w, 'c>>,
}

impl<'w, 'c> Place<'w, 'c> {
    fn new(world: &'w World<'c>, relation: &'w QualifiedName) -> Self {
        Self {
            world,
            relation,
            columns: OnceCell::new(),
            rows: OnceCell::new(),
        }
    }

    fn columns(&self) -> &Context<'w, 'c> {
        self.columns
            .get_or_init(|| Context::table(self.world, self.relation))
    }

    fn key(&self, role: &Role<'_>, expr: &Expr) -> Option<String> {
        let text = expr.text();
        match role {
            Role::Value(of) => Context::empty(self.world).value(text, of),
            Role::Generated(of) => self.columns().value(text, of),
            Role::Condition => self.columns().condition(text),
            Role::Element => self.columns().expression(text),
            Role::Bound(_) if is_unbounded(text) => Some(text.to_lowercase()),
            Role::Bound(Some(of)) => Context::empty(self.world).bound(text, of),
            Role::Bound(None) => Context::empty(self.world).expression(text),
            Role::Rows => self
                .rows
                .get_or_init(|| Context::rows(self.world, self.relation))
                .condition(text),
        }
    }
}

fn is_unbounded(text: &str) -> bool {
    text.eq_ignore_ascii_case("minvalue") || text.eq_ignore_ascii_case("maxvalue")
}

/// The type of a partition key that is a column.
fn key_type(parent: &Table, at: usize) -> Option<&DataType> {
    let key: &IndexElement = parent.partition_by.as_ref()?.keys.get(at)?;
    Some(&parent.column(key.column.as_ref()?)?.data_type)
}

/// The key of a view with the names of its columns: whether they stand before the query or in it is one.
fn view_key(world: &World<'_>, view: &View) -> String {
    let names: Vec<String> = view.columns.iter().map(ToString::to_string).collect();
    let dialect = Dialect::Postgres;
    let quoted: Vec<_> = names.iter().map(|n| dialect.quote(n)).collect();
    let text = match view.recursive {
        // What the server keeps of CREATE RECURSIVE VIEW (manual, CREATE VIEW).
        true => {
            let (name, columns) = (dialect.quote(&view.name.name), quoted.join(", "));
            let query = view.query.text();
            format!("WITH RECURSIVE {name} ({columns}) AS ({query}) SELECT {columns} FROM {name}")
        }
        false => view.query.text().to_owned(),
    };
    let key = Context::empty(world).query(&text, &names);
    key.unwrap_or_else(|| format!("{} {}", quoted.join(", "), view.query.key()))
}
