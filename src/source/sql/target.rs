//! What ALTER, DROP, COMMENT and GRANT name: a kind, a name, the arguments of a routine.

use super::cursor::{Cursor, Parsed};
use super::types::data_type;
use crate::model::{Argument, ArgumentMode, DataType, Ident, ObjectKind, QualifiedName};
use crate::source::Target;

/// The kinds by the words that name them, longest first.
const KINDS: &[(&str, ObjectKind)] = &[
    ("text search configuration", ObjectKind::TextSearch),
    ("text search dictionary", ObjectKind::TextSearch),
    ("text search parser", ObjectKind::TextSearch),
    ("text search template", ObjectKind::TextSearch),
    ("foreign data wrapper", ObjectKind::ForeignDataWrapper),
    ("materialized view", ObjectKind::MaterializedView),
    ("procedural language", ObjectKind::Language),
    ("operator family", ObjectKind::OperatorFamily),
    ("operator class", ObjectKind::OperatorClass),
    ("foreign table", ObjectKind::Table),
    ("event trigger", ObjectKind::EventTrigger),
    ("access method", ObjectKind::AccessMethod),
    ("user mapping", ObjectKind::UserMapping),
    ("table", ObjectKind::Table),
    ("column", ObjectKind::Column),
    ("view", ObjectKind::View),
    ("index", ObjectKind::Index),
    ("sequence", ObjectKind::Sequence),
    ("constraint", ObjectKind::Constraint),
    ("trigger", ObjectKind::Trigger),
    ("rule", ObjectKind::Rule),
    ("policy", ObjectKind::Policy),
    ("schema", ObjectKind::Schema),
    ("extension", ObjectKind::Extension),
    ("language", ObjectKind::Language),
    ("collation", ObjectKind::Collation),
    ("conversion", ObjectKind::Conversion),
    ("type", ObjectKind::ShellType),
    ("domain", ObjectKind::Domain),
    ("function", ObjectKind::Function),
    ("procedure", ObjectKind::Procedure),
    ("routine", ObjectKind::Function),
    ("aggregate", ObjectKind::Aggregate),
    ("operator", ObjectKind::Operator),
    ("cast", ObjectKind::Cast),
    ("statistics", ObjectKind::Statistics),
    ("publication", ObjectKind::Publication),
    ("subscription", ObjectKind::Subscription),
    ("server", ObjectKind::ForeignServer),
];

/// The kind that the next words name, and the words; they are taken.
pub(super) fn object_kind(c: &mut Cursor<'_>) -> Option<(ObjectKind, &'static str)> {
    KINDS
        .iter()
        .find(|(words, _)| c.accept(words))
        .map(|(words, kind)| (*kind, *words))
}

/// What stands behind the kind: a name and what tells overloads apart.
///
/// `ShellType` stands for a type of any kind, `Function` for any routine where ROUTINE was said.
pub(super) fn target(c: &mut Cursor<'_>, kind: ObjectKind, words: &str) -> Parsed<Target> {
    match kind {
        ObjectKind::Column => {
            let mut parts = c.dotted()?;
            if parts.len() < 2 {
                return Err(c.error("a column needs its table: `table.column`"));
            }
            let member = parts.pop();
            let name = super::cursor::name_of(parts);
            Ok(Target {
                member,
                ..Target::new(kind, name)
            })
        }
        ObjectKind::Constraint | ObjectKind::Trigger | ObjectKind::Rule | ObjectKind::Policy => {
            member_of_relation(c, kind)
        }
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => {
            routine(c, kind, words)
        }
        ObjectKind::Operator => operator(c),
        ObjectKind::OperatorClass | ObjectKind::OperatorFamily => {
            let name = c.name()?;
            c.expect("using")?;
            let method = c.ident()?;
            Ok(Target {
                detail: Some(method.as_str().into()),
                ..Target::new(kind, name)
            })
        }
        ObjectKind::Cast => cast(c),
        ObjectKind::TextSearch => {
            let detail = words.rsplit(' ').next().map(Box::from);
            Ok(Target {
                detail,
                ..Target::new(kind, c.name()?)
            })
        }
        ObjectKind::UserMapping => {
            c.expect("for")?;
            let user = c.ident()?;
            c.expect("server")?;
            let server = c.ident()?;
            Ok(Target {
                member: Some(user),
                ..Target::new(kind, QualifiedName::bare(server))
            })
        }
        ObjectKind::Table if words == "foreign table" => Ok(Target {
            detail: Some("foreign".into()),
            ..Target::new(kind, c.name()?)
        }),
        _ => Ok(Target::new(kind, c.name()?)),
    }
}

/// `name ON relation`, and `name ON DOMAIN domain` for constraints.
fn member_of_relation(c: &mut Cursor<'_>, kind: ObjectKind) -> Parsed<Target> {
    let member = c.ident()?;
    if c.is_sqlite() && !c.is("on") {
        return Ok(Target {
            member: Some(member),
            ..Target::new(kind, QualifiedName::default())
        });
    }
    c.expect("on")?;
    let on_domain = kind == ObjectKind::Constraint && c.accept("domain");
    let name = c.name()?;
    Ok(Target {
        member: Some(member),
        detail: on_domain.then(|| "domain".into()),
        ..Target::new(kind, name)
    })
}

fn routine(c: &mut Cursor<'_>, kind: ObjectKind, words: &str) -> Parsed<Target> {
    let name = c.name()?;
    let mut target = Target::new(kind, name);
    if words == "routine" {
        target.detail = Some("routine".into());
    }
    if c.is("(") {
        let mut inner = c.group()?;
        let mut arguments = Vec::new();
        while !inner.at_end() {
            if inner.accept("*") || inner.accept("order by") || inner.accept(",") {
                continue;
            }
            arguments.push(signature_argument(&mut inner)?);
        }
        target.arguments = Some(arguments);
    }
    Ok(target)
}

/// `[mode] [name] type`, of which only mode and type count.
pub(super) fn signature_argument(c: &mut Cursor<'_>) -> Parsed<Argument> {
    let mut argument = Argument {
        mode: argument_mode(c),
        ..Argument::default()
    };
    // A name is there when the rest still reads as a type up to the comma.
    let mut unnamed = c.clone();
    let as_type = data_type(&mut unnamed).ok();
    let ends = |c: &Cursor<'_>| {
        c.at_end()
            || [",", ")", "default", "=", ":=", "%"]
                .iter()
                .any(|w| c.is(w))
            || c.are("order by")
    };
    match as_type {
        Some(found) if ends(&unnamed) => {
            argument.data_type = found;
            *c = unnamed;
        }
        _ => {
            argument.name = Some(c.ident()?);
            if argument.mode == ArgumentMode::In {
                argument.mode = argument_mode(c);
            }
            argument.data_type = data_type(c)?;
        }
    }
    Ok(argument)
}

/// `IN`, `OUT`, `INOUT`, `VARIADIC`, where the word is one (and not a name).
pub(super) fn argument_mode(c: &mut Cursor<'_>) -> ArgumentMode {
    let followed =
        |c: &Cursor<'_>| !(c.is_at(1, ",") || c.is_at(1, ")") || c.text_at(1).is_empty());
    if !followed(c) {
        return ArgumentMode::In;
    }
    if c.accept("in out") || c.accept("inout") {
        ArgumentMode::InOut
    } else if c.accept("in") {
        ArgumentMode::In
    } else if c.accept("out") {
        ArgumentMode::Out
    } else if c.accept("variadic") {
        ArgumentMode::Variadic
    } else {
        ArgumentMode::In
    }
}

fn operator(c: &mut Cursor<'_>) -> Parsed<Target> {
    let name = operator_name(c)?;
    let sides = c.list(|c| {
        if c.accept("none") {
            return Ok(DataType::default());
        }
        data_type(c)
    })?;
    let arguments = sides
        .into_iter()
        .map(|data_type| Argument {
            data_type,
            ..Argument::default()
        })
        .collect();
    Ok(Target {
        arguments: Some(arguments),
        ..Target::new(ObjectKind::Operator, name)
    })
}

/// An operator's symbol with an optional schema.
pub(super) fn operator_name(c: &mut Cursor<'_>) -> Parsed<QualifiedName> {
    let schema: Option<Ident> = if c.is_at(1, ".") && c.is_identifier() {
        let schema = c.ident()?;
        c.advance();
        Some(schema)
    } else {
        None
    };
    let mut symbol = String::new();
    while c
        .peek()
        .is_some_and(|t| t.kind == crate::expr::TokenKind::Operator)
    {
        symbol.push_str(c.text());
        c.advance();
    }
    if symbol.is_empty() {
        return Err(c.expected("an operator"));
    }
    Ok(QualifiedName {
        schema,
        name: Ident::from(symbol),
    })
}

fn cast(c: &mut Cursor<'_>) -> Parsed<Target> {
    let mut inner = c.group()?;
    let source = data_type(&mut inner)?;
    inner.expect("as")?;
    let target = data_type(&mut inner)?;
    inner.expect_end()?;
    let arguments = [source, target]
        .into_iter()
        .map(|data_type| Argument {
            data_type,
            ..Argument::default()
        })
        .collect();
    Ok(Target {
        arguments: Some(arguments),
        ..Target::new(ObjectKind::Cast, QualifiedName::default())
    })
}
