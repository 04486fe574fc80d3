//! Indexes: built and dropped concurrently, and replaced under a temporary name.

use super::Piece;
use super::online::Work;
use crate::expr::mentions;
use crate::model::{
    Catalog, Constraint, Ident, Index, ObjectId, QualifiedName, ReplicaIdentity, Table,
};
use crate::plan::step::Step;
use crate::resolve::partition_key_name;

/// CREATE INDEX on a table in use.
pub(super) fn create(
    work: &mut Work<'_>,
    step: &Step,
    relation: &QualifiedName,
    index: &Index,
) -> bool {
    let old = work.dropped.remove(&(relation.clone(), index.name.clone()));
    let online = work.is_online(&step.facts, relation);
    if online && work.is_partitioned(relation) && old.is_none() {
        return super::partitioned::index(work, relation, index);
    }
    if !online || work.is_partitioned(relation) {
        // The new one takes the name, so the old one goes in its place all the same.
        if let Some(old) = old {
            work.parts.main.push(Piece {
                step: old,
                apart: false,
            });
        }
        return false;
    }
    let dialect = work.dialect();
    if index.unique {
        work.late_keys.insert(relation.clone());
    }
    let Some(old) = old else {
        work.late(&step.object, concurrently(&step.sql), false, true);
        work.index_is_late(&index.name);
        return true;
    };
    let name = work.temporary(relation, &index.name, "new");
    let renamed = Index {
        name: name.clone(),
        ..index.clone()
    };
    let build = crate::ddl::create_index(relation, &renamed, dialect);
    let temporary = relation.sibling(name);
    let id = ObjectId::index(&temporary);
    work.late(&id, concurrently(&build), false, true);
    work.parts.late.push(Piece {
        step: old,
        apart: true,
    });
    let (from, to) = (dialect.quote_name(&temporary), dialect.quote(&index.name));
    work.late(
        &step.object,
        format!("ALTER INDEX {from} RENAME TO {to}"),
        true,
        false,
    );
    work.index_is_late(&index.name);
    true
}

/// `CREATE [UNIQUE] INDEX CONCURRENTLY`.
pub(super) fn concurrently(sql: &str) -> String {
    sql.replacen("INDEX ", "INDEX CONCURRENTLY ", 1)
}

/// Whether the server gives the name to the index of a key that a partition has of those above it.
fn is_made_for_key(after: &Catalog, partition: &QualifiedName, name: &Ident) -> bool {
    let above = after.ancestors(partition).into_iter();
    let tables = above.filter_map(|name| after.tables.get(name));
    let mut keys = tables.flat_map(|t| &t.constraints);
    keys.any(|c| partition_key_name(partition, c).as_ref() == Some(name))
}

/// DROP INDEX on a table in use: late, unless the main part takes one of its columns.
pub(super) fn drop(work: &mut Work<'_>, step: &Step, name: &QualifiedName) -> bool {
    let mut locked = step.facts.locks.iter().map(|l| &l.relation);
    let owner = locked.find_map(|relation| {
        let table = work.pair.before.tables.get(relation)?;
        Some((table, table.index(&name.name)?))
    });
    let Some((table, index)) = owner else {
        return false;
    };
    let relation = &table.name;
    let partitioned = table.partition_by.is_some() || index.parent.is_some();
    let hard = work.is_hard(relation, |c| uses(index, c, work.dialect()));
    let taken = is_made_for_key(work.pair.after, relation, &index.name);
    let text = crate::ddl::create_index(relation, index, work.dialect());
    let stands = work.is_online(&step.facts, relation) && !partitioned && !hard && !taken;
    if !stands || work.goes(relation) || work.calls_replaced(&text) {
        return false;
    }
    let after = work.after(relation);
    if after.is_some_and(|t| t.index(&name.name).is_some()) {
        // Another one takes its place: it goes when that is built.
        work.dropped_late.push(text);
        let key = (relation.clone(), name.name.clone());
        work.dropped.insert(key, step.clone());
        return true;
    }
    let named = |id: Option<&Ident>| id == Some(&name.name);
    let marked = named(table.cluster_on.as_ref())
        || matches!(&table.replica_identity, ReplicaIdentity::Index(i) if *i == name.name);
    let adopted = !marked && after.is_some() && adopting(work, table, index).is_some();
    if after.is_none() || marked || !adopted && (index.unique && is_referenced(work, table, index))
    {
        return false;
    }
    if let Some(constraint) = adopting(work, table, index) {
        let key = (relation.clone(), constraint);
        work.adopted.insert(key, index.name.clone());
        return true;
    }
    work.dropped_late.push(text);
    // It may have gone before its tool has noted it, and is then to be run again.
    let sql = step
        .sql
        .replacen("INDEX ", "INDEX CONCURRENTLY IF EXISTS ", 1);
    work.late(&step.object, sql, false, true);
    true
}

/// The new key that an index becomes the index of, as it stands: nothing has to be built, and rows are
/// kept apart all the while.
fn adopting(work: &Work<'_>, table: &Table, index: &Index) -> Option<Ident> {
    let after = work.after(&table.name)?;
    let taken = |c: &Constraint| {
        let key = (table.name.clone(), c.name.clone());
        work.adopted.contains_key(&key)
    };
    let fits = |c: &&Constraint| {
        let is_new = table.constraint(&c.name).is_none() && !taken(c);
        let made = super::index_of(c, index.name.clone());
        is_new && c.is_plain_key() && c.index_comment.is_none() && made == *index
    };
    let mut keys: Vec<&Constraint> = after.constraints.iter().filter(fits).collect();
    // The one that keeps the name, where there are several.
    keys.sort_by_key(|c| c.name != index.name);
    keys.first().map(|c| c.name.clone())
}

/// Whether foreign keys rest on a unique index.
fn is_referenced(work: &Work<'_>, table: &Table, index: &Index) -> bool {
    let columns: Vec<Ident> = index
        .plain_columns()
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    let mut tables = work.pair.before.tables.values();
    tables.any(|t| {
        let mut keys = t.foreign_keys();
        keys.any(|(_, fk)| {
            fk.target == table.name && fk.target_columns.iter().all(|c| columns.contains(c))
        })
    })
}

fn uses(index: &Index, column: &Ident, dialect: crate::dialect::Dialect) -> bool {
    index.include.contains(column)
        || index
            .elements
            .iter()
            .any(|e| e.column.as_ref() == Some(column))
        || index
            .expressions()
            .any(|e| mentions(e.text(), column, dialect))
}
