//! ALTER: the statements that turn an object into another of the same identity.
//!
//! Invariants: every function takes what it can alter out of the difference, and gives `None`
//! unless nothing is left, so that a facet nobody thought of is never lost but makes the object be
//! replaced. Tables are the plan's own business: their columns depend on one another.

mod code;
mod facets;
mod foreign;
mod parts;
mod replication;
mod types;
mod views;

pub(crate) use facets::difference as acl_difference;
pub use facets::{facets, is_described_alike};
pub use types::{EnumChange, enum_change};

use super::Context;
use super::fragments::{join, parameter_name, parameters};
use crate::dialect::Dialect;
use crate::model::{Extension, Ident, ObjectRef, Parameters, Sequence, SequenceOptions};

/// The statements that make `after` of `before`; `None` where the object has to be replaced.
/// `cx` is of the catalog after.
pub fn alter(cx: &Context<'_>, before: ObjectRef<'_>, after: ObjectRef<'_>) -> Option<Vec<String>> {
    let dialect = cx.dialect;
    let mut out = structure(cx, before, after)?;
    out.extend(facets(before, after, dialect));
    Some(out)
}

fn structure(cx: &Context<'_>, before: ObjectRef<'_>, after: ObjectRef<'_>) -> Option<Vec<String>> {
    use ObjectRef as O;
    let d = cx.dialect;
    match (before, after) {
        (O::Schema(b), O::Schema(a)) => same(b, a, |o| {
            (o.facets, o.implicit, o.external) = Default::default()
        }),
        (O::Extension(b), O::Extension(a)) => extension(cx, b, a),
        (O::Sequence(b), O::Sequence(a)) => sequence(b, a, d),
        (O::Language(b), O::Language(a)) => same(b, a, |o| o.facets = Default::default()),
        (O::Collation(b), O::Collation(a)) => same(b, a, |o| o.facets = Default::default()),
        (O::ShellType(b), O::ShellType(a)) => same(b, a, |o| o.facets = Default::default()),
        (O::Range(b), O::Range(a)) => same(b, a, |o| o.facets = Default::default()),
        (O::Aggregate(b), O::Aggregate(a)) => same(b, a, |o| o.facets = Default::default()),
        (O::Operator(b), O::Operator(a)) => same(b, a, |o| o.facets = Default::default()),
        (O::OperatorFamily(b), O::OperatorFamily(a)) => {
            same(b, a, |o| o.facets = Default::default())
        }
        (O::OperatorClass(b), O::OperatorClass(a)) => same(b, a, |o| o.facets = Default::default()),
        (O::Conversion(b), O::Conversion(a)) => same(b, a, |o| o.facets = Default::default()),
        (O::AccessMethod(b), O::AccessMethod(a)) => same(b, a, |o| o.comment = None),
        (O::Cast(b), O::Cast(a)) => same(b, a, |o| o.comment = None),
        (O::Enum(b), O::Enum(a)) => types::enumeration(b, a, d),
        (O::Domain(b), O::Domain(a)) => types::domain(b, a, d),
        (O::Composite(b), O::Composite(a)) => types::composite(cx, b, a),
        (O::Routine(b), O::Routine(a)) => code::routine(cx, b, a),
        (O::TextSearch(b), O::TextSearch(a)) => code::text_search(b, a, d),
        (O::View(b), O::View(a)) => views::view(cx, b, a),
        (O::Constraint(_, b), O::Constraint(t, a)) => parts::constraint(b, t, a, d),
        (O::Index(was, b), O::Index(r, a)) if was == r => parts::index(cx, b, r, a),
        (O::Trigger(_, b), O::Trigger(r, a)) => parts::trigger(cx, b, r, a),
        (O::Policy(_, b), O::Policy(r, a)) => parts::policy(b, r, a, d),
        (O::Rule(_, b), O::Rule(r, a)) => parts::rule(cx, b, r, a),
        (O::Statistics(b), O::Statistics(a)) => parts::statistics(b, a, d),
        (O::EventTrigger(b), O::EventTrigger(a)) => parts::event_trigger(b, a, d),
        (O::ForeignDataWrapper(b), O::ForeignDataWrapper(a)) => foreign::wrapper(b, a, d),
        (O::ForeignServer(b), O::ForeignServer(a)) => foreign::server(b, a, d),
        (O::UserMapping(b), O::UserMapping(a)) => foreign::user_mapping(b, a, d),
        (O::Publication(b), O::Publication(a)) => replication::publication(b, a, d),
        (O::Subscription(b), O::Subscription(a)) => replication::subscription(b, a, d),
        (O::DefaultPrivileges(_), O::DefaultPrivileges(_)) => Some(Vec::new()),
        (O::Opaque(b), O::Opaque(a)) => (b == a).then(Vec::new),
        _ => None,
    }
}

/// Nothing to do where what `strip` takes out is all that differs.
fn same<T: Clone + PartialEq>(
    before: &T,
    after: &T,
    strip: impl Fn(&mut T),
) -> Option<Vec<String>> {
    let (mut before, mut after) = (before.clone(), after.clone());
    strip(&mut before);
    strip(&mut after);
    (before == after).then(Vec::new)
}

fn extension(cx: &Context<'_>, before: &Extension, after: &Extension) -> Option<Vec<String>> {
    let dialect = cx.dialect;
    let name = dialect.quote(&after.name);
    let mut out = Vec::new();
    let default = || dialect.default_schema().map(Ident::new);
    let stranded = before.is_stranded(after, cx.catalog);
    let schema = after.schema.clone();
    let schema = schema.or_else(|| default().filter(|_| stranded));
    if let Some(schema) = schema.filter(|s| before.schema.as_ref() != Some(s)) {
        let schema = dialect.quote(&schema);
        out.push(format!("ALTER EXTENSION {name} SET SCHEMA {schema}"));
    }
    if let Some(version) = after
        .version
        .as_ref()
        .filter(|v| before.version.as_ref() != Some(v))
    {
        let version = dialect.literal(version);
        out.push(format!("ALTER EXTENSION {name} UPDATE TO {version}"));
    }
    Some(out)
}

fn sequence(before: &Sequence, after: &Sequence, dialect: Dialect) -> Option<Vec<String>> {
    let name = dialect.quote_name(&after.name);
    let mut out = Vec::new();
    let mut now = before.clone();
    let mut words = changed_options(&before.options, &after.options, dialect);
    if !words.is_empty() {
        out.extend(into_bounds(
            &name,
            &before.options,
            &after.options,
            &mut words,
        ));
        out.push(format!("ALTER SEQUENCE {name} {}", words.join(" ")));
    }
    now.options = after.options.clone();
    if before.owned_by != after.owned_by {
        out.push(match &after.owned_by {
            Some((table, column)) => {
                let table = dialect.quote_name(table);
                format!(
                    "ALTER SEQUENCE {name} OWNED BY {table}.{}",
                    dialect.quote(column)
                )
            }
            None => format!("ALTER SEQUENCE {name} OWNED BY NONE"),
        });
        now.owned_by = after.owned_by.clone();
    }
    if before.persistence != after.persistence {
        use crate::model::Persistence::{Permanent, Unlogged};
        let word = match (before.persistence, after.persistence) {
            (Permanent, Unlogged) => "UNLOGGED",
            (Unlogged, Permanent) => "LOGGED",
            _ => return None,
        };
        out.push(format!("ALTER SEQUENCE {name} SET {word}"));
        now.persistence = after.persistence;
    }
    now.facets = after.facets.clone();
    (now == *after).then_some(out)
}

/// A sequence that stands below its new lower bound is moved there first; one that is beyond it
/// stays where it is. Where the bounds have nothing in common, it starts anew.
pub(crate) fn into_bounds(
    name: &str,
    before: &SequenceOptions,
    after: &SequenceOptions,
    words: &mut Vec<String>,
) -> Option<String> {
    let ascends = |o: &SequenceOptions| o.increment.is_none_or(|n| n > 0);
    let bounds = |o: &SequenceOptions| match ascends(o) {
        true => (o.min_value.unwrap_or(1), o.max_value.unwrap_or(i64::MAX)),
        false => (o.min_value.unwrap_or(i64::MIN), o.max_value.unwrap_or(-1)),
    };
    let ((old_low, old_high), (low, high)) = (bounds(before), bounds(after));
    if low > old_high || high < old_low {
        words.push("RESTART".to_owned());
        return None;
    }
    let literal = name.replace('\'', "''");
    let moved = |function: &str, bound: i64, comparison: &str| {
        format!(
            "SELECT pg_catalog.setval('{literal}', {function}(last_value, {bound}), \
             is_called AND last_value {comparison} {bound}) FROM {name}"
        )
    };
    if low > old_low && ascends(after) {
        return Some(moved("GREATEST", low, ">="));
    }
    (high < old_high && !ascends(after)).then(|| moved("LEAST", high, "<="))
}

/// The options of a sequence that differ; the server's default where the new one says nothing.
pub(crate) fn changed_options(
    before: &SequenceOptions,
    after: &SequenceOptions,
    dialect: Dialect,
) -> Vec<String> {
    let mut words = Vec::new();
    if before.data_type != after.data_type {
        let data_type = after.data_type.as_ref();
        let printed = data_type.map_or_else(|| "bigint".to_owned(), |t| dialect.print_type(t));
        words.push(format!("AS {printed}"));
    }
    let mut number = |word: &str, before: Option<i64>, after: Option<i64>, default: &str| {
        if before != after {
            words.push(after.map_or_else(|| default.to_owned(), |n| format!("{word} {n}")));
        }
    };
    number(
        "INCREMENT BY",
        before.increment,
        after.increment,
        "INCREMENT BY 1",
    );
    number("MINVALUE", before.min_value, after.min_value, "NO MINVALUE");
    number("MAXVALUE", before.max_value, after.max_value, "NO MAXVALUE");
    let (old, new) = (first_value(before), first_value(after));
    if old != new {
        words.push(format!("START WITH {new}"));
    }
    let mut number = |word: &str, before: Option<i64>, after: Option<i64>, default: &str| {
        if before != after {
            words.push(after.map_or_else(|| default.to_owned(), |n| format!("{word} {n}")));
        }
    };
    number("CACHE", before.cache, after.cache, "CACHE 1");
    if before.cycle != after.cycle {
        words.push(if after.cycle { "CYCLE" } else { "NO CYCLE" }.to_owned());
    }
    words
}

/// The value that a sequence starts with.
fn first_value(options: &SequenceOptions) -> i64 {
    let descends = options.increment.is_some_and(|n| n < 0);
    let bound = match descends {
        true => options.max_value.unwrap_or(-1),
        false => options.min_value.unwrap_or(1),
    };
    options.start.unwrap_or(bound)
}

/// `SET (...)` and `RESET (...)`, for storage parameters and view options.
pub(crate) fn parameter_actions(
    before: &Parameters,
    after: &Parameters,
    dialect: Dialect,
) -> Vec<String> {
    let set: Parameters = after
        .iter()
        .filter(|(name, value)| before.get(name) != Some(value))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let reset: Vec<String> = before
        .keys()
        .filter(|name| !after.contains_key(name))
        .map(|name| parameter_name(name, dialect))
        .collect();
    let mut out = Vec::new();
    if !set.is_empty() {
        out.push(format!("SET ({})", parameters(&set, dialect)));
    }
    if !reset.is_empty() {
        out.push(format!("RESET ({})", join(reset)));
    }
    out
}

/// `OPTIONS (ADD a 'x', SET b 'y', DROP c)`, where anything differs.
pub(crate) fn option_changes(
    before: &Parameters,
    after: &Parameters,
    dialect: Dialect,
) -> Option<String> {
    let mut words = Vec::new();
    for (name, value) in after {
        let verb = match before.get(name) {
            Some(old) if *old == **value => continue,
            Some(_) => "SET",
            None => "ADD",
        };
        let value = dialect.literal(value);
        words.push(format!("{verb} {} {value}", dialect.quote(name)));
    }
    let gone = before.keys().filter(|name| !after.contains_key(name));
    words.extend(gone.map(|name| format!("DROP {}", dialect.quote(name))));
    (!words.is_empty()).then(|| format!("OPTIONS ({})", join(words)))
}
