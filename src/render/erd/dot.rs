//! Diagrams in Graphviz' language, a table a node.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Picture, TableBox};

/// The tables, in a cluster a group, then the foreign keys from column to column.
pub(crate) fn dot(picture: &Picture) -> String {
    let mut out = String::from(
        "digraph erd {\n  rankdir=LR;\n  node [shape=plain, fontname=\"sans-serif\"];\n  edge [dir=both];\n",
    );
    let mut by_group: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
    for (n, table) in picture.tables.iter().enumerate() {
        by_group.entry(table.group).or_default().push(n);
    }
    for (group, tables) in by_group {
        let title = group.and_then(|n| Some((n, picture.groups.get(n)?)));
        if let Some((n, title)) = title {
            let _ = writeln!(out, "  subgraph cluster_{n} {{\n  label=<{}>;", text(title));
        }
        for n in tables {
            let _ = writeln!(out, "  t{n} [label=<{}>];", label(&picture.tables[n]));
        }
        if title.is_some() {
            out.push_str("  }\n");
        }
    }
    for line in &picture.lines {
        let port = |rows: &[usize], side: char| match rows.first() {
            Some(row) => format!(":c{row}:{side}"),
            None => String::new(),
        };
        let tail = if line.parent_optional {
            "teeodot"
        } else {
            "teetee"
        };
        let head = if line.child_unique {
            "teeodot"
        } else {
            "crowodot"
        };
        let style = if line.identifying { "solid" } else { "dashed" };
        let _ = writeln!(
            out,
            "  t{}{} -> t{}{} [arrowtail={tail}, arrowhead={head}, style={style}];",
            line.parent,
            port(&line.parent_rows, 'e'),
            line.child,
            port(&line.child_rows, 'w')
        );
    }
    out.push_str("}\n");
    out
}

fn label(table: &TableBox) -> String {
    let mut out =
        String::from("<table border=\"0\" cellborder=\"1\" cellspacing=\"0\" cellpadding=\"4\">");
    let _ = write!(
        out,
        "<tr><td bgcolor=\"#dbeafe\"><b>{}</b></td></tr>",
        text(&table.name)
    );
    for (n, row) in table.rows.iter().enumerate() {
        let mark = if row.nullable { "?" } else { "" };
        let name = match row.primary {
            true => format!("<b>{}</b>", text(&row.name)),
            false => text(&row.name),
        };
        let _ = write!(
            out,
            "<tr><td port=\"c{n}\" align=\"left\">{name} {}{mark}</td></tr>",
            text(&row.type_text)
        );
    }
    out.push_str("</table>");
    out
}

/// A text of an HTML-like label, which must not be empty.
fn text(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    if out.is_empty() {
        out.push(' ');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_no_markup() {
        assert_eq!(text("<b>&\"\n"), "&lt;b&gt;&amp;&quot; ");
        assert_eq!(text(""), " ");
    }
}
