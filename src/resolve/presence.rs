//! What a statement of a migration uses is there by then.
//!
//! Invariant: only what the migration or its catalog declares is missed; what extensions, platforms and
//! kept statements make is not known, and nothing is said of it.

use super::early::Brought;
use super::fold::Fold;
use super::names::multiranges;
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::expr::{ReferenceKind, references_of_query};
use crate::model::{
    Column, Constraint, DataType, Expr, Ident, Object, ObjectKind, QualifiedName, ReplicaIdentity,
    Returns, RoutineBody,
};
use crate::source::{AlterAction, AttributeChange, ColumnAction, Declaration, Statement, Target};

impl Fold {
    /// The relation, type or function that a statement uses too early, or too late.
    pub(super) fn missing_use(&self, declaration: &Declaration) -> Option<Diagnostic> {
        if !declaration.in_order || self.dialect() != Dialect::Postgres {
            return None;
        }
        self.missing_by(declaration)
            .or_else(|| self.unfit(declaration))
    }

    fn missing_by(&self, declaration: &Declaration) -> Option<Diagnostic> {
        match &declaration.statement {
            Statement::Create {
                object,
                like,
                if_not_exists,
                ..
            } => self
                .missing_around(object, like)
                .or_else(|| self.against_created(object).filter(|_| !if_not_exists))
                .or_else(|| self.missing_of_object(object))
                .or_else(|| self.missing_collation_of(object))
                .or_else(|| self.missing_named(texts_of_object(object), None))
                .or_else(|| self.missing_in_object(object, !declaration.bodies_unread)),
            Statement::Alter {
                target,
                actions,
                only,
                ..
            } => actions.iter().find_map(|action| {
                if let AlterAction::AddConstraint(found) = action
                    && let Some(taken) = self.taken_by_key(&target.name, found, *only)
                {
                    return Some(taken);
                }
                let data_type = match action {
                    AlterAction::AddColumn { column, .. } => Some(&column.data_type),
                    AlterAction::Attribute {
                        change: AttributeChange::Add(_, of, _) | AttributeChange::Alter(_, of, _),
                        ..
                    } => Some(of),
                    AlterAction::Column {
                        action: ColumnAction::Type { data_type, .. },
                        ..
                    } => Some(data_type),
                    _ => None,
                };
                let missing = data_type.and_then(|t| self.missing_type(t));
                missing
                    .or_else(|| self.renamed_shell(target, action))
                    .or_else(|| self.against_type_of_table(&target.name, action))
                    .or_else(|| self.unfit_in_type(&target.name, action))
                    .or_else(|| self.missing_collation_in(action))
                    .or_else(|| self.missing_of_action(&target.name, action, &Brought::by(actions)))
                    .or_else(|| self.against_kin(&target.name, action, *only))
                    .or_else(|| self.against_attached(target, action))
                    .or_else(|| self.unready(&target.name, action, actions))
                    .or_else(|| self.missing_named(texts_of_action(action), None))
            }),
            Statement::Grant { targets, items, .. } => {
                let mut tables = targets.iter().filter(|t| t.kind == ObjectKind::Table);
                let columns: Vec<&Ident> = items.iter().filter_map(|i| i.column.as_ref()).collect();
                tables.find_map(|table| {
                    let mut columns = columns.iter();
                    columns.find_map(|c| self.missing_column(&table.name, c, &Brought::default()))
                })
            }
            Statement::Drop { targets, .. } => self.against_part_dropped(targets),
            // What plans write by themselves, so that numbers go on, says the schema.
            Statement::SetValue(text) if !self.others_bring_relations() => {
                let mut missing = self.missing_in(text).into_iter();
                let missing = missing.find(|name| name.schema.is_some());
                let missing = missing.map(|name| self.not_yet("relation", &name));
                missing.or_else(|| self.unfit_in_query(text))
            }
            _ => None,
        }
    }

    /// The trigger or rule of a table that is switched on or off, the index that it is ordered or identified
    /// by. What a partition has of its parent, and what the server makes for a foreign key, is in no catalog.
    pub(super) fn missing_part(
        &self,
        target: &Target,
        action: &AlterAction,
        in_order: bool,
    ) -> Option<Diagnostic> {
        let full = self.relation_name(&target.name);
        let table = self.catalog.tables.get(&full)?;
        let (kind, name, there) = match action {
            AlterAction::Rule { name, .. } => {
                let there = table.rules.iter().any(|r| r.name == *name);
                ("rule", name, there)
            }
            AlterAction::Trigger {
                name: Some(name), ..
            } if table.partition_of.is_none() && !name.starts_with("RI_") => {
                let there = table.triggers.iter().any(|t| t.name == *name);
                ("trigger", name, there)
            }
            AlterAction::ClusterOn(Some(name))
            | AlterAction::ReplicaIdentity(ReplicaIdentity::Index(name))
                if in_order =>
            {
                let of_key = |c: &Constraint| c.has_index() && c.name == *name;
                let there = table.indexes.iter().any(|i| i.name == *name)
                    || table.constraints.iter().any(of_key);
                ("index", name, there)
            }
            _ => return None,
        };
        if there || self.is_mentioned(name) {
            return None;
        }
        let diagnostic = Diagnostic::error(
            "resolve/unknown-object",
            format!("{kind} `{name}` of `{full}` does not exist"),
        );
        let diagnostic = diagnostic.at(self.now.span, "in this statement");
        Some(diagnostic.help(format!("declare the {kind}, or leave the statement out")))
    }

    fn missing_of_object(&self, object: &Object) -> Option<Diagnostic> {
        match object {
            Object::View(view) if !view.recursive => {
                let references = references_of_query(view.query.text(), self.dialect());
                let mut relations = references
                    .iter()
                    .filter(|r| r.kind == ReferenceKind::Relation);
                relations.find_map(|r| self.missing_read(&r.name))
            }
            Object::Table(table) => {
                let mut columns = table.columns.iter();
                columns.find_map(|c| self.missing_type(&c.data_type))
            }
            Object::Domain(domain) => self.missing_type(&domain.base),
            Object::Composite(composite) => {
                let mut attributes = composite.attributes.iter();
                attributes.find_map(|(_, data_type, _)| self.missing_type(data_type))
            }
            Object::Routine(routine) => {
                let returned = match &routine.returns {
                    Some(Returns::Type(of) | Returns::SetOf(of)) => Some(of),
                    _ => None,
                };
                let arguments = routine.arguments.iter().map(|a| &a.data_type);
                let mut types = arguments.chain(returned);
                let run = *routine.language == *"sql";
                types.find_map(|data_type| {
                    self.missing_type_named(&data_type.name)
                        .or_else(|| self.only_a_shell(&data_type.name).filter(|_| run))
                })
            }
            Object::ShellType(base) => self
                .missing_shell(base)
                .or_else(|| self.missing_support(&base.options)),
            Object::Range(range) => self.missing_support(&range.options),
            Object::Aggregate(aggregate) => self.missing_function_of(aggregate),
            Object::Trigger(_, trigger) => {
                let name = self.names.routine(&trigger.function, &self.now.path)?;
                (!self.has_routine(&name)).then(|| self.not_yet("function", &name))
            }
            _ => None,
        }
    }

    /// A function that an expression calls, a relation that a query within it reads, a sequence that it
    /// names; a body may call its own routine.
    pub(super) fn missing_named(
        &self,
        texts: Vec<&str>,
        own: Option<&QualifiedName>,
    ) -> Option<Diagnostic> {
        texts.into_iter().find_map(|text| {
            let references = references_of_query(text, self.dialect());
            references.iter().find_map(|r| {
                if r.kind == ReferenceKind::Relation {
                    return self.missing_read(&r.name);
                }
                if r.kind == ReferenceKind::Type {
                    return self
                        .missing_type_named(&r.name)
                        .or_else(|| self.only_a_shell(&r.name));
                }
                if r.kind != ReferenceKind::Function {
                    return None;
                }
                let name = self.names.routine(&r.name, &self.now.path)?;
                let itself = own.is_some_and(|own| own.name == name.name);
                let gone = !self.has_routine(&name) && !self.is_mentioned(&name.name) && !itself;
                gone.then(|| self.not_yet("function", &name))
            })
        })
    }

    pub(super) fn has_routine(&self, name: &QualifiedName) -> bool {
        let from = (name.clone(), Box::default());
        let routine = self.catalog.routines.range(from.clone()..).next();
        let aggregate = self.catalog.aggregates.range(from..).next();
        routine.is_some_and(|((found, _), _)| found == name)
            || aggregate.is_some_and(|((found, _), _)| found == name)
    }

    pub(super) fn missing_read(&self, name: &QualifiedName) -> Option<Diagnostic> {
        let full = self.relation_name(name);
        let declared = self.names.relations.contains(&full);
        let there = self.relations.contains_key(&full) || self.catalog.relation(&full).is_some();
        (declared && !there && !self.is_mentioned(&full.name))
            .then(|| self.not_yet("relation", &full))
    }

    fn missing_type(&self, data_type: &DataType) -> Option<Diagnostic> {
        self.missing_type_named(&data_type.name)
            .or_else(|| self.only_a_shell(&data_type.name))
    }

    fn missing_type_named(&self, name: &QualifiedName) -> Option<Diagnostic> {
        if name.schema.is_none() && super::names::is_known_type(&name.name) {
            return None;
        }
        let full = self.names.data_type(name, &self.now.path)?;
        let catalog = &self.catalog;
        let there = catalog.enums.contains_key(&full)
            || catalog.domains.contains_key(&full)
            || catalog.ranges.contains_key(&full)
            || catalog.shell_types.contains_key(&full)
            || catalog.composites.contains_key(&full)
            || catalog.relation(&full).is_some()
            || self.relations.contains_key(&full)
            || multiranges(catalog).any(|name| name == full);
        (!there && !self.is_mentioned(&full.name)).then(|| self.not_yet("type", &full))
    }

    pub(super) fn not_yet(&self, kind: &str, name: &QualifiedName) -> Diagnostic {
        Diagnostic::error(
            "resolve/unknown-object",
            format!("{kind} `{name}` does not exist here"),
        )
        .at(self.now.span, "used here")
        .note("the statements before this one do not make it, or have dropped it")
        .help("move the statement behind the one that makes it")
    }
}

/// The expressions of a new object that the server understands at once.
fn texts_of_object(object: &Object) -> Vec<&str> {
    match object {
        // Its query reads the view itself.
        Object::View(view) if view.recursive => Vec::new(),
        Object::View(view) => vec![view.query.text()],
        Object::Table(table) => {
            let constraints = table.constraints.iter();
            let constrained = constraints.flat_map(Constraint::expressions);
            let columns = table.columns.iter().flat_map(texts_of_column);
            columns.chain(constrained.map(Expr::text)).collect()
        }
        Object::Domain(domain) => {
            let checks = domain.checks.iter().map(|c| &c.expression);
            domain
                .default
                .iter()
                .chain(checks)
                .map(Expr::text)
                .collect()
        }
        Object::Index(_, index) => index.expressions().map(Expr::text).collect(),
        Object::Policy(_, policy) => {
            let both = policy.using.iter().chain(&policy.with_check);
            both.map(Expr::text).collect()
        }
        Object::Trigger(_, trigger) => trigger.when.iter().map(Expr::text).collect(),
        Object::Routine(routine) => {
            let defaults = routine.arguments.iter().filter_map(|a| a.default.as_ref());
            let body = match &routine.body {
                RoutineBody::Standard(body) => Some(body),
                _ => None,
            };
            defaults.chain(body).map(Expr::text).collect()
        }
        _ => Vec::new(),
    }
}

fn texts_of_column(column: &Column) -> Vec<&str> {
    let generated = column.generated.iter().map(|g| &g.expression);
    column
        .default
        .iter()
        .chain(generated)
        .map(Expr::text)
        .collect()
}

fn texts_of_action(action: &AlterAction) -> Vec<&str> {
    match action {
        AlterAction::AddColumn { column, .. } => texts_of_column(column),
        AlterAction::AddConstraint(constraint) => {
            let expressions = constraint.expressions().into_iter();
            expressions.map(Expr::text).collect()
        }
        AlterAction::Column {
            action: ColumnAction::Default(Some(default)),
            ..
        }
        | AlterAction::DomainDefault(Some(default)) => vec![default.text()],
        _ => Vec::new(),
    }
}

/// The relations that an object cannot be created without.
pub(super) fn needed_relations(object: &Object) -> Vec<&QualifiedName> {
    match object {
        Object::Index(relation, _)
        | Object::Trigger(relation, _)
        | Object::Policy(relation, _)
        | Object::Rule(relation, _) => vec![relation],
        Object::Table(table) => {
            let mut needed: Vec<&QualifiedName> = table.inherits.iter().collect();
            needed.extend(table.partition_of.as_ref().map(|p| &p.parent));
            needed.extend(table.of_type.as_ref());
            needed
        }
        Object::Statistics(statistics) => vec![&statistics.table],
        _ => Vec::new(),
    }
}
