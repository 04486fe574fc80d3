//! Aggregates, in the syntax of today and in the one before PostgreSQL 8.2.

use std::collections::BTreeMap;

use super::cursor::{Cursor, Parsed};
use super::routine::aggregate_arguments;
use super::type_definition::definition;
use super::types::data_type;
use crate::expr::unquote_string;
use crate::model::{Aggregate, Argument, Expr, Object};
use crate::source::Statement;

type Options = BTreeMap<Box<str>, Option<Expr>>;

/// What follows `CREATE [OR REPLACE] AGGREGATE`.
pub(super) fn create_aggregate(c: &mut Cursor<'_>, or_replace: bool) -> Parsed<Statement> {
    let mut aggregate = Aggregate {
        name: c.name()?,
        ..Aggregate::default()
    };
    if is_old_syntax(c)? {
        let mut options = Options::new();
        for (key, value) in typed_definition(c)? {
            if &*key == "basetype" {
                aggregate.arguments.extend(base_type(c, value.as_ref())?);
            } else {
                options.insert(key, value);
            }
        }
        aggregate.options = options;
    } else {
        (aggregate.arguments, aggregate.order_by) = aggregate_arguments(c)?;
        aggregate.options = typed_definition(c)?;
    }
    c.expect_end()?;
    Ok(Statement::Create {
        object: Object::Aggregate(Box::new(aggregate)),
        or_replace,
        if_not_exists: false,
        like: Vec::new(),
    })
}

/// The old syntax has one list, which names its argument `BASETYPE`.
fn is_old_syntax(c: &Cursor<'_>) -> Parsed<bool> {
    let mut ahead = c.clone();
    ahead.group()?;
    Ok(ahead.at_end())
}

/// A definition list whose types are spelled as the server spells them, and whose keys have one
/// name each.
fn typed_definition(c: &mut Cursor<'_>) -> Parsed<Options> {
    let mut types = c.clone();
    let options = definition(c)?;
    let mut out = Options::new();
    for (key, value) in options {
        let key = match &*key {
            "sfunc1" => "sfunc".into(),
            "stype1" => "stype".into(),
            "initcond1" => "initcond".into(),
            _ => key,
        };
        out.insert(key, value);
    }
    // The types are read again as types, by their place in the list.
    types.list(|c| {
        let word = c.ident()?.to_lowercase();
        if c.accept("=") {
            let key = if word == "stype1" { "stype" } else { &word };
            if matches!(key, "stype" | "mstype") {
                let printed = c.dialect().print_type(&data_type(c)?);
                out.insert(key.into(), Some(Expr::new(printed.clone(), printed)));
            }
            if !c.is(",") && !c.is(")") {
                c.until(&[])?;
            }
        }
        Ok(())
    })?;
    Ok(out)
}

/// `ANY` (or `'ANY'`) stands for no argument at all.
fn base_type(c: &Cursor<'_>, value: Option<&Expr>) -> Parsed<Option<Argument>> {
    let text = value.map_or("", Expr::text);
    let text = unquote_string(text).unwrap_or_else(|| text.to_owned());
    if text.trim_matches('"').eq_ignore_ascii_case("any") {
        return Ok(None);
    }
    let Ok(data_type) = super::fragment::data_type(&text, c.version) else {
        return Err(c.error(format!("`{text}` is not a type")));
    };
    Ok(Some(Argument {
        data_type,
        ..Argument::default()
    }))
}

#[cfg(test)]
mod tests {
    use super::super::testing::object_of;
    use super::*;

    fn aggregate_of(text: &str) -> Aggregate {
        match object_of(text) {
            Object::Aggregate(aggregate) => *aggregate,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn old_and_new_syntax_say_the_same() {
        let new =
            aggregate_of("CREATE AGGREGATE s(int) (SFUNC = int4pl, STYPE = int8, INITCOND = '0')");
        let old = aggregate_of(
            "CREATE AGGREGATE s (BASETYPE = integer, sfunc1 = int4pl, stype1 = bigint, initcond1 = '0')",
        );
        assert_eq!(old, new);
        assert_eq!(new.signature(), "integer");
        assert_eq!(new.options["stype"].as_ref().unwrap().text(), "bigint");
    }

    #[test]
    fn no_argument_is_a_star_or_any() {
        let new = aggregate_of("CREATE AGGREGATE n(*) (SFUNC = int8inc, STYPE = bigint)");
        let old =
            aggregate_of("CREATE AGGREGATE n (BASETYPE = 'ANY', SFUNC = int8inc, STYPE = int8)");
        assert_eq!(old, new);
    }

    #[test]
    fn direct_arguments_stand_before_order_by() {
        let aggregate = aggregate_of(
            "CREATE AGGREGATE p(double precision ORDER BY anyelement) \
             (SFUNC = f, STYPE = internal, FINALFUNC_EXTRA)",
        );
        assert_eq!(aggregate.order_by, Some(1));
        assert_eq!(aggregate.arguments.len(), 2);
        assert_eq!(aggregate.options["finalfunc_extra"], None);
        let hypothetical = aggregate_of(
            "CREATE AGGREGATE r(VARIADIC \"any\" ORDER BY VARIADIC \"any\") \
             (SFUNC = f, STYPE = internal, HYPOTHETICAL)",
        );
        assert_eq!(hypothetical.arguments.len(), 1);
    }
}
