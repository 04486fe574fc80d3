//! CREATE, DROP, and ALTER of everything but tables.

use super::LockMode as L;
use super::partition::has_index_like;
use super::scene::Scene;
use super::types;
use super::{Effect, Reverse, ScanKind};
use crate::expr::partition_condition;
use crate::model::{
    ConstraintKind, Index, Object, ObjectId, ObjectKind, Policy, QualifiedName, Table,
};
use crate::source::{AlterAction, Target};

pub(super) fn create(scene: &mut Scene<'_>, object: &Object, or_replace: bool, concurrently: bool) {
    match object {
        Object::Table(table) => create_table(scene, table),
        Object::Index(relation, index) => create_index(scene, relation, index, concurrently),
        Object::Trigger(relation, _) => {
            let relation = scene.relation(relation);
            scene.lock_tree(&relation, L::ShareRowExclusive);
        }
        Object::Policy(relation, policy) => create_policy(scene, relation, policy),
        Object::Rule(relation, _) => {
            let relation = scene.relation(relation);
            scene.lock(&relation, L::AccessExclusive);
        }
        Object::Statistics(statistics) => {
            let table = scene.relation(&statistics.table);
            scene.lock(&table, L::ShareUpdateExclusive);
        }
        Object::View(view) if or_replace && !view.materialized => {
            let name = scene.relation(&view.name);
            scene.lock(&name, L::AccessExclusive);
        }
        Object::Routine(routine) if or_replace => replaced_routine(scene, &routine.name),
        Object::Publication(publication) => {
            for table in &publication.tables {
                let name = scene.relation(&table.name);
                scene.lock(&name, L::ShareUpdateExclusive);
            }
        }
        _ => {}
    }
}

fn create_table(scene: &mut Scene<'_>, table: &Table) {
    for constraint in &table.constraints {
        if let ConstraintKind::ForeignKey(fk) = &constraint.kind {
            let target = scene.relation(&fk.target);
            scene.lock_tree(&target, L::ShareRowExclusive);
        }
    }
    for parent in &table.inherits {
        let parent = scene.relation(parent);
        scene.lock(&parent, L::ShareUpdateExclusive);
    }
    if let Some(of) = &table.partition_of {
        let parent = scene.relation(&of.parent);
        scene.lock(&parent, L::AccessExclusive);
        let by = scene.table(&parent).and_then(|t| t.partition_by.as_ref());
        let condition = by.and_then(|by| partition_condition(by, &of.bound, scene.version.dialect));
        super::partition::default_partition(scene, &parent, condition.as_deref());
        if let Some(parent) = scene.table(&parent) {
            for (_, fk) in parent.foreign_keys() {
                scene.lock(&fk.target, L::ShareRowExclusive);
            }
        }
    }
}

fn create_index(
    scene: &mut Scene<'_>,
    relation: &QualifiedName,
    index: &Index,
    concurrently: bool,
) {
    let relation = scene.relation(relation);
    let mode = match concurrently {
        true => L::ShareUpdateExclusive,
        false => L::Share,
    };
    let table = scene.table(&relation);
    let partitioned = table.is_some_and(|t| t.partition_by.is_some());
    // Those of the partitions are parts of it already.
    let is_second = table.is_some_and(|t| t.indexes.iter().any(|i| i.does_the_same(index)));
    let all = match partitioned && !index.only {
        true => scene.tree(&relation),
        false => vec![relation.clone()],
    };
    for name in &all {
        scene.lock(name, mode);
        let part = scene
            .table(name)
            .filter(|_| *name != relation && !is_second);
        if !part.is_some_and(|part| has_index_like(part, index)) {
            scene.scan(name, ScanKind::BuildIndex);
        }
    }
    if index.unique {
        let how = format!("rows of {relation} with the same key make it fail");
        scene.depends_on_rows(&relation, how);
    }
    if concurrently {
        scene.outside_transactions();
        if !index.name.is_empty() {
            let name = scene
                .version
                .dialect
                .quote_name(&relation.sibling(index.name.clone()));
            scene.facts.leftover = Some(format!("DROP INDEX CONCURRENTLY IF EXISTS {name}"));
        }
    }
}

fn create_policy(scene: &mut Scene<'_>, relation: &QualifiedName, policy: &Policy) {
    let relation = scene.relation(relation);
    scene.lock(&relation, L::AccessExclusive);
    if !scene.is_fresh(&relation) {
        let id = ObjectId::member(ObjectKind::Policy, relation, policy.name.clone());
        scene.effect(Effect::ChangesAccess(id));
    }
}

/// What is stored of an immutable function's results is not computed again.
fn replaced_routine(scene: &mut Scene<'_>, name: &QualifiedName) {
    use crate::expr::mentions;
    let dialect = scene.version.dialect;
    let uses = |text: &str| mentions(text, &name.name, dialect);
    let known = scene
        .catalog
        .routines
        .keys()
        .any(|(n, _)| n.name == name.name);
    if !known {
        return;
    }
    let mut stale = Vec::new();
    for table in scene.catalog.tables.values() {
        for index in &table.indexes {
            if index.expressions().any(|e| uses(e.text())) {
                stale.push(format!("index {}", table.name.sibling(index.name.clone())));
            }
        }
        for column in &table.columns {
            let generated = column.generated.as_ref();
            if generated.is_some_and(|g| g.stored && uses(g.expression.text())) {
                stale.push(format!("column {}.{}", table.name, column.name));
            }
        }
        for constraint in &table.constraints {
            if constraint.as_check().is_some_and(|e| uses(e.text())) {
                stale.push(format!("check {} of {}", constraint.name, table.name));
            }
        }
    }
    for what in stale {
        let what = format!("{what} holds what the function said before");
        scene.effect(Effect::StaleDerivedData(what));
    }
}

/// Indexes keep the order that a collation had before.
pub(super) fn refreshed_collation(scene: &mut Scene<'_>, collation: &QualifiedName) {
    let of = |name: Option<&QualifiedName>| name.is_some_and(|n| n.name == collation.name);
    let mut stale = Vec::new();
    for table in scene.catalog.tables.values() {
        for index in &table.indexes {
            let ordered = index.elements.iter().any(|e| {
                let column = e.column.as_ref().and_then(|c| table.column(c));
                of(e.collation.as_ref()) || of(column.and_then(|c| c.collation.as_ref()))
            });
            if ordered {
                stale.push(table.name.sibling(index.name.clone()));
            }
        }
    }
    for index in stale {
        let what = format!("index {index} is ordered as the collation was before: REINDEX it");
        scene.effect(Effect::StaleDerivedData(what));
    }
}

// -- DROP --------------------------------------------------------------------------------------

pub(super) fn drop(scene: &mut Scene<'_>, target: &Target, concurrently: bool, cascade: bool) {
    let name = scene.relation(&target.name);
    match target.kind {
        ObjectKind::Table => drop_table(scene, &name, cascade),
        ObjectKind::Index => drop_index(scene, &target.name, concurrently),
        ObjectKind::View | ObjectKind::MaterializedView => {
            scene.lock(&name, L::AccessExclusive);
            scene.breaks_clients(ObjectId::new(target.kind, name));
        }
        ObjectKind::Trigger | ObjectKind::Rule => scene.lock_tree(&name, L::AccessExclusive),
        ObjectKind::Policy => {
            scene.lock(&name, L::AccessExclusive);
            if let Some(policy) = &target.member {
                let id = ObjectId::member(ObjectKind::Policy, name, policy.clone());
                scene.effect(Effect::ChangesAccess(id));
            }
        }
        ObjectKind::Schema if cascade => drop_schema(scene, target),
        ObjectKind::Sequence => {
            let id = ObjectId::new(ObjectKind::Sequence, name);
            scene.facts.reverse = Reverse::Loses(format!("where {id} stands"));
            scene.breaks_clients(id);
        }
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => {
            scene.breaks_clients(ObjectId::new(target.kind, name));
        }
        ObjectKind::Extension => {
            scene.facts.reverse = Reverse::Impossible("an extension's own data is not kept");
        }
        _ => {}
    }
}

fn drop_schema(scene: &mut Scene<'_>, target: &Target) {
    let tables: Vec<QualifiedName> = scene.catalog.tables.keys().cloned().collect();
    for table in tables {
        if table.schema.as_ref() == Some(&target.name.name) {
            drop_table(scene, &table, true);
        }
    }
}

fn drop_table(scene: &mut Scene<'_>, name: &QualifiedName, cascade: bool) {
    let all = scene.tree(name);
    for relation in &all {
        scene.lock(relation, L::AccessExclusive);
        let Some(table) = scene.table(relation) else {
            if scene.is_assumed(relation) {
                scene.destroy(ObjectId::table(relation));
                scene.breaks_clients(ObjectId::table(relation));
            }
            continue;
        };
        for (_, fk) in table.foreign_keys() {
            scene.lock(&fk.target, L::AccessExclusive);
        }
        if let Some(of) = &table.partition_of {
            scene.lock(&of.parent, L::AccessExclusive);
            super::partition::lock_default(scene, &of.parent);
        }
        if cascade {
            for (other, _) in scene.references_to(relation) {
                scene.lock(&other.name, L::AccessExclusive);
            }
        }
        let holds = table.partition_by.is_none() && table.foreign.is_none();
        if holds {
            scene.destroy(ObjectId::table(relation));
        }
    }
    if scene.table(name).is_some() {
        scene.breaks_clients(ObjectId::table(name));
    }
}

fn drop_index(scene: &mut Scene<'_>, name: &QualifiedName, concurrently: bool) {
    let Some(relation) = scene.relation_behind(name) else {
        return;
    };
    let mode = match concurrently {
        true => L::ShareUpdateExclusive,
        false => L::AccessExclusive,
    };
    let partitioned = scene
        .table(&relation)
        .is_some_and(|t| t.partition_by.is_some());
    match partitioned {
        true => scene.lock_tree(&relation, mode),
        false => scene.lock(&relation, mode),
    }
    if !scene.is_fresh(&relation) {
        scene.effect(Effect::DropsIndex(relation.sibling(name.name.clone())));
    }
    if concurrently {
        scene.outside_transactions();
    }
}

// -- ALTER -------------------------------------------------------------------------------------

pub(super) fn alter(scene: &mut Scene<'_>, target: &Target, actions: &[AlterAction]) {
    let name = scene.relation(&target.name);
    match target.kind {
        ObjectKind::View | ObjectKind::MaterializedView => {
            for action in actions {
                let mode = match action {
                    AlterAction::ClusterOn(_) => L::ShareUpdateExclusive,
                    AlterAction::SetStorage(_) | AlterAction::ResetStorage(_)
                        if target.kind == ObjectKind::MaterializedView =>
                    {
                        L::ShareUpdateExclusive
                    }
                    AlterAction::Column {
                        action: crate::source::ColumnAction::Statistics(_),
                        ..
                    } => L::ShareUpdateExclusive,
                    _ => L::AccessExclusive,
                };
                scene.lock(&name, mode);
                if matches!(action, AlterAction::Rename(_) | AlterAction::SetSchema(_)) {
                    scene.breaks_clients(ObjectId::new(target.kind, name.clone()));
                }
            }
        }
        ObjectKind::Policy => {
            scene.lock(&name, L::AccessExclusive);
            if let Some(policy) = &target.member {
                let id = ObjectId::member(ObjectKind::Policy, name, policy.clone());
                scene.effect(Effect::ChangesAccess(id));
            }
        }
        ObjectKind::Trigger | ObjectKind::Rule => {
            let renames = actions.iter().any(|a| matches!(a, AlterAction::Rename(_)));
            if renames {
                scene.lock_tree(&name, L::AccessExclusive);
            }
        }
        // Parameters, names and partitions of an index lock the index alone.
        ObjectKind::Index => {}
        ObjectKind::Domain => types::alter_domain(scene, target, actions),
        ObjectKind::ShellType | ObjectKind::Enum | ObjectKind::Composite => {
            types::alter_type(scene, target, actions);
        }
        ObjectKind::Publication => {
            for action in actions {
                if let AlterAction::Publication { verb, publication } = action {
                    // SET takes out what it does not name.
                    let old = scene.catalog.publications.get(&target.name.name);
                    let old = old.filter(|_| verb.eq_ignore_ascii_case("set"));
                    let old = old.map(|p| &*p.tables).unwrap_or_default();
                    for table in publication.tables.iter().chain(old) {
                        let name = scene.relation(&table.name);
                        scene.lock(&name, L::ShareUpdateExclusive);
                    }
                }
            }
            let what = format!("publication {} changes", target.name);
            scene.effect(Effect::BreaksReplication(what));
        }
        ObjectKind::Extension => {
            for action in actions {
                if let AlterAction::Version(version) = action {
                    types::updated(scene, &target.name.name, version.as_deref());
                }
            }
        }
        _ => {}
    }
}
