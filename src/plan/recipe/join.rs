//! Joins statements that alter one table, where one of them does what the two do: one lock, and rows are
//! read or written once.

use super::{Piece, actions};
use crate::diagnostic::FileId;
use crate::dialect::TargetVersion;
use crate::facts::can_join;
use crate::model::ObjectId;
use crate::source::{self, AlterAction, SourceFile, SourceKind, Statement, Target};

/// Joins what stands side by side in one transaction.
pub(super) fn joined(pieces: Vec<Piece>, version: TargetVersion) -> Vec<Piece> {
    let mut all: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let one = match all.last() {
            Some(last) if !piece.apart => join(last, &piece, version),
            _ => None,
        };
        match (one, all.last_mut()) {
            (Some(one), Some(last)) => *last = one,
            _ => all.push(piece),
        }
    }
    all
}

fn join(first: &Piece, second: &Piece, version: TargetVersion) -> Option<Piece> {
    let alters = |piece: &Piece| {
        let altered = piece.step.sql.starts_with("ALTER TABLE ");
        altered && piece.step.facts.transactional
    };
    let same = first.step.object.name == second.step.object.name;
    if !same || !alters(first) || !alters(second) {
        return None;
    }
    let (target, one) = actions_of(&first.step.sql, version)?;
    let (again, two) = actions_of(&second.step.sql, version)?;
    let (head, mut texts) = actions::split(&first.step.sql, one.len(), version.dialect)?;
    let (other, more) = actions::split(&second.step.sql, two.len(), version.dialect)?;
    if head != other || target.name != again.name || !can_join(&one, &two) {
        return None;
    }
    // What has been said is not said again.
    let new: Vec<String> = more.into_iter().filter(|t| !texts.contains(t)).collect();
    texts.extend(new);
    let mut step = first.step.clone();
    step.sql = actions::join(&head, &texts);
    if step.object != second.step.object {
        step.object = ObjectId::table(&target.name);
    }
    let locks = second.step.facts.locks.iter().cloned();
    step.facts.locks.extend(locks);
    Some(Piece {
        step,
        apart: first.apart,
    })
}

fn actions_of(sql: &str, version: TargetVersion) -> Option<(Target, Vec<AlterAction>)> {
    let file = SourceFile {
        id: FileId(0),
        path: "plan.sql".to_owned(),
        kind: SourceKind::Sql,
        text: format!("{sql};\n"),
        external: false,
    };
    let mut read = source::sql::read(&file, version).declarations;
    match (read.pop()?.statement, read.is_empty()) {
        (
            Statement::Alter {
                target, actions, ..
            },
            true,
        ) => Some((target, actions)),
        _ => None,
    }
}
