//! ALTER TYPE and ALTER DOMAIN.

use super::dependents::{Gone, Rest};
use super::fold::Fold;
use crate::model::{
    Column, CompositeType, ConstraintKind, DomainCheck, Ident, ObjectId, QualifiedName,
};
use crate::source::AlterAction;

impl Fold {
    pub(super) fn alter_enum(&mut self, name: &QualifiedName, action: AlterAction) {
        let Some(found) = self.catalog.enums.get_mut(name) else {
            return;
        };
        let position = |values: &[Box<str>], value: &str| values.iter().position(|v| **v == *value);
        match action {
            AlterAction::AddValue {
                value,
                before,
                after,
                if_not_exists,
            } => {
                if position(&found.values, &value).is_some() {
                    if !if_not_exists {
                        let headline = format!("enum label `{value}` of `{name}` exists already");
                        self.refuse("resolve/duplicate", headline);
                    }
                    return;
                }
                let neighbour = before.as_deref().or(after.as_deref());
                let at = match neighbour {
                    None => Some(found.values.len()),
                    Some(n) => position(&found.values, n).map(|p| p + usize::from(after.is_some())),
                };
                match at {
                    Some(at) => found.values.insert(at, value),
                    None => {
                        let headline =
                            format!("`{}` is no label of `{name}`", neighbour.unwrap_or(""));
                        self.refuse("resolve/unknown-object", headline);
                    }
                }
            }
            AlterAction::RenameValue { to, .. } if position(&found.values, &to).is_some() => {
                self.refuse_taken("enum label", name, &to);
            }
            AlterAction::RenameValue { from, to } => match position(&found.values, &from) {
                Some(at) => found.values[at] = to,
                None => {
                    let headline = format!("`{from}` is no label of `{name}`");
                    self.refuse("resolve/unknown-object", headline);
                }
            },
            _ => self.unsupported("an enum"),
        }
    }

    pub(super) fn alter_domain(&mut self, name: &QualifiedName, action: AlterAction) {
        let default = match &action {
            AlterAction::DomainDefault(Some(default)) => Some(self.resolve_default(default)),
            _ => None,
        };
        let Some(domain) = self.catalog.domains.get_mut(name) else {
            return;
        };
        match action {
            AlterAction::DomainDefault(_) => domain.default = default,
            AlterAction::DomainNotNull(not_null) => domain.not_null = not_null,
            AlterAction::AddConstraint(constraint) => {
                let mut check_name = constraint.name.clone();
                if check_name.is_empty() {
                    let taken = |n: &str| domain.checks.iter().any(|c| c.name == n);
                    check_name = Ident::from(crate::dialect::constraint_name(
                        &name.name,
                        &[],
                        "check",
                        taken,
                    ));
                }
                if domain.checks.iter().any(|c| c.name == check_name) {
                    let id = ObjectId::constraint(name, &check_name);
                    return self.refuse_duplicate(&id);
                }
                if let ConstraintKind::Check { expression } = constraint.kind {
                    domain.checks.push(DomainCheck {
                        name: check_name,
                        expression,
                        not_valid: constraint.not_valid,
                        comment: None,
                    });
                }
            }
            AlterAction::DropConstraint { name: check, .. } => {
                domain.checks.retain(|c| c.name != check)
            }
            AlterAction::ValidateConstraint(check) => {
                for found in domain.checks.iter_mut().filter(|c| c.name == check) {
                    found.not_valid = false;
                }
            }
            AlterAction::RenameConstraint { from, to } => {
                for found in domain.checks.iter_mut().filter(|c| c.name == from) {
                    found.name = to.clone();
                }
            }
            _ => self.unsupported("a domain"),
        }
    }

    pub(super) fn alter_composite(&mut self, name: &QualifiedName, action: AlterAction) {
        let action = match action {
            AlterAction::AddAttribute(attribute, mut data_type, mut collation) => {
                self.resolve_type(&mut data_type, None);
                self.qualify_collation(&mut collation);
                AlterAction::AddAttribute(attribute, data_type, collation)
            }
            AlterAction::AlterAttribute(attribute, mut data_type, mut collation) => {
                self.resolve_type(&mut data_type, None);
                self.qualify_collation(&mut collation);
                AlterAction::AlterAttribute(attribute, data_type, collation)
            }
            other => other,
        };
        if self.refuse_attribute(name, &action) {
            return;
        }
        self.change_typed_tables(name, &action);
        let Some(composite) = self.catalog.composites.get_mut(name) else {
            return;
        };
        if !change_attributes(composite, action) {
            self.unsupported("a composite type");
        }
    }

    /// The tables of a type follow it, with CASCADE (`ATTypedTableRecursion` in tablecmds.c).
    fn change_typed_tables(&mut self, name: &QualifiedName, action: &AlterAction) {
        let typed = self.catalog.tables.values();
        let typed = typed.filter(|t| t.of_type.as_ref() == Some(name));
        let typed: Vec<QualifiedName> = typed.map(|t| t.name.clone()).collect();
        for table in typed {
            if let AlterAction::DropAttribute { name: column, .. } = action {
                self.take_column(&table, column);
            }
            let Some(table) = self.catalog.tables.get_mut(&table) else {
                continue;
            };
            match action {
                AlterAction::AddAttribute(column, data_type, collation) => {
                    table.columns.push(Column {
                        name: column.clone(),
                        data_type: data_type.clone(),
                        collation: collation.clone(),
                        inherited: true,
                        ..Column::default()
                    });
                }
                AlterAction::AlterAttribute(column, data_type, collation) => {
                    if let Some(column) = table.column_mut(column) {
                        column.data_type = data_type.clone();
                        column.collation = collation.clone();
                    }
                }
                _ => {}
            }
        }
    }

    /// Whether something reads an attribute that goes or changes its type, or stores values of the
    /// type (`find_composite_type_dependencies` in tablecmds.c).
    fn refuse_attribute(&mut self, name: &QualifiedName, action: &AlterAction) -> bool {
        let (attribute, done) = match action {
            AlterAction::DropAttribute { name, .. } => (name, "dropped"),
            AlterAction::AlterAttribute(name, ..) => (name, "retyped"),
            _ => return false,
        };
        let reading = self.rests(&Gone::Column(name.clone(), attribute.clone()));
        let mut rest = reading.first().map(Rest::id);
        if rest.is_none() && done == "retyped" {
            rest = self.column_storing(name);
        }
        let Some(rest) = rest else {
            return false;
        };
        let headline =
            format!("attribute `{attribute}` of `{name}` cannot be {done}, because {rest} uses it");
        let help = format!("drop {rest} before and create it again behind");
        self.refuse("resolve/dependents", headline).help = Some(help);
        true
    }

    /// A column with values of a type: its own, or of an array, a domain or a composite type of it.
    fn column_storing(&self, name: &QualifiedName) -> Option<ObjectId> {
        let mut types = vec![name.clone()];
        let mut at = 0;
        while let Some(of) = types.get(at).cloned() {
            let domains = self.catalog.domains.values();
            let domains = domains.filter(|d| d.base.name == of).map(|d| &d.name);
            let composites = self.catalog.composites.values();
            let composites = composites
                .filter(|c| c.attributes.iter().any(|(_, t, _)| t.name == of))
                .map(|c| &c.name);
            for found in domains.chain(composites) {
                if !types.contains(found) {
                    types.push(found.clone());
                }
            }
            at += 1;
        }
        self.catalog.tables.values().find_map(|table| {
            let mut columns = table.columns.iter();
            let found = columns.find(|c| types.contains(&c.data_type.name))?;
            Some(ObjectId::column(&table.name, &found.name))
        })
    }
}

fn change_attributes(composite: &mut CompositeType, action: AlterAction) -> bool {
    match action {
        AlterAction::AddAttribute(name, data_type, collation) => {
            composite.attributes.push((name, data_type, collation));
        }
        AlterAction::DropAttribute { name, .. } => {
            composite.attributes.retain(|(n, _, _)| *n != name);
            composite.attribute_comments.remove(&name);
        }
        AlterAction::AlterAttribute(name, data_type, collation) => {
            for found in composite
                .attributes
                .iter_mut()
                .filter(|(n, _, _)| *n == name)
            {
                found.1 = data_type.clone();
                found.2 = collation.clone();
            }
        }
        AlterAction::RenameColumn { from, to } => {
            for found in composite
                .attributes
                .iter_mut()
                .filter(|(n, _, _)| *n == from)
            {
                found.0 = to.clone();
            }
        }
        _ => return false,
    }
    true
}
