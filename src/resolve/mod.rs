//! Declarations to a catalog: names, references, implicit names, the fold of ALTER and DROP.
//!
//! Invariants: declarations of different files commute; within a file ALTER, DROP and RENAME fold in
//! order. The fold refuses what the server refuses. Every name in the result is resolved, every
//! implicit name made, every list without an order of its own sorted; nothing is dropped in silence.

mod aggregates;
mod alter;
mod alter_column;
mod alter_composite;
mod alter_rare;
mod alter_table;
mod alter_type;
mod behind_blocks;
mod bounds;
mod cascade;
mod comment;
mod conditions;
mod create;
mod create_part;
mod create_table;
mod create_table_as;
mod defaults;
mod dependents;
mod detach;
mod drop;
mod drop_column;
mod early;
mod elsewhere;
mod finish;
mod fit;
mod fold;
mod free_names;
mod given;
mod grant;
mod identity;
mod implicit;
mod inherit;
mod joins;
mod key_columns;
mod keys_of_partitions;
mod kin;
mod letter_case;
mod locate;
mod marked;
mod mentions;
mod named;
mod named_parts;
mod names;
mod partition_parts;
mod partitioned_index;
mod passes;
mod presence;
mod rare_dependents;
mod references;
mod referred_keys;
mod rename;
mod rename_member;
mod rename_rare;
mod rename_routine;
mod replay;
mod report;
mod respell;
mod rewrite;
mod routines;
mod shells;
mod simple;
mod sorted;
mod understood;
mod unkept;
mod validity;
mod view_columns;
mod view_references;

use crate::diagnostic::{Diagnostic, SourceMap};
use crate::dialect::TargetVersion;
use crate::model::{Catalog, Object};
use crate::source::{Declaration, Statement};
use fold::Fold;
pub(crate) use partition_parts::{partition_index_name, partition_key_name};
pub use replay::{Replay, replay};

/// A catalog with the positions of its objects and what was wrong with the declarations.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    pub catalog: Catalog,
    pub source_map: SourceMap,
    pub diagnostics: Vec<Diagnostic>,
}

/// Folds declarations into a catalog.
///
/// A declaration whose object is not there yet waits until the others are folded, so that
/// statements may stand in any order; what still waits when nothing moves is an error.
pub fn resolve(declarations: Vec<Declaration>, version: TargetVersion) -> Resolved {
    let mut fold = Fold::new(&declarations, version);
    let mut waiting = declarations;
    let last = split_last(&mut waiting);
    // A function that YAML makes gives way to one that the author declares, wherever that stands.
    if waiting.iter().any(is_optional_routine) {
        waiting.sort_by_key(is_optional_routine);
    }
    let passing: Vec<Declaration>;
    loop {
        let before = waiting.len();
        let mut left = Vec::new();
        for declaration in waiting {
            match fold.missing(&declaration) {
                None => fold.apply(declaration),
                Some(diagnostic) => left.push((declaration, diagnostic)),
            }
        }
        if left.is_empty() || left.len() == before {
            let (none, errors): (Vec<_>, Vec<_>) = left
                .into_iter()
                .partition(|(d, _)| alters_if_exists(d) || !fold.runs(d));
            passing = none
                .into_iter()
                .map(|(declaration, _)| declaration)
                .collect();
            fold.diagnostics.extend(errors.into_iter().map(|(_, d)| d));
            break;
        }
        waiting = left
            .into_iter()
            .map(|(declaration, _)| declaration)
            .collect();
    }
    for declaration in passing {
        fold.apply(declaration);
    }
    for declaration in last {
        fold.apply(declaration);
    }
    fold.finish()
}

/// Takes out the default privileges behind the last CREATE: they are about what comes after all of
/// this, and not about what still waits for another object.
fn split_last(declarations: &mut Vec<Declaration>) -> Vec<Declaration> {
    let creates = |d: &Declaration| matches!(d.statement, Statement::Create { .. });
    let end = declarations.iter().rposition(creates).map_or(0, |n| n + 1);
    let (last, others) = declarations
        .drain(end..)
        .partition(|d| matches!(d.statement, Statement::DefaultPrivileges { .. }));
    declarations.extend::<Vec<_>>(others);
    last
}

/// `ALTER ... IF EXISTS`: it waits as any other, and where nothing comes it does nothing.
fn alters_if_exists(declaration: &Declaration) -> bool {
    matches!(
        declaration.statement,
        Statement::Alter {
            if_exists: true,
            ..
        }
    )
}

/// A function that is only wanted where nobody else declares it.
fn is_optional_routine(declaration: &Declaration) -> bool {
    matches!(
        &declaration.statement,
        Statement::Create {
            object: Object::Routine(_),
            if_not_exists: true,
            ..
        }
    )
}
