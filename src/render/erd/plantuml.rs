//! Diagrams in PlantUML.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Picture, TableBox};

/// The entities, in a package a group, then the relations.
pub(crate) fn plantuml(picture: &Picture) -> String {
    let mut out =
        String::from("@startuml\nhide circle\nhide empty members\nskinparam linetype ortho\n");
    let mut by_group: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
    for (n, table) in picture.tables.iter().enumerate() {
        by_group.entry(table.group).or_default().push(n);
    }
    for (group, tables) in by_group {
        let title = group.and_then(|n| picture.groups.get(n));
        if let Some(title) = title {
            let _ = writeln!(out, "package \"{}\" {{", text(title));
        }
        for n in tables {
            entity(&mut out, n, &picture.tables[n]);
        }
        if title.is_some() {
            out.push_str("}\n");
        }
    }
    for line in &picture.lines {
        let left = if line.parent_optional { "|o" } else { "||" };
        let middle = if line.identifying { "--" } else { ".." };
        let right = if line.child_unique { "o|" } else { "o{" };
        let columns: Vec<&str> = line
            .columns
            .iter()
            .map(|(child, _)| child.as_str())
            .collect();
        let _ = writeln!(
            out,
            "t{} {left}{middle}{right} t{} : \"{}\"",
            line.parent + 1,
            line.child + 1,
            text(&columns.join(", "))
        );
    }
    out.push_str("@enduml\n");
    out
}

fn entity(out: &mut String, n: usize, table: &TableBox) {
    let _ = writeln!(out, "entity \"{}\" as t{} {{", text(&table.name), n + 1);
    let (keys, others): (Vec<_>, Vec<_>) = table.rows.iter().partition(|row| row.primary);
    let both = !keys.is_empty() && !others.is_empty();
    for (part, rows) in [keys, others].into_iter().enumerate() {
        if part == 1 && both {
            out.push_str("  --\n");
        }
        for row in rows {
            let mark = if row.nullable { "" } else { "* " };
            let mut words = String::new();
            for (is, word) in [(row.primary, "PK"), (row.foreign, "FK"), (row.unique, "UK")] {
                if is {
                    let _ = write!(words, " <<{word}>>");
                }
            }
            let _ = writeln!(
                out,
                "  {mark}{{field}} {} : {}{words}",
                text(&row.name),
                text(&row.type_text)
            );
        }
    }
    out.push_str("}\n");
}

/// Every character that is syntax somewhere as a code.
fn text(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        match c {
            c if c.is_alphanumeric() => out.push(c),
            '_' | ' ' | '.' | ',' | '(' | ')' | '[' | ']' => out.push(c),
            c if c.is_control() => out.push(' '),
            c => {
                let _ = write!(out, "<U+{:04X}>", u32::from(c));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_no_syntax() {
        assert_eq!(text("a\"b"), "a<U+0022>b");
        assert_eq!(text("/'x\n}"), "<U+002F><U+0027>x <U+007D>");
        assert_eq!(text("numeric(10,2)"), "numeric(10,2)");
    }
}
