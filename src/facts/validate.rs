//! VALIDATE CONSTRAINT: which rows are looked at.
//!
//! Source: `ATExecValidateConstraint` in `src/backend/commands/tablecmds.c`: the children are locked, and
//! each is scanned unless its own constraint is valid.

use super::scene::Scene;
use super::{LockMode, ScanKind};
use crate::model::{Constraint, Ident, QualifiedName};

pub(super) fn validate(scene: &mut Scene<'_>, table: &QualifiedName, name: &Ident) {
    let all = scene.tree(table);
    let how = format!("rows of {table} that do not satisfy {name} make it fail");
    let Some((constraint, inherited)) = found(scene, table, name) else {
        // NOT NULL of a column, from PostgreSQL 18 on.
        for relation in &all {
            scene.lock(relation, LockMode::ShareUpdateExclusive);
            scene.scan(relation, ScanKind::Verify);
        }
        return scene.depends_on_rows(table, how);
    };
    let of_check = constraint.as_check().is_some() && !constraint.no_inherit;
    let not_valid = constraint.not_valid;
    let holds = |scene: &Scene<'_>, relation: &QualifiedName| {
        !not_valid
            || scene
                .catalog
                .holding
                .contains(&(relation.clone(), name.clone()))
    };
    let done = if inherited {
        holds(scene, table)
    } else {
        !not_valid
    };
    if done {
        // Its children are not looked for.
        return scene.lock(table, LockMode::ShareUpdateExclusive);
    }
    for relation in all.iter().filter(|r| of_check || *r == table) {
        scene.lock(relation, LockMode::ShareUpdateExclusive);
        if relation == table || !holds(scene, relation) {
            scene.scan(relation, ScanKind::Verify);
        }
    }
    scene.depends_on_rows(table, how);
}

/// The constraint, and whether it is that of another table.
fn found<'a>(
    scene: &Scene<'a>,
    table: &QualifiedName,
    name: &Ident,
) -> Option<(&'a Constraint, bool)> {
    let catalog = scene.catalog;
    let own = catalog.tables.get(table)?.constraint(name);
    let inherited = || catalog.inherited_checks(table).find(|c| c.name == *name);
    own.map(|c| (c, false))
        .or_else(|| inherited().map(|c| (c, true)))
}
