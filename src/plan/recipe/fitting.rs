//! What a table has to have before it becomes a partition, so that ATTACH looks at no row: NOT NULL,
//! indexes, keys and foreign keys like its parent's.

use super::constraint::{index_of, using_index};
use super::index::concurrently;
use super::online::Work;
use crate::ddl;
use crate::model::{Constraint, Ident, Index, ObjectId, Table};
use crate::resolve::{partition_index_name, partition_key_name};

/// Gives a table what the parent has, under the names that the server would take.
pub(super) fn fit(work: &mut Work<'_>, table: &Table, parent: &Table) {
    if table.partition_by.is_some() || table.foreign.is_some() {
        return;
    }
    not_null(work, table, parent);
    let has = |columns: &[&Ident]| columns.iter().all(|c| table.column(c).is_some());
    for index in &parent.indexes {
        let there = table.indexes.iter().any(|i| i.does_the_same(index));
        if !there && index.plain_columns().is_some_and(|c| has(&c)) {
            build(work, table, index);
        }
    }
    for constraint in &parent.constraints {
        let there = table.constraints.iter().any(|c| c.kind == constraint.kind);
        let columns: Vec<&Ident> = constraint.columns().iter().collect();
        if there || !has(&columns) {
            continue;
        }
        if constraint.is_primary_key() || constraint.is_unique() {
            key(work, table, constraint);
        } else if constraint.as_foreign_key().is_some() && !constraint.not_valid {
            foreign_key(work, table, constraint);
        }
    }
}

fn build(work: &mut Work<'_>, table: &Table, index: &Index) {
    let dialect = work.dialect();
    let name = partition_index_name(&table.name, index, dialect);
    let full = table.name.sibling(name.clone());
    if !work.take_name(&full) {
        return;
    }
    let own = Index {
        name,
        only: false,
        parent: None,
        comment: None,
        ..index.clone()
    };
    let sql = concurrently(&ddl::create_index(&table.name, &own, dialect));
    work.early_alone(&ObjectId::index(&full), sql);
}

fn key(work: &mut Work<'_>, table: &Table, constraint: &Constraint) {
    let dialect = work.dialect();
    let Some(name) = partition_key_name(&table.name, constraint) else {
        return;
    };
    let full = table.name.sibling(name.clone());
    if table.primary_key().is_some() && constraint.is_primary_key() || !work.take_name(&full) {
        return;
    }
    let quoted = dialect.quote_name(&table.name);
    let id = ObjectId::constraint(&table.name, &name);
    let index = index_of(constraint, name.clone());
    let sql = concurrently(&ddl::create_index(&table.name, &index, dialect));
    work.early_alone(&ObjectId::index(&full), sql);
    let add = using_index(constraint, &name, &name, dialect);
    work.early(&id, format!("ALTER TABLE {quoted} {add}"));
}

fn not_null(work: &mut Work<'_>, table: &Table, parent: &Table) {
    let dialect = work.dialect();
    let quoted = dialect.quote_name(&table.name);
    let id = ObjectId::table(&table.name);
    for column in parent
        .columns
        .iter()
        .filter(|c| c.not_null)
        .map(|c| &c.name)
    {
        if table.column(column).is_none_or(|c| c.not_null) {
            continue;
        }
        let base = format!("{}_{column}", table.name.name);
        let check = work.temporary(&table.name, &base, "not_null");
        let (column, check) = (dialect.quote(column), dialect.quote(&check));
        for sql in [
            format!("ADD CONSTRAINT {check} CHECK ({column} IS NOT NULL) NOT VALID"),
            format!("VALIDATE CONSTRAINT {check}"),
            format!("ALTER COLUMN {column} SET NOT NULL"),
            format!("DROP CONSTRAINT {check}"),
        ] {
            work.early(&id, format!("ALTER TABLE {quoted} {sql}"));
        }
    }
}

fn foreign_key(work: &mut Work<'_>, table: &Table, constraint: &Constraint) {
    let dialect = work.dialect();
    if table.constraint(&constraint.name).is_some() {
        return;
    }
    let quoted = dialect.quote_name(&table.name);
    let id = ObjectId::constraint(&table.name, &constraint.name);
    let clause = ddl::constraint_clause(constraint, dialect);
    let name = dialect.quote(&constraint.name);
    work.early(&id, format!("ALTER TABLE {quoted} ADD {clause} NOT VALID"));
    work.early(
        &id,
        format!("ALTER TABLE {quoted} VALIDATE CONSTRAINT {name}"),
    );
}
