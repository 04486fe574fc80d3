//! CREATE TYPE, CREATE DOMAIN, CREATE COLLATION, and what ALTER does to them.

use std::collections::BTreeMap;

use super::cursor::{Cursor, Parsed};
use super::types::data_type;
use crate::model::{
    Collation, CompositeType, DataType, Domain, DomainCheck, EnumType, Expr, Ident, Object,
    QualifiedName, RangeType, ShellType,
};
use crate::source::{AlterAction, AttributeChange, Statement};

fn create(object: Object) -> Statement {
    Statement::Create {
        object,
        or_replace: false,
        if_not_exists: false,
        like: Vec::new(),
    }
}

/// What follows `CREATE TYPE`.
pub(super) fn create_type(c: &mut Cursor<'_>) -> Parsed<Statement> {
    let name = c.given_name()?;
    let object = if c.accept("as enum") {
        Object::Enum(EnumType {
            name,
            values: c.list(|c| Ok(c.string()?.into()))?,
            ..EnumType::default()
        })
    } else if c.accept("as range") {
        range(c, name)?
    } else if c.accept("as") {
        Object::Composite(CompositeType {
            name,
            attributes: c.list(attribute)?,
            ..CompositeType::default()
        })
    } else {
        let options = if c.is("(") {
            definition(c)?
        } else {
            BTreeMap::new()
        };
        Object::ShellType(ShellType {
            name,
            options: required(options),
            ..ShellType::default()
        })
    };
    c.expect_end()?;
    Ok(create(object))
}

fn range(c: &mut Cursor<'_>, name: QualifiedName) -> Parsed<Object> {
    let mut subtype = DataType::default();
    let mut options = BTreeMap::new();
    c.list(|c| {
        let word = c.ident()?;
        c.expect("=")?;
        if word == "subtype" {
            subtype = data_type(c)?;
        } else {
            options.insert(Box::from(word.as_str()), c.expression_until(&[])?);
        }
        Ok(())
    })?;
    Ok(Object::Range(RangeType {
        name,
        subtype,
        options,
        ..RangeType::default()
    }))
}

/// An attribute of a composite type: name, type, collation.
pub(super) fn attribute(c: &mut Cursor<'_>) -> Parsed<(Ident, DataType, Option<QualifiedName>)> {
    let name = c.ident()?;
    let data_type = data_type(c)?;
    let collation = if c.accept("collate") {
        Some(c.name()?)
    } else {
        None
    };
    Ok((name, data_type, collation))
}

/// `(name = value, name)`: a definition list, keys in lower case.
pub(super) fn definition(c: &mut Cursor<'_>) -> Parsed<BTreeMap<Box<str>, Option<Expr>>> {
    let items = c.list(|c| {
        let word = c.ident()?.to_lowercase();
        let value = if c.accept("=") {
            Some(c.expression_until(&[])?)
        } else {
            None
        };
        Ok((word.into(), value))
    })?;
    Ok(items.into_iter().collect())
}

/// A definition list whose options all have values; a bare one counts as true.
pub(super) fn required(options: BTreeMap<Box<str>, Option<Expr>>) -> BTreeMap<Box<str>, Expr> {
    let truth = || Expr::new("true", "true");
    options
        .into_iter()
        .map(|(k, v)| (k, v.unwrap_or_else(truth)))
        .collect()
}

/// What follows `CREATE COLLATION`.
pub(super) fn create_collation(c: &mut Cursor<'_>) -> Parsed<Statement> {
    let if_not_exists = c.accept("if not exists");
    let mut collation = Collation {
        name: c.given_name()?,
        ..Collation::default()
    };
    if c.accept("from") {
        collation.from = Some(c.name()?);
    } else {
        collation.options = required(definition(c)?);
    }
    c.expect_end()?;
    Ok(Statement::Create {
        object: Object::Collation(collation),
        or_replace: false,
        if_not_exists,
        like: Vec::new(),
    })
}

/// What follows `CREATE DOMAIN`.
pub(super) fn create_domain(c: &mut Cursor<'_>) -> Parsed<Statement> {
    let mut domain = Domain {
        name: c.given_name()?,
        ..Domain::default()
    };
    c.accept("as");
    domain.base = data_type(c)?;
    while !c.at_end() {
        let name = if c.accept("constraint") {
            c.ident()?
        } else {
            Ident::default()
        };
        if c.accept("collate") {
            domain.collation = Some(c.name()?);
        } else if c.accept("default") {
            let stops = ["constraint", "not", "null", "check", "collate"];
            domain.default = Some(c.expression_until(&stops)?);
        } else if c.accept("not null") {
            domain.not_null = true;
        } else if c.accept("null") {
            domain.not_null = false;
        } else {
            let check = domain_check(c, name)?;
            domain.checks.push(check);
        }
    }
    Ok(create(Object::Domain(domain)))
}

fn domain_check(c: &mut Cursor<'_>, name: Ident) -> Parsed<DomainCheck> {
    c.expect("check")?;
    let expression = c.parenthesized()?;
    Ok(DomainCheck {
        name,
        expression,
        not_valid: c.accept("not valid"),
        comment: None,
    })
}

/// One action of ALTER DOMAIN that other kinds do not have; `None` where another is next.
pub(super) fn alter_domain(c: &mut Cursor<'_>) -> Parsed<Option<AlterAction>> {
    Ok(Some(if c.accept("set default") {
        AlterAction::DomainDefault(Some(c.expression_until(&[])?))
    } else if c.accept("drop default") {
        AlterAction::DomainDefault(None)
    } else if c.accept("set not null") {
        AlterAction::DomainNotNull(true)
    } else if c.accept("drop not null") {
        AlterAction::DomainNotNull(false)
    } else if c.accept("add") {
        let name = if c.accept("constraint") {
            c.ident()?
        } else {
            Ident::default()
        };
        if c.accept("not null") {
            return Ok(Some(AlterAction::DomainNotNull(true)));
        }
        let check = domain_check(c, name)?;
        let kind = crate::model::ConstraintKind::Check {
            expression: check.expression,
        };
        let mut constraint = crate::model::Constraint::new(check.name, kind);
        constraint.not_valid = check.not_valid;
        AlterAction::AddConstraint(Box::new(constraint))
    } else {
        return Ok(None);
    }))
}

/// One action of ALTER TYPE that other kinds do not have; `None` where another is next.
pub(super) fn alter_type(c: &mut Cursor<'_>) -> Parsed<Option<AlterAction>> {
    Ok(Some(if c.accept("add value") {
        let if_not_exists = c.accept("if not exists");
        let value = c.string()?.into();
        let before = if c.accept("before") {
            Some(c.string()?.into())
        } else {
            None
        };
        let after = if c.accept("after") {
            Some(c.string()?.into())
        } else {
            None
        };
        AlterAction::AddValue {
            value,
            before,
            after,
            if_not_exists,
        }
    } else if c.accept("rename value") {
        let from = c.string()?.into();
        c.expect("to")?;
        AlterAction::RenameValue {
            from,
            to: c.string()?.into(),
        }
    } else if let Some(change) = attribute_change(c)? {
        let cascade = c.accept("cascade");
        if !cascade {
            c.accept("restrict");
        }
        AlterAction::Attribute { change, cascade }
    } else {
        return Ok(None);
    }))
}

/// An action on an attribute, up to CASCADE or RESTRICT.
fn attribute_change(c: &mut Cursor<'_>) -> Parsed<Option<AttributeChange>> {
    Ok(Some(if c.accept("rename attribute") {
        let from = c.ident()?;
        c.expect("to")?;
        let to = c.ident()?;
        AttributeChange::Rename { from, to }
    } else if c.accept("add attribute") {
        let (name, data_type, collation) = attribute(c)?;
        AttributeChange::Add(name, data_type, collation)
    } else if c.accept("drop attribute") {
        let if_exists = c.accept("if exists");
        let name = c.ident()?;
        AttributeChange::Drop { name, if_exists }
    } else if c.accept("alter attribute") {
        let name = c.ident()?;
        c.accept("set data");
        c.expect("type")?;
        let data_type = data_type(c)?;
        let collation = match c.accept("collate") {
            true => Some(c.name()?),
            false => None,
        };
        AttributeChange::Alter(name, data_type, collation)
    } else {
        return Ok(None);
    }))
}
