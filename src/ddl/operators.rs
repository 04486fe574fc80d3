//! Operators, operator classes and families, casts, conversions, access methods.

use super::fragments::{block, closed, definition, join};
use super::subject::operator_symbol;
use crate::dialect::Dialect;
use crate::model::{
    AccessMethod, Cast, CastContext, CastMethod, Conversion, Operator, OperatorClass,
    OperatorFamily,
};

/// `CREATE OPERATOR`.
pub(super) fn create(operator: &Operator, dialect: Dialect) -> String {
    let symbol = operator_symbol(&operator.name, dialect);
    let options = operator.options.iter().map(|(k, v)| (&**k, v.as_ref()));
    let mut entries = definition(options, &["function", "procedure"]);
    let sides = [("LEFTARG", &operator.left), ("RIGHTARG", &operator.right)];
    let sides = sides.iter().filter_map(|(word, side)| {
        let side = side.as_ref()?;
        Some(format!("{word} = {}", dialect.print_type(side)))
    });
    // The function leads, its types follow, the rest comes after them.
    let at = entries.len().min(1);
    entries.splice(at..at, sides);
    format!("CREATE OPERATOR {symbol} {}", block(&entries))
}

/// `CREATE OPERATOR CLASS`.
pub(super) fn create_class(class: &OperatorClass, dialect: Dialect) -> String {
    let name = dialect.quote_name(&class.name);
    let default = if class.default { " DEFAULT" } else { "" };
    let data_type = dialect.print_type(&class.data_type);
    let method = dialect.quote(&class.method);
    let mut text = format!("CREATE OPERATOR CLASS {name}{default}\n    FOR TYPE {data_type}");
    text.push_str(&format!(" USING {method}"));
    if let Some(family) = &class.family {
        text.push_str(&format!(" FAMILY {}", dialect.quote_name(family)));
    }
    let items: Vec<_> = class.items.iter().map(|i| closed(i.text())).collect();
    text.push_str(&format!(" AS\n    {}", items.join(",\n    ")));
    text
}

/// `CREATE OPERATOR FAMILY`.
pub(super) fn create_family(family: &OperatorFamily, dialect: Dialect) -> String {
    format!("CREATE OPERATOR FAMILY {}", family_name(family, dialect))
}

/// The members of a family that belong to no class.
pub(super) fn family_items(family: &OperatorFamily, dialect: Dialect) -> Option<String> {
    if family.items.is_empty() {
        return None;
    }
    let name = family_name(family, dialect);
    let items: Vec<_> = family.items.iter().map(|i| closed(i.text())).collect();
    let items = items.join(",\n    ");
    Some(format!("ALTER OPERATOR FAMILY {name} ADD\n    {items}"))
}

fn family_name(family: &OperatorFamily, dialect: Dialect) -> String {
    let name = dialect.quote_name(&family.name);
    format!("{name} USING {}", dialect.quote(&family.method))
}

/// `CREATE CAST`.
pub(super) fn create_cast(cast: &Cast, dialect: Dialect) -> String {
    let source = dialect.print_type(&cast.source);
    let target = dialect.print_type(&cast.target);
    let method = match &cast.method {
        CastMethod::Function(name, arguments) => {
            let arguments = join(arguments.iter().map(|t| dialect.print_type(t)));
            let name = dialect.quote_name(name);
            format!("WITH FUNCTION {name}({arguments})")
        }
        CastMethod::WithoutFunction => "WITHOUT FUNCTION".to_owned(),
        CastMethod::InOut => "WITH INOUT".to_owned(),
    };
    let context = match cast.context {
        CastContext::Explicit => "",
        CastContext::Assignment => " AS ASSIGNMENT",
        CastContext::Implicit => " AS IMPLICIT",
    };
    format!("CREATE CAST ({source} AS {target}) {method}{context}")
}

/// `CREATE CONVERSION`.
pub(super) fn create_conversion(conversion: &Conversion, dialect: Dialect) -> String {
    let default = if conversion.default { "DEFAULT " } else { "" };
    let name = dialect.quote_name(&conversion.name);
    let source = dialect.literal(&conversion.source);
    let target = dialect.literal(&conversion.target);
    let function = dialect.quote_name(&conversion.function);
    format!("CREATE {default}CONVERSION {name} FOR {source} TO {target} FROM {function}")
}

/// `CREATE ACCESS METHOD`.
pub(super) fn create_access_method(method: &AccessMethod, dialect: Dialect) -> String {
    let name = dialect.quote(&method.name);
    let kind = method.kind.to_ascii_uppercase();
    let handler = dialect.quote_name(&method.handler);
    format!("CREATE ACCESS METHOD {name} TYPE {kind} HANDLER {handler}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DataType, Expr, QualifiedName};

    #[test]
    fn operators_lead_with_their_function() {
        let operator = Operator {
            name: QualifiedName::new("public", "<->"),
            left: Some(DataType::builtin("text")),
            right: Some(DataType::builtin("text")),
            options: [
                (
                    "commutator".into(),
                    Some(Expr::new("OPERATOR(public.<->)", "")),
                ),
                ("function".into(), Some(Expr::new("public.distance", ""))),
                ("hashes".into(), None),
            ]
            .into(),
            ..Operator::default()
        };
        assert_eq!(
            create(&operator, Dialect::Postgres),
            "CREATE OPERATOR public.<-> (\n    FUNCTION = public.distance,\n    LEFTARG = text,\n    \
             RIGHTARG = text,\n    COMMUTATOR = OPERATOR(public.<->),\n    HASHES\n)"
        );
    }

    #[test]
    fn casts_print_method_and_context() {
        let mut cast = Cast {
            source: DataType::builtin("text"),
            target: DataType {
                name: QualifiedName::new("public", "status"),
                ..DataType::default()
            },
            method: CastMethod::InOut,
            context: CastContext::Implicit,
            comment: None,
        };
        assert_eq!(
            create_cast(&cast, Dialect::Postgres),
            "CREATE CAST (text AS public.status) WITH INOUT AS IMPLICIT"
        );
        let function = QualifiedName::new("public", "to_status");
        cast.method = CastMethod::Function(function, vec![DataType::builtin("text")]);
        cast.context = CastContext::Explicit;
        assert_eq!(
            create_cast(&cast, Dialect::Postgres),
            "CREATE CAST (text AS public.status) WITH FUNCTION public.to_status(text)"
        );
    }
}
