//! Column definitions, with the constraints that stand in them.

use super::constraint::{deferral, foreign_key_tail, index_parameters, not_enforced};
use super::cursor::{Cursor, Parsed};
use super::sequence::sequence_options_in_parentheses;
use super::types::data_type;
use crate::dialect::Capability;
use crate::model::{
    Column, Constraint, ConstraintKind, DataType, Expr, ForeignKey, Generated, Ident, Identity,
};

/// Keywords that end the expression of a DEFAULT.
const AFTER_DEFAULT: &[&str] = &[
    "constraint",
    "not",
    "null",
    "check",
    "unique",
    "primary",
    "references",
    "generated",
    "default",
    "collate",
    "deferrable",
    "initially",
    "storage",
    "compression",
    "options",
    "on conflict",
    "autoincrement",
    "as (",
];

/// A column with its constraints as constraints of the table.
pub(super) fn column_definition(c: &mut Cursor<'_>) -> Parsed<(Column, Vec<Constraint>)> {
    let name = c.given_ident()?;
    let typeless = c.at_end() || c.is(",");
    if typeless && !c.is_sqlite() {
        let mut error = c.error(format!("column `{name}` has no type"));
        error.help = Some(format!("write `{name} text`, or the type that it has"));
        return Err(error);
    }
    // In SQLite a column needs no type.
    let data_type = if typeless || (c.is_sqlite() && !c.is_identifier()) {
        DataType::default()
    } else {
        data_type(c)?
    };
    column_tail(c, name, data_type)
}

/// What follows a column's name and type.
pub(super) fn column_tail(
    c: &mut Cursor<'_>,
    name: Ident,
    data_type: DataType,
) -> Parsed<(Column, Vec<Constraint>)> {
    let mut column = Column {
        name,
        data_type,
        ..Column::default()
    };
    let mut constraints: Vec<Constraint> = Vec::new();
    c.accept("with options");
    while !c.at_end() && !c.is(",") {
        let constraint_name = if c.accept("constraint") {
            c.given_ident()?
        } else {
            Ident::default()
        };
        column_constraint(c, &mut column, &mut constraints, constraint_name)?;
    }
    Ok((column, constraints))
}

fn column_constraint(
    c: &mut Cursor<'_>,
    column: &mut Column,
    constraints: &mut Vec<Constraint>,
    name: Ident,
) -> Parsed<()> {
    if column_fact(c, column)? {
        return Ok(());
    }
    let columns = vec![column.name.clone()];
    let kind = if c.accept("primary key") {
        c.accept_any(&["asc", "desc"]);
        column.not_null = column.not_null || !c.is_sqlite();
        let parameters = index_parameters(c)?;
        column.autoincrement |= c.is_sqlite() && c.accept("autoincrement");
        ConstraintKind::PrimaryKey {
            columns,
            include: parameters.include,
            storage: parameters.storage,
            tablespace: parameters.tablespace,
            without_overlaps: false,
        }
    } else if c.accept("unique") {
        let nulls_not_distinct = super::constraint::nulls_distinctness(c)?;
        let parameters = index_parameters(c)?;
        ConstraintKind::Unique {
            columns,
            include: parameters.include,
            nulls_not_distinct,
            storage: parameters.storage,
            tablespace: parameters.tablespace,
            without_overlaps: false,
        }
    } else if c.accept("check") {
        let expression = c.parenthesized()?;
        ConstraintKind::Check { expression }
    } else if c.accept("references") {
        let mut fk = ForeignKey {
            columns,
            ..ForeignKey::default()
        };
        foreign_key_tail(c, &mut fk)?;
        ConstraintKind::ForeignKey(fk)
    } else if let Some(last) = constraints
        .last_mut()
        .filter(|_| deferral(&mut c.clone()).is_ok_and(|d| d.is_some()))
    {
        last.deferral = deferral(c)?.unwrap_or_default();
        last.not_enforced = not_enforced(c)?;
        return Ok(());
    } else if let Some(last) = constraints.last_mut().filter(|_| c.are("not enforced")) {
        last.not_enforced = not_enforced(c)?;
        return Ok(());
    } else {
        return Err(c.expected("a column constraint, `,` or `)`"));
    };
    let mut constraint = Constraint::new(name, kind);
    constraint.no_inherit = c.accept("no inherit");
    constraint.not_valid = c.accept("not valid");
    constraint.not_enforced = not_enforced(c)?;
    constraints.push(constraint);
    Ok(())
}

/// What belongs to the column itself; whether there was such a thing.
fn column_fact(c: &mut Cursor<'_>, column: &mut Column) -> Parsed<bool> {
    if c.accept("not null") {
        column.not_null = true;
        c.accept("no inherit");
    } else if c.accept("null") {
        // The default, said aloud.
    } else if c.accept("default") {
        column.default = Some(c.expression_until(AFTER_DEFAULT)?);
    } else if c.accept("collate") {
        column.collation = Some(c.name()?);
    } else if c.accept("storage") {
        c.require(Capability::InlineColumnStorage)?;
        column.storage = Some(c.ident()?.to_lowercase().into());
    } else if c.accept("compression") {
        c.require(Capability::ColumnCompression)?;
        column.compression = Some(c.ident()?.to_lowercase().into());
    } else if c.accept("options") {
        column.foreign_options = super::table::generic_options(c)?;
    } else if c.is("generated") || (c.is("as") && c.is_at(1, "(")) {
        generated(c, column)?;
    } else if c.is_sqlite() && c.accept("autoincrement") {
        column.autoincrement = true;
    } else if c.is_sqlite() && c.accept("on conflict") {
        return Err(c.unmodelled("ON CONFLICT of a constraint"));
    } else {
        return Ok(false);
    }
    Ok(true)
}

/// `GENERATED ALWAYS AS (expression) STORED`, `GENERATED ... AS IDENTITY`, SQLite's `AS (...)`.
fn generated(c: &mut Cursor<'_>, column: &mut Column) -> Parsed<()> {
    let mut always = true;
    if c.accept("generated") {
        always = c.accept("always");
        if !always {
            c.expect("by default")?;
        }
    }
    c.expect("as")?;
    if c.accept("identity") {
        column.identity = Some(Box::new(identity_tail(c, always)?));
        column.not_null = true;
        return Ok(());
    }
    let expression = c.parenthesized()?;
    let stored = c.accept("stored");
    if !stored {
        c.accept("virtual");
        c.require(Capability::VirtualGeneratedColumns)?;
    }
    c.require(Capability::StoredGeneratedColumns)?;
    column.generated = Some(Generated { expression, stored });
    Ok(())
}

/// What follows `AS IDENTITY`.
pub(super) fn identity_tail(c: &mut Cursor<'_>, always: bool) -> Parsed<Identity> {
    let mut identity = Identity {
        always,
        ..Identity::default()
    };
    if c.is("(") {
        let (options, sequence) = sequence_options_in_parentheses(c)?;
        identity.options = options;
        identity.sequence = sequence;
    }
    Ok(identity)
}

/// The expression of `SET DEFAULT`, up to the end of the action.
pub(super) fn set_default(c: &mut Cursor<'_>) -> Parsed<Expr> {
    c.expression_until(&[])
}
