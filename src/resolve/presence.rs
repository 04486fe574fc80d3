//! What a statement of a migration uses is there by then.
//!
//! Invariant: only what the migration or its catalog declares is missed; what extensions, platforms and
//! kept statements make is not known, and nothing is said of it.

use super::fold::Fold;
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::expr::{ReferenceKind, references_of_query};
use crate::model::{DataType, Object, QualifiedName, Returns};
use crate::source::{AlterAction, ColumnAction, Declaration, Statement};

impl Fold {
    /// The relation, type or function that a statement uses too early, or too late.
    pub(super) fn missing_use(&self, declaration: &Declaration) -> Option<Diagnostic> {
        if !declaration.in_order || self.dialect() != Dialect::Postgres {
            return None;
        }
        match &declaration.statement {
            Statement::Create { object, .. } => self.missing_of_object(object),
            Statement::Alter { actions, .. } => actions.iter().find_map(|action| {
                self.missing_type(match action {
                    AlterAction::AddColumn { column, .. } => &column.data_type,
                    AlterAction::Column {
                        action: ColumnAction::Type { data_type, .. },
                        ..
                    } => data_type,
                    _ => return None,
                })
            }),
            _ => None,
        }
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
                types.find_map(|data_type| self.missing_type(data_type))
            }
            Object::Trigger(_, trigger) => {
                let name = self.names.routine(&trigger.function, &self.now.path)?;
                let mut routines = self.catalog.routines.keys();
                let there = routines.any(|(known, _)| *known == name);
                (!there).then(|| self.not_yet("function", &name))
            }
            _ => None,
        }
    }

    fn missing_read(&self, name: &QualifiedName) -> Option<Diagnostic> {
        let full = self.relation_name(name);
        let declared = self.names.relations.contains(&full);
        let there = self.relations.contains_key(&full) || self.catalog.relation(&full).is_some();
        (declared && !there && !self.is_mentioned(&full.name))
            .then(|| self.not_yet("relation", &full))
    }

    fn missing_type(&self, data_type: &DataType) -> Option<Diagnostic> {
        let name = &data_type.name;
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
            || self.relations.contains_key(&full);
        (!there && !self.is_mentioned(&full.name)).then(|| self.not_yet("type", &full))
    }

    fn not_yet(&self, kind: &str, name: &QualifiedName) -> Diagnostic {
        Diagnostic::error(
            "resolve/unknown-object",
            format!("{kind} `{name}` does not exist here"),
        )
        .at(self.now.span, "used here")
        .note("the statements before this one do not make it, or have dropped it")
        .help("move the statement behind the one that makes it")
    }
}
