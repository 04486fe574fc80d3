//! Partition keys and bounds.

use super::cursor::{Cursor, Parsed};
use super::index::index_element;
use crate::expr::expression;
use crate::model::{Expr, PartitionBound, PartitionBy};

/// What follows `PARTITION BY`.
pub(super) fn partition_by(c: &mut Cursor<'_>) -> Parsed<PartitionBy> {
    let Some(strategy) = c.accept_any(&["range", "list", "hash"]) else {
        return Err(c.expected("RANGE, LIST or HASH"));
    };
    let keys = c.list(|c| index_element(c, &[]))?;
    Ok(PartitionBy {
        strategy: strategy.into(),
        keys,
    })
}

/// `FOR VALUES ...` or `DEFAULT`.
pub(super) fn partition_bound(c: &mut Cursor<'_>) -> Parsed<PartitionBound> {
    if c.accept("default") {
        return Ok(PartitionBound::Default);
    }
    c.expect("for values")?;
    if c.accept("in") {
        return Ok(PartitionBound::List(c.list(value)?));
    }
    if c.accept("from") {
        let from = c.list(value)?;
        c.expect("to")?;
        let to = c.list(value)?;
        return Ok(PartitionBound::Range { from, to });
    }
    c.expect("with")?;
    let mut inner = c.group()?;
    let (mut modulus, mut remainder) = (0, 0);
    while !inner.at_end() {
        let word = inner.accept_any(&["modulus", "remainder"]);
        let value = u32::try_from(inner.integer()?)
            .map_err(|_| inner.error("a modulus or remainder is not negative"))?;
        match word {
            Some("modulus") => modulus = value,
            Some(_) => remainder = value,
            None => return Err(inner.expected("MODULUS or REMAINDER")),
        }
        inner.accept(",");
    }
    Ok(PartitionBound::Hash { modulus, remainder })
}

fn value(c: &mut Cursor<'_>) -> Parsed<Expr> {
    let text = c.until(&[])?;
    Ok(expression(text, c.dialect()))
}
