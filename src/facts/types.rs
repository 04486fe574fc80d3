//! Domains, enums and composite types that stay, and extensions: what of the tables that use them is read
//! or lost.

use super::scene::Scene;
use super::{Effect, LockMode as L, Reverse, ScanKind};
use crate::model::{Ident, ObjectId, ObjectKind, QualifiedName};
use crate::source::{AlterAction, AttributeChange, Target};

pub(super) fn alter_domain(scene: &mut Scene<'_>, target: &Target, actions: &[AlterAction]) {
    let domains = &scene.catalog.domains;
    let path = scene.path;
    let mut names = path
        .iter()
        .map(|s| QualifiedName::new(s.clone(), target.name.name.clone()));
    let name = match target.name.schema {
        Some(_) => Some(target.name.clone()),
        None => names.find(|n| domains.contains_key(n)),
    };
    let Some(name) = name else { return };
    for action in actions {
        let verifies = match action {
            AlterAction::AddConstraint(constraint) => !constraint.not_valid,
            AlterAction::DomainNotNull(set) => *set,
            AlterAction::ValidateConstraint(_) => true,
            _ => false,
        };
        if !verifies {
            continue;
        }
        for table in scene.users_of_type(&name) {
            scene.lock(&table, L::Share);
            scene.scan(&table, ScanKind::Verify);
            let how = format!("values of {name} in {table} that do not satisfy it make it fail");
            scene.depends_on_rows(&table, how);
        }
    }
}

pub(super) fn alter_type(scene: &mut Scene<'_>, target: &Target, actions: &[AlterAction]) {
    for action in actions {
        match action {
            AlterAction::AddValue { .. } => {
                scene.facts.reverse = Reverse::Impossible("a value of an enum cannot be dropped");
            }
            AlterAction::Attribute {
                change: AttributeChange::Drop { name, .. },
                ..
            } => drop_attribute(scene, &target.name, name),
            AlterAction::RenameValue { .. }
            | AlterAction::Rename(_)
            | AlterAction::SetSchema(_) => {
                let id = ObjectId::new(ObjectKind::Enum, target.name.clone());
                scene.effect(Effect::BreaksClients(id));
            }
            _ => {}
        }
    }
}

/// The values of an attribute are in every row that has a value of its type.
fn drop_attribute(scene: &mut Scene<'_>, name: &QualifiedName, attribute: &Ident) {
    let name = scene.relation(name);
    let mut holding = vec![name.clone()];
    let mut at = 0;
    while at < holding.len() {
        for composite in scene.catalog.composites.values() {
            let mut types = composite.attributes.iter().map(|(_, t, _)| &t.name);
            if types.any(|t| *t == holding[at]) && !holding.contains(&composite.name) {
                holding.push(composite.name.clone());
            }
        }
        at += 1;
    }
    let users = holding.iter().flat_map(|t| scene.users_of_type(t));
    let stored = users.filter(|t| !scene.is_fresh(t)).count() > 0;
    if stored || scene.assume {
        scene.destroy(ObjectId::column(&name, attribute));
    }
}

/// An extension goes back only where it comes with a script for that.
pub(super) fn updated(scene: &mut Scene<'_>, name: &Ident, version: Option<&str>) {
    scene.facts.reverse = Reverse::Impossible("extensions are only updated forwards");
    let before = scene.catalog.extensions.get(name);
    let before = before.and_then(|e| e.version.as_deref());
    let (Some(old), Some(new)) = (before, version) else {
        return;
    };
    if !goes_back(old, new) {
        return;
    }
    let text = |text: &str| scene.version.dialect.literal(text);
    let query = format!(
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_extension_update_paths({}) WHERE source = {} AND target = {} \
         AND path IS NOT NULL)",
        text(name),
        text(old),
        text(new)
    );
    scene.facts.note = Some(format!(
        "extension {name} goes back from {old} to {new} only where this is true; elsewhere take the \
         statement out, and it stays at {old}: {query}"
    ));
    scene.facts.precondition = Some(query);
}

/// Whether both are numbers with dots, and the second one is the lower.
fn goes_back(old: &str, new: &str) -> bool {
    let numbers =
        |text: &str| -> Option<Vec<u32>> { text.split('.').map(|n| n.parse().ok()).collect() };
    match (numbers(old), numbers(new)) {
        (Some(old), Some(new)) => new < old,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        assert!(goes_back("1.10", "1.9") && goes_back("2", "1.9"));
        assert!(
            !goes_back("1.9", "1.10") && !goes_back("1.0", "1.0") && !goes_back("1.1dev", "1.0")
        );
    }
}
