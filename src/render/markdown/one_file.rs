//! The documents as one file, for a schema that is small enough to be read in one go.

use crate::render::FileTree;

/// The lists, in the order in which they stand behind the tables.
const LISTS: &[&str] = &[
    "enums",
    "types",
    "views",
    "functions",
    "roles",
    "findings",
    "history",
];

/// All pages one after the other: the first one, the tables, the lists.
pub(super) fn joined(pages: &FileTree) -> String {
    let mut out = pages.get("docs/README.md").unwrap_or_default().to_owned();
    for (path, text) in pages.iter() {
        let table = path.strip_prefix("docs/tables/");
        if let Some(anchor) = table.and_then(|name| name.strip_suffix(".md")) {
            out.push_str(&format!("\n<a id=\"{anchor}\"></a>\n\n"));
            lower(text, &mut out);
        }
    }
    for list in LISTS {
        if let Some(text) = pages.get(&format!("docs/{list}.md")) {
            out.push_str(&format!("\n<a id=\"{list}\"></a>\n\n"));
            lower(text, &mut out);
        }
    }
    out
}

/// A page with its headings one level lower.
fn lower(text: &str, out: &mut String) {
    let mut fence: Option<usize> = None;
    for line in text.lines() {
        let ticks = line.len() - line.trim_start_matches('`').len();
        match fence {
            Some(open) if ticks >= open && line.len() == ticks => fence = None,
            None if ticks >= 3 => fence = Some(ticks),
            None if line.starts_with('#') => out.push('#'),
            _ => {}
        }
        out.push_str(line);
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_lowered_outside_of_fences() {
        let mut pages = FileTree::default();
        pages.insert("docs/README.md", "# S\n");
        pages.insert("docs/tables/t-a.md", "# a\n\n```sql\n# b\n```\n");
        pages.insert("docs/enums.md", "# Enums\n");
        assert_eq!(
            joined(&pages),
            "# S\n\n<a id=\"t-a\"></a>\n\n## a\n\n```sql\n# b\n```\n\n<a id=\"enums\"></a>\n\n## Enums\n"
        );
    }
}
