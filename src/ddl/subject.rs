//! What statements call an object: `TABLE public.tasks`, `TRIGGER t ON public.tasks`; and the
//! statements that need nothing else: DROP, COMMENT ON, OWNER TO.

use super::fragments::join;
use crate::dialect::{Capability, Dialect};
use crate::model::{
    Aggregate, Argument, ArgumentMode, Grantee, Ident, ObjectRef, Operator, QualifiedName, Routine,
    RoutineKind,
};

/// The words and the name by which DROP, COMMENT ON and ALTER know an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    pub words: String,
    pub name: String,
}

/// What statements call `object`; `None` for what has no name to them (default privileges).
pub fn subject(object: ObjectRef<'_>, dialect: Dialect) -> Option<Subject> {
    let bare = |n: &Ident| dialect.quote(n).into_owned();
    let full = |n: &QualifiedName| dialect.quote_name(n);
    let on = |n: &Ident, t: &QualifiedName| format!("{} ON {}", bare(n), full(t));
    let using = |n: &QualifiedName, m: &Ident| format!("{} USING {}", full(n), bare(m));
    let print = |t| dialect.print_type(t);
    let (words, name) = match object {
        ObjectRef::Schema(o) => ("SCHEMA", bare(&o.name)),
        ObjectRef::Extension(o) => ("EXTENSION", bare(&o.name)),
        ObjectRef::Language(o) => ("LANGUAGE", bare(&o.name)),
        ObjectRef::Collation(o) => ("COLLATION", full(&o.name)),
        ObjectRef::ShellType(o) => ("TYPE", full(&o.name)),
        ObjectRef::Enum(o) => ("TYPE", full(&o.name)),
        ObjectRef::Domain(o) => ("DOMAIN", full(&o.name)),
        ObjectRef::Composite(o) => ("TYPE", full(&o.name)),
        ObjectRef::Range(o) => ("TYPE", full(&o.name)),
        ObjectRef::Sequence(o) => ("SEQUENCE", full(&o.name)),
        ObjectRef::Routine(o) => (routine_word(o.kind), routine_name(o, dialect)),
        ObjectRef::Aggregate(o) => ("AGGREGATE", aggregate_name(o, dialect)),
        ObjectRef::Operator(o) => ("OPERATOR", operator_name(o, dialect)),
        ObjectRef::OperatorFamily(o) => ("OPERATOR FAMILY", using(&o.name, &o.method)),
        ObjectRef::OperatorClass(o) => ("OPERATOR CLASS", using(&o.name, &o.method)),
        ObjectRef::AccessMethod(o) => ("ACCESS METHOD", bare(&o.name)),
        ObjectRef::Cast(o) => (
            "CAST",
            format!("({} AS {})", print(&o.source), print(&o.target)),
        ),
        ObjectRef::Conversion(o) => ("CONVERSION", full(&o.name)),
        ObjectRef::TextSearch(o) => {
            let words = format!("TEXT SEARCH {}", o.kind.as_sql());
            let name = full(&o.name);
            return Some(Subject { words, name });
        }
        ObjectRef::ForeignDataWrapper(o) => ("FOREIGN DATA WRAPPER", bare(&o.name)),
        ObjectRef::ForeignServer(o) => ("SERVER", bare(&o.name)),
        ObjectRef::UserMapping(o) => {
            let user = grantee(&o.user, dialect);
            (
                "USER MAPPING FOR",
                format!("{user} SERVER {}", bare(&o.server)),
            )
        }
        ObjectRef::Table(o) if o.foreign.is_some() => ("FOREIGN TABLE", full(&o.name)),
        ObjectRef::Table(o) => ("TABLE", full(&o.name)),
        ObjectRef::VirtualTable(o) => ("TABLE", full(&o.name)),
        ObjectRef::View(o) if o.materialized => ("MATERIALIZED VIEW", full(&o.name)),
        ObjectRef::View(o) => ("VIEW", full(&o.name)),
        ObjectRef::Constraint(table, c) => ("CONSTRAINT", on(&c.name, &table.name)),
        ObjectRef::Index(relation, o) => ("INDEX", full(&relation.sibling(o.name.clone()))),
        ObjectRef::Statistics(o) => ("STATISTICS", full(&o.name)),
        ObjectRef::Rule(relation, o) => ("RULE", on(&o.name, relation)),
        // SQLite's triggers are named without their table.
        ObjectRef::Trigger(relation, o) if has(dialect, Capability::Routines) => {
            ("TRIGGER", on(&o.name, relation))
        }
        ObjectRef::Trigger(_, o) => ("TRIGGER", bare(&o.name)),
        ObjectRef::Policy(relation, o) => ("POLICY", on(&o.name, relation)),
        ObjectRef::EventTrigger(o) => ("EVENT TRIGGER", bare(&o.name)),
        ObjectRef::Publication(o) => ("PUBLICATION", bare(&o.name)),
        ObjectRef::Subscription(o) => ("SUBSCRIPTION", bare(&o.name)),
        ObjectRef::DefaultPrivileges(_) => return None,
        ObjectRef::Opaque(o) => {
            let words = o.kind.to_ascii_uppercase();
            let name = full(&o.name);
            return Some(Subject { words, name });
        }
    };
    Some(Subject {
        words: words.to_owned(),
        name,
    })
}

/// The statement that drops an object, without CASCADE.
pub fn drop_statement(object: ObjectRef<'_>, dialect: Dialect) -> Option<String> {
    if let ObjectRef::Constraint(table, constraint) = object {
        let table = subject(ObjectRef::Table(table), dialect)?;
        let name = dialect.quote(&constraint.name);
        let Subject { words, name: of } = table;
        return Some(format!("ALTER {words} {of} DROP CONSTRAINT {name}"));
    }
    let Subject { words, name } = subject(object, dialect)?;
    Some(format!("DROP {words} {name}"))
}

/// `COMMENT ON`; `None` for the text removes the comment.
pub fn comment_statement(
    object: ObjectRef<'_>,
    text: Option<&str>,
    dialect: Dialect,
) -> Option<String> {
    let Subject { words, name } = subject(object, dialect)?;
    comment_on(&words, &name, text, dialect)
}

/// `COMMENT ON words name IS 'text'`; nothing where the dialect has no comments.
pub(super) fn comment_on(
    words: &str,
    name: &str,
    text: Option<&str>,
    dialect: Dialect,
) -> Option<String> {
    if !has(dialect, Capability::CommentOn) {
        return None;
    }
    let text = text.map_or_else(|| "NULL".to_owned(), |t| comment_literal(t, dialect));
    Some(format!("COMMENT ON {words} {name} IS {text}"))
}

fn comment_literal(text: &str, dialect: Dialect) -> String {
    dialect.literal(text)
}

/// `ALTER ... OWNER TO`.
pub fn owner_statement(object: ObjectRef<'_>, owner: &Ident, dialect: Dialect) -> Option<String> {
    if !has(dialect, Capability::Grants) {
        return None;
    }
    let Subject { words, name } = subject(object, dialect)?;
    Some(format!(
        "ALTER {words} {name} OWNER TO {}",
        role(owner, dialect)
    ))
}

/// The object's comment.
pub(super) fn comment(object: ObjectRef<'_>) -> Option<&str> {
    match object {
        ObjectRef::Extension(o) => o.comment.as_deref(),
        ObjectRef::AccessMethod(o) => o.comment.as_deref(),
        ObjectRef::Cast(o) => o.comment.as_deref(),
        ObjectRef::VirtualTable(o) => o.comment.as_deref(),
        ObjectRef::Constraint(_, o) => o.comment.as_deref(),
        ObjectRef::Index(_, o) => o.comment.as_deref(),
        ObjectRef::Rule(_, o) => o.comment.as_deref(),
        ObjectRef::Trigger(_, o) => o.comment.as_deref(),
        ObjectRef::Policy(_, o) => o.comment.as_deref(),
        other => other.facets()?.comment.as_deref(),
    }
}

/// The name of an object that lives in a schema.
pub(crate) fn name_in_schema(object: ObjectRef<'_>) -> Option<&QualifiedName> {
    Some(match object {
        ObjectRef::Collation(o) => &o.name,
        ObjectRef::ShellType(o) => &o.name,
        ObjectRef::Enum(o) => &o.name,
        ObjectRef::Domain(o) => &o.name,
        ObjectRef::Composite(o) => &o.name,
        ObjectRef::Range(o) => &o.name,
        ObjectRef::Sequence(o) => &o.name,
        ObjectRef::Routine(o) => &o.name,
        ObjectRef::Aggregate(o) => &o.name,
        ObjectRef::Operator(o) => &o.name,
        ObjectRef::OperatorFamily(o) => &o.name,
        ObjectRef::OperatorClass(o) => &o.name,
        ObjectRef::Conversion(o) => &o.name,
        ObjectRef::TextSearch(o) => &o.name,
        ObjectRef::Table(o) => &o.name,
        ObjectRef::VirtualTable(o) => &o.name,
        ObjectRef::View(o) => &o.name,
        ObjectRef::Statistics(o) => &o.name,
        ObjectRef::Opaque(o) => &o.name,
        _ => return None,
    })
}

/// Whether any version of the dialect has the capability.
pub(super) fn has(dialect: Dialect, capability: Capability) -> bool {
    capability.since(dialect).is_some()
}

/// A role; the names that stand for whoever runs the statement are keywords.
pub(super) fn role(name: &Ident, dialect: Dialect) -> String {
    match name.as_str() {
        word @ ("current_user" | "session_user" | "current_role") => word.to_ascii_uppercase(),
        name => dialect.quote(name).into_owned(),
    }
}

pub(super) fn grantee(grantee: &Grantee, dialect: Dialect) -> String {
    match grantee {
        Grantee::Public => "PUBLIC".to_owned(),
        Grantee::Role(name) => role(name, dialect),
    }
}

fn routine_word(kind: RoutineKind) -> &'static str {
    match kind {
        RoutineKind::Function => "FUNCTION",
        RoutineKind::Procedure => "PROCEDURE",
    }
}

/// `public.f(integer, text)`. Output arguments are part of a procedure's identity.
fn routine_name(routine: &Routine, dialect: Dialect) -> String {
    let counts = |a: &&Argument| match a.mode {
        ArgumentMode::Out => routine.kind == RoutineKind::Procedure,
        ArgumentMode::Table => false,
        _ => true,
    };
    let types = routine.arguments.iter().filter(counts).map(|a| {
        let mode = if a.mode == ArgumentMode::Out {
            "OUT "
        } else {
            ""
        };
        format!("{mode}{}", dialect.print_type(&a.data_type))
    });
    format!("{}({})", dialect.quote_name(&routine.name), join(types))
}

fn aggregate_name(aggregate: &Aggregate, dialect: Dialect) -> String {
    let arguments = super::routines::aggregate_arguments(aggregate, false, dialect);
    format!("{}({arguments})", dialect.quote_name(&aggregate.name))
}

fn operator_name(operator: &Operator, dialect: Dialect) -> String {
    let side = |t: &Option<_>| {
        t.as_ref()
            .map_or_else(|| "NONE".to_owned(), |t| dialect.print_type(t))
    };
    let symbol = operator_symbol(&operator.name, dialect);
    format!(
        "{symbol} ({}, {})",
        side(&operator.left),
        side(&operator.right)
    )
}

/// `public.+`: the symbol is never quoted.
pub(super) fn operator_symbol(name: &QualifiedName, dialect: Dialect) -> String {
    match &name.schema {
        Some(schema) => format!("{}.{}", dialect.quote(schema), name.name),
        None => name.name.to_string(),
    }
}
