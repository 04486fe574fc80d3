//! ALTER TYPE and ALTER DOMAIN.

use super::fold::Fold;
use crate::model::{ConstraintKind, DomainCheck, Ident, ObjectId, QualifiedName};
use crate::source::AlterAction;

impl Fold {
    pub(super) fn alter_enum(&mut self, name: &QualifiedName, action: AlterAction) {
        let position = |values: &[Box<str>], value: &str| values.iter().position(|v| **v == *value);
        if let AlterAction::RenameValue { from, to } = &action
            && let Some(found) = self.catalog.enums.get(name)
            && position(&found.values, from).is_some()
            && position(&found.values, to).is_none()
        {
            self.respell_value(name, from, to);
        }
        let Some(found) = self.catalog.enums.get_mut(name) else {
            return;
        };
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
            AlterAction::DropConstraint {
                name: check,
                if_exists,
                ..
            } => {
                let before = domain.checks.len();
                domain.checks.retain(|c| c.name != check);
                if domain.checks.len() == before && !if_exists {
                    self.refuse_unknown_check(name, &check);
                }
            }
            AlterAction::ValidateConstraint(check) => {
                match domain.checks.iter_mut().find(|c| c.name == check) {
                    Some(found) => found.not_valid = false,
                    None => self.refuse_unknown_check(name, &check),
                }
            }
            AlterAction::RenameConstraint { from, to } => {
                if domain.checks.iter().any(|c| c.name == to) {
                    return self.refuse_taken("constraint", name, &to);
                }
                match domain.checks.iter_mut().find(|c| c.name == from) {
                    Some(found) => found.name = to,
                    None => self.refuse_unknown_check(name, &from),
                }
            }
            _ => self.unsupported("a domain"),
        }
    }

    fn refuse_unknown_check(&mut self, domain: &QualifiedName, check: &Ident) {
        let headline = format!("constraint `{check}` of domain `{domain}` does not exist");
        self.refuse("resolve/unknown-object", headline).help =
            Some("declare the constraint, or leave the statement out".to_owned());
    }
}
