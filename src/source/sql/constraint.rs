//! Table constraints.

use super::cursor::{Cursor, Parsed};
use super::index::index_element;
use super::table::storage_parameters;
use crate::dialect::Capability;
use crate::model::{
    Constraint, ConstraintKind, Deferral, ExclusionElement, ForeignKey, Ident, MatchType,
    ReferentialAction,
};

/// What may follow the columns of a key.
#[derive(Default)]
pub(super) struct IndexParameters {
    pub(super) include: Vec<Ident>,
    pub(super) storage: crate::model::Parameters,
    pub(super) tablespace: Option<Ident>,
}

/// Whether a table constraint is next (and not a column).
pub(super) fn is_table_constraint(c: &Cursor<'_>) -> bool {
    let quoted = c.text().starts_with('"');
    !quoted
        && (c.is("constraint")
            || c.are("primary key")
            || (c.is("unique") && (c.is_at(1, "(") || c.is_at(1, "nulls") || c.is_at(1, "using")))
            || (c.is("check") && c.is_at(1, "("))
            || c.are("foreign key")
            || (c.is("exclude") && (c.is_at(1, "(") || c.is_at(1, "using"))))
}

/// A table constraint, its name and what follows it included.
pub(super) fn table_constraint(c: &mut Cursor<'_>) -> Parsed<Constraint> {
    let name = if c.accept("constraint") {
        c.given_ident()?
    } else {
        Ident::default()
    };
    let kind = constraint_kind(c)?;
    let mut constraint = Constraint::new(name, kind);
    constraint_attributes(c, &mut constraint)?;
    Ok(constraint)
}

fn constraint_kind(c: &mut Cursor<'_>) -> Parsed<ConstraintKind> {
    if c.accept("primary key") {
        let (columns, without_overlaps) = key_columns(c)?;
        let p = index_parameters(c)?;
        return Ok(ConstraintKind::PrimaryKey {
            columns,
            include: p.include,
            storage: p.storage,
            tablespace: p.tablespace,
            without_overlaps,
        });
    }
    if c.accept("unique") {
        let nulls_not_distinct = nulls_distinctness(c)?;
        let (columns, without_overlaps) = key_columns(c)?;
        let p = index_parameters(c)?;
        return Ok(ConstraintKind::Unique {
            columns,
            include: p.include,
            nulls_not_distinct,
            storage: p.storage,
            tablespace: p.tablespace,
            without_overlaps,
        });
    }
    if c.accept("check") {
        let expression = c.parenthesized()?;
        return Ok(ConstraintKind::Check { expression });
    }
    if c.accept("foreign key") {
        return foreign_key(c);
    }
    if c.accept("exclude") {
        return exclusion(c);
    }
    Err(c.expected("PRIMARY KEY, UNIQUE, CHECK, FOREIGN KEY or EXCLUDE"))
}

/// `NULLS [NOT] DISTINCT`
pub(super) fn nulls_distinctness(c: &mut Cursor<'_>) -> Parsed<bool> {
    if c.are("nulls not distinct") {
        c.require(Capability::NullsNotDistinct)?;
        c.accept("nulls not distinct");
        return Ok(true);
    }
    c.accept("nulls distinct");
    Ok(false)
}

/// The columns of a key, and whether the last is `WITHOUT OVERLAPS`.
fn key_columns(c: &mut Cursor<'_>) -> Parsed<(Vec<Ident>, bool)> {
    let mut without_overlaps = false;
    let columns = c.list(|c| {
        let column = c.ident()?;
        if c.are("without overlaps") {
            c.require(Capability::TemporalConstraints)?;
            without_overlaps = c.accept("without overlaps");
        }
        if c.is_sqlite() {
            if c.accept("collate") {
                c.ident()?;
            }
            c.accept_any(&["asc", "desc"]);
        }
        Ok(column)
    })?;
    Ok((columns, without_overlaps))
}

pub(super) fn index_parameters(c: &mut Cursor<'_>) -> Parsed<IndexParameters> {
    let mut parameters = IndexParameters::default();
    if c.accept("include") {
        parameters.include = c.ident_list()?;
    }
    if c.is("with") && c.is_at(1, "(") {
        c.advance();
        parameters.storage = storage_parameters(c)?;
    }
    if c.accept("using index tablespace") {
        parameters.tablespace = Some(c.ident()?);
    }
    Ok(parameters)
}

fn foreign_key(c: &mut Cursor<'_>) -> Parsed<ConstraintKind> {
    let mut fk = ForeignKey::default();
    let mut period = false;
    fk.columns = c.list(|c| {
        period |= is_period(c) && c.accept("period");
        c.ident()
    })?;
    if period {
        c.require(Capability::TemporalConstraints)?;
    }
    fk.period = period;
    c.expect("references")?;
    foreign_key_tail(c, &mut fk)?;
    Ok(ConstraintKind::ForeignKey(fk))
}

/// `PERIOD` before another name is the keyword, alone it is a column.
fn is_period(c: &Cursor<'_>) -> bool {
    c.is("period") && !c.is_at(1, ",") && !c.is_at(1, ")")
}

/// What follows `REFERENCES`.
pub(super) fn foreign_key_tail(c: &mut Cursor<'_>, fk: &mut ForeignKey) -> Parsed<()> {
    fk.target = c.name()?;
    if c.is("(") {
        fk.target_columns = c.list(|c| {
            let _ = is_period(c) && c.accept("period");
            c.ident()
        })?;
    }
    loop {
        if c.accept("match") {
            fk.match_type = match c.accept_any(&["full", "partial", "simple"]) {
                Some("full") => MatchType::Full,
                Some("partial") => MatchType::Partial,
                Some(_) => MatchType::Simple,
                None => return Err(c.expected("FULL, PARTIAL or SIMPLE")),
            };
        } else if c.accept("on delete") {
            fk.on_delete = referential_action(c)?;
            if c.is("(") {
                c.require(Capability::SetNullColumns)?;
                fk.on_delete_columns = c.ident_list()?;
            }
        } else if c.accept("on update") {
            fk.on_update = referential_action(c)?;
        } else {
            return Ok(());
        }
    }
}

fn referential_action(c: &mut Cursor<'_>) -> Parsed<ReferentialAction> {
    use ReferentialAction::{Cascade, NoAction, Restrict, SetDefault, SetNull};
    let actions = [
        ("no action", NoAction),
        ("restrict", Restrict),
        ("cascade", Cascade),
        ("set null", SetNull),
        ("set default", SetDefault),
    ];
    for (words, action) in actions {
        if c.accept(words) {
            return Ok(action);
        }
    }
    Err(c.expected("NO ACTION, RESTRICT, CASCADE, SET NULL or SET DEFAULT"))
}

fn exclusion(c: &mut Cursor<'_>) -> Parsed<ConstraintKind> {
    let method = if c.accept("using") {
        c.ident()?
    } else {
        // DEFAULT_INDEX_TYPE of the grammar, though few operators exclude by it.
        Ident::new("btree")
    };
    let elements = c.list(|c| {
        let element = index_element(c, &["with"])?;
        c.expect("with")?;
        let operator = c.until(&[])?;
        Ok(ExclusionElement {
            element,
            operator: operator.into(),
        })
    })?;
    let parameters = index_parameters(c)?;
    let predicate = if c.accept("where") {
        Some(c.parenthesized()?)
    } else {
        None
    };
    Ok(ConstraintKind::Exclusion {
        method,
        elements,
        include: parameters.include,
        predicate,
        storage: parameters.storage,
        tablespace: parameters.tablespace,
    })
}

/// What follows a constraint's definition, in any order.
pub(super) fn constraint_attributes(c: &mut Cursor<'_>, constraint: &mut Constraint) -> Parsed<()> {
    loop {
        if let Some(found) = deferral(c)? {
            constraint.deferral = found;
        } else if c.accept("not valid") {
            constraint.not_valid = true;
        } else if c.accept("no inherit") {
            constraint.no_inherit = true;
        } else if not_enforced(c)? {
            constraint.not_enforced = true;
        } else if c.is_sqlite() && c.are("on conflict") {
            return Err(c.unmodelled("ON CONFLICT of a constraint"));
        } else if !c.accept("enforced") {
            return Ok(());
        }
    }
}

/// `NOT ENFORCED`, where it is next.
pub(super) fn not_enforced(c: &mut Cursor<'_>) -> Parsed<bool> {
    if !c.are("not enforced") {
        return Ok(false);
    }
    c.require(Capability::NotEnforced)?;
    Ok(c.accept("not enforced"))
}

/// `[NOT] DEFERRABLE`, `INITIALLY DEFERRED | IMMEDIATE`, in any order; `None` where neither is next.
pub(super) fn deferral(c: &mut Cursor<'_>) -> Parsed<Option<Deferral>> {
    let (mut deferrable, mut initially) = (None, None);
    loop {
        if c.accept("not deferrable") {
            deferrable = Some(false);
        } else if c.accept("deferrable") {
            deferrable = Some(true);
        } else if c.accept("initially deferred") {
            initially = Some(true);
        } else if c.accept("initially immediate") {
            initially = Some(false);
        } else {
            break;
        }
    }
    Ok(match (deferrable, initially) {
        (None, None) => None,
        (Some(false), Some(true)) => {
            return Err(c.error("a constraint declared INITIALLY DEFERRED must be DEFERRABLE"));
        }
        (_, Some(true)) => Some(Deferral::Deferred),
        (Some(true), _) => Some(Deferral::Immediate),
        _ => Some(Deferral::NotDeferrable),
    })
}
