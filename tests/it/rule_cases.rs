//! Rules on cases: `tests/fixtures/rules/GROUP/NAME.sql` (or `.sqlite.sql`, `.yaml`) holds schemas,
//! each under a line `case: what it shows` and lines `fires: SEVERITY OBJECT`; a case without such
//! lines says that the rule is silent. Other rules are not looked at.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use schemagen::check::{self, Input, RULES, Settings};
use schemagen::diagnostic::{Diagnostic, FileId, Severity};
use schemagen::dialect::{Dialect, TargetVersion};
use schemagen::pipeline;
use schemagen::source::{SourceFile, SourceKind};

use crate::support::scripts;

/// A schema and what has to be found in it.
#[derive(Default)]
struct Case {
    name: String,
    expected: Vec<String>,
    text: String,
}

#[test]
fn rules_fire_where_the_cases_say() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/rules");
    let mut failures = String::new();
    let mut count = 0;
    for path in fixtures(&root) {
        let relative = path.strip_prefix(&root).expect("below the root");
        let rule = rule_of(relative);
        for case in cases(&fs::read_to_string(&path).expect("readable")) {
            count += 1;
            let found = findings(rule, &path, &case);
            if found != Ok(case.expected.clone()) {
                let _ = writeln!(
                    failures,
                    "{}, {}:\n  expected {:?}\n  found    {found:?}",
                    relative.display(),
                    case.name,
                    case.expected
                );
            }
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
    assert!(count > 60, "only {count} cases were read");
}

fn fixtures(root: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for group in fs::read_dir(root).expect("a folder of fixtures") {
        let group = group.expect("readable").path();
        let entries = fs::read_dir(group).expect("a folder a group");
        files.extend(entries.map(|e| e.expect("readable").path()));
    }
    files.sort();
    files
}

/// `index/duplicate.sql` is about `index/duplicate`; a mistyped file name fails.
fn rule_of(relative: &Path) -> &'static str {
    let text = relative.to_str().expect("UTF-8").replace('\\', "/");
    let id = text.split('.').next().unwrap_or_default();
    let rule = RULES.iter().find(|r| r.info().id == id);
    rule.unwrap_or_else(|| panic!("there is no rule {id}"))
        .info()
        .id
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        let comment = line.strip_prefix("-- ").or_else(|| line.strip_prefix("# "));
        if let Some(name) = comment.and_then(|c| c.strip_prefix("case: ")) {
            cases.push(Case {
                name: name.to_owned(),
                ..Case::default()
            });
            continue;
        }
        let case = cases.last_mut().expect("a case before anything else");
        match comment.and_then(|c| c.strip_prefix("fires: ")) {
            Some(expected) => case.expected.push(expected.to_owned()),
            None => {
                case.text.push_str(line);
                case.text.push('\n');
            }
        }
    }
    for case in &mut cases {
        case.expected.sort();
    }
    cases
}

fn findings(rule: &'static str, path: &Path, case: &Case) -> Result<Vec<String>, String> {
    let diagnostics = match rule.starts_with("migration-safety/") {
        true => of_migration(path, case)?,
        false => diagnostics(path, case)?,
    };
    let of_rule = diagnostics.iter().filter(|d| d.rule == rule);
    let mut found: Vec<String> = of_rule
        .map(|d| {
            let object = d.object.as_ref().map(|o| o.path()).unwrap_or_default();
            format!("{} {object}", d.severity.as_str())
        })
        .collect();
    found.sort();
    Ok(found)
}

/// The case has the schema before, and the files of a migration, as examples of those rules do.
fn of_migration(path: &Path, case: &Case) -> Result<Vec<Diagnostic>, String> {
    let version = TargetVersion::default_of(dialect(path));
    scripts::findings(&case.text, version, &Settings::default())
}

fn dialect(path: &Path) -> Dialect {
    let name = path.file_name().and_then(|n| n.to_str()).expect("UTF-8");
    match name.contains(".sqlite.") {
        true => Dialect::Sqlite,
        false => Dialect::Postgres,
    }
}

fn diagnostics(path: &Path, case: &Case) -> Result<Vec<Diagnostic>, String> {
    let name = path.file_name().and_then(|n| n.to_str()).expect("UTF-8");
    let kind = match name.ends_with(".yaml") {
        true => SourceKind::Yaml,
        false => SourceKind::Sql,
    };
    let version = TargetVersion::default_of(dialect(path));
    let file = SourceFile {
        id: FileId(0),
        path: name.to_owned(),
        kind,
        text: case.text.clone(),
        external: false,
    };
    let loaded = pipeline::load(&[file], version);
    let error = loaded
        .diagnostics
        .iter()
        .find(|d| d.severity == Severity::Error);
    if let Some(error) = error {
        return Err(format!("cannot be read: {}", error.headline));
    }
    let outcome = check::check(&Input {
        catalog: &loaded.catalog,
        graph: &loaded.graph,
        source_map: &loaded.source_map,
        version,
        settings: &Settings::default(),
        file_allows: &[],
    });
    Ok(outcome.findings)
}

/// The proposals that the findings about dependencies print are schemas themselves.
#[test]
fn proposals_can_be_read_and_are_in_third_normal_form() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/rules/normalization");
    let mut read = 0;
    for name in ["fd-partial-dependency", "fd-transitive-dependency"] {
        let path = root.join(format!("{name}.yaml"));
        for case in cases(&fs::read_to_string(&path).expect("readable")) {
            let diagnostics = diagnostics(&path, &case).expect("the case can be read");
            let help = diagnostics
                .iter()
                .filter(|d| d.rule.ends_with(name))
                .find_map(|d| d.help.as_ref());
            let Some((_, yaml)) = help.and_then(|h| h.split_once("\n\n")) else {
                assert!(
                    case.expected.is_empty(),
                    "{name}, {}: no proposal",
                    case.name
                );
                continue;
            };
            read += 1;
            let proposal = Case {
                name: case.name.clone(),
                expected: Vec::new(),
                text: yaml.to_owned(),
            };
            let again = diagnostics_of_proposal(&path, &proposal);
            assert_eq!(
                again,
                Vec::<String>::new(),
                "{name}, {}:\n{yaml}",
                case.name
            );
        }
    }
    assert!(read >= 3, "only {read} proposals");
}

/// What is wrong with a proposal: errors, and findings of error level.
fn diagnostics_of_proposal(path: &Path, case: &Case) -> Vec<String> {
    match diagnostics(path, case) {
        Err(error) => vec![error],
        Ok(found) => found
            .into_iter()
            .filter(|d| d.severity == Severity::Error)
            .map(|d| d.headline)
            .collect(),
    }
}
