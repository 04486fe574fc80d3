//! Where the expressions of a catalog stand: which object's they are, and which names they may use.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

use super::analysis::{Context, World};
use super::bodies::{body_key, commands_key, view_key};
use crate::model::{
    Catalog, ConstraintKind, DataType, Expr, Ident, IndexElement, ObjectId, ObjectKind,
    PartitionBound, QualifiedName, Routine, RoutineBody, RoutineKind, Table, View,
};

/// The part of a relation that an expression belongs to.
#[derive(Clone, Copy)]
pub(super) enum Member<'a> {
    Relation,
    Column(&'a Ident),
    Constraint(&'a Ident),
    Index(&'a Ident),
    Policy(&'a Ident),
    Trigger(&'a Ident),
    Rule(&'a Ident),
}

impl Member<'_> {
    pub(super) fn id(self, relation: &QualifiedName, kind: ObjectKind) -> ObjectId {
        let member = |kind, name: &Ident| ObjectId::member(kind, relation.clone(), name.clone());
        match self {
            Self::Relation => ObjectId::new(kind, relation.clone()),
            Self::Column(name) => ObjectId::column(relation, name),
            Self::Constraint(name) => ObjectId::constraint(relation, name),
            Self::Index(name) => ObjectId::index(&relation.sibling(name.clone())),
            Self::Policy(name) => member(ObjectKind::Policy, name),
            Self::Trigger(name) => member(ObjectKind::Trigger, name),
            Self::Rule(name) => member(ObjectKind::Rule, name),
        }
    }
}

/// What an expression is to its object.
pub(super) enum Role<'a> {
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
    /// The same of an SQLite trigger, from BEGIN to END.
    TriggerBody,
    /// Stored as a domain over the type.
    DomainValue(&'a DataType),
    /// A check of a domain over the type.
    DomainCheck(&'a DataType),
    /// What the server parses when the routine is created.
    Body(&'a Routine),
    Query(&'a View),
}

/// Calls `$visit` with every expression of a table, in a fixed order.
macro_rules! expressions_of_table {
    ($table:expr, $iter:ident, [$($m:tt)?], $visit:expr) => {{
        let table = $table;
        for column in table.columns.$iter() {
            for default in column.default.$iter() {
                $visit(Member::Column(&column.name), Role::Value(&column.data_type), default);
            }
            for generated in column.generated.$iter() {
                $visit(Member::Column(&column.name), Role::Generated(&column.data_type), & $($m)? generated.expression);
            }
        }
        for constraint in table.constraints.$iter() {
            match & $($m)? constraint.kind {
                ConstraintKind::Check { expression } => {
                    $visit(Member::Constraint(&constraint.name), Role::Condition, expression)
                }
                ConstraintKind::Exclusion { elements, predicate, .. } => {
                    for element in elements.$iter() {
                        for expression in element.element.expression.$iter() {
                            $visit(Member::Constraint(&constraint.name), Role::Element, expression);
                        }
                    }
                    for predicate in predicate.$iter() {
                        $visit(Member::Constraint(&constraint.name), Role::Condition, predicate);
                    }
                }
                _ => {}
            }
        }
        for partition in table.partition_by.$iter() {
            for key in partition.keys.$iter() {
                for expression in key.expression.$iter() {
                    $visit(Member::Relation, Role::Element, expression);
                }
            }
        }
        for policy in table.policies.$iter() {
            for condition in policy.using.$iter().chain(policy.with_check.$iter()) {
                $visit(Member::Policy(&policy.name), Role::Condition, condition);
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
                    $visit(Member::Index(&index.name), Role::Element, expression);
                }
            }
            for predicate in index.predicate.$iter() {
                $visit(Member::Index(&index.name), Role::Condition, predicate);
            }
        }
        for trigger in relation.triggers.$iter() {
            for condition in trigger.when.$iter() {
                $visit(Member::Trigger(&trigger.name), Role::Rows, condition);
            }
            for body in trigger.body.$iter() {
                $visit(Member::Trigger(&trigger.name), Role::TriggerBody, body);
            }
        }
        for rule in relation.rules.$iter() {
            for condition in rule.condition.$iter() {
                $visit(Member::Rule(&rule.name), Role::Rows, condition);
            }
            $visit(Member::Rule(&rule.name), Role::Commands, & $($m)? rule.action);
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

/// Told of an expression: where it stands, whose it is, what it is to that, its text.
pub(super) type Visit<'v> =
    &'v mut dyn FnMut(&Place<'_, '_>, &dyn Fn() -> ObjectId, &Role<'_>, &str);

/// Visits the expressions of tables.
pub(super) fn of_tables(world: &World<'_>, values: &Values, tables: &[&Table], visit: Visit<'_>) {
    for table in tables {
        let place = Place::new(world, values, &table.name);
        let mut one = |member: Member<'_>, role: Role<'_>, expr: &Expr| {
            let id = || member.id(&table.name, ObjectKind::Table);
            visit(&place, &id, &role, expr.text());
        };
        expressions_of_table!(table, iter, [], one);
        expressions_of_members!(table, iter, [], one);
        if let Some(partition) = &table.partition_of {
            let parent = world.catalog().tables.get(&partition.parent);
            let bound = |at: usize| Role::Bound(parent.and_then(|p| key_type(world, p, at)));
            expressions_of_bound!(&partition.bound, iter, |at, expr| one(
                Member::Relation,
                bound(at),
                expr
            ));
        }
    }
}

/// Visits the expressions of everything but tables.
pub(super) fn others(world: &World<'_>, values: &Values, visit: Visit<'_>) {
    let catalog = world.catalog();
    for view in catalog.views.values() {
        of_view(world, values, view, visit);
    }
    for domain in catalog.domains.values() {
        let place = Place::new(world, values, &domain.name);
        let id = || ObjectId::new(ObjectKind::Domain, domain.name.clone());
        if let Some(default) = &domain.default {
            visit(
                &place,
                &id,
                &Role::DomainValue(&domain.base),
                default.text(),
            );
        }
        for check in &domain.checks {
            let role = Role::DomainCheck(&domain.base);
            visit(&place, &id, &role, check.expression.text());
        }
    }
    for routine in catalog.routines.values() {
        let place = Place::new(world, values, &routine.name);
        let kind = match routine.kind {
            RoutineKind::Procedure => ObjectKind::Procedure,
            RoutineKind::Function => ObjectKind::Function,
        };
        let id = || ObjectId::overload(kind, routine.name.clone(), routine.signature());
        for argument in &routine.arguments {
            if let Some(default) = &argument.default {
                visit(
                    &place,
                    &id,
                    &Role::Value(&argument.data_type),
                    default.text(),
                );
            }
        }
        if let RoutineBody::Standard(body) = &routine.body {
            visit(&place, &id, &Role::Body(routine), body.text());
        }
    }
    for statistics in catalog.statistics.values() {
        let place = Place::new(world, values, &statistics.table);
        let id = || ObjectId::new(ObjectKind::Statistics, statistics.name.clone());
        for element in &statistics.elements {
            visit(&place, &id, &Role::Element, element.text());
        }
    }
    for publication in catalog.publications.values() {
        let name = QualifiedName::bare(publication.name.clone());
        let id = || ObjectId::new(ObjectKind::Publication, name.clone());
        for table in &publication.tables {
            let place = Place::new(world, values, &table.name);
            if let Some(filter) = &table.filter {
                visit(&place, &id, &Role::Condition, filter.text());
            }
        }
    }
}

fn of_view(world: &World<'_>, values: &Values, view: &View, visit: Visit<'_>) {
    let kind = match view.materialized {
        true => ObjectKind::MaterializedView,
        false => ObjectKind::View,
    };
    let place = Place::new(world, values, &view.name);
    let mut one = |member: Member<'_>, role: Role<'_>, expr: &Expr| {
        visit(&place, &|| member.id(&view.name, kind), &role, expr.text());
    };
    expressions_of_members!(view, iter, [], one);
    for default in view.defaults.values() {
        one(Member::Relation, Role::Element, default);
    }
    let id = || ObjectId::new(kind, view.name.clone());
    visit(&place, &id, &Role::Query(view), view.query.text());
}

/// What an expression or query can be changed in.
pub(super) enum Target<'a> {
    Expression(&'a mut Expr),
    View(&'a mut View),
}

/// Every expression, in the order in which [`of_tables`] and [`others`] visit them.
pub(super) fn each_expression(catalog: &mut Catalog, mut set: impl FnMut(Target<'_>)) {
    for table in catalog.tables.values_mut() {
        let mut one = |_: Member<'_>, _: Role<'_>, expr: &mut Expr| set(Target::Expression(expr));
        expressions_of_table!(&mut *table, iter_mut, [mut], one);
        expressions_of_members!(&mut *table, iter_mut, [mut], one);
        if let Some(partition) = &mut table.partition_of {
            expressions_of_bound!(&mut partition.bound, iter_mut, |_, expr: &mut Expr| set(
                Target::Expression(expr)
            ));
        }
    }
    for view in catalog.views.values_mut() {
        let mut one = |_: Member<'_>, _: Role<'_>, expr: &mut Expr| set(Target::Expression(expr));
        expressions_of_members!(&mut *view, iter_mut, [mut], one);
        for default in view.defaults.values_mut() {
            set(Target::Expression(default));
        }
        set(Target::View(view));
    }
    let mut set = |expr: &mut Expr| set(Target::Expression(expr));
    for domain in catalog.domains.values_mut() {
        domain.default.iter_mut().for_each(&mut set);
        let checks = domain.checks.iter_mut();
        checks.for_each(|c| set(&mut c.expression));
    }
    for routine in catalog.routines.values_mut() {
        let arguments = routine.arguments.iter_mut();
        let defaults = arguments.flat_map(|a| a.default.iter_mut());
        defaults.for_each(&mut set);
        if let RoutineBody::Standard(body) = &mut routine.body {
            set(body);
        }
    }
    for statistics in catalog.statistics.values_mut() {
        statistics.elements.iter_mut().for_each(&mut set);
    }
    for publication in catalog.publications.values_mut() {
        let tables = publication.tables.iter_mut();
        tables.flat_map(|t| t.filter.iter_mut()).for_each(&mut set);
    }
}

/// The keys of values that name no column, by type and text.
pub(super) type Values = RefCell<HashMap<DataType, HashMap<String, Option<String>>>>;

/// The names that the expressions of a relation may use, made ready when the first one asks.
pub(super) struct Place<'w, 'c> {
    world: &'w World<'c>,
    values: &'w Values,
    relation: &'w QualifiedName,
    columns: OnceCell<Context<'w, 'c>>,
    rows: OnceCell<Context<'w, 'c>>,
}

impl<'w, 'c> Place<'w, 'c> {
    pub(super) fn new(
        world: &'w World<'c>,
        values: &'w Values,
        relation: &'w QualifiedName,
    ) -> Self {
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
        // What is wrong is said of every column that has it.
        if !self.world.found_unknown() {
            let own = known.entry(of.clone()).or_default();
            own.insert(text.to_owned(), key.clone());
        }
        key
    }

    pub(super) fn key(&self, role: &Role<'_>, text: &str) -> Option<String> {
        let world = self.world;
        match role {
            Role::Value(of) => self.value(text, of),
            Role::Generated(of) => self.columns().value(text, of),
            Role::Condition => self.columns().condition(text),
            Role::Element => self.columns().expression(text),
            Role::Bound(_) if is_unbounded(text) => Some(text.to_lowercase()),
            Role::Bound(Some(of)) => Context::empty(world).bound(text, of),
            Role::Bound(None) => Context::empty(world).expression(text),
            Role::Rows => self.rows().condition(text),
            Role::Commands | Role::TriggerBody => commands_key(self.rows(), text),
            Role::DomainValue(base) => Context::domain(world, base).value(text, base),
            Role::DomainCheck(base) => Context::domain(world, base).condition(text),
            Role::Body(routine) => body_key(&Context::arguments(world, routine), text, routine),
            Role::Query(view) => Some(view_key(world, view)),
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
