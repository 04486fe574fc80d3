//! Differences in words, for people.

use crate::model::{Difference, Property, Value};

/// A value longer than this, or of several lines, is shown line by line.
const LONGEST_VALUE: usize = 80;

/// Whether both values fit a line.
pub fn is_short(difference: &Difference) -> bool {
    if difference.before == difference.after {
        return true;
    }
    let short = |value: &Value| match value {
        Value::Text(text) => text.len() <= LONGEST_VALUE && !text.contains('\n'),
        _ => true,
    };
    short(&difference.before) && short(&difference.after)
}

/// `type text -> citext`, `not null added`, `default removed, was now()`.
pub fn phrase(difference: &Difference) -> String {
    let property = &difference.property;
    match (&difference.before, &difference.after) {
        (Value::Flag(false), Value::Flag(true)) => format!("{property} added"),
        (Value::Flag(true), Value::Flag(false)) => format!("{property} removed"),
        (before, after) if before == after && *before != Value::Hidden => {
            format!("{property} of the same text reads other things")
        }
        (Value::Hidden, Value::Hidden) => format!("{property} is another (hidden)"),
        (before, after) if matches!(property, Property::Privilege { .. }) => {
            privilege(property, before, after)
        }
        (Value::Absent, after) => format!("{property} added: {}", said(after)),
        (before, Value::Absent) => format!("{property} removed, was {}", said(before)),
        (before, after) => format!("{property} {} -> {}", said(before), said(after)),
    }
}

fn privilege(property: &Property, before: &Value, after: &Value) -> String {
    match (before, after) {
        (Value::Absent, after) => format!("{property} {}", said(after)),
        (before, Value::Absent) => format!("{property} no longer {}", said(before)),
        (before, after) => format!("{property} {}, was {}", said(after), said(before)),
    }
}

/// A value in words.
pub fn said(value: &Value) -> String {
    match value {
        Value::Absent => "nothing".to_owned(),
        Value::Flag(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) if text.is_empty() => "\"\"".to_owned(),
        Value::Text(text) => text.to_string(),
        Value::List(list) => {
            let list: Vec<String> = list.iter().map(said).collect();
            format!("({})", list.join(", "))
        }
        Value::Hidden => "hidden".to_owned(),
    }
}
