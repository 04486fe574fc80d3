//! Keys: every expression and query of a resolved catalog in its normal form.
//!
//! The reader of files gives each expression a key of its text alone. Here, where the columns, types and
//! functions are known, PostgreSQL's get the key of what the server would keep (`expr/analysis/`); a text
//! that its grammar does not know keeps the one it has. Linear in the size of the schema: what a view
//! reads is looked up once, and a table's columns are listed only where an expression names some.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

use super::analysis::{Context, World};
use super::bodies::{body_key, commands_key, view_key};
use super::builtin::builtins;
use crate::dialect::Dialect;
use crate::model::{
    Catalog, ConstraintKind, DataType, Expr, IndexElement, PartitionBound, QualifiedName, Routine,
    RoutineBody, Table,
};
use crate::parallel;

/// Gives every expression its key; SQLite's keep those of their texts, which the database keeps too.
pub fn normalize(catalog: &mut Catalog, dialect: Dialect) {
    if dialect != Dialect::Postgres {
        return;
    }
    let keys = keys(catalog);
    apply(catalog, keys.into_iter());
    drop_null_defaults(catalog);
    super::keys_of_indexes::simplify(catalog);
    for (name, extension) in &mut catalog.extensions {
        let own = builtins().extensions.get(name.as_str());
        extension.comment = extension
            .comment
            .take()
            .filter(|c| Some(&**c) != own.copied());
    }
}

/// The key that an expression has as a value of a type; `None` where the grammar does not know it.
pub fn value_key(catalog: &Catalog, text: &str, of: &DataType) -> Option<String> {
    Context::empty(&World::new(catalog)).value(text, of)
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
    Bound(Option<DataType>),
    /// A condition about NEW and OLD.
    Rows,
    /// What a rule does with NEW and OLD.
    Commands,
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
    ($relation:expr, $iter:ident, [$($m:tt)?], $visit:expr) => {{
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
            $visit(Role::Commands, & $($m)? rule.action);
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

/// Tables whose expressions are looked at by one thread, with one memory of the views they read.
const TABLES_A_PART: usize = 128;

fn keys(catalog: &Catalog) -> Vec<Option<String>> {
    let tables: Vec<&Table> = catalog.tables.values().collect();
    let mut keys: Vec<Option<String>> = Vec::new();
    let of_tables = |tables: &&[&Table]| table_keys(catalog, tables);
    let parts: Vec<&[&Table]> = tables.chunks(TABLES_A_PART).collect();
    keys.extend(parallel::map(&parts, of_tables).into_iter().flatten());
    let (world, values) = (World::new(catalog), Values::default());
    for view in catalog.views.values() {
        let place = Place::new(&world, &values, &view.name);
        let mut visit = |role: Role<'_>, expr: &Expr| keys.push(place.key(&role, expr));
        expressions_of_members!(view, iter, [], visit);
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
        let place = Place::new(&world, &values, &statistics.table);
        keys.extend(
            statistics
                .elements
                .iter()
                .map(|e| place.key(&Role::Element, e)),
        );
    }
    for publication in catalog.publications.values() {
        for table in &publication.tables {
            let place = Place::new(&world, &values, &table.name);
            keys.extend(table.filter.iter().map(|f| place.key(&Role::Condition, f)));
        }
    }
    keys
}

fn table_keys(catalog: &Catalog, tables: &[&Table]) -> Vec<Option<String>> {
    let (world, values) = (World::new(catalog), Values::default());
    let mut keys = Vec::new();
    for table in tables {
        let place = Place::new(&world, &values, &table.name);
        let mut visit = |role: Role<'_>, expr: &Expr| keys.push(place.key(&role, expr));
        expressions_of_table!(table, iter, [], visit);
        expressions_of_members!(table, iter, [], visit);
        if let Some(partition) = &table.partition_of {
            let parent = catalog.tables.get(&partition.parent);
            let bound = |at: usize| Role::Bound(parent.and_then(|p| key_type(&world, p, at)));
            expressions_of_bound!(&partition.bound, iter, |at, expr| visit(bound(at), expr));
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

fn apply(catalog: &mut Catalog, mut keys: impl Iterator<Item = Option<String>>) {
    let mut set = |expr: &mut Expr| {
        if let Some(Some(key)) = keys.next() {
            expr.set_key(key);
        }
    };
    for table in catalog.tables.values_mut() {
        expressions_of_table!(&mut *table, iter_mut, [mut], |_: Role<'_>, expr: &mut Expr| set(expr));
        expressions_of_members!(&mut *table, iter_mut, [mut], |_: Role<'_>, expr: &mut Expr| set(
            expr
        ));
        if let Some(partition) = &mut table.partition_of {
            expressions_of_bound!(&mut partition.bound, iter_mut, |_, expr: &mut Expr| set(
                expr
            ));
        }
    }
    for view in catalog.views.values_mut() {
        expressions_of_members!(&mut *view, iter_mut, [mut], |_: Role<'_>, expr: &mut Expr| set(
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

/// The keys of values that name no column, by type and text.
type Values = RefCell<HashMap<DataType, HashMap<String, Option<String>>>>;

/// The names that the expressions of a relation may use, made ready when the first one asks.
struct Place<'w, 'c> {
    world: &'w World<'c>,
    values: &'w Values,
    relation: &'w QualifiedName,
    columns: OnceCell<Context<'w, 'c>>,
    rows: OnceCell<Context<'w, 'c>>,
}

impl<'w, 'c> Place<'w, 'c> {
    fn new(world: &'w World<'c>, values: &'w Values, relation: &'w QualifiedName) -> Self {
        Self {
            world,
            values,
            relation,
            columns: OnceCell::new(),
            rows: OnceCell::new(),
        }
    }

    fn columns(&self) -> &Context<'w, 'c> {
        self.columns
            .get_or_init(|| Context::table(self.world, self.relation))
    }

    fn rows(&self) -> &Context<'w, 'c> {
        self.rows
            .get_or_init(|| Context::rows(self.world, self.relation))
    }

    /// A default reads no columns, and a schema has few that differ.
    fn value(&self, text: &str, of: &DataType) -> Option<String> {
        let mut known = self.values.borrow_mut();
        if let Some(key) = known.get(of).and_then(|own| own.get(text)) {
            return key.clone();
        }
        let key = Context::empty(self.world).value(text, of);
        let own = known.entry(of.clone()).or_default();
        own.insert(text.to_owned(), key.clone());
        key
    }

    fn key(&self, role: &Role<'_>, expr: &Expr) -> Option<String> {
        let text = expr.text();
        match role {
            Role::Value(of) => self.value(text, of),
            Role::Generated(of) => self.columns().value(text, of),
            Role::Condition => self.columns().condition(text),
            Role::Element => self.columns().expression(text),
            Role::Bound(_) if is_unbounded(text) => Some(text.to_lowercase()),
            Role::Bound(Some(of)) => Context::empty(self.world).bound(text, of),
            Role::Bound(None) => Context::empty(self.world).expression(text),
            Role::Rows => self.rows().condition(text),
            Role::Commands => commands_key(self.rows(), text),
        }
    }
}

fn is_unbounded(text: &str) -> bool {
    text.eq_ignore_ascii_case("minvalue") || text.eq_ignore_ascii_case("maxvalue")
}

/// The type of a partition key.
fn key_type(world: &World<'_>, parent: &Table, at: usize) -> Option<DataType> {
    let key: &IndexElement = parent.partition_by.as_ref()?.keys.get(at)?;
    match (&key.column, &key.expression) {
        (Some(column), _) => Some(parent.column(column)?.data_type.clone()),
        (None, Some(expression)) => Context::table(world, &parent.name).type_of(expression.text()),
        (None, None) => None,
    }
}
