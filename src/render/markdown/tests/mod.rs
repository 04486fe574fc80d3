//! Pages of a small schema, and what hostile names may not do to them.

mod fixture;

use std::collections::BTreeMap;

use pulldown_cmark::{Event, Options as Extensions, Parser};

use self::fixture::{catalog, graph};
use super::*;
use crate::diagnostic::{Diagnostic, Severity, SourceMap};
use crate::dialect::{Dialect, TargetVersion};
use crate::model::{Catalog, Chapter, History, Life, ObjectId, QualifiedName, Since};
use crate::render::{FileTree, Templates};

fn pages(catalog: &Catalog, x: &str, templates: &Templates) -> FileTree {
    let graph = graph(catalog);
    let source_map = SourceMap::default();
    let table = catalog.tables.keys().next().unwrap();
    let findings = [
        Diagnostic::new("naming/case", Severity::Warning, format!("finding {x}"))
            .about(ObjectId::table(table))
            .help(x),
    ];
    let report = Report {
        dialect: Dialect::Postgres,
        version: TargetVersion::default_of(Dialect::Postgres),
        catalog,
        graph: &graph,
        source_map: &source_map,
        findings: &findings,
        templates,
        history: Some(&history(catalog, x)),
        rule: |_| Some("Says so.\n\n### Why\n\nBecause.".to_owned()),
        options: &BTreeMap::new(),
        script: Default::default(),
    };
    Markdown.tree(&report).unwrap()
}

/// Two migrations, whose names and words hold `x`.
fn history(catalog: &Catalog, x: &str) -> History {
    let tables = catalog.tables.keys().cloned();
    let chapter = |number: usize| Chapter {
        label: format!("{number}_{x}"),
        summary: format!("Said: {x}"),
        path: format!("../migrations/{number}_{x}.sql"),
        hazards: vec![format!("deletes-data: {x}")],
        ..Chapter::default()
    };
    let first = Chapter {
        created: tables.clone().collect(),
        ..chapter(1)
    };
    let second = Chapter {
        changed: tables.clone().collect(),
        dropped: tables.clone().map(|name| name.sibling(x)).collect(),
        ..chapter(2)
    };
    let life = |name: QualifiedName| {
        let columns = catalog.tables[&name].columns.iter();
        let since = Since {
            introduced: 0,
            changed: 1,
        };
        let columns = columns.map(|c| (c.name.clone(), since)).collect();
        let life = Life {
            table: since,
            columns,
        };
        (name, life)
    };
    History {
        migrations: vec![first, second],
        tables: tables.map(life).collect(),
    }
}

/// The structure of a page: everything but its texts and link targets.
fn structure(text: &str) -> Vec<String> {
    let mut shape: Vec<String> = Vec::new();
    let parser = Parser::new_ext(text, Extensions::all());
    for event in parser {
        let word = match event {
            Event::Text(_) | Event::Code(_) | Event::SoftBreak => continue,
            // Code that a span cannot hold is an element; breaks stand for line ends.
            Event::InlineHtml(html) if ["<code>", "</code>", "<br>"].contains(&&*html) => continue,
            Event::InlineHtml(html) | Event::Html(html) if html.starts_with("<a id=") => {
                "anchor".to_owned()
            }
            Event::Start(pulldown_cmark::Tag::Link { .. }) => "link".to_owned(),
            Event::Start(pulldown_cmark::Tag::Image { .. }) => "image".to_owned(),
            other => format!("{other:?}"),
        };
        shape.push(word);
    }
    shape
}

#[test]
fn hostile_names_change_nothing_but_their_own_text() {
    let plain = catalog("x");
    let templates = Templates::default();
    let expected = pages(&plain, "x", &templates);
    let kinds = |tree: &FileTree| -> BTreeMap<String, Vec<String>> {
        let pages = tree.iter().map(|(path, text)| {
            let kind = path.split("users").next().unwrap_or(path);
            let kind = kind.split("tasks").next().unwrap_or(kind);
            // The two tables are told apart by what they have.
            let own = if text.contains("Row-level security") {
                "tasks"
            } else {
                ""
            };
            (format!("{kind}{own}"), structure(text))
        });
        pages.collect()
    };
    let unsaid = kinds(&pages(&catalog(""), "", &templates));
    let expected = kinds(&expected);
    assert_eq!(expected.len(), 9);
    for hostile in [
        "|",
        "``",
        "a`b|c",
        "<script>",
        "<b>",
        "]",
        "](x)",
        "[a](b)",
        "*a*",
        "__a__",
        "~~a~~",
        "\\",
        "\\|",
        "a\nb",
        "a\r\n# b",
        "&amp;",
        "&lt;",
        "$a$",
        "```",
        "~~~",
        "<!--",
        "-->",
        "%%",
        "# a",
        "- a",
        "1. a",
        "> a",
        "https://a.b",
        "<https://a.b>",
        "!",
        "{{ a }}",
        "{% a %}",
        "\u{0}",
        "\u{202e}",
        "a  b",
        " a",
        "a ",
        "---",
        "===",
        "\t",
        "[^1]",
        ":a:",
        "'",
        "\"",
        "]]>",
        "[[a]]",
        "[[public.tasks]]x",
        "• a",
        "\u{2028}",
        "&emsp;",
    ] {
        let found = kinds(&pages(&catalog(hostile), hostile, &templates));
        // What is blank says nothing, and has no column.
        let expected = match hostile.trim().is_empty() {
            true => &unsaid,
            false => &expected,
        };
        for (page, shape) in expected {
            assert_eq!(found.get(page), Some(shape), "{hostile:?} on {page}");
        }
    }
}

#[test]
fn the_page_of_a_table_reads_like_one_drawn_by_hand() {
    let tree = pages(&catalog(""), "", &Templates::default());
    let page = tree.get("docs/tables/public.tasks.md").unwrap();
    for line in [
        "# tasks",
        "| `user_id` | uuid | ✓ |  | [users.id](public.users.md) |  |  |",
        "| `status` | [status](../enums.md#public.status) | ✓ |  |  | `'todo'` | One of `todo`, `done`. |",
        "| `i` | `user_id` | btree | supports foreign key `fk` |",
        "| `check` | <code>CHECK (a &#124;&#124; '' = b)</code> |",
        "`r` may read rows where `user_id = ''`.",
        "| `r` | ✓ |",
        "- Rows are kept for 90 days.",
        "- **warning** [`naming/case`](../findings.md#r-naming.case): Finding.",
        "| `t` | before update, each row | [f](../functions.md#public.f) |",
    ] {
        assert!(page.lines().any(|l| l == line), "{line}\n{page}");
    }
    let users = tree.get("docs/tables/public.users.md").unwrap();
    assert!(users.contains("| [tasks.user_id](public.tasks.md) | any number | cascade | `fk` |"));
    let views = tree.get("docs/views.md").unwrap();
    assert!(
        views.contains("- [tasks](tables/public.tasks.md) (`id`)"),
        "{views}"
    );
    let functions = tree.get("docs/functions.md").unwrap();
    assert!(functions.contains("Called by triggers of [tasks](tables/public.tasks.md)."));
}

#[test]
fn every_link_leads_to_a_file_and_an_anchor() {
    for x in ["", "|", "/../x", "Ä b", "UPPER", "#?"] {
        let tree = pages(&catalog(x), x, &Templates::default());
        for (path, text) in tree.iter() {
            for event in Parser::new_ext(text, Extensions::all()) {
                let Event::Start(pulldown_cmark::Tag::Link { dest_url, .. }) = event else {
                    continue;
                };
                if dest_url.starts_with("../migrations/") {
                    continue;
                }
                let (file, anchor) = dest_url.split_once('#').unwrap_or((&*dest_url, ""));
                let target = resolve(path, file);
                let page = tree.get(&target);
                assert!(page.is_some(), "{path} links {dest_url}");
                let marked = format!("<a id=\"{anchor}\"></a>");
                let heading = format!("## {}", anchor.replace('-', " "));
                let page = page.unwrap_or("").to_lowercase();
                assert!(
                    anchor.is_empty()
                        || page.contains(&marked.to_lowercase())
                        || page.contains(&heading),
                    "{path} links {dest_url}"
                );
            }
        }
    }
}

/// The file that a relative link in `from` names.
fn resolve(from: &str, link: &str) -> String {
    if link.is_empty() {
        return from.to_owned();
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn a_user_s_template_replaces_ours_and_may_include_it() {
    let overrides = BTreeMap::from([(
        "markdown/table.md.j2".to_owned(),
        "{% include '@builtin/markdown/table.md.j2' %}\n\nOwned by us.\n".to_owned(),
    )]);
    let tree = pages(&catalog(""), "", &Templates::new(overrides));
    let page = tree.get("docs/tables/public.users.md").unwrap();
    assert!(page.starts_with("# users\n"));
    assert!(page.ends_with("\nOwned by us.\n"));
}

#[test]
fn blank_lines_are_tidied_outside_fences_only() {
    assert_eq!(tidy("\n\n# a\n\n\n\nb  \n"), "# a\n\nb\n");
    assert_eq!(
        tidy("```sql\na\n\n\nb\n```\n\n\n"),
        "```sql\na\n\n\nb\n```\n"
    );
}
