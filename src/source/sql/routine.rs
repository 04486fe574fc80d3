//! Functions and procedures, and what ALTER changes of them.

use super::cursor::{Cursor, Parsed};
use super::setting::setting;
use super::target::signature_argument;
use super::types::data_type;
use crate::dialect::Capability;
use crate::expr::{TokenKind, expression};
use crate::model::{
    Argument, ArgumentMode, DataType, Ident, Object, Parallel, Returns, Routine, RoutineBody,
    RoutineKind, Volatility,
};
use crate::source::{AlterAction, Statement};

/// What follows `CREATE [OR REPLACE] FUNCTION | PROCEDURE`.
pub(super) fn create_routine(
    c: &mut Cursor<'_>,
    kind: RoutineKind,
    or_replace: bool,
) -> Parsed<Statement> {
    let mut routine = Routine {
        name: c.given_routine()?,
        kind,
        arguments: c.list(argument)?,
        ..Routine::default()
    };
    if kind == RoutineKind::Function && c.is("returns") && !c.are("returns null on") {
        c.advance();
        returns(c, &mut routine)?;
    }
    let mut definition = None;
    while !c.at_end() {
        if c.accept("as") {
            definition = Some(quoted_body(c)?);
        } else if c.is("return") || c.are("begin atomic") {
            c.require(Capability::StandardBodies)?;
            let text = c.rest();
            definition = Some(RoutineBody::Standard(expression(text, c.dialect())));
        } else if c.accept("language") {
            routine.language = language(c)?;
        } else if c.accept("transform") {
            routine.transforms = c.comma_separated(transform)?;
        } else if c.accept("window") {
            routine.window = true;
        } else if attribute(c, &mut routine)?.is_none() {
            return Err(c.expected("an attribute of the routine"));
        }
    }
    finish(c, &mut routine, definition)?;
    Ok(Statement::Create {
        object: Object::Routine(Box::new(routine)),
        or_replace,
        if_not_exists: false,
        like: Vec::new(),
    })
}

/// The body and the language that it implies.
fn finish(c: &Cursor<'_>, routine: &mut Routine, body: Option<RoutineBody>) -> Parsed<()> {
    let Some(body) = body else {
        return Err(c.expected("AS and the body of the routine"));
    };
    routine.body = match body {
        RoutineBody::Source(file) if routine.language == "c" => RoutineBody::Object {
            file,
            symbol: routine.name.name.as_str().into(),
        },
        other => other,
    };
    if routine.language.is_empty() {
        if !matches!(routine.body, RoutineBody::Standard(_)) {
            return Err(c.expected("LANGUAGE"));
        }
        routine.language = Ident::new("sql");
    }
    Ok(())
}

/// `[mode] [name] type [DEFAULT value]`
pub(super) fn argument(c: &mut Cursor<'_>) -> Parsed<Argument> {
    let mut argument = signature_argument(c)?;
    refuse_copied_type(c)?;
    if c.accept("default") || c.accept("=") || c.accept(":=") {
        argument.default = Some(c.expression_until(&[])?);
    }
    Ok(argument)
}

/// `table.column%TYPE`: the server looks the type up once, the model does not.
fn refuse_copied_type(c: &Cursor<'_>) -> Parsed<()> {
    if c.is("%") {
        return Err(c.unmodelled("`%TYPE`"));
    }
    Ok(())
}

fn returns(c: &mut Cursor<'_>, routine: &mut Routine) -> Parsed<()> {
    if c.is("table") && c.is_at(1, "(") {
        c.advance();
        let columns = c.list(|c| {
            let name = Some(c.ident()?);
            let data_type = data_type(c)?;
            refuse_copied_type(c)?;
            Ok(Argument {
                mode: ArgumentMode::Table,
                name,
                data_type,
                default: None,
            })
        })?;
        routine.arguments.extend(columns);
        routine.returns = Some(Returns::Table);
        return Ok(());
    }
    let set = c.accept("setof");
    let data_type = data_type(c)?;
    refuse_copied_type(c)?;
    routine.returns = Some(if set {
        Returns::SetOf(data_type)
    } else {
        Returns::Type(data_type)
    });
    Ok(())
}

fn quoted_body(c: &mut Cursor<'_>) -> Parsed<RoutineBody> {
    let first = c.string()?;
    if !c.accept(",") {
        return Ok(RoutineBody::Source(first.into()));
    }
    Ok(RoutineBody::Object {
        file: first.into(),
        symbol: c.string()?.into(),
    })
}

/// A language's name, which may be quoted as a string.
fn language(c: &mut Cursor<'_>) -> Parsed<Ident> {
    if c.is_string() {
        let error = c.expected("the name of a language");
        let name = c.string()?.to_lowercase();
        return if name.is_empty() {
            Err(error)
        } else {
            Ok(Ident::from(name))
        };
    }
    c.ident()
}

fn transform(c: &mut Cursor<'_>) -> Parsed<DataType> {
    c.expect("for type")?;
    data_type(c)
}

/// An attribute that ALTER knows too; the word for what was given, `None` where none is next.
fn attribute(c: &mut Cursor<'_>, routine: &mut Routine) -> Parsed<Option<&'static str>> {
    if let Some(word) = c.accept_any(&["immutable", "stable", "volatile"]) {
        routine.volatility = match word {
            "immutable" => Volatility::Immutable,
            "stable" => Volatility::Stable,
            _ => Volatility::Volatile,
        };
        return Ok(Some("volatility"));
    }
    if c.accept("called on null input") {
        routine.strict = false;
        return Ok(Some("strict"));
    }
    if c.accept("returns null on null input") || c.accept("strict") {
        routine.strict = true;
        return Ok(Some("strict"));
    }
    if c.accept("not leakproof") {
        routine.leakproof = false;
        return Ok(Some("leakproof"));
    }
    if c.accept("leakproof") {
        routine.leakproof = true;
        return Ok(Some("leakproof"));
    }
    if c.are("external security") {
        c.advance();
    }
    if let Some(word) = c.accept_any(&["security definer", "security invoker"]) {
        routine.security_definer = word == "security definer";
        return Ok(Some("security"));
    }
    planner_attribute(c, routine)
}

fn planner_attribute(c: &mut Cursor<'_>, routine: &mut Routine) -> Parsed<Option<&'static str>> {
    Ok(Some(if c.accept("parallel") {
        routine.parallel = match c.accept_any(&["unsafe", "restricted", "safe"]) {
            Some("safe") => Parallel::Safe,
            Some("restricted") => Parallel::Restricted,
            Some(_) => Parallel::Unsafe,
            None => return Err(c.expected("UNSAFE, RESTRICTED or SAFE")),
        };
        "parallel"
    } else if c.accept("cost") {
        routine.cost = Some(number(c)?);
        "cost"
    } else if c.accept("rows") {
        routine.rows = Some(number(c)?);
        "rows"
    } else if c.accept("support") {
        routine.support = Some(c.name()?);
        "support"
    } else if c.accept("set") {
        let (name, value) = setting(c)?;
        routine.settings.insert(name, value);
        "set"
    } else {
        return Ok(None);
    }))
}

fn number(c: &mut Cursor<'_>) -> Parsed<Box<str>> {
    if c.peek().is_none_or(|t| t.kind != TokenKind::Number) {
        return Err(c.expected("a number"));
    }
    let text = c.text();
    c.advance();
    Ok(text.into())
}

/// The attributes of ALTER FUNCTION; `None` where none is next.
pub(super) fn alter_routine(c: &mut Cursor<'_>) -> Parsed<Option<AlterAction>> {
    let mut routine = Routine::default();
    let mut given = Vec::new();
    let mut reset = Vec::new();
    while !c.at_end() {
        if c.accept("reset") {
            let parts = c.dotted()?;
            let parts: Vec<&str> = parts.iter().map(Ident::as_str).collect();
            reset.push(parts.join(".").into());
        } else if let Some(word) = attribute(c, &mut routine)? {
            given.push(word);
        } else {
            c.accept("restrict");
            break;
        }
    }
    if given.is_empty() && reset.is_empty() {
        return Ok(None);
    }
    Ok(Some(AlterAction::Routine {
        routine: Box::new(routine),
        given,
        reset,
    }))
}

/// The arguments of an aggregate: a list, `*`, or direct ones before ORDER BY.
pub(super) fn aggregate_arguments(c: &mut Cursor<'_>) -> Parsed<(Vec<Argument>, Option<u16>)> {
    let mut inner = c.group()?;
    let mut arguments = Vec::new();
    let mut order_by = None;
    if inner.accept("*") {
        inner.expect_end()?;
        return Ok((arguments, order_by));
    }
    while !inner.at_end() {
        if inner.accept("order by") {
            order_by = Some(u16::try_from(arguments.len()).unwrap_or(u16::MAX));
        }
        arguments.push(argument(&mut inner)?);
        if !inner.accept(",") && !inner.is("order") {
            break;
        }
    }
    inner.expect_end()?;
    collapse_hypothetical(&mut arguments, order_by);
    Ok((arguments, order_by))
}

/// `VARIADIC "any" ORDER BY VARIADIC "any"` is one argument to the server.
fn collapse_hypothetical(arguments: &mut Vec<Argument>, order_by: Option<u16>) {
    let direct = order_by.map_or(0, usize::from);
    let variadic = |n: usize| {
        arguments
            .get(n)
            .is_some_and(|a| a.mode == ArgumentMode::Variadic)
    };
    if direct > 0 && variadic(direct - 1) && arguments.len() == direct + 1 && variadic(direct) {
        arguments.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{actions_of, error_of, object_of, read_text};
    use super::*;

    fn routine_of(text: &str) -> Routine {
        match object_of(text) {
            Object::Routine(routine) => *routine,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_attribute_is_read() {
        let routine = routine_of(
            "CREATE OR REPLACE FUNCTION app.f(a int, OUT b text, VARIADIC c int[] DEFAULT '{}') \
             RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT EXTERNAL SECURITY DEFINER LEAKPROOF \
             PARALLEL RESTRICTED COST 10 SET search_path = 'app', pg_temp SET work_mem TO '4MB' \
             AS $body$ BEGIN RETURN 1; END $body$;",
        );
        assert_eq!(routine.signature(), "integer, VARIADIC integer[]");
        assert_eq!(routine.arguments[1].mode, ArgumentMode::Out);
        assert!(routine.arguments[2].default.is_some());
        assert_eq!(routine.volatility, Volatility::Immutable);
        assert_eq!(routine.parallel, Parallel::Restricted);
        assert!(routine.strict && routine.security_definer && routine.leakproof);
        assert_eq!(routine.cost.as_deref(), Some("10"));
        assert_eq!(
            routine.settings.get("search_path").unwrap_or_default(),
            "app, pg_temp"
        );
        assert_eq!(
            routine.settings.get("work_mem").unwrap_or_default(),
            "'4MB'"
        );
        let body = RoutineBody::Source(" BEGIN RETURN 1; END ".into());
        assert_eq!(routine.body, body);
    }

    #[test]
    fn columns_of_returns_table_are_arguments() {
        let routine = routine_of(
            "CREATE FUNCTION f() RETURNS TABLE (id uuid, n numeric(10,2)) LANGUAGE 'SQL' STABLE \
             AS 'SELECT 1'",
        );
        assert_eq!(routine.returns, Some(Returns::Table));
        assert_eq!(routine.arguments.len(), 2);
        assert_eq!(routine.language, "sql");
        assert_eq!(routine.signature(), "");
    }

    #[test]
    fn standard_bodies_are_kept_whole() {
        let routine = routine_of(
            "CREATE PROCEDURE p(a int) BEGIN ATOMIC INSERT INTO t VALUES (a); SELECT 1; END;",
        );
        assert_eq!(routine.kind, RoutineKind::Procedure);
        assert_eq!(routine.language, "sql");
        let RoutineBody::Standard(body) = &routine.body else {
            panic!("{:?}", routine.body)
        };
        assert_eq!(
            body.text(),
            "BEGIN ATOMIC INSERT INTO t VALUES (a); SELECT 1; END"
        );
        let routine = routine_of("CREATE FUNCTION f(a int) RETURNS int RETURN a + 1;");
        assert!(matches!(routine.body, RoutineBody::Standard(b) if b.text() == "RETURN a + 1"));
    }

    #[test]
    fn a_c_function_has_file_and_symbol() {
        let routine = routine_of("CREATE FUNCTION f(int) RETURNS int LANGUAGE c AS 'lib'");
        let expected = RoutineBody::Object {
            file: "lib".into(),
            symbol: "f".into(),
        };
        assert_eq!(routine.body, expected);
    }

    #[test]
    fn alter_names_what_it_gives() {
        let actions = actions_of("ALTER FUNCTION f(int) STABLE SET a.b = 1 RESET c RESET ALL;");
        let [AlterAction::Routine { given, reset, .. }] = actions.as_slice() else {
            panic!("{actions:?}")
        };
        assert_eq!(given, &["volatility", "set"]);
        assert_eq!(reset, &[Box::from("c"), Box::from("all")]);
        let actions = actions_of("ALTER PROCEDURE p() OWNER TO me");
        assert!(matches!(actions.as_slice(), [AlterAction::Owner(_)]));
        let actions = actions_of("ALTER FUNCTION f SET SCHEMA app");
        assert!(matches!(actions.as_slice(), [AlterAction::SetSchema(_)]));
    }

    #[test]
    fn what_is_missing_is_named() {
        assert!(error_of("CREATE FUNCTION f() RETURNS int AS 'x'").contains("LANGUAGE"));
        assert!(error_of("CREATE FUNCTION f() RETURNS int LANGUAGE sql").contains("body"));
        assert!(
            error_of("CREATE FUNCTION f() RETURNS int LANGUAGE sql QUICK AS ''")
                .contains("attribute")
        );
        let opaque = read_text("CREATE FUNCTION f(a t.c%TYPE) RETURNS int LANGUAGE sql AS ''");
        assert_eq!(opaque.statistics.opaque, 1);
    }
}
