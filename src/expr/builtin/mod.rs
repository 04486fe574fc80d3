//! What PostgreSQL brings along: functions, operators, casts and types, with those of its usual
//! extensions (citext, hstore, pgcrypto, uuid-ossp, pg_trgm, ltree, intarray, unaccent ...).
//!
//! The four lists are queries of `pg_proc`, `pg_operator`, `pg_cast` and `pg_type` (majors 15 and 18),
//! a line a row, types as `format_type` prints them. They are read once, at first use.

use std::collections::HashMap;
use std::sync::OnceLock;

/// A function: its result, and the types of its arguments.
#[derive(Clone, Debug)]
pub(super) struct Function {
    pub(super) aggregate: bool,
    /// Whether it returns rows.
    pub(super) rows: bool,
    /// Whether it may give another value of the same arguments.
    pub(super) mutable: bool,
    pub(super) result: &'static str,
    pub(super) variadic: bool,
    pub(super) defaults: usize,
    pub(super) arguments: Vec<&'static str>,
    /// The columns of its rows, where it has several or they have names of their own.
    pub(super) columns: Vec<(&'static str, &'static str)>,
}

/// An operator; a prefix operator has no left type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operator {
    pub(super) left: &'static str,
    pub(super) right: &'static str,
    pub(super) result: &'static str,
}

/// A type of `pg_type`.
#[derive(Clone, Copy, Debug)]
pub(super) struct BuiltinType {
    pub(super) category: char,
    pub(super) preferred: bool,
    /// Of a range its subtype, of a multirange its range.
    pub(super) element: &'static str,
}

/// How far a cast goes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cast {
    pub(super) implicit: bool,
    pub(super) assignment: bool,
}

/// The lists, by name.
pub(super) struct Builtins {
    pub(super) functions: HashMap<&'static str, Vec<Function>>,
    pub(super) operators: HashMap<&'static str, Vec<Operator>>,
    pub(super) types: HashMap<&'static str, BuiltinType>,
    pub(super) casts: HashMap<(&'static str, &'static str), Cast>,
    /// The comments that extensions bring along (`pg_available_extensions`).
    pub(super) extensions: HashMap<&'static str, &'static str>,
}

pub(super) fn builtins() -> &'static Builtins {
    static BUILTINS: OnceLock<Builtins> = OnceLock::new();
    BUILTINS.get_or_init(read)
}

fn read() -> Builtins {
    let mut all = Builtins {
        functions: HashMap::new(),
        operators: HashMap::new(),
        types: HashMap::new(),
        casts: HashMap::new(),
        extensions: HashMap::new(),
    };
    for [name, result, flags, arguments, columns] in rows(include_str!("functions.txt")) {
        let column = |text: &'static str| text.split_once(':');
        all.functions.entry(name).or_default().push(Function {
            aggregate: flags.contains('a'),
            rows: flags.contains('s'),
            mutable: flags.contains('m'),
            result,
            variadic: flags.contains('v'),
            defaults: flags
                .bytes()
                .find(u8::is_ascii_digit)
                .map_or(0, |d| usize::from(d - b'0')),
            arguments: arguments.split(',').filter(|a| !a.is_empty()).collect(),
            columns: columns.split(',').filter_map(column).collect(),
        });
    }
    for [name, left, right, result] in rows(include_str!("operators.txt")) {
        let operator = Operator {
            left,
            right,
            result,
        };
        all.operators.entry(name).or_default().push(operator);
    }
    for [name, category, preferred, element, _] in rows(include_str!("types.txt")) {
        let found = BuiltinType {
            category: category.chars().next().unwrap_or('U'),
            preferred: !preferred.is_empty(),
            element,
        };
        all.types.insert(name, found);
    }
    for [source, target, context, _] in rows(include_str!("casts.txt")) {
        let cast = Cast {
            implicit: context == "i",
            assignment: context == "a",
        };
        all.casts.insert((source, target), cast);
    }
    for [name, comment] in rows(include_str!("extensions.txt")) {
        all.extensions.insert(name, comment);
    }
    all
}

/// What a function does beside computing a value of its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallKind {
    Aggregate,
    /// It returns rows.
    Rows,
}

/// The same for a function of the server, where all that have the name agree.
pub fn call_kind(name: &str) -> Option<CallKind> {
    let all = builtins().functions.get(name)?;
    if all.iter().all(|f| f.aggregate) {
        return Some(CallKind::Aggregate);
    }
    all.iter().all(|f| f.rows).then_some(CallKind::Rows)
}

/// Whether every function of the server that has the name may give another value of the same arguments.
pub fn is_mutable(name: &str) -> bool {
    let all = builtins().functions.get(name);
    all.is_some_and(|all| all.iter().all(|f| f.mutable))
}

/// Whether the server, or one of its usual extensions, has a function of the name.
pub fn is_builtin_function(name: &str) -> bool {
    builtins().functions.contains_key(name)
}

/// Whether a type of the server has no values that a column could hold.
pub fn is_pseudo_type(name: &str) -> bool {
    builtins()
        .types
        .get(name)
        .is_some_and(|t| t.category == 'P')
}

/// The lines of a list, each split into its cells.
fn rows<const N: usize>(text: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    text.lines().map(|line| {
        let mut cells = line.split('\t');
        std::array::from_fn(|_| cells.next().unwrap_or(""))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_read_whole() {
        let all = builtins();
        assert!(
            all.functions["lower"]
                .iter()
                .any(|f| f.arguments == ["text"] && f.result == "text")
        );
        assert_eq!(
            all.functions["jsonb_each"][0].columns,
            [("key", "text"), ("value", "jsonb")]
        );
        let same = all.operators["="]
            .iter()
            .filter(|o| o.left == "text" && o.right == "text");
        assert_eq!(same.count(), 1);
        assert_eq!(all.types["text"].category, 'S');
        assert!(all.types["text"].preferred);
        assert_eq!(all.types["int4range"].element, "integer");
        assert!(all.casts[&("integer", "bigint")].implicit);
        assert!(!all.casts[&("bigint", "integer")].implicit);
    }
}
