//! Values as the text of a YAML document.
//!
//! Invariants: two blanks a level; a value stands on one line where it may and fits, texts of
//! several lines as block scalars that keep every byte.

use super::scalar::{Place, double_quoted, is_printable, literal, scalar};
use super::value::{Map, Value};

/// The width that a value on one line keeps to.
const WIDTH: usize = 100;
/// YAML takes a key of at most 1024 characters without further ado.
pub(super) const MAX_KEY: usize = 1000;

/// A document: its top-level keys, each section parted by an empty line.
pub(super) fn document(map: &Map) -> String {
    let mut out = String::new();
    for (n, (key, value)) in map.entries.iter().enumerate() {
        if n > 0 {
            out.push('\n');
        }
        entry(&mut out, key, value, 0, n_parts(key));
    }
    out
}

/// Whether the entries of a top-level section are parted by empty lines too.
fn n_parts(key: &str) -> bool {
    matches!(
        key,
        "tables" | "views" | "materialized_views" | "functions" | "procedures"
    )
}

fn indent(out: &mut String, level: usize) {
    out.push_str(&"  ".repeat(level));
}

fn entry(out: &mut String, key: &str, value: &Value, level: usize, spaced: bool) {
    indent(out, level);
    let key = scalar(key, Place::Block);
    out.push_str(&key);
    out.push(':');
    let column = 2 * level + key.chars().count() + 2;
    after_key(out, value, level, column, spaced);
}

/// A value behind its key, to the end of its last line. `column` is where it would begin on the
/// key's own line.
fn after_key(out: &mut String, value: &Value, level: usize, column: usize, spaced: bool) {
    if let Some(text) = on_one_line(value, column) {
        if !text.is_empty() {
            out.push(' ');
            out.push_str(&text);
        }
        out.push('\n');
        return;
    }
    match value {
        Value::Map(map) => {
            out.push('\n');
            block_map(out, map, level + 1, spaced);
        }
        Value::List(items) => {
            out.push('\n');
            for item in items {
                list_item(out, item, level + 1);
            }
        }
        Value::Text(text) | Value::Literal(text) => block_scalar(out, text, level + 1),
        Value::Quoted(_) | Value::Boolean(_) | Value::Integer(_) | Value::Null => out.push('\n'),
    }
}

fn block_map(out: &mut String, map: &Map, level: usize, spaced: bool) {
    for (n, (key, value)) in map.entries.iter().enumerate() {
        if n > 0 && spaced {
            out.push('\n');
        }
        entry(out, key, value, level, false);
    }
}

fn list_item(out: &mut String, item: &Value, level: usize) {
    indent(out, level);
    out.push('-');
    match item {
        // The first key stands behind the dash, the others below it.
        Value::Map(map) if on_one_line(item, 2 * level + 2).is_none() => {
            let mut inner = String::new();
            block_map(&mut inner, map, level + 1, false);
            out.push(' ');
            out.push_str(inner.trim_start());
        }
        _ => after_key(out, item, level, 2 * level + 2, false),
    }
}

/// A value on the line of its key, where it may stand there.
fn on_one_line(value: &Value, column: usize) -> Option<String> {
    match value {
        Value::Text(text) | Value::Literal(text) => {
            is_one_line(text).then(|| simple(value, Place::Block))
        }
        Value::Quoted(_) | Value::Boolean(_) | Value::Integer(_) | Value::Null => {
            Some(simple(value, Place::Block))
        }
        Value::List(_) | Value::Map(_) => {
            flow(value).filter(|text| column + text.chars().count() <= WIDTH)
        }
    }
}

/// Line breaks are what block scalars are for, unless something in them needs an escape.
fn is_one_line(text: &str) -> bool {
    !text.contains('\n') || !fits_block(text)
}

/// Whether a block scalar holds every byte of a text as it is.
fn fits_block(text: &str) -> bool {
    text.chars()
        .all(|c| is_printable(c) || matches!(c, '\n' | '\t'))
        && !text.trim().is_empty()
}

fn simple(value: &Value, place: Place) -> String {
    match value {
        Value::Text(text) => scalar(text, place),
        Value::Literal(text) => literal(text, place),
        Value::Quoted(text) => double_quoted(text),
        Value::Boolean(holds) => holds.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Null | Value::List(_) | Value::Map(_) => String::new(),
    }
}

/// `[a, b]` and `{ a: 1, b: 2 }`; nothing where a part of it does not stand on one line.
fn flow(value: &Value) -> Option<String> {
    match value {
        Value::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(flow).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        Value::Map(map) if map.entries.is_empty() => Some("{}".to_owned()),
        Value::Map(map) if !map.inline => None,
        Value::Map(map) => {
            let print = |(key, value): &(String, Value)| {
                Some(format!("{}: {}", scalar(key, Place::Flow), flow(value)?))
            };
            let entries: Option<Vec<String>> = map.entries.iter().map(print).collect();
            Some(format!("{{ {} }}", entries?.join(", ")))
        }
        Value::Text(text) | Value::Literal(text) if text.contains('\n') => None,
        Value::Null => None,
        other => Some(simple(other, Place::Flow)),
    }
}

/// A text of several lines. The indicators say what could be told neither from blanks that the
/// text begins with nor from line breaks that it ends with.
fn block_scalar(out: &mut String, text: &str, level: usize) {
    let indicator = if text.starts_with([' ', '\n', '\t']) {
        "2"
    } else {
        ""
    };
    let body = text.trim_end_matches('\n');
    let chomping = match text.len() - body.len() {
        0 => "-",
        1 => "",
        _ => "+",
    };
    out.push_str(&format!(" |{indicator}{chomping}\n"));
    // Of the line breaks at the end the last one is that of the last line itself.
    let lines = text.strip_suffix('\n').unwrap_or(text);
    for line in lines.split('\n') {
        if !line.is_empty() {
            indent(out, level);
            out.push_str(line);
        }
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(value: impl Into<Value>) -> String {
        let mut map = Map::block();
        map.put("k", value);
        document(&map)
    }

    #[test]
    fn texts_of_several_lines_are_block_scalars() {
        assert_eq!(printed("a\nb"), "k: |-\n  a\n  b\n");
        assert_eq!(printed("a\n\nb\n"), "k: |\n  a\n\n  b\n");
        assert_eq!(printed("\n  a\n\n\n"), "k: |2+\n\n    a\n\n\n");
        assert_eq!(printed("a\r\nb"), "k: \"a\\r\\nb\"\n");
        assert_eq!(printed("\n"), "k: \"\\n\"\n");
    }

    #[test]
    fn what_fits_stands_on_one_line() {
        let mut inner = Map::inline();
        inner.put("type", "text");
        inner.put("default", Value::Literal("3".into()));
        assert_eq!(printed(inner.clone()), "k: { type: text, default: 3 }\n");
        inner.put("description", "x".repeat(100));
        let text = printed(inner.clone());
        assert!(
            text.starts_with("k:\n  type: text\n  default: 3\n"),
            "{text}"
        );
        let items = vec![Value::from(inner)];
        assert!(printed(items).starts_with("k:\n  - type: text\n    default: 3\n"));
    }
}
