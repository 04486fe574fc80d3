//! ALTER TABLE: the facts of each action.

use super::LockMode as L;
use super::expressions::{is_volatile, proves_not_null};
use super::retype::{Retype, retype};
use super::scene::Scene;
use super::{Effect, ScanKind};
use super::{column, partition};
use crate::dialect::Dialect;
use crate::model::{
    Column, Constraint, ConstraintKind, Ident, Index, ObjectId, QualifiedName, Table,
};
use crate::source::{AlterAction, ColumnAction};

/// The actions of one ALTER TABLE.
pub(super) fn alter(
    scene: &mut Scene<'_>,
    name: &QualifiedName,
    only: bool,
    actions: &[AlterAction],
) {
    let table = scene.relation(name);
    for action in actions {
        act(scene, &table, only, action);
    }
    let dropped = actions.iter().filter_map(|action| match action {
        AlterAction::DropConstraint { name, .. } => Some(name),
        _ => None,
    });
    let dropped: Vec<&Ident> = dropped.collect();
    for action in actions.iter().filter(|_| !dropped.is_empty()) {
        // The server drops first, and has nothing left that proves it.
        if let AlterAction::Column {
            name,
            action: ColumnAction::NotNull(true),
        } = action
        {
            set_not_null(scene, &table, name, &dropped);
        }
    }
    // Rows that are written again are checked and indexed on the way.
    let rewrites = scene.facts.rewrites.clone();
    scene
        .facts
        .scans
        .retain(|s| !rewrites.contains(&s.relation));
}

fn act(scene: &mut Scene<'_>, table: &QualifiedName, only: bool, action: &AlterAction) {
    use AlterAction as A;
    match action {
        A::AddColumn {
            column,
            constraints,
            ..
        } => add_column(scene, table, column, constraints),
        A::DropColumn { name, .. } => column::drop(scene, table, name),
        A::Column { name, action } => alter_column(scene, table, name, action),
        A::AddConstraint(constraint) if only && constraint.has_index() => {
            scene.lock(table, L::AccessExclusive);
        }
        A::AddConstraint(constraint) => add_constraint(scene, table, constraint),
        A::AddConstraintUsingIndex { constraint, index } => {
            scene.lock(table, L::AccessExclusive);
            if constraint.is_primary_key() {
                verify_not_null(scene, table, index);
            }
        }
        A::DropConstraint { name, cascade, .. } => drop_constraint(scene, table, name, *cascade),
        A::ValidateConstraint(name) => super::validate::validate(scene, table, name),
        A::Trigger { .. } => scene.lock(table, L::ShareRowExclusive),
        A::SetStorage(pairs) => {
            let names: Vec<&str> = pairs.iter().map(|(name, _)| &**name).collect();
            scene.lock(table, storage_lock(&names));
        }
        A::ResetStorage(names) => {
            let names: Vec<&str> = names.iter().map(|n| &**n).collect();
            scene.lock(table, storage_lock(&names));
        }
        A::ClusterOn(_) => scene.lock(table, L::ShareUpdateExclusive),
        A::SetLogged(_) | A::SetAccessMethod(_) | A::SetTablespace(_) => {
            scene.lock(table, L::AccessExclusive);
            scene.rewrite(table);
        }
        A::AttachPartition { partition, bound } => {
            partition::attach(scene, table, partition, bound.as_ref());
        }
        A::DetachPartition {
            partition: part, ..
        } => partition::detach(scene, table, part),
        A::Inherit(parent) => {
            let parent = scene.relation(parent);
            scene.lock(table, L::AccessExclusive);
            scene.lock(&parent, L::ShareUpdateExclusive);
        }
        A::NoInherit(_) => scene.lock(table, L::AccessExclusive),
        A::Rename(_) | A::SetSchema(_) => {
            scene.lock(table, L::AccessExclusive);
            scene.breaks_clients(ObjectId::table(table));
        }
        A::RenameColumn { from, .. } => {
            scene.lock_tree(table, L::AccessExclusive);
            scene.breaks_clients(ObjectId::column(table, from));
        }
        A::RowSecurity(_) | A::ForceRowSecurity(_) | A::Owner(_) => {
            scene.lock(table, L::AccessExclusive);
            scene.effect(Effect::ChangesAccess(ObjectId::table(table)));
        }
        A::ReplicaIdentity(_) => {
            scene.lock(table, L::AccessExclusive);
            let what = format!("{table} has another replica identity");
            scene.effect(Effect::BreaksReplication(what));
        }
        A::Nothing => {}
        // Constraints are renamed and altered in all partitions.
        A::RenameConstraint { .. } | A::AlterConstraint { .. } if !only => {
            scene.lock_tree(table, L::AccessExclusive);
        }
        _ => scene.lock(table, L::AccessExclusive),
    }
}

/// Source: `AlterTableGetRelOptionsLockLevel`, and reloptions.c.
fn storage_lock(names: &[&str]) -> L {
    match names.contains(&"user_catalog_table") {
        true => L::AccessExclusive,
        false => L::ShareUpdateExclusive,
    }
}

fn add_column(
    scene: &mut Scene<'_>,
    table: &QualifiedName,
    column: &Column,
    constraints: &[Constraint],
) {
    scene.lock_tree(table, L::AccessExclusive);
    scene.facts.reverse =
        super::Reverse::Loses(format!("what {table}.{} holds by then", column.name));
    let dialect = scene.version.dialect;
    let serial = column.data_type.name.schema.is_none()
        && matches!(
            column.data_type.name.name.as_str(),
            "serial" | "bigserial" | "smallserial" | "serial2" | "serial4" | "serial8"
        );
    let domain = scene.domain(&column.data_type);
    let constrained = scene.is_constrained(&column.data_type);
    let default = column
        .default
        .as_ref()
        .or(domain.and_then(|d| d.default.as_ref()));
    let volatile = default.is_some_and(|d| is_volatile(d.text(), scene.catalog, dialect));
    let generated = column.generated.as_ref().is_some_and(|g| g.stored);
    let filled =
        serial || column.identity.is_some() || column.generated.is_some() || default.is_some();
    let all = scene.tree(table);
    for relation in &all {
        if serial || constrained || volatile || generated || column.identity.is_some() {
            scene.rewrite(relation);
        } else if column.not_null && !filled {
            scene.scan(relation, ScanKind::Verify);
        }
    }
    if column.not_null && !filled && (scene.table(table).is_some() || scene.is_assumed(table)) {
        let how = format!(
            "{table} has to be empty: {} has no value for its rows",
            column.name
        );
        scene.depends_on_rows(table, how);
    }
    let is_null = default.is_none_or(|d| d.text().eq_ignore_ascii_case("null"));
    for constraint in constraints {
        match &constraint.kind {
            // What is null refers to nothing.
            ConstraintKind::ForeignKey(fk) if is_null && !filled => {
                let target = scene.relation(&fk.target);
                scene.lock(&target, L::ShareRowExclusive);
            }
            _ => add_constraint(scene, table, constraint),
        }
    }
}

fn alter_column(scene: &mut Scene<'_>, table: &QualifiedName, name: &Ident, action: &ColumnAction) {
    use ColumnAction as C;
    match action {
        C::Statistics(_) | C::SetOptions(_) | C::ResetOptions(_) => {
            scene.lock_tree(table, L::ShareUpdateExclusive);
        }
        C::Type {
            data_type,
            collation,
            using,
        } => {
            column::retyped(
                scene,
                table,
                name,
                (data_type, collation.as_ref()),
                using.as_ref(),
            );
        }
        C::NotNull(true) => {
            scene.lock_tree(table, L::AccessExclusive);
            set_not_null(scene, table, name, &[]);
        }
        C::NotNullNotValid => scene.lock_tree(table, L::AccessExclusive),
        C::SetExpression(_) => {
            scene.lock_tree(table, L::AccessExclusive);
            let column = scene.table(table).and_then(|t| t.column(name));
            let generated = column.and_then(|c| c.generated.as_ref());
            if generated.is_some_and(|g| !g.stored) {
                return;
            }
            for relation in scene.tree(table) {
                scene.rewrite(&relation);
            }
        }
        C::AddIdentity(_) | C::SetIdentity { .. } | C::DropIdentity { .. } => {
            scene.lock(table, L::AccessExclusive);
        }
        _ => scene.lock_tree(table, L::AccessExclusive),
    }
}

fn set_not_null(scene: &mut Scene<'_>, table: &QualifiedName, column: &Ident, dropped: &[&Ident]) {
    for relation in scene.tree(table) {
        let Some(found) = scene.table(&relation) else {
            scene.scan(&relation, ScanKind::Verify);
            continue;
        };
        let set = found.column(column).is_some_and(|c| c.not_null);
        if !set && !is_proved_in_tree(scene, found, column, dropped) {
            scene.scan(&relation, ScanKind::Verify);
            let how = format!("rows of {relation} where {column} is null make it fail");
            scene.depends_on_rows(&relation, how);
        }
    }
}

/// Whether a valid check of the table or of a parent says so: parents' checks are their children's.
fn is_proved_in_tree(scene: &Scene<'_>, table: &Table, column: &Ident, dropped: &[&Ident]) -> bool {
    let dialect = scene.version.dialect;
    let mut found = vec![table];
    let mut at = 0;
    while at < found.len() {
        let own = found[at]
            .constraints
            .iter()
            .filter(|c| (at == 0 || !c.no_inherit) && !dropped.contains(&&c.name));
        if proves(own, column, dialect) {
            return true;
        }
        let of = found[at].partition_of.iter().map(|of| &of.parent);
        let parents = of.chain(&found[at].inherits);
        let parents: Vec<&Table> = parents.filter_map(|p| scene.table(p)).collect();
        for parent in parents {
            if !found.iter().any(|t| t.name == parent.name) {
                found.push(parent);
            }
        }
        at += 1;
    }
    false
}

fn proves<'c>(
    mut constraints: impl Iterator<Item = &'c Constraint>,
    column: &Ident,
    dialect: Dialect,
) -> bool {
    constraints.any(|c| {
        let check = c.as_check().filter(|_| !c.not_valid);
        check.is_some_and(|e| proves_not_null(e.text(), column, dialect))
    })
}

/// Whether a valid check says that the column is not null.
pub fn is_proved(table: &Table, column: &Ident, dialect: Dialect) -> bool {
    proves(table.constraints.iter(), column, dialect)
}

/// The columns of a primary key's index are NOT NULL, or all rows are looked at.
fn verify_not_null(scene: &mut Scene<'_>, table: &QualifiedName, index: &Ident) {
    let columns = scene
        .table(table)
        .and_then(|t| t.index(index))
        .and_then(Index::plain_columns);
    let columns: Vec<Ident> = columns.into_iter().flatten().cloned().collect();
    for column in &columns {
        set_not_null(scene, table, column, &[]);
    }
}

pub(super) fn add_constraint(
    scene: &mut Scene<'_>,
    table: &QualifiedName,
    constraint: &Constraint,
) {
    match &constraint.kind {
        ConstraintKind::ForeignKey(fk) => {
            let target = scene.relation(&fk.target);
            let mut reads = false;
            let mut mode = L::ShareRowExclusive;
            for relation in scene.tree(table) {
                scene.lock(&relation, L::ShareRowExclusive);
                if partition::has_key(scene.table(&relation), constraint) {
                    // The triggers of the partition's own key go.
                    mode = L::AccessExclusive;
                } else if !constraint.not_valid {
                    scene.scan(&relation, ScanKind::Verify);
                    reads |= scene.has_rows(&relation);
                }
            }
            scene.lock_tree(&target, mode);
            if reads {
                let how = format!("rows of {table} that refer to no row of {target} make it fail");
                scene.depends_on_rows(table, how);
            }
        }
        ConstraintKind::Check { .. } => {
            scene.lock_tree(table, L::AccessExclusive);
            if !constraint.not_valid {
                for relation in scene.tree(table) {
                    scene.scan(&relation, ScanKind::Verify);
                }
                let how = format!("rows of {table} that do not satisfy the check make it fail");
                scene.depends_on_rows(table, how);
            }
        }
        _ => {
            partition::add_key(scene, table, constraint);
            if constraint.is_primary_key() {
                for column in constraint.columns() {
                    set_not_null(scene, table, column, &[]);
                }
            }
            let how = format!("rows of {table} with the same key make it fail");
            scene.depends_on_rows(table, how);
        }
    }
}

fn drop_constraint(scene: &mut Scene<'_>, table: &QualifiedName, name: &Ident, cascade: bool) {
    scene.lock_tree(table, L::AccessExclusive);
    let Some(constraint) = scene.table(table).and_then(|t| t.constraint(name)) else {
        return;
    };
    if let Some(fk) = constraint.as_foreign_key() {
        scene.lock_tree(&fk.target, L::AccessExclusive);
    }
    for (other, reference) in scene.references_to(table).into_iter().filter(|_| cascade) {
        let fk = reference.as_foreign_key();
        if fk.is_some_and(|fk| fk.target_columns == constraint.columns()) {
            scene.lock(&other.name, L::AccessExclusive);
        }
    }
    if constraint.has_index() {
        scene.effect(Effect::DropsIndex(table.sibling(name.clone())));
    }
}

/// Whether the change of a column's type writes its table again.
pub(super) fn retyping(
    scene: &Scene<'_>,
    before: &Column,
    after: &crate::model::DataType,
) -> Retype {
    let domains = (scene.domain(&before.data_type), scene.domain(after));
    if scene.is_constrained(after) {
        return Retype::Rewrite;
    }
    retype(&before.data_type, after, domains)
}
