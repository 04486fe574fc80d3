//! Who has to follow a change and does not by itself: bodies that are strings, subscribers, what was
//! computed before.
//!
//! Invariant: what the same text creates or drops somewhere follows, and is not named.

use std::collections::BTreeSet;

use super::Effect;
use super::scene::Scene;
use crate::model::{
    Ident, Object, ObjectId, ObjectKind, Publication, QualifiedName, ReplicaIdentity, Routine,
    RoutineBody, RoutineKind, Table,
};
use crate::source::{AlterAction, ColumnAction, Declaration, Statement, Target};

/// What a text creates and drops, all of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Coming {
    routines: BTreeSet<Ident>,
    dropped_views: BTreeSet<QualifiedName>,
}

impl Coming {
    pub(super) fn of(declarations: &[Declaration]) -> Self {
        let mut coming = Self::default();
        for declaration in declarations {
            match &declaration.statement {
                Statement::Create {
                    object: Object::Routine(routine),
                    ..
                } => {
                    coming.routines.insert(routine.name.name.clone());
                }
                Statement::Drop { targets, .. } => {
                    for target in targets {
                        coming.drops(target);
                    }
                }
                _ => {}
            }
        }
        coming
    }

    fn drops(&mut self, target: &Target) {
        match target.kind {
            ObjectKind::Function | ObjectKind::Procedure => {
                self.routines.insert(target.name.name.clone());
            }
            ObjectKind::MaterializedView => {
                self.dropped_views.insert(target.name.clone());
            }
            _ => {}
        }
    }
}

pub(super) fn follow(scene: &mut Scene<'_>, statement: &Statement, coming: &Coming) {
    match statement {
        Statement::Create {
            object: Object::View(view),
            ..
        } if view.materialized && !view.no_data => {
            let bare = QualifiedName::bare(view.name.name.clone());
            let again = |name| coming.dropped_views.contains(name);
            if again(&view.name) || again(&bare) {
                scene.effect(Effect::Recomputes(scene.relation(&view.name)));
            }
        }
        Statement::Alter {
            target, actions, ..
        } => {
            for action in actions {
                altered(scene, target, action, coming);
            }
            if target.kind == ObjectKind::Table {
                let table = scene.relation(&target.name);
                subscribers(scene, &table, actions);
                identity(scene, &table, actions);
            }
        }
        Statement::Drop { targets, .. } => {
            for target in targets.iter().filter(|t| is_named(t.kind)) {
                untracked(scene, target.kind, &target.name, None, coming);
            }
        }
        _ => {}
    }
}

/// Whether bodies name objects of the kind.
fn is_named(kind: ObjectKind) -> bool {
    use ObjectKind as K;
    kind.is_type()
        || matches!(
            kind,
            K::Table | K::View | K::MaterializedView | K::Sequence | K::Function | K::Procedure
        )
}

fn altered(scene: &mut Scene<'_>, target: &Target, action: &AlterAction, coming: &Coming) {
    let column = match action {
        AlterAction::Rename(_) | AlterAction::SetSchema(_) if is_named(target.kind) => None,
        AlterAction::RenameColumn { from, .. } => Some(from),
        AlterAction::DropColumn { name, .. } => Some(name),
        _ => return,
    };
    untracked(scene, target.kind, &target.name, column, coming);
}

/// Bodies that are strings keep the old name. Those that build statements of strings are read as well.
fn untracked(
    scene: &mut Scene<'_>,
    kind: ObjectKind,
    name: &QualifiedName,
    column: Option<&Ident>,
    coming: &Coming,
) {
    let full = scene.relation(name);
    if scene.is_fresh(&full) {
        return;
    }
    let reads = |routine: &&Routine| match &routine.body {
        RoutineBody::Source(text) => {
            let itself = kind == routine_kind(routine) && routine.name.name == name.name;
            !itself
                && !coming.routines.contains(&routine.name.name)
                && has_word(text, &name.name)
                && column.is_none_or(|column| has_word(text, column))
        }
        _ => false,
    };
    let found: Vec<QualifiedName> = scene
        .catalog
        .routines
        .values()
        .filter(reads)
        .map(|r| r.name.clone())
        .collect();
    let what = match column {
        Some(column) => ObjectId::column(&full, column),
        None => ObjectId::new(kind, full),
    };
    for routine in found {
        let clause =
            format!("the body of {routine} is a string that names {what}, and does not follow");
        scene.effect(Effect::Untracked(clause));
    }
}

fn routine_kind(routine: &Routine) -> ObjectKind {
    match routine.kind {
        RoutineKind::Procedure => ObjectKind::Procedure,
        RoutineKind::Function => ObjectKind::Function,
    }
}

/// Whether a text has a name as a word of its own, in strings as well.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let mut words = text.split(|c| !is_part(c));
    words.any(|w| w.eq_ignore_ascii_case(word))
}

// -- subscribers -------------------------------------------------------------------------------

fn publishes(publication: &Publication, table: &QualifiedName) -> bool {
    publication.all_tables
        || publication.tables.iter().any(|t| t.name == *table)
        || table
            .schema
            .as_ref()
            .is_some_and(|s| publication.schemas.contains(s))
}

/// Publications send rows, and no statements.
fn subscribers(scene: &mut Scene<'_>, table: &QualifiedName, actions: &[AlterAction]) {
    let changes = actions.iter().any(|action| {
        matches!(
            action,
            AlterAction::AddColumn { .. }
                | AlterAction::DropColumn { .. }
                | AlterAction::RenameColumn { .. }
                | AlterAction::Rename(_)
                | AlterAction::SetSchema(_)
                | AlterAction::Column {
                    action: ColumnAction::Type { .. },
                    ..
                }
        )
    });
    if !changes || scene.is_fresh(table) {
        return;
    }
    let all = scene.catalog.publications.values();
    let names: Vec<Ident> = all
        .filter(|p| publishes(p, table))
        .map(|p| p.name.clone())
        .collect();
    for name in names {
        let clause = format!(
            "publication {name} sends rows of {table}, and not this change: its subscribers need it too"
        );
        scene.effect(Effect::BreaksReplication(clause));
    }
}

/// A published table needs something that tells its rows apart.
fn identity(scene: &mut Scene<'_>, table: &QualifiedName, actions: &[AlterAction]) {
    let Some(found) = scene.table(table) else {
        return;
    };
    let comes = |action: &AlterAction| match action {
        AlterAction::AddConstraint(c) => c.is_primary_key(),
        AlterAction::AddConstraintUsingIndex { constraint, .. } => constraint.is_primary_key(),
        _ => false,
    };
    let goes = |action: &AlterAction| match action {
        AlterAction::DropConstraint { name, .. } => is_identity(found, name),
        _ => false,
    };
    let lost = actions.iter().any(goes) && !actions.iter().any(comes);
    let published = scene
        .catalog
        .publications
        .values()
        .any(|p| publishes(p, table));
    if lost && published && !scene.is_fresh(table) {
        let clause = format!(
            "UPDATE and DELETE of {table} fail while it is published and has no replica identity"
        );
        scene.effect(Effect::BreaksReplication(clause));
    }
}

fn is_identity(table: &Table, constraint: &Ident) -> bool {
    match &table.replica_identity {
        ReplicaIdentity::Default => table.primary_key().is_some_and(|k| k.name == *constraint),
        ReplicaIdentity::Index(index) => index == constraint,
        ReplicaIdentity::Full | ReplicaIdentity::Nothing => false,
    }
}
