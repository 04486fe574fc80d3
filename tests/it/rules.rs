//! Every rule of the registry, by the examples of its own documentation: each runs through the
//! real pipeline; a bad one fires its rule and no other that is a warning or more, a good one does
//! not fire its rule.
//!
//! An example may name in braces: `dialect=`, `version=`, `preset=`, `today=`, `also=` (other rules
//! that have to fire, with commas), and `set.OPTION=` (an option of its rule).
//!
//! An example of `migration-safety/` has the schema before it above a line `-- migration:`, and a file
//! below each such line; `-- migration, outside of a transaction:` begins one that no tool wraps.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use schemagen::check::documentation::{self, Example, Language};
use schemagen::check::{
    self, DefaultValue, Input, Level, OptionValue, Preset, RULES, RuleInfo, RuleSetting, Settings,
};
use schemagen::diagnostic::{Diagnostic, FileId, Severity};
use schemagen::dialect::{Dialect, TargetVersion};
use schemagen::pipeline;
use schemagen::source::{SourceFile, SourceKind};

use crate::support::scripts;

#[test]
fn examples_do_what_they_say() {
    let mut failures = String::new();
    for rule in RULES.iter().map(|rule| rule.info()) {
        for (n, example) in documentation::examples(rule).iter().enumerate() {
            if let Err(failure) = execute(rule, example) {
                let polarity = if example.good { "good" } else { "bad" };
                let _ = writeln!(failures, "{} #{n} ({polarity}): {failure}", rule.id);
            }
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn every_rule_has_examples_of_both_kinds() {
    for rule in RULES.iter().map(|rule| rule.info()) {
        let examples = documentation::examples(rule);
        assert!(examples.iter().any(|e| e.good), "{}: none good", rule.id);
        assert!(examples.iter().any(|e| !e.good), "{}: none bad", rule.id);
    }
}

#[test]
fn the_documentation_of_every_rule_has_its_parts() {
    for rule in RULES.iter().map(|rule| rule.info()) {
        let text = documentation::markdown(rule);
        let title = format!("# {}\n\n", rule.id);
        assert!(text.starts_with(&title), "{}: title", rule.id);
        for part in ["\n## Why\n", "\n## Fix\n"] {
            assert!(text.contains(part), "{}: no {}", rule.id, part.trim());
        }
        assert_eq!(
            text.matches("```").count() % 2,
            0,
            "{}: open fence",
            rule.id
        );
        for option in rule.options {
            let named = text.contains(&format!("`{}`", option.name));
            assert!(named, "{}: says nothing of `{}`", rule.id, option.name);
        }
    }
}

/// `SCHEMAGEN_UPDATE=1 cargo test` writes the page.
#[test]
fn the_page_of_rules_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules.md");
    let page = documentation::page();
    if std::env::var_os("SCHEMAGEN_UPDATE").is_some() {
        std::fs::write(path, &page).expect("docs/rules.md is writable");
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == page,
        "docs/rules.md is stale: run SCHEMAGEN_UPDATE=1 cargo test --test it rules::"
    );
}

fn execute(rule: &'static RuleInfo, example: &Example) -> Result<(), String> {
    let findings = findings(rule, example)?;
    let fired = findings.iter().any(|d| d.rule == rule.id);
    if example.good {
        let said = findings.iter().find(|d| d.rule == rule.id);
        return said.map_or(Ok(()), |d| Err(format!("fires: {}", d.headline)));
    }
    if !fired {
        return Err("does not fire".to_owned());
    }
    let mut expected: BTreeSet<&str> = BTreeSet::from([rule.id]);
    expected.extend(
        example
            .attributes
            .get("also")
            .iter()
            .flat_map(|a| a.split(',')),
    );
    let seen: BTreeSet<&str> = findings
        .iter()
        .filter(|d| d.rule == rule.id || d.severity > Severity::Info)
        .map(|d| d.rule)
        .collect();
    if seen != expected {
        return Err(format!("fires {seen:?}, expected {expected:?}"));
    }
    let incomplete = findings
        .iter()
        .filter(|d| d.rule == rule.id)
        .find_map(incomplete);
    incomplete.map_or(Ok(()), |what| Err(format!("a finding {what}")))
}

/// What a finding of ours lacks, if anything.
fn incomplete(diagnostic: &Diagnostic) -> Option<&'static str> {
    if diagnostic.primary.is_none() {
        return Some("has no position");
    }
    if diagnostic.help.is_none() {
        return Some("does not say what to do");
    }
    let headline = &diagnostic.headline;
    if headline.contains('\n') || headline.ends_with('.') {
        return Some("has a headline that is not one line without a stop");
    }
    None
}

fn findings(rule: &'static RuleInfo, example: &Example) -> Result<Vec<Diagnostic>, String> {
    let version = version(example)?;
    if rule.group() == "migration-safety" {
        let settings = settings(rule, example)?;
        let mut found = scripts::findings(&example.text, version, &settings)?;
        // Examples are short; what they leave out has an example of its own.
        found.retain(|d| d.rule == rule.id || d.rule != "migration-safety/lock-timeout");
        return Ok(found);
    }
    let (path, kind) = match example.language {
        Language::Sql => ("example.sql", SourceKind::Sql),
        Language::Yaml => ("example.yaml", SourceKind::Yaml),
    };
    let file = SourceFile {
        id: FileId(0),
        path: path.to_owned(),
        kind,
        text: example.text.clone(),
        external: false,
    };
    let loaded = pipeline::load(&[file], version);
    if let Some(error) = loaded
        .diagnostics
        .iter()
        .find(|d| d.severity == Severity::Error)
    {
        return Err(format!("cannot be read: {}", error.headline));
    }
    let settings = settings(rule, example)?;
    let allows = match example.language {
        Language::Sql => check::sql_file_allows(FileId(0), &example.text, version.dialect),
        Language::Yaml => check::yaml_file_allows(FileId(0), &example.text),
    };
    let outcome = check::check(&Input {
        catalog: &loaded.catalog,
        graph: &loaded.graph,
        source_map: &loaded.source_map,
        version,
        settings: &settings,
        file_allows: &allows,
    });
    Ok(outcome.findings)
}

fn version(example: &Example) -> Result<TargetVersion, String> {
    let dialect = match example.attributes.get("dialect").map(String::as_str) {
        None | Some("postgres") => Dialect::Postgres,
        Some("sqlite") => Dialect::Sqlite,
        Some(other) => return Err(format!("there is no dialect {other}")),
    };
    let mut version = TargetVersion::default_of(dialect);
    if let Some(major) = example.attributes.get("version") {
        version.major = major.parse().map_err(|_| "version is no number")?;
    }
    Ok(version)
}

fn settings(rule: &'static RuleInfo, example: &Example) -> Result<Settings, String> {
    let mut settings = Settings::default();
    let mut setting = RuleSetting::default();
    for (key, value) in &example.attributes {
        match (key.as_str(), key.strip_prefix("set.")) {
            (_, Some(option)) => {
                let value = option_value(rule, option, value)?;
                setting.options.insert(option.to_owned(), value);
            }
            ("preset", _) => {
                settings.preset = Preset::parse(value).ok_or("there is no such preset")?;
            }
            ("today", _) => settings.today = Some(value.clone()),
            ("dialect" | "version" | "also", _) => {}
            (other, _) => return Err(format!("there is no attribute {other}")),
        }
    }
    if settings.preset.level(rule) == Level::Off {
        setting.level = Some(Level::Warning);
    }
    settings.rules.insert(rule.id.to_owned(), setting);
    Ok(settings)
}

fn option_value(rule: &RuleInfo, option: &str, value: &str) -> Result<OptionValue, String> {
    let info = rule
        .option(option)
        .ok_or_else(|| format!("there is no option {option}"))?;
    Ok(match info.default {
        DefaultValue::Flag(_) => OptionValue::Flag(value == "true"),
        DefaultValue::Number(_) => {
            OptionValue::Number(value.parse().map_err(|_| "the option is no number")?)
        }
        DefaultValue::Text(_) | DefaultValue::Choice(_) => OptionValue::Text(value.to_owned()),
        DefaultValue::List(_) => OptionValue::List(value.split(',').map(str::to_owned).collect()),
    })
}
