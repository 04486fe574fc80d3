//! The form of a file: keys, types, words.

use super::super::parse::parse;
use super::super::validate::*;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::FileId;
use crate::dialect::Dialect;
use crate::dialect::TargetVersion;
use crate::source::{SourceFile, SourceKind};

/// Rule, the text that the position covers, and help of each error.
fn errors_in(text: &str, dialect: Dialect) -> Vec<(&'static str, String, String)> {
    let file = SourceFile {
        id: FileId(0),
        path: "a.yaml".into(),
        kind: SourceKind::Yaml,
        text: text.into(),
        external: false,
    };
    let (documents, mut diagnostics) = parse(&file);
    for document in &documents {
        diagnostics.extend(validate(document, TargetVersion::default_of(dialect)));
    }
    let place = |d: &Diagnostic| {
        let span = d
            .primary
            .as_ref()
            .map(|l| l.span)
            .unwrap_or(crate::diagnostic::Span::new(FileId(0), 0, 0));
        text[span.start as usize..span.end as usize].to_owned()
    };
    diagnostics
        .iter()
        .map(|d| (d.rule, place(d), d.help.clone().unwrap_or_default()))
        .collect()
}

fn errors(text: &str) -> Vec<(&'static str, String, String)> {
    errors_in(text, Dialect::Postgres)
}

fn one(text: &str) -> (&'static str, String, String) {
    let mut all = errors(text);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

#[test]
fn unknown_keys_name_the_nearest() {
    let (rule, place, help) = one("tables:\n  t:\n    colums: { id: int }\n");
    assert_eq!((rule, &*place), ("parse/yaml-unknown-key", "colums"));
    assert_eq!(help, "did you mean `columns`?");
    let (_, place, help) = one("tables: { t: { columns: { id: { type: int, null: false } } } }");
    assert_eq!(place, "null");
    assert_eq!(help, "write `nullable: false` for NOT NULL");
    assert!(one("tables: { t: { <<: 1 } }").2.contains("mixins"));
}

#[test]
fn wrong_types_are_told_at_the_value() {
    let (rule, place, _) = one("tables:\n  t:\n    columns: [id, name]\n");
    assert_eq!((rule, &*place), ("parse/yaml-type", "[id, name]"));
    let (_, place, help) = one("tables: { t: { columns: { id: { type: int, nullable: no } } } }");
    assert_eq!((&*place, &*help), ("no", "write `false`"));
    assert_eq!(one("tables:\n").0, "parse/yaml-type");
    assert_eq!(one("tables: { t: { audit: 'true' } }").1, "'true'");
}

#[test]
fn values_out_of_a_list_are_told() {
    let (rule, place, help) =
        one("tables: { t: { columns: { a: { references: b.id, on_delete: cascad } } } }");
    assert_eq!((rule, &*place), ("parse/yaml-value", "cascad"));
    assert_eq!(help, "did you mean `cascade`?");
    assert!(
        errors("tables: { t: { columns: { a: { references: b.id, on_delete: SET_NULL } } } }")
            .is_empty()
    );
    assert_eq!(
        one("tables: { t: { allow: [{ rule: a/b, until: 2027-02-30 }] } }").1,
        "2027-02-30"
    );
    assert!(errors("tables: { t: { allow: [{ rule: a/b, until: 2028-02-29 }] } }").is_empty());
}

#[test]
fn missing_keys_are_told() {
    let (rule, _, help) = one("domains: { email: { description: x } }");
    assert_eq!(rule, "parse/yaml-missing-key");
    assert!(help.starts_with("`type`"), "{help}");
}

#[test]
fn every_error_is_told() {
    let found =
        errors("schme: x\ntables:\n  t:\n    colums: 1\n    audit: maybe\n  t: {}\nenums: 3\n");
    let rules: Vec<_> = found.iter().map(|e| e.0).collect();
    assert_eq!(
        rules,
        [
            "parse/yaml-duplicate-key",
            "parse/yaml-unknown-key",
            "parse/yaml-unknown-key",
            "parse/yaml-type",
            "parse/yaml-type",
        ]
    );
}

#[test]
fn what_the_target_cannot_do_is_an_error() {
    let found = errors_in(
        "enums: { a: [x] }\ntables: { t: { strict: true } }",
        Dialect::Sqlite,
    );
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].0, &*found[0].1), ("parse/unsupported", "enums"));
    assert_eq!(one("tables: { t: { strict: true } }").1, "strict");
    assert!(errors("tables: { t: { strict: false } }").is_empty());
}

#[test]
fn a_text_file_is_no_schema() {
    assert_eq!(one("just words").0, "parse/yaml-type");
    assert_eq!(one("- a\n- b\n").0, "parse/yaml-type");
    assert!(errors("").is_empty());
    assert!(errors("# nothing yet\n").is_empty());
}
