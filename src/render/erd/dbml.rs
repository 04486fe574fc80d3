//! Diagrams in DBML, for dbdiagram.io and its like.

use std::fmt::Write as _;

use super::{Picture, Row};

/// The tables, then the references.
pub(crate) fn dbml(picture: &Picture) -> String {
    let mut out = String::new();
    for table in &picture.tables {
        let _ = writeln!(out, "Table {} {{", name(&table.name));
        for row in &table.rows {
            let _ = writeln!(out, "  {}", column(row));
        }
        if let Some(comment) = &table.comment {
            let _ = writeln!(out, "  Note: {}", note(comment));
        }
        out.push_str("}\n\n");
    }
    for (n, title) in picture.groups.iter().enumerate() {
        let _ = writeln!(out, "TableGroup {} {{", name(title));
        for table in picture.tables.iter().filter(|table| table.group == Some(n)) {
            let _ = writeln!(out, "  {}", name(&table.name));
        }
        out.push_str("}\n\n");
    }
    for line in &picture.lines {
        let child = &picture.tables[line.child].name;
        let parent = &picture.tables[line.parent].name;
        let sign = if line.child_unique { "-" } else { ">" };
        let ends = |of: fn(&(String, String)) -> &String| {
            let names: Vec<String> = line.columns.iter().map(|pair| name(of(pair))).collect();
            match names.as_slice() {
                [one] => one.clone(),
                many => format!("({})", many.join(", ")),
            }
        };
        let _ = writeln!(
            out,
            "Ref: {}.{} {sign} {}.{}",
            name(child),
            ends(|pair| &pair.0),
            name(parent),
            ends(|pair| &pair.1)
        );
    }
    out
}

fn column(row: &Row) -> String {
    let type_text = match row.type_text.as_str() {
        "" => "any",
        text => text,
    };
    let mut settings = Vec::new();
    if row.primary {
        settings.push("pk".to_owned());
    }
    if row.unique {
        settings.push("unique".to_owned());
    }
    if !row.nullable && !row.primary {
        settings.push("not null".to_owned());
    }
    if let Some(comment) = &row.comment {
        settings.push(format!("note: {}", note(comment)));
    }
    let settings = match settings.as_slice() {
        [] => String::new(),
        some => format!(" [{}]", some.join(", ")),
    };
    format!("{} {}{settings}", name(&row.name), name(type_text))
}

/// Between double quotes, which DBML has no escape for.
fn name(text: &str) -> String {
    let plain = text.chars().map(|c| match c {
        '"' => '\'',
        c if c.is_control() => ' ',
        c => c,
    });
    format!("\"{}\"", plain.collect::<String>())
}

fn note(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let plain = words.join(" ").replace('\\', "\\\\").replace('\'', "\\'");
    format!("'{plain}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_never_left_open() {
        assert_eq!(name("a\"b\nc"), "\"a'b c\"");
        assert_eq!(note("it's\n\\ so"), "'it\\'s \\\\ so'");
    }

    #[test]
    fn a_column_says_what_it_is() {
        let row = Row {
            name: "id".to_owned(),
            type_text: "bigint".to_owned(),
            primary: true,
            comment: Some("Its number".to_owned()),
            ..Row::default()
        };
        assert_eq!(column(&row), "\"id\" \"bigint\" [pk, note: 'Its number']");
    }
}
