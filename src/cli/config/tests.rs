//! Configurations as people write them, right and wrong.

use super::*;
use crate::check::{Level, OptionValue, Preset};
use crate::diagnostic::FileId;
use crate::source::{SourceFile, SourceKind};

fn config(text: &str) -> (Config, Vec<(&'static str, String, String)>) {
    let file = SourceFile {
        id: FileId(0),
        path: FILE_NAME.into(),
        kind: SourceKind::Yaml,
        text: text.into(),
        external: false,
    };
    let (config, diagnostics) = read(&file);
    let diagnostics = diagnostics.iter().map(|d| {
        let span = d
            .primary
            .as_ref()
            .map(|l| l.span.start as usize..l.span.end as usize);
        let place = text[span.unwrap_or(0..0)].to_owned();
        (d.rule, place, d.help.clone().unwrap_or_default())
    });
    (config, diagnostics.collect())
}

#[test]
fn every_section_is_read() {
    let (config, errors) = config(
        "dialect: sqlite\n\
         target_version: 3.45\n\
         sources: [a, b/c.sql]\n\
         setup: platform.sql\n\
         output: out\n\
         migrations: { layout: flyway }\n\
         outputs:\n  sql: {}\n  mermaid: { target: \"10.9\" }\n\
         checks:\n  preset: strict\n  fail_on: warning\n  exposed_schemas: [api]\n\
         \x20 rules:\n    naming/case: { level: info, style: camel, limit: 3, all: true }\n\
         \x20   index/duplicate: off\n\
         \x20 overrides:\n    - { objects: audit.*, rules: { naming/case: off } }\n\
         external_schemas: [auth]\n\
         exclude: [audit.*]\n",
    );
    assert_eq!(errors, []);
    assert_eq!(config.version.label(), "SQLite 3.45");
    assert_eq!(config.sources, ["a", "b/c.sql"]);
    assert_eq!(config.setup, ["platform.sql"]);
    assert_eq!(config.migrations.folder, "out/migrations");
    assert_eq!(config.migrations.layout, Layout::Flyway);
    let outputs: Vec<&str> = config.outputs.keys().map(String::as_str).collect();
    assert_eq!(outputs, ["mermaid", "sql"]);
    assert_eq!(config.outputs["mermaid"].get("target"), Some("10.9"));
    assert_eq!(config.checks.preset, Preset::Strict);
    assert_eq!(config.fail_on, Severity::Warning);
    let case = &config.checks.rules["naming/case"];
    assert_eq!(case.level, Some(Level::Info));
    assert_eq!(case.options["style"], OptionValue::Text("camel".into()));
    assert_eq!(case.options["limit"], OptionValue::Number(3));
    assert_eq!(case.options["all"], OptionValue::Flag(true));
    let off = config.checks.rules["index/duplicate"].level;
    assert_eq!(off, Some(Level::Off));
    assert_eq!(config.checks.overrides[0].objects, ["audit.*"]);
    assert_eq!(config.external_schemas[0].0, "auth");
    assert_eq!(config.exclude, ["audit.*"]);
}

#[test]
fn an_empty_file_is_the_defaults() {
    let (config, errors) = config("# nothing yet\n");
    assert_eq!(errors, []);
    assert_eq!(config.sources, ["schema"]);
    assert_eq!(config.outputs.len(), EMITTERS.len());
}

#[test]
fn mistakes_are_told_at_their_place() {
    let one = |text: &str| {
        let (_, mut errors) = config(text);
        assert_eq!(errors.len(), 1, "{errors:?}");
        errors.remove(0)
    };
    let (rule, place, help) = one("dialekt: postgres\n");
    assert_eq!((rule, &*place), ("parse/yaml-unknown-key", "dialekt"));
    assert_eq!(help, "did you mean `dialect`?");
    assert_eq!(one("outputs:\n  ruts: {}\n").2, "did you mean `rust`?");
    assert_eq!(one("dialect: postgre\n").1, "postgre");
    assert_eq!(one("target_version: newest\n").1, "newest");
    assert_eq!(one("output: a\noutput: b\n").0, "parse/yaml-duplicate-key");
    assert_eq!(one("checks: { rules: { naming/case: loud } }\n").1, "loud");
    assert_eq!(one("sources: { a: b }\n").1, "{ a: b }");
    assert_eq!(one("sources: [a\n").0, "parse/yaml");
}
