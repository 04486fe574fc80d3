//! Functions, procedures, aggregates and languages.

use super::fragments::{block, closed, default_expression, definition, join};
use crate::dialect::Dialect;
use crate::model::{
    Aggregate, Argument, ArgumentMode, Language, Parallel, Returns, Routine, RoutineBody,
    RoutineKind, Volatility,
};

/// `CREATE FUNCTION` or `CREATE PROCEDURE`.
pub(super) fn create(routine: &Routine, dialect: Dialect) -> String {
    let kind = match routine.kind {
        RoutineKind::Function => "FUNCTION",
        RoutineKind::Procedure => "PROCEDURE",
    };
    let name = dialect.quote_name(&routine.name);
    let arguments = arguments(routine, dialect);
    let mut text = format!("CREATE {kind} {name}{arguments}");
    for clause in clauses(routine, dialect) {
        text.push_str(&format!("\n    {clause}"));
    }
    text.push('\n');
    text.push_str(&body(&routine.body, dialect));
    text
}

fn arguments(routine: &Routine, dialect: Dialect) -> String {
    let inputs = routine
        .arguments
        .iter()
        .filter(|a| a.mode != ArgumentMode::Table)
        .map(|a| argument(a, dialect));
    let inputs: Vec<_> = inputs.collect();
    if inputs.len() > 2 {
        block(&inputs)
    } else {
        format!("({})", inputs.join(", "))
    }
}

fn argument(argument: &Argument, dialect: Dialect) -> String {
    let mut text = String::from(match argument.mode {
        ArgumentMode::In | ArgumentMode::Table => "",
        ArgumentMode::Out => "OUT ",
        ArgumentMode::InOut => "INOUT ",
        ArgumentMode::Variadic => "VARIADIC ",
    });
    if let Some(name) = &argument.name {
        text.push_str(&format!("{} ", dialect.quote(name)));
    }
    text.push_str(&dialect.print_type(&argument.data_type));
    if let Some(default) = &argument.default {
        text.push_str(&format!(
            " DEFAULT {}",
            default_expression(default, dialect)
        ));
    }
    text
}

/// Everything between the arguments and the body, one clause a line.
fn clauses(routine: &Routine, dialect: Dialect) -> Vec<String> {
    let mut out = Vec::new();
    match &routine.returns {
        Some(Returns::Type(t)) => out.push(format!("RETURNS {}", dialect.print_type(t))),
        Some(Returns::SetOf(t)) => out.push(format!("RETURNS SETOF {}", dialect.print_type(t))),
        Some(Returns::Table) => {
            let columns = routine
                .arguments
                .iter()
                .filter(|a| a.mode == ArgumentMode::Table)
                .map(|a| argument(a, dialect));
            out.push(format!("RETURNS TABLE ({})", join(columns)));
        }
        None => {}
    }
    if !routine.language.is_empty() {
        out.push(format!("LANGUAGE {}", dialect.quote(&routine.language)));
    }
    if !routine.transforms.is_empty() {
        let types = routine.transforms.iter();
        let types = types.map(|t| format!("FOR TYPE {}", dialect.print_type(t)));
        out.push(format!("TRANSFORM {}", join(types)));
    }
    let words = attributes(routine);
    if !words.is_empty() {
        out.push(words.join(" "));
    }
    if let Some(cost) = &routine.cost {
        out.push(format!("COST {cost}"));
    }
    if let Some(rows) = &routine.rows {
        out.push(format!("ROWS {rows}"));
    }
    if let Some(support) = &routine.support {
        out.push(format!("SUPPORT {}", dialect.quote_name(support)));
    }
    let settings = routine.settings.iter();
    out.extend(settings.map(|(name, value)| setting(name, value, dialect)));
    out
}

fn attributes(routine: &Routine) -> Vec<&'static str> {
    let mut words = Vec::new();
    if routine.window {
        words.push("WINDOW");
    }
    match routine.volatility {
        Volatility::Volatile => {}
        Volatility::Stable => words.push("STABLE"),
        Volatility::Immutable => words.push("IMMUTABLE"),
    }
    if routine.strict {
        words.push("STRICT");
    }
    if routine.security_definer {
        words.push("SECURITY DEFINER");
    }
    if routine.leakproof {
        words.push("LEAKPROOF");
    }
    match routine.parallel {
        Parallel::Unsafe => {}
        Parallel::Restricted => words.push("PARALLEL RESTRICTED"),
        Parallel::Safe => words.push("PARALLEL SAFE"),
    }
    words
}

/// `SET search_path TO ...`.
pub(super) fn setting(name: &str, value: &str, dialect: Dialect) -> String {
    let name = super::fragments::parameter_name(name, dialect);
    if value.eq_ignore_ascii_case("from current") {
        format!("SET {name} FROM CURRENT")
    } else {
        format!("SET {name} TO {value}")
    }
}

fn body(body: &RoutineBody, dialect: Dialect) -> String {
    match body {
        RoutineBody::Source(source) => format!("AS {}", dialect.dollar_quote(source)),
        RoutineBody::Object { file, symbol } if symbol.is_empty() => {
            format!("AS {}", dialect.literal(file))
        }
        RoutineBody::Object { file, symbol } => {
            format!("AS {}, {}", dialect.literal(file), dialect.literal(symbol))
        }
        RoutineBody::Standard(text) => closed(text.text()).into_owned(),
    }
}

/// `CREATE AGGREGATE`.
pub(super) fn create_aggregate(aggregate: &Aggregate, dialect: Dialect) -> String {
    let name = dialect.quote_name(&aggregate.name);
    let arguments = aggregate_arguments(aggregate, true, dialect);
    let options = aggregate.options.iter().map(|(k, v)| (&**k, v.as_ref()));
    let entries = definition(options, &["sfunc", "stype", "sspace", "finalfunc"]);
    format!("CREATE AGGREGATE {name}({arguments}) {}", block(&entries))
}

/// The arguments of an aggregate, `*` for none, ORDER BY for an ordered set's.
pub(super) fn aggregate_arguments(aggregate: &Aggregate, names: bool, dialect: Dialect) -> String {
    let print = |a: &Argument| {
        let unnamed;
        let a = if names {
            a
        } else {
            unnamed = Argument {
                name: None,
                ..a.clone()
            };
            &unnamed
        };
        argument(a, dialect)
    };
    let list = |arguments: &[Argument]| join(arguments.iter().map(print));
    let all = &aggregate.arguments;
    let Some(direct) = aggregate.order_by.map(usize::from) else {
        return if all.is_empty() {
            "*".to_owned()
        } else {
            list(all)
        };
    };
    let (direct, ordered) = all.split_at(direct.min(all.len()));
    match (direct.is_empty(), ordered.is_empty()) {
        (true, _) => format!("ORDER BY {}", list(ordered)),
        // A hypothetical-set aggregate names its one VARIADIC argument on both sides.
        (false, true) => format!("{0} ORDER BY {0}", list(direct)),
        (false, false) => format!("{} ORDER BY {}", list(direct), list(ordered)),
    }
}

/// `CREATE LANGUAGE`; without handlers it is an extension in disguise.
pub(super) fn create_language(language: &Language, dialect: Dialect) -> String {
    let trusted = if language.trusted { "TRUSTED " } else { "" };
    let name = dialect.quote(&language.name);
    let mut text = format!("CREATE OR REPLACE {trusted}LANGUAGE {name}");
    for word in ["HANDLER", "INLINE", "VALIDATOR"] {
        if let Some(function) = language.handlers.get(word) {
            text.push_str(&format!(" {word} {}", dialect.quote_name(function)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DataType, Expr, QualifiedName};

    fn in_argument(name: &str, data_type: &str) -> Argument {
        Argument {
            name: Some(name.into()),
            data_type: DataType::builtin(data_type),
            ..Argument::default()
        }
    }

    #[test]
    fn a_function_prints_every_attribute() {
        let mut b = in_argument("b", "text");
        b.default = Some(Expr::new("'x'", ""));
        let routine = Routine {
            name: QualifiedName::new("public", "f"),
            arguments: vec![in_argument("a", "integer"), b],
            returns: Some(Returns::SetOf(DataType::builtin("integer"))),
            language: "plpgsql".into(),
            volatility: Volatility::Stable,
            strict: true,
            security_definer: true,
            parallel: Parallel::Safe,
            cost: Some("10".into()),
            settings: [("search_path".into(), "''".into())].into(),
            body: RoutineBody::Source("BEGIN\nEND".into()),
            ..Routine::default()
        };
        assert_eq!(
            create(&routine, Dialect::Postgres),
            "CREATE FUNCTION public.f(a integer, b text DEFAULT 'x')\n    \
             RETURNS SETOF integer\n    LANGUAGE plpgsql\n    \
             STABLE STRICT SECURITY DEFINER PARALLEL SAFE\n    COST 10\n    \
             SET search_path TO ''\nAS $$BEGIN\nEND$$"
        );
    }

    #[test]
    fn returns_table_lists_its_columns_there() {
        let mut out = in_argument("id", "uuid");
        out.mode = ArgumentMode::Table;
        let routine = Routine {
            name: QualifiedName::new("public", "f"),
            arguments: vec![in_argument("a", "integer"), out],
            returns: Some(Returns::Table),
            language: "sql".into(),
            body: RoutineBody::Standard(Expr::new("RETURN 1", "")),
            ..Routine::default()
        };
        assert_eq!(
            create(&routine, Dialect::Postgres),
            "CREATE FUNCTION public.f(a integer)\n    RETURNS TABLE (id uuid)\n    \
             LANGUAGE sql\nRETURN 1"
        );
    }

    #[test]
    fn aggregates_lead_with_their_state() {
        let aggregate = Aggregate {
            name: QualifiedName::new("public", "total"),
            arguments: vec![Argument {
                data_type: DataType::builtin("integer"),
                ..Argument::default()
            }],
            options: [
                ("initcond".into(), Some(Expr::new("'0'", ""))),
                ("sfunc".into(), Some(Expr::new("int4pl", ""))),
                ("stype".into(), Some(Expr::new("integer", ""))),
            ]
            .into(),
            ..Aggregate::default()
        };
        assert_eq!(
            create_aggregate(&aggregate, Dialect::Postgres),
            "CREATE AGGREGATE public.total(integer) (\n    SFUNC = int4pl,\n    \
             STYPE = integer,\n    INITCOND = '0'\n)"
        );
    }
}
