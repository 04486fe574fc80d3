//! The documents and diagrams: pages as people would draw them, and what holds for any schema.
//!
//! Whether the real Mermaid takes the diagrams is asked by `scripts/check-mermaid`.

use std::fs;
use std::path::Path;

use pulldown_cmark::{Event, Options, Parser, Tag};
use schemagen::dialect::Dialect;
use schemagen::pipeline::Loaded;
use schemagen::render::FileTree;

use crate::support::catalogs::{Sources, outputs};
use crate::support::corpus;

/// A diagram that is longer is not drawn by every code host.
const MAX_DIAGRAM: usize = 40_000;

fn documents(fixture: &str) -> FileTree {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/documents");
    let text = fs::read_to_string(folder.join(fixture)).unwrap();
    let sources = Sources::of_sql(&text);
    let loaded = sources.load(Dialect::Postgres);
    assert_eq!(sources.errors(&loaded), Vec::<String>::new());
    documents_of(&loaded, Dialect::Postgres)
}

fn documents_of(loaded: &Loaded, dialect: Dialect) -> FileTree {
    let all = outputs(loaded, dialect);
    let mut tree = FileTree::default();
    for (path, text) in all.iter() {
        if path.starts_with("docs/") || path.ends_with(".mmd") {
            tree.insert(path, text);
        }
    }
    tree
}

/// Everything that is wrong with the links and diagrams of some documents.
fn problems(tree: &FileTree) -> Vec<String> {
    let mut problems = Vec::new();
    for (path, text) in tree.iter() {
        if path.ends_with(".mmd") {
            diagram_problems(path, text, &mut problems);
            continue;
        }
        let mut parser = Parser::new_ext(text, Options::all());
        while let Some(event) = parser.next() {
            match event {
                Event::Start(Tag::Link { dest_url, .. }) => {
                    link_problems(tree, path, &dest_url, &mut problems);
                }
                Event::Start(Tag::CodeBlock(kind)) => {
                    if let pulldown_cmark::CodeBlockKind::Fenced(language) = kind
                        && &*language == "mermaid"
                        && let Some(Event::Text(diagram)) = parser.next()
                    {
                        diagram_problems(path, &diagram, &mut problems);
                    }
                }
                _ => {}
            }
        }
    }
    problems
}

fn diagram_problems(path: &str, text: &str, problems: &mut Vec<String>) {
    if text.len() > MAX_DIAGRAM {
        problems.push(format!("{path}: a diagram of {} bytes", text.len()));
    }
    if text.matches("[\"").count() > 50 {
        problems.push(format!("{path}: more boxes than anybody can read"));
    }
    let first = text.lines().next();
    if !matches!(first, Some("erDiagram" | "flowchart LR")) {
        problems.push(format!("{path}: a diagram that begins {first:?}"));
    }
}

fn link_problems(tree: &FileTree, path: &str, link: &str, problems: &mut Vec<String>) {
    let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
    let mut parts: Vec<&str> = path.split('/').collect();
    if !file.is_empty() {
        parts.pop();
    }
    for part in file.split('/').filter(|part| !part.is_empty()) {
        match part {
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let Some(page) = tree.get(&parts.join("/")) else {
        problems.push(format!("{path}: no file for {link}"));
        return;
    };
    let marked = format!("<a id=\"{anchor}\"></a>");
    let heading = format!("\n## {}\n", anchor.replace('-', " "));
    if !anchor.is_empty() && !page.contains(&marked) && !page.to_lowercase().contains(&heading) {
        problems.push(format!("{path}: no anchor for {link}"));
    }
}

#[test]
fn pages_read_like_those_drawn_by_hand() {
    let tree = documents("todo.sql");
    assert_eq!(problems(&tree), Vec::<String>::new());
    let mut all = String::new();
    for (path, text) in tree.iter() {
        all.push_str(&format!("=== {path}\n{text}\n"));
    }
    insta::with_settings!({
        snapshot_path => "../fixtures/documents",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!("todo", all);
    });
}

#[test]
fn the_pages_hold_what_the_notes_ask_for() {
    let tree = documents("todo.sql");
    let tasks = tree.get("docs/tables/public.tasks.md").unwrap();
    for line in [
        "| Column | Type | Null | PK | FK | Default | Description |",
        "| `id` | bigint |  | ✓ |  | identity |  |",
        "| `user_id` | uuid |  |  | [users.id](public.users.md) |  |  |",
        "| `title` | varchar(200) |  |  |  |  |  |",
        "| `due_date` | timestamptz | ✓ |  |  |  |  |",
        "| `tasks_user_id_idx` | `user_id` | btree | supports foreign key `tasks_user_id_fkey` |",
    ] {
        assert!(tasks.lines().any(|l| l == line), "{line}\n{tasks}");
    }
    let index = tree.get("docs/README.md").unwrap();
    let alone = "- No foreign key touches [events](tables/public.events.md)";
    assert!(index.lines().any(|l| l == alone), "{index}");
    let erd = tree.get("erd.mmd").unwrap();
    // A profile is its user's only one; a watcher is many; a manager may be missing.
    for relation in ["||--o| ", "||--o{ ", "|o..o{ "] {
        assert!(erd.contains(relation), "{relation}\n{erd}");
    }
}

#[test]
fn hostile_names_break_no_link_and_no_file_system() {
    let tree = documents("hostile.sql");
    assert_eq!(problems(&tree), Vec::<String>::new());
    let mut seen = std::collections::BTreeSet::new();
    for (path, _) in tree.iter() {
        assert!(!path.contains("../") && !path.contains('\\'), "{path}");
        assert!(
            seen.insert(path.to_lowercase()),
            "{path} differs by case alone"
        );
    }
    let pages = tree
        .iter()
        .filter(|(path, _)| path.starts_with("docs/tables/"));
    assert_eq!(pages.count(), 8);
}

#[test]
fn real_schemas_are_documented_without_a_broken_link() {
    let Some(schemas) = corpus::schemas() else {
        return;
    };
    for schema in &schemas {
        let loaded = schema.sources().load(schema.dialect);
        let tree = documents_of(&loaded, schema.dialect);
        assert_eq!(problems(&tree), Vec::<String>::new(), "{}", schema.name);
    }
}
