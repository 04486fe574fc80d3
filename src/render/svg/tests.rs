//! What holds for every document: well-formed whatever names are, and small in a diff.

use std::collections::BTreeMap;

use super::*;
use crate::diagnostic::SourceMap;
use crate::dialect::{Dialect, TargetVersion};
use crate::graph::Graph;
use crate::model::{
    Catalog, Column, Constraint, ConstraintKind, DataType, ForeignKey, Ident, Notes, ObjectId,
    Table,
};
use crate::render::{FileTree, Templates};

const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "a\"b' onload='x",
    "]]>",
    "&amp;&#x3c;",
    "new\nline\u{0}\u{1b}",
    "\u{202e}rtl\u{2066}",
    "-->",
    "表",
    "",
    "a name of sixty-three bytes, which is as long as names may be!!",
];

fn name(table: &str) -> QualifiedName {
    QualifiedName::new("public", table)
}

/// A table with a column for each name, the first one referring to `target`.
fn table(table: &str, columns: &[&str], target: &str) -> Table {
    let key = ForeignKey {
        columns: vec![Ident::new(columns[0])],
        target: name(target),
        target_columns: vec![Ident::new(columns[0])],
        ..ForeignKey::default()
    };
    Table {
        name: name(table),
        columns: columns
            .iter()
            .map(|column| Column {
                name: (*column).into(),
                data_type: DataType::builtin("text"),
                comment: Some((*column).into()),
                ..Column::default()
            })
            .collect(),
        constraints: vec![Constraint::new("fk", ConstraintKind::ForeignKey(key))],
        ..Table::default()
    }
}

fn add(catalog: &mut Catalog, table: Table, group: Option<&str>) {
    if let Some(group) = group {
        let notes = Notes {
            group: Some(group.into()),
            ..Notes::default()
        };
        catalog.notes.insert(ObjectId::table(&table.name), notes);
    }
    catalog.tables.insert(table.name.clone(), table);
}

fn emit(catalog: &Catalog) -> FileTree {
    Svg.tree(&Report {
        dialect: Dialect::Postgres,
        version: TargetVersion::default_of(Dialect::Postgres),
        catalog,
        graph: &Graph::default(),
        source_map: &SourceMap::default(),
        findings: &[],
        templates: &Templates::default(),
        history: None,
        rule: |_| None,
        options: &BTreeMap::new(),
        script: Default::default(),
    })
    .unwrap()
}

/// Tags match, attributes are quoted, nothing else is markup; the texts between the tags.
fn texts(svg: &str) -> Vec<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut texts = Vec::new();
    let mut rest = svg;
    while let Some(at) = rest.find('<') {
        texts.push(rest[..at].to_owned());
        let end = at + rest[at..].find('>').unwrap();
        let tag = &rest[at + 1..end];
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        match (tag.strip_prefix('/'), tag.strip_suffix('/')) {
            (Some(closed), _) => assert_eq!(open.pop(), Some(closed)),
            (None, Some(_)) => {}
            (None, None) => open.push(tag.split(' ').next().unwrap()),
        }
        let element = tag.trim_matches('/').split(' ').next().unwrap();
        assert!(
            [
                "svg", "title", "desc", "style", "defs", "marker", "path", "circle", "rect", "g",
                "a", "text",
            ]
            .contains(&element),
            "{tag}"
        );
        rest = &rest[end + 1..];
    }
    assert_eq!(open, Vec::<&str>::new());
    assert!(svg.chars().all(|c| !c.is_control() || c == '\n'));
    texts
}

#[test]
fn hostile_names_are_nothing_but_text() {
    let mut catalog = Catalog::default();
    for (n, hostile) in HOSTILE.iter().enumerate() {
        let target = HOSTILE[(n + 3) % HOSTILE.len()];
        let group = Some(HOSTILE[n % 3]).filter(|_| n % 2 == 0);
        add(&mut catalog, table(hostile, HOSTILE, target), group);
    }
    for (path, svg) in emit(&catalog).iter() {
        let texts = texts(svg);
        assert!(
            texts
                .iter()
                .any(|t| t == "&lt;script&gt;alert(1)&lt;/script&gt;"),
            "{path}"
        );
        assert!(!svg.contains("onload=\"") && !svg.contains("<script"));
    }
}

/// Four groups of ten tables in chains, each referring to the first group once.
fn grouped() -> Catalog {
    let mut catalog = Catalog::default();
    for group in 0..4 {
        for n in 0..10 {
            let target = match n {
                0 => "g0_t0".to_owned(),
                n => format!("g{group}_t{}", n / 2),
            };
            let table = table(
                &format!("g{group}_t{n}"),
                &["id", "a", "b", "c", "d"],
                &target,
            );
            add(&mut catalog, table, Some(&format!("group {group}")));
        }
    }
    catalog
}

/// The lines of each group, without the one that says where it stands.
fn groups(svg: &str) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut now: Option<(String, i32)> = None;
    for line in svg.lines() {
        if let Some(id) = line.strip_prefix("<g id=\"g-") {
            now = Some((id.split('"').next().unwrap().to_owned(), 1));
            continue;
        }
        let Some((id, depth)) = &mut now else {
            continue;
        };
        *depth += i32::try_from(line.matches("<g").count()).unwrap();
        *depth -= i32::try_from(line.matches("</g>").count()).unwrap();
        match *depth {
            0 => now = None,
            _ => found.entry(id.clone()).or_default().push(line.to_owned()),
        }
    }
    found
}

#[test]
fn one_table_more_changes_little_and_nothing_in_other_groups() {
    let mut catalog = grouped();
    let before = emit(&catalog);
    let more = table("g2_new", &["id", "a", "b", "c", "d"], "g2_t4");
    add(&mut catalog, more, Some("group 2"));
    let after = emit(&catalog);
    let (before, after) = (
        groups(before.get("erd.svg").unwrap()),
        groups(after.get("erd.svg").unwrap()),
    );
    assert_eq!(before.len(), 4);
    for (id, lines) in &before {
        if id != "group_2" {
            assert_eq!(lines, &after[id], "{id}");
        }
    }
    let (old, new) = (&before["group_2"], &after["group_2"]);
    let gone = old.iter().filter(|line| !new.contains(line)).count();
    assert!(gone * 100 <= 15 * old.len(), "{gone} of {}", old.len());
}

#[test]
fn a_large_schema_is_a_map_and_a_document_a_group() {
    let mut catalog = Catalog::default();
    for n in 0..61 {
        let target = format!("t{:03}", n / 3);
        add(
            &mut catalog,
            table(&format!("t{n:03}"), &["id", "a"], &target),
            None,
        );
    }
    let tree = emit(&catalog);
    let map = tree.get("erd.svg").unwrap();
    texts(map);
    let mut tables = 0;
    for (path, svg) in tree.iter().filter(|(path, _)| *path != "erd.svg") {
        texts(svg);
        assert!(map.contains(&format!("href=\"{path}\"")), "{path}");
        assert!(svg.contains("href=\"../docs/tables/public."), "{path}");
        tables += svg.matches("class=\"table\"").count();
    }
    assert_eq!(tables, 61);
}

#[test]
fn an_empty_schema_is_an_empty_page() {
    let tree = emit(&Catalog::default());
    texts(tree.get("erd.svg").unwrap());
}
