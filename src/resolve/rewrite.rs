//! Names within tables, written anew after a rename.

use crate::dialect::Dialect;
use crate::expr::{expression, rename_column_in_text};
use crate::model::{ConstraintKind, Expr, Ident, IndexElement, QualifiedName, Table};

pub(super) fn rename_in(columns: &mut [Ident], from: &Ident, to: &Ident) {
    for column in columns.iter_mut().filter(|c| *c == from) {
        *column = to.clone();
    }
}

pub(super) fn rename_column_in(table: &mut Table, from: &Ident, to: &Ident, dialect: Dialect) {
    // PostgreSQL's expressions have followed already.
    let rewrite = |e: &mut Expr| {
        if dialect == Dialect::Sqlite
            && let Some(text) = rename_column_in_text(e.text(), from, to, dialect)
        {
            *e = expression(&text, dialect);
        }
    };
    let element = |e: &mut IndexElement| {
        if e.column.as_ref() == Some(from) {
            e.column = Some(to.clone());
        }
        if let Some(expression) = &mut e.expression {
            rewrite(expression);
        }
    };
    for column in &mut table.columns {
        if column.name == *from {
            column.name = to.clone();
        }
        if let Some(generated) = &mut column.generated {
            rewrite(&mut generated.expression);
        }
    }
    for constraint in &mut table.constraints {
        match &mut constraint.kind {
            ConstraintKind::PrimaryKey {
                columns, include, ..
            }
            | ConstraintKind::Unique {
                columns, include, ..
            } => {
                rename_in(columns, from, to);
                rename_in(include, from, to);
            }
            ConstraintKind::ForeignKey(fk) => {
                rename_in(&mut fk.columns, from, to);
                rename_in(&mut fk.on_delete_columns, from, to);
            }
            ConstraintKind::Check { expression } => rewrite(expression),
            ConstraintKind::Exclusion {
                elements,
                predicate,
                ..
            } => {
                elements.iter_mut().for_each(|e| element(&mut e.element));
                predicate.iter_mut().for_each(rewrite);
            }
        }
    }
    for index in &mut table.indexes {
        index.elements.iter_mut().for_each(element);
        rename_in(&mut index.include, from, to);
        index.predicate.iter_mut().for_each(rewrite);
    }
    for trigger in &mut table.triggers {
        rename_in(&mut trigger.update_of, from, to);
    }
    for policy in &mut table.policies {
        policy.using.iter_mut().for_each(rewrite);
        policy.with_check.iter_mut().for_each(rewrite);
    }
    if let Some(partition_by) = &mut table.partition_by {
        partition_by.keys.iter_mut().for_each(element);
    }
}

pub(super) fn follow_in_table(
    table: &mut Table,
    old: &QualifiedName,
    new: &QualifiedName,
    rewrite: &impl Fn(&Expr) -> Option<Expr>,
) {
    let change = |name: &mut QualifiedName| {
        if name == old {
            *name = new.clone();
        }
    };
    table.inherits.iter_mut().for_each(change);
    if let Some(partition) = &mut table.partition_of {
        change(&mut partition.parent);
    }
    table.of_type.iter_mut().for_each(change);
    for column in &mut table.columns {
        change(&mut column.data_type.name);
        if let Some(default) = &column.default
            && let Some(changed) = rewrite(default)
        {
            column.default = Some(changed);
        }
        if let Some(generated) = &mut column.generated
            && let Some(changed) = rewrite(&generated.expression)
        {
            generated.expression = changed;
        }
    }
    for index in &mut table.indexes {
        let elements = index.elements.iter_mut();
        let elements = elements.filter_map(|e| e.expression.as_mut());
        for expression in elements.chain(index.predicate.as_mut()) {
            if let Some(changed) = rewrite(expression) {
                *expression = changed;
            }
        }
    }
    for trigger in &mut table.triggers {
        if let Some(condition) = &mut trigger.when
            && let Some(changed) = rewrite(condition)
        {
            *condition = changed;
        }
    }
    for constraint in &mut table.constraints {
        match &mut constraint.kind {
            ConstraintKind::ForeignKey(fk) => change(&mut fk.target),
            ConstraintKind::Check { expression } => {
                if let Some(changed) = rewrite(expression) {
                    *expression = changed;
                }
            }
            _ => {}
        }
    }
    for policy in &mut table.policies {
        for expression in policy.using.iter_mut().chain(policy.with_check.iter_mut()) {
            if let Some(changed) = rewrite(expression) {
                *expression = changed;
            }
        }
    }
}
