//! What every diagram must satisfy, tried with hostile names and with large schemas.

use std::collections::BTreeMap;

use super::diagram::MAX_BYTES;
use super::*;
use crate::dialect::{Dialect, TargetVersion};
use crate::graph::Graph;
use crate::model::{
    Catalog, Column, Constraint, ConstraintKind, DataType, ForeignKey, Ident, QualifiedName, Table,
};
use crate::render::{FileTree, Options, Templates};

const HOSTILE: &[&str] = &[
    "pk",
    "direction TB",
    "a\"b",
    "100%",
    "back\\slash",
    "new\nline",
    "%%{init: {}}%%",
    "```",
    "<script>",
    "#quot;",
    "~x~ y",
    "class",
    "2fa",
    "}",
    "ünïcode",
    "end",
    "a;b",
    "---",
    " ",
];

fn column(name: &str, type_name: &str) -> Column {
    Column {
        name: name.into(),
        data_type: DataType::builtin(type_name),
        comment: Some(format!("{name} %% \"quoted\" ~a~ direction LR").into()),
        ..Column::default()
    }
}

fn foreign_key(name: &str, columns: &[&str], target: QualifiedName) -> Constraint {
    Constraint::new(
        name,
        ConstraintKind::ForeignKey(ForeignKey {
            columns: columns.iter().map(Ident::new).collect(),
            target,
            target_columns: vec!["id".into()],
            ..ForeignKey::default()
        }),
    )
}

/// A table for each hostile name, with a column of each hostile name, each referring to the next.
fn hostile() -> Catalog {
    let mut catalog = Catalog::default();
    for (n, name) in HOSTILE.iter().enumerate() {
        let next = HOSTILE[(n + 1) % HOSTILE.len()];
        let table = Table {
            name: QualifiedName::new("public", *name),
            columns: HOSTILE.iter().map(|c| column(c, c)).collect(),
            constraints: vec![foreign_key("fk", &[name], QualifiedName::new("x y", next))],
            ..Table::default()
        };
        catalog.tables.insert(table.name.clone(), table);
    }
    catalog
}

/// `count` tables of 20 columns, each referring to the one before.
fn chain(count: usize) -> Catalog {
    let mut catalog = Catalog::default();
    for n in 0..count {
        let name = |n: usize| QualifiedName::new("public", format!("table_{n:04}"));
        let mut table = Table {
            name: name(n),
            columns: (0..20)
                .map(|c| column(&format!("column_{c}"), "integer"))
                .collect(),
            ..Table::default()
        };
        if n > 0 {
            table.constraints = vec![foreign_key("fk", &["column_1"], name(n - 1))];
        }
        catalog.tables.insert(table.name.clone(), table);
    }
    catalog
}

fn emit(catalog: &Catalog, target: &str) -> FileTree {
    let graph = Graph::default();
    let source_map = crate::diagnostic::SourceMap::default();
    let templates = Templates::default();
    let mut mermaid = Options::default();
    mermaid.set("target", target);
    let options = BTreeMap::from([("mermaid".to_owned(), mermaid)]);
    let report = Report {
        dialect: Dialect::Postgres,
        version: TargetVersion::default_of(Dialect::Postgres),
        catalog,
        graph: &graph,
        source_map: &source_map,
        findings: &[],
        templates: &templates,
        history: None,
        rule: |_| None,
        options: &options,
        script: Default::default(),
    };
    Mermaid.tree(&report).unwrap()
}

fn is_word(word: &str) -> bool {
    let first = |c: char| c.is_ascii_alphabetic() || c == '_' || c == '*';
    let rest = |c: char| c.is_ascii_alphanumeric() || "_-[]()*".contains(c);
    word.starts_with(first)
        && word.chars().all(rest)
        && !["pk", "fk", "uk"].contains(&word.to_ascii_lowercase().as_str())
}

fn is_label(label: &str) -> bool {
    let inner = label.strip_prefix('"').and_then(|l| l.strip_suffix('"'));
    inner.is_some_and(|l| !l.is_empty() && !l.contains(['"', '%', '\\', '\n', '~', '`']))
}

/// Checks each line of an entity diagram against the grammar that all targets share.
fn check_lines(text: &str, classes: bool) {
    assert!(text.len() <= MAX_BYTES);
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("erDiagram"));
    assert!(lines.next().unwrap().starts_with("    accTitle: "));
    assert!(lines.next().unwrap().starts_with("    accDescr: "));
    for line in lines {
        let lower = line.to_ascii_lowercase();
        for trap in [
            "direction tb",
            "direction lr",
            "direction bt",
            "direction rl",
        ] {
            assert!(!lower.contains(trap), "{line}");
        }
        if let Some(attribute) = line.strip_prefix("        ") {
            let (words, comment) = match attribute.split_once(" \"") {
                Some((words, comment)) => (words, Some(format!("\"{comment}"))),
                None => (attribute, None),
            };
            let mut words = words.splitn(3, ' ');
            assert!(words.next().is_some_and(is_word), "{line}");
            assert!(words.next().is_some_and(is_word), "{line}");
            for key in words.next().into_iter().flat_map(|keys| keys.split(", ")) {
                assert!(["PK", "FK", "UK"].contains(&key), "{line}");
            }
            assert!(comment.is_none_or(|c| is_label(&c)), "{line}");
        } else if let Some((_, label)) = line.split_once(" : ") {
            assert!(label == "\"\"" || is_label(label), "{line}");
        } else if let Some(at) = line.find('[') {
            let rest = &line[at + 1..];
            let (label, tail) = rest.split_at(rest.rfind(']').unwrap());
            assert!(is_label(label), "{line}");
            assert!(classes || !tail.contains(':'), "{line}");
        } else {
            assert!(
                line == "    }" || classes && line.starts_with("    classDef "),
                "{line}"
            );
        }
    }
}

#[test]
fn hostile_names_leave_every_line_well_formed() {
    for (target, classes) in [
        ("10.9", false),
        ("11.4", false),
        ("11.6", true),
        ("11.16", true),
    ] {
        let tree = emit(&hostile(), target);
        let text = tree.get("erd.mmd").unwrap();
        check_lines(text, classes);
    }
}

#[test]
fn twenty_five_tables_are_one_diagram_and_one_more_is_a_map() {
    let one = emit(&chain(25), "11.6");
    assert_eq!(one.len(), 1);
    check_lines(one.get("erd.mmd").unwrap(), true);
    let many = emit(&chain(26), "11.6");
    assert!(many.get("erd.mmd").unwrap().starts_with("flowchart LR\n"));
    assert!(many.len() > 2);
    let mut tables = 0;
    for (path, text) in many.iter().filter(|(path, _)| *path != "erd.mmd") {
        assert!(path.starts_with("erd/") && path.ends_with(".mmd"), "{path}");
        check_lines(text, true);
        tables += text.matches("[\"").count() - text.matches(":::outside").count();
    }
    assert_eq!(tables, 26);
}

#[test]
fn detail_goes_before_the_budget_is_exceeded() {
    let mut catalog = chain(25);
    for table in catalog.tables.values_mut() {
        table.columns = (0..200)
            .map(|c| column(&format!("a_rather_long_column_name_{c}"), "integer"))
            .collect();
    }
    let tree = emit(&catalog, "11.6");
    let text = tree.get("erd.mmd").unwrap();
    check_lines(text, true);
    assert!(!text.contains("a_rather_long_column_name_7"));
    assert_eq!(text.matches(" : ").count(), 24);
}

#[test]
fn relations_beyond_the_budget_are_counted_in_the_description() {
    let mut catalog = chain(2);
    let name = QualifiedName::new("public", "table_0001");
    let table = catalog.tables.get_mut(&name).unwrap();
    for n in 0..5000 {
        let target = QualifiedName::new("public", "table_0000");
        table
            .constraints
            .push(foreign_key(&format!("fk{n}"), &["column_1"], target));
    }
    let tree = emit(&catalog, "11.6");
    let text = tree.get("erd.mmd").unwrap();
    check_lines(text, true);
    assert!(text.contains("more relations are not drawn."), "{text}");
}

#[test]
fn an_unknown_target_is_refused_with_the_known_ones() {
    assert!(Target::parse("11.6").is_some());
    assert!(Target::parse("9").is_none());
}

#[test]
fn cardinality_and_identity_show_in_the_line() {
    let mut catalog = chain(2);
    let name = QualifiedName::new("public", "table_0001");
    let text = emit(&catalog, "11.6");
    assert!(
        text.get("erd.mmd")
            .unwrap()
            .contains("t1 |o..o{ t2 : \"column_1\"")
    );
    let table = catalog.tables.get_mut(&name).unwrap();
    table.column_mut("column_1").unwrap().not_null = true;
    table.constraints.push(Constraint::new(
        "pk",
        ConstraintKind::PrimaryKey {
            columns: vec!["column_1".into()],
            include: Vec::new(),
            storage: crate::model::Parameters::new(),
            tablespace: None,
            without_overlaps: false,
        },
    ));
    let text = emit(&catalog, "11.6");
    let text = text.get("erd.mmd").unwrap();
    assert!(text.contains("t1 ||--o| t2 : \"column_1\""), "{text}");
    assert!(text.contains("integer column_1 PK, FK"), "{text}");
}
