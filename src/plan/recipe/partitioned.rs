//! Indexes, keys and foreign keys of partitioned tables: made on each partition first, where they can be
//! made beside readers and writers, and then the parent's.
//!
//! Invariant: the names on the partitions are those that the server would have made, so that the end is
//! the schema's, where they are no objects.

use std::collections::VecDeque;

use super::constraint::{index_of, nullable_columns, using_index};
use super::index::concurrently;
use super::online::Work;
use crate::ddl;
use crate::model::{Constraint, Ident, Index, ObjectId, QualifiedName, Table};
use crate::plan::step::Step;
use crate::resolve::{partition_index_name, partition_key_name};

/// What is done, in this order.
#[derive(Default)]
struct Order {
    /// On partitioned tables, without looking at their partitions.
    tops: Vec<(ObjectId, String)>,
    /// On partitions, outside of transactions.
    builds: Vec<(ObjectId, String)>,
    /// On partitions.
    keys: Vec<(ObjectId, String)>,
    /// Transactions on partitioned tables, the deepest last.
    ends: Vec<Vec<(ObjectId, String)>>,
}

impl Order {
    fn into_late(self, work: &mut Work<'_>) {
        for (id, sql) in self.tops {
            work.late(&id, sql, true, true);
        }
        for (id, sql) in self.builds {
            work.late(&id, sql, false, true);
        }
        for (id, sql) in self.keys {
            work.late(&id, sql, true, true);
        }
        for end in self.ends.into_iter().rev() {
            for (n, (id, sql)) in end.into_iter().enumerate() {
                work.late(&id, sql, true, n == 0);
            }
        }
    }
}

/// CREATE INDEX on a partitioned table: `ON ONLY` it, concurrently on each partition, attached.
pub(super) fn index(work: &mut Work<'_>, relation: &QualifiedName, index: &Index) -> bool {
    if index.only || index.parent.is_some() || work.partitions(relation).is_empty() {
        return false;
    }
    let dialect = work.dialect();
    let mut order = Order::default();
    let mut attached = Vec::new();
    let mut queue = VecDeque::from([(relation.clone(), index.name.clone())]);
    while let Some((table, name)) = queue.pop_front() {
        let parts = work.partitions(&table);
        let own = Index {
            name: name.clone(),
            only: !parts.is_empty(),
            ..index.clone()
        };
        let full = table.sibling(name.clone());
        order.tops.push((
            ObjectId::index(&full),
            ddl::create_index(&table, &own, dialect),
        ));
        for part in parts {
            let Some(named) = part_of(work, part, index) else {
                return false;
            };
            let own = Index {
                name: named.name.clone(),
                ..index.clone()
            };
            let id = ObjectId::index(&part.name.sibling(named.name.clone()));
            match (named.is_there, part.partition_by.is_some()) {
                (true, _) => {}
                (false, true) => queue.push_back((part.name.clone(), named.name.clone())),
                (false, false) => {
                    let build = ddl::create_index(&part.name, &own, dialect);
                    order.builds.push((id.clone(), concurrently(&build)));
                }
            }
            attached.push((id, ddl::attach_index(&part.name, &own, &full, dialect)));
        }
    }
    // What hangs deepest is attached first.
    attached.reverse();
    order.ends.push(attached);
    order.into_late(work);
    if index.unique {
        work.late_keys.insert(relation.clone());
    }
    work.index_is_late(&index.name);
    true
}

/// The index of a partition.
struct Named {
    name: Ident,
    is_there: bool,
}

/// The index that a partition has already, or the name of the one that it gets; `None` where that is
/// taken, or the partition's rows are not ours.
fn part_of(work: &mut Work<'_>, part: &Table, index: &Index) -> Option<Named> {
    let before = work.pair.before.tables.get(&part.name);
    let wanted = partition_index_name(&part.name, index, work.dialect());
    let equal = |i: &&Index| i.parent.is_none() && !i.only && i.does_the_same(index);
    let there = before.and_then(|t| t.indexes.iter().filter(equal).find(|i| i.name == wanted));
    if there.is_some() {
        return Some(Named {
            name: wanted,
            is_there: true,
        });
    }
    let free = part.foreign.is_none() && work.take_name(&part.name.sibling(wanted.clone()));
    free.then_some(Named {
        name: wanted,
        is_there: false,
    })
}

/// ADD UNIQUE or PRIMARY KEY on a partitioned table: each partition gets its own by USING INDEX.
pub(super) fn key(
    work: &mut Work<'_>,
    step: &Step,
    table: &QualifiedName,
    constraint: &Constraint,
) -> bool {
    let wanted = work.pair.after.tables.get(table);
    let wanted = wanted.and_then(|t| t.constraint(&constraint.name));
    if work.partitions(table).is_empty() || wanted.is_some_and(|c| c.only) {
        return false;
    }
    let dialect = work.dialect();
    let mut order = Order::default();
    let mut queue = VecDeque::from([(table.clone(), constraint.name.clone())]);
    while let Some((name, key)) = queue.pop_front() {
        let full = name.sibling(key.clone());
        let own = Constraint {
            name: key.clone(),
            ..constraint.clone()
        };
        let quoted = dialect.quote_name(&name);
        let clause = ddl::constraint_clause(&own, dialect);
        let id = ObjectId::constraint(&name, &key);
        let mut end = vec![(id, format!("ALTER TABLE ONLY {quoted} ADD {clause}"))];
        for part in work.partitions(&name) {
            let Some(part_key) = partition_key_name(&part.name, constraint) else {
                return false;
            };
            let id = ObjectId::constraint(&part.name, &part_key);
            let index = index_of(constraint, part_key.clone());
            let attach = ddl::attach_index(&part.name, &index, &full, dialect);
            let has = |t: &Table| {
                t.constraint(&part_key)
                    .is_some_and(|c| c.kind == constraint.kind)
            };
            let there = work.pair.before.tables.get(&part.name).is_some_and(has);
            let free = there || work.take_name(&part.name.sibling(part_key.clone()));
            if !free || part.foreign.is_some() {
                return false;
            }
            if part.partition_by.is_some() {
                queue.push_back((part.name.clone(), part_key));
            } else if !there {
                let build = ddl::create_index(&part.name, &index, dialect);
                let index_id = ObjectId::index(&part.name.sibling(part_key.clone()));
                order.builds.push((index_id, concurrently(&build)));
                let add = using_index(constraint, &part_key, &part_key, dialect);
                let quoted = dialect.quote_name(&part.name);
                order
                    .keys
                    .push((id.clone(), format!("ALTER TABLE {quoted} {add}")));
            }
            end.push((id, attach));
        }
        order.ends.push(end);
    }
    let nullable = nullable_columns(work, table, constraint);
    super::constraint::not_null(work, &step.object, table, &nullable);
    order.into_late(work);
    work.constraint_is_late(table, constraint);
    work.late_keys.insert(table.clone());
    true
}

/// ADD FOREIGN KEY on a partitioned table, which takes no NOT VALID before version 18: on each partition,
/// where it is validated, and then on the parent, which finds them and looks at no row.
pub(super) fn foreign_key(
    work: &mut Work<'_>,
    table: &QualifiedName,
    constraint: &Constraint,
    (head, text): (&str, &str),
) -> bool {
    let dialect = work.dialect();
    let name = dialect.quote(&constraint.name);
    let mut leaves: Vec<&Table> = Vec::new();
    let mut queue = VecDeque::from([table.clone()]);
    while let Some(parent) = queue.pop_front() {
        for part in work.partitions(&parent) {
            match part.partition_by.is_some() {
                true => queue.push_back(part.name.clone()),
                false => leaves.push(part),
            }
        }
    }
    let taken = |t: &&Table| t.foreign.is_some() || t.constraint(&constraint.name).is_some();
    if leaves.is_empty() || leaves.iter().any(taken) {
        return false;
    }
    for verb in [
        format!("{text} NOT VALID"),
        format!("VALIDATE CONSTRAINT {name}"),
    ] {
        for leaf in &leaves {
            let id = ObjectId::constraint(&leaf.name, &constraint.name);
            let quoted = dialect.quote_name(&leaf.name);
            work.late(&id, format!("ALTER TABLE {quoted} {verb}"), true, true);
        }
    }
    let id = ObjectId::constraint(table, &constraint.name);
    work.late(&id, format!("{head} {text}"), true, true);
    work.constraint_is_late(table, constraint);
    true
}
