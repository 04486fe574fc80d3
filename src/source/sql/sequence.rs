//! Sequences and the options that identity columns share with them.

use super::cursor::{Cursor, Parsed};
use super::types::data_type;
use crate::dialect::Capability;
use crate::model::{Ident, Object, Persistence, QualifiedName, Sequence, SequenceOptions};
use crate::source::{AlterAction, Statement};

/// The owner in `OWNED BY`: a table and its column, or `None` for NONE.
type Owner = Option<(QualifiedName, Ident)>;

/// The options of one clause list, as read.
#[derive(Default)]
pub(super) struct Clauses {
    pub(super) options: SequenceOptions,
    /// Words of the options that were given.
    pub(super) given: Vec<&'static str>,
    pub(super) owned_by: Option<Owner>,
    pub(super) name: Option<QualifiedName>,
}

/// What follows `CREATE [TEMP | UNLOGGED] SEQUENCE`.
pub(super) fn create_sequence(c: &mut Cursor<'_>, persistence: Persistence) -> Parsed<Statement> {
    if persistence == Persistence::Unlogged {
        c.require(Capability::UnloggedSequences)?;
    }
    let if_not_exists = c.accept("if not exists");
    let name = c.given_name()?;
    let clauses = sequence_clauses(c)?;
    c.expect_end()?;
    let sequence = Sequence {
        name,
        options: clauses.options,
        owned_by: clauses.owned_by.flatten(),
        persistence,
        ..Sequence::default()
    };
    Ok(Statement::Create {
        object: Object::Sequence(sequence),
        or_replace: false,
        if_not_exists,
        like: Vec::new(),
    })
}

/// The options in parentheses behind `AS IDENTITY`, and `SEQUENCE NAME`.
pub(super) fn sequence_options_in_parentheses(
    c: &mut Cursor<'_>,
) -> Parsed<(SequenceOptions, Option<QualifiedName>)> {
    let mut inner = c.group()?;
    let clauses = sequence_clauses(&mut inner)?;
    inner.expect_end()?;
    Ok((clauses.options, clauses.name))
}

/// Sequence options as an action of ALTER SEQUENCE.
pub(super) fn alter_sequence_options(c: &mut Cursor<'_>) -> Parsed<Vec<AlterAction>> {
    let clauses = sequence_clauses(c)?;
    let mut actions = Vec::new();
    if !clauses.given.is_empty() {
        actions.push(AlterAction::Sequence {
            options: Box::new(clauses.options),
            given: clauses.given,
        });
    }
    if let Some(owner) = clauses.owned_by {
        actions.push(AlterAction::OwnedBy(owner));
    }
    Ok(actions)
}

/// Options in any order, as far as there are some.
pub(super) fn sequence_clauses(c: &mut Cursor<'_>) -> Parsed<Clauses> {
    let mut clauses = Clauses::default();
    while !c.at_end() {
        // ALTER COLUMN writes SET before each option.
        c.accept("set");
        if !sequence_clause(c, &mut clauses)? {
            break;
        }
    }
    Ok(clauses)
}

fn sequence_clause(c: &mut Cursor<'_>, clauses: &mut Clauses) -> Parsed<bool> {
    let options = &mut clauses.options;
    let word = if c.accept("as") {
        options.data_type = Some(data_type(c)?);
        "as"
    } else if c.accept("start") {
        c.accept("with");
        options.start = Some(c.integer()?);
        "start"
    } else if c.accept("increment") {
        c.accept("by");
        options.increment = Some(c.integer()?);
        "increment"
    } else if c.accept("minvalue") {
        options.min_value = Some(c.integer()?);
        "minvalue"
    } else if c.accept("maxvalue") {
        options.max_value = Some(c.integer()?);
        "maxvalue"
    } else if c.accept("no minvalue") {
        options.min_value = None;
        "minvalue"
    } else if c.accept("no maxvalue") {
        options.max_value = None;
        "maxvalue"
    } else if c.accept("cache") {
        options.cache = Some(c.integer()?);
        "cache"
    } else if c.accept("no cycle") {
        options.cycle = false;
        "cycle"
    } else if c.accept("cycle") {
        options.cycle = true;
        "cycle"
    } else if c.accept("restart") {
        // The next value is data, not schema.
        if c.accept("with") || !c.at_end() {
            c.integer()?;
        }
        return Ok(true);
    } else if c.accept("sequence name") {
        clauses.name = Some(c.name()?);
        return Ok(true);
    } else if c.accept("owned by") {
        clauses.owned_by = Some(owner(c)?);
        return Ok(true);
    } else if c.accept("logged") || c.accept("unlogged") {
        return Ok(true);
    } else {
        return Ok(false);
    };
    clauses.given.push(word);
    Ok(true)
}

fn owner(c: &mut Cursor<'_>) -> Parsed<Owner> {
    if c.accept("none") {
        return Ok(None);
    }
    let mut parts = c.dotted()?;
    if parts.len() < 2 {
        return Err(c.error("OWNED BY needs a table and a column: `OWNED BY table.column`"));
    }
    let column = parts.pop().unwrap_or_default();
    Ok(Some((super::cursor::name_of(parts), column)))
}
