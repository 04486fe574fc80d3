//! Operators, operator classes and families, casts, conversions, access methods.

use super::cursor::{Cursor, Parsed};
use super::target::operator_name;
use super::type_definition::definition;
use super::types::data_type;
use crate::model::{
    AccessMethod, Cast, CastContext, CastMethod, Conversion, DataType, Expr, Object, Operator,
    OperatorClass, OperatorFamily,
};
use crate::source::{AlterAction, Statement};

pub(super) fn create(object: Object) -> Statement {
    Statement::Create {
        object,
        or_replace: false,
        if_not_exists: false,
        like: Vec::new(),
    }
}

/// What follows `CREATE OPERATOR`.
pub(super) fn create_operator(c: &mut Cursor<'_>) -> Parsed<Statement> {
    let mut operator = Operator {
        name: operator_name(c)?,
        ..Operator::default()
    };
    let mut types = c.clone();
    operator.options = definition(c)?;
    c.expect_end()?;
    for side in ["leftarg", "rightarg"] {
        operator.options.remove(side);
    }
    if let Some(function) = operator.options.remove("procedure") {
        operator.options.insert("function".into(), function);
    }
    // The operand types are read again as types, by their place in the list.
    types.list(|c| {
        let word = c.ident()?.to_lowercase();
        if c.accept("=") && !c.is("none") {
            match word.as_str() {
                "leftarg" => operator.left = Some(data_type(c)?),
                "rightarg" => operator.right = Some(data_type(c)?),
                _ => {}
            }
        }
        if !c.is(",") && !c.is(")") {
            c.until(&[])?;
        }
        Ok(())
    })?;
    Ok(create(Object::Operator(operator)))
}

/// What follows `CREATE OPERATOR CLASS`.
pub(super) fn create_class(c: &mut Cursor<'_>) -> Parsed<Statement> {
    let mut class = OperatorClass {
        name: c.name()?,
        default: c.accept("default"),
        ..OperatorClass::default()
    };
    c.expect("for type")?;
    class.data_type = data_type(c)?;
    c.expect("using")?;
    class.method = c.ident()?;
    if c.accept("family") {
        class.family = Some(c.name()?);
    }
    c.expect("as")?;
    class.items = items(c)?;
    c.expect_end()?;
    Ok(create(Object::OperatorClass(class)))
}

/// What follows `CREATE OPERATOR FAMILY`.
pub(super) fn create_family(c: &mut Cursor<'_>) -> Parsed<Statement> {
    let name = c.name()?;
    c.expect("using")?;
    let family = OperatorFamily {
        name,
        method: c.ident()?,
        ..OperatorFamily::default()
    };
    c.expect_end()?;
    Ok(create(Object::OperatorFamily(family)))
}

/// `OPERATOR 1 <, FUNCTION 1 f(a, b), STORAGE t`
fn items(c: &mut Cursor<'_>) -> Parsed<Vec<Expr>> {
    c.comma_separated(|c| {
        if !c.is_any(&["operator", "function", "storage"]) {
            return Err(c.expected("OPERATOR, FUNCTION or STORAGE"));
        }
        c.expression_until(&[])
    })
}

/// What ALTER changes of a family.
pub(super) fn alter_family(c: &mut Cursor<'_>) -> Parsed<Option<AlterAction>> {
    Ok(Some(if c.accept("add") {
        AlterAction::AddItems(items(c)?)
    } else if c.accept("drop") {
        AlterAction::DropItems(items(c)?)
    } else {
        return Ok(None);
    }))
}

/// `SET (RESTRICT = f, JOIN = NONE)` of an operator.
pub(super) fn alter_operator(c: &mut Cursor<'_>) -> Parsed<Option<AlterAction>> {
    if !(c.is("set") && c.is_at(1, "(")) {
        return Ok(None);
    }
    c.advance();
    let options = definition(c)?;
    let none = |e: &Expr| e.text().eq_ignore_ascii_case("none");
    let options = options
        .into_iter()
        .map(|(key, value)| (key, value.filter(|v| !none(v))));
    Ok(Some(AlterAction::Definition(options.collect())))
}

/// What follows `CREATE CAST`.
pub(super) fn create_cast(c: &mut Cursor<'_>) -> Parsed<Statement> {
    let mut inner = c.group()?;
    let source = data_type(&mut inner)?;
    inner.expect("as")?;
    let target = data_type(&mut inner)?;
    inner.expect_end()?;
    let method = if c.accept("with function") {
        let name = c.name()?;
        // Without a list the function takes the source type.
        let arguments: Vec<DataType> = if c.is("(") {
            c.list(data_type)?
        } else {
            vec![source.clone()]
        };
        CastMethod::Function(name, arguments)
    } else if c.accept("without function") {
        CastMethod::WithoutFunction
    } else if c.accept("with inout") {
        CastMethod::InOut
    } else {
        return Err(c.expected("WITH FUNCTION, WITHOUT FUNCTION or WITH INOUT"));
    };
    let context = if c.accept("as assignment") {
        CastContext::Assignment
    } else if c.accept("as implicit") {
        CastContext::Implicit
    } else {
        CastContext::Explicit
    };
    c.expect_end()?;
    Ok(create(Object::Cast(Cast {
        source,
        target,
        method,
        context,
        comment: None,
    })))
}

/// What follows `CREATE [DEFAULT] CONVERSION`.
pub(super) fn create_conversion(c: &mut Cursor<'_>, default: bool) -> Parsed<Statement> {
    let name = c.name()?;
    c.expect("for")?;
    let source = c.string()?.into();
    c.expect("to")?;
    let target = c.string()?.into();
    c.expect("from")?;
    let conversion = Conversion {
        name,
        default,
        source,
        target,
        function: c.name()?,
        ..Conversion::default()
    };
    c.expect_end()?;
    Ok(create(Object::Conversion(conversion)))
}

/// What follows `CREATE ACCESS METHOD`.
pub(super) fn create_access_method(c: &mut Cursor<'_>) -> Parsed<Statement> {
    let name = c.ident()?;
    c.expect("type")?;
    let Some(kind) = c.accept_any(&["table", "index"]) else {
        return Err(c.expected("TABLE or INDEX"));
    };
    c.expect("handler")?;
    let method = AccessMethod {
        name,
        kind: kind.into(),
        handler: c.name()?,
        comment: None,
    };
    c.expect_end()?;
    Ok(create(Object::AccessMethod(method)))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{actions_of, object_of};
    use super::*;

    #[test]
    fn operand_types_leave_the_options() {
        let object = object_of(
            "CREATE OPERATOR app.=== (LEFTARG = int4, PROCEDURE = app.eq, RIGHTARG = varchar, \
             COMMUTATOR = OPERATOR(app.===), HASHES)",
        );
        let Object::Operator(operator) = object else {
            panic!("{object:?}")
        };
        assert_eq!(operator.name.to_string(), "app.===");
        assert_eq!(operator.signature(), "integer, character varying");
        let keys: Vec<&str> = operator.options.keys().map(|k| &**k).collect();
        assert_eq!(keys, ["commutator", "function", "hashes"]);
    }

    #[test]
    fn classes_and_families_list_their_items() {
        let object = object_of(
            "CREATE OPERATOR CLASS c DEFAULT FOR TYPE app.t USING btree FAMILY f AS \
             OPERATOR 1 <, OPERATOR 3 = (t, t) FOR SEARCH, FUNCTION 1 cmp(t, t), STORAGE int4",
        );
        let Object::OperatorClass(class) = object else {
            panic!("{object:?}")
        };
        assert!(class.default);
        let items: Vec<&str> = class.items.iter().map(Expr::text).collect();
        assert_eq!(
            items,
            [
                "OPERATOR 1 <",
                "OPERATOR 3 = (t, t) FOR SEARCH",
                "FUNCTION 1 cmp(t, t)",
                "STORAGE int4"
            ]
        );
        let actions = actions_of("ALTER OPERATOR FAMILY f USING btree ADD OPERATOR 1 < (a, b)");
        assert!(matches!(actions.as_slice(), [AlterAction::AddItems(i)] if i.len() == 1));
        let actions = actions_of("ALTER OPERATOR + (int, int) SET (RESTRICT = NONE, JOIN = f)");
        let [AlterAction::Definition(options)] = actions.as_slice() else {
            panic!("{actions:?}")
        };
        assert!(options.contains(&("restrict".into(), None)));
    }

    #[test]
    fn casts_say_how_and_when() {
        let object = object_of("CREATE CAST (text AS app.t) WITH FUNCTION app.f AS IMPLICIT");
        let Object::Cast(cast) = object else {
            panic!("{object:?}")
        };
        assert_eq!(cast.context, CastContext::Implicit);
        assert!(matches!(cast.method, CastMethod::Function(_, a) if a[0].is("text")));
    }

    #[test]
    fn conversions_and_access_methods() {
        let object = object_of("CREATE DEFAULT CONVERSION c FOR 'UTF8' TO 'LATIN1' FROM f");
        assert!(matches!(object, Object::Conversion(c) if c.default && &*c.target == "LATIN1"));
        let object =
            object_of("CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler");
        assert!(matches!(object, Object::AccessMethod(m) if &*m.kind == "table"));
    }
}
