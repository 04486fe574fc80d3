//! The frame around the rules: levels, options, overrides, suppressions, order.

use super::*;
use crate::diagnostic::{Diagnostic, Facet, FileId, Severity, SourceMap, Span};
use crate::dialect::{Dialect, TargetVersion};
use crate::graph::Graph;
use crate::model::{
    Allow, Catalog, Column, Constraint, ConstraintKind, DataType, ForeignKey, Notes, ObjectId,
    QualifiedName, Table,
};

const FILE: FileId = FileId(0);

/// Tables in the order of the file, each with one column `Id`, which is not in snake case.
fn schema(tables: &[(&str, &str)]) -> (Catalog, SourceMap) {
    let (mut catalog, mut map) = (Catalog::default(), SourceMap::default());
    for (n, (schema, name)) in tables.iter().enumerate() {
        let name = QualifiedName::new(*schema, *name);
        let column = Column {
            name: "Id".into(),
            data_type: DataType::builtin("bigint"),
            ..Column::default()
        };
        let span = |at| Span::new(FILE, n * 100 + at, n * 100 + at + 5);
        let id = ObjectId::column(&name, &column.name);
        map.insert(ObjectId::table(&name), Facet::Name, span(0));
        map.insert(id, Facet::Name, span(10));
        let table = Table {
            name: name.clone(),
            columns: vec![column],
            ..Table::default()
        };
        catalog.tables.insert(name, table);
    }
    (catalog, map)
}

fn run(catalog: &Catalog, map: &SourceMap, settings: &Settings, files: &[FileAllow]) -> Outcome {
    check(&Input {
        catalog,
        graph: &Graph::default(),
        source_map: map,
        version: TargetVersion::default_of(Dialect::Postgres),
        settings,
        file_allows: files,
    })
}

/// Settings under which only some rules run.
fn only(rules: &[&str]) -> Settings {
    let mut settings = Settings::default();
    for rule in RULES.iter().map(|rule| rule.info().id) {
        if !rules.contains(&rule) && !rule.starts_with("meta/") {
            let off = RuleSetting {
                level: Some(Level::Off),
                ..RuleSetting::default()
            };
            settings.rules.insert(rule.to_owned(), off);
        }
    }
    settings
}

fn paths(findings: &[Diagnostic]) -> Vec<String> {
    let path = |d: &Diagnostic| d.object.as_ref().map_or_else(String::new, ObjectId::path);
    findings.iter().map(path).collect()
}

fn allow(rule: &str, until: Option<&str>) -> Allow {
    Allow {
        rule: rule.into(),
        reason: Some("because".into()),
        until: until.map(Into::into),
    }
}

fn note(catalog: &mut Catalog, id: ObjectId, allow: Allow) {
    let notes = Notes {
        allow: vec![allow],
        ..Notes::default()
    };
    catalog.notes.insert(id, notes);
}

#[test]
fn findings_are_in_the_order_of_the_source() {
    let (catalog, map) = schema(&[("z", "b"), ("a", "c"), ("m", "a")]);
    let outcome = run(&catalog, &map, &only(&["naming/case"]), &[]);
    assert_eq!(paths(&outcome.findings), ["z.b.Id", "a.c.Id", "m.a.Id"]);
}

#[test]
fn external_tables_are_not_checked() {
    let (mut catalog, map) = schema(&[("auth", "t"), ("app", "t")]);
    let external = crate::model::Schema {
        name: "auth".into(),
        external: true,
        ..crate::model::Schema::default()
    };
    catalog.schemas.insert("auth".into(), external);
    let outcome = run(&catalog, &map, &only(&["naming/case"]), &[]);
    assert_eq!(paths(&outcome.findings), ["app.t.Id"]);
}

#[test]
fn presets_and_levels() {
    let (catalog, map) = schema(&[("app", "t")]);
    let severity = |settings: &Settings| {
        let outcome = run(&catalog, &map, settings, &[]);
        outcome.findings.first().map(|d| d.severity)
    };
    let mut settings = only(&["naming/case"]);
    assert_eq!(severity(&settings), Some(Severity::Warning));
    settings.preset = Preset::Strict;
    assert_eq!(severity(&settings), Some(Severity::Error));
    settings
        .rules
        .entry("naming/case".into())
        .or_default()
        .level = Some(Level::Info);
    assert_eq!(severity(&settings), Some(Severity::Info));
    settings
        .rules
        .entry("naming/case".into())
        .or_default()
        .level = Some(Level::Off);
    assert_eq!(severity(&settings), None);
}

#[test]
fn overrides_change_levels_of_some_objects() {
    let (catalog, map) = schema(&[("app", "t"), ("legacy", "t")]);
    let over = |objects: &str, level| Override {
        objects: vec![objects.to_owned()],
        rules: [("naming/case".to_owned(), level)].into(),
        span: None,
    };
    let mut settings = only(&["naming/case"]);
    settings.overrides = vec![over("legacy.*", Level::Off)];
    let outcome = run(&catalog, &map, &settings, &[]);
    assert_eq!(paths(&outcome.findings), ["app.t.Id"]);
    // A rule that is off is turned on for some, and the later override wins.
    settings = only(&[]);
    settings.overrides = vec![over("*", Level::Info), over("app.*", Level::Off)];
    let outcome = run(&catalog, &map, &settings, &[]);
    assert_eq!(paths(&outcome.findings), ["legacy.t.Id"]);
    assert_eq!(outcome.findings[0].severity, Severity::Info);
}

#[test]
fn options_reach_the_rule_and_are_checked() {
    let (catalog, map) = schema(&[("app", "t")]);
    let mut settings = only(&["naming/case"]);
    let set = |settings: &mut Settings, name: &str, value: &str| {
        let options = &mut settings
            .rules
            .entry("naming/case".into())
            .or_default()
            .options;
        *options = [(name.to_owned(), OptionValue::Text(value.to_owned()))].into();
    };
    set(&mut settings, "form", "pascal");
    let outcome = run(&catalog, &map, &settings, &[]);
    assert_eq!(paths(&outcome.findings), ["app.t"]);
    for (name, value, help) in [
        ("form", "kebab", "give it one of snake, camel, pascal"),
        ("from", "snake", "did you mean `form`?"),
    ] {
        set(&mut settings, name, value);
        let outcome = run(&catalog, &map, &settings, &[]);
        let meta = outcome
            .findings
            .iter()
            .find(|d| d.rule == "meta/unknown-rule");
        assert_eq!(meta.and_then(|d| d.help.as_deref()), Some(help), "{name}");
    }
}

#[test]
fn an_unknown_rule_of_the_configuration_is_an_error() {
    let (catalog, map) = schema(&[]);
    let mut settings = only(&[]);
    settings
        .rules
        .insert("naming/csae".into(), RuleSetting::default());
    let outcome = run(&catalog, &map, &settings, &[]);
    assert_eq!(outcome.findings.len(), 1);
    assert_eq!(outcome.findings[0].severity, Severity::Error);
    let help = outcome.findings[0].help.as_deref();
    assert_eq!(help, Some("did you mean `naming/case`?"));
}

#[test]
fn an_allowance_of_a_table_holds_for_its_columns() {
    let (mut catalog, map) = schema(&[("app", "t"), ("app", "u")]);
    let table = ObjectId::table(&QualifiedName::new("app", "t"));
    note(&mut catalog, table, allow("naming/case", None));
    let outcome = run(&catalog, &map, &only(&["naming/case"]), &[]);
    assert_eq!(paths(&outcome.findings), ["app.u.Id"]);
    assert_eq!(outcome.suppressed.len(), 1);
    assert_eq!(
        outcome.suppressed[0].allow.reason.as_deref(),
        Some("because")
    );
}

#[test]
fn an_allowance_of_another_rule_or_table_is_unused() {
    let (mut catalog, map) = schema(&[("app", "t")]);
    let table = ObjectId::table(&QualifiedName::new("app", "t"));
    note(
        &mut catalog,
        table,
        allow("documentation/table-comment", None),
    );
    let rules = ["naming/case", "documentation/table-comment"];
    let mut settings = only(&rules);
    let commented = catalog.tables.values_mut().next().expect("a table");
    commented.facets.comment = Some("what a row is".into());
    let fired = |settings: &Settings| -> Vec<&str> {
        let outcome = run(&catalog, &map, settings, &[]);
        outcome.findings.iter().map(|d| d.rule).collect()
    };
    assert_eq!(fired(&settings), ["meta/unused-suppression", "naming/case"]);
    // The rule did not run, so nobody knows whether the allowance is needed.
    settings = only(&["naming/case"]);
    assert_eq!(fired(&settings), ["naming/case"]);
}

#[test]
fn an_allowance_ends_on_its_day_and_only_where_the_day_is_known() {
    let (mut catalog, map) = schema(&[("app", "t")]);
    let table = ObjectId::table(&QualifiedName::new("app", "t"));
    note(
        &mut catalog,
        table,
        allow("naming/case", Some("2026-06-01")),
    );
    let mut settings = only(&["naming/case"]);
    for (today, expected) in [
        (None, vec![]),
        (Some("2026-05-31"), vec![]),
        (
            Some("2026-06-01"),
            vec!["meta/expired-suppression", "naming/case"],
        ),
    ] {
        settings.today = today.map(str::to_owned);
        let outcome = run(&catalog, &map, &settings, &[]);
        let rules: Vec<&str> = outcome.findings.iter().map(|d| d.rule).collect();
        assert_eq!(rules, expected, "{today:?}");
    }
}

#[test]
fn an_allowance_of_a_file_holds_for_the_file() {
    let (catalog, map) = schema(&[("app", "t"), ("app", "u")]);
    let of = |file| FileAllow {
        allow: allow("naming/case", None),
        span: Span::new(FileId(file), 0, 9),
    };
    let settings = only(&["naming/case"]);
    let outcome = run(&catalog, &map, &settings, &[of(0)]);
    assert!(outcome.findings.is_empty());
    assert_eq!(outcome.suppressed.len(), 2);
    let outcome = run(&catalog, &map, &settings, &[of(1)]);
    let rules: Vec<&str> = outcome.findings.iter().map(|d| d.rule).collect();
    assert_eq!(
        rules,
        ["naming/case", "naming/case", "meta/unused-suppression"]
    );
}

#[test]
fn a_constraint_within_its_table_stands_at_its_column() {
    let (mut catalog, mut map) = schema(&[("app", "t")]);
    let name = QualifiedName::new("app", "t");
    let target = ForeignKey {
        columns: vec!["Id".into()],
        target: name.clone(),
        target_columns: vec!["Id".into()],
        ..ForeignKey::default()
    };
    let constraint = Constraint::new("t_Id_fkey", ConstraintKind::ForeignKey(target));
    let id = ObjectId::constraint(&name, &constraint.name);
    let table = catalog.tables.get_mut(&name).expect("the table");
    table.constraints.push(constraint);
    let start_of_finding = |map: &SourceMap| {
        let outcome = run(&catalog, map, &only(&["index/fk-unindexed"]), &[]);
        let label = outcome.findings[0].primary.as_ref();
        label.map(|label| label.span.start)
    };
    // As a statement of its own it stands where that statement is.
    let mut apart = map.clone();
    apart.insert(id.clone(), Facet::Whole, Span::new(FILE, 500, 600));
    assert_eq!(start_of_finding(&apart), Some(500));
    let whole = Span::new(FILE, 0, 90);
    map.insert(ObjectId::table(&name), Facet::Whole, whole);
    map.insert(id, Facet::Whole, whole);
    assert_eq!(start_of_finding(&map), Some(10));
}
