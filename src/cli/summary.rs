//! What a build says at its end: a few lines for people, or one JSON value for programs.

use serde_json::{Map, Value, json};

use super::build::Built;
use super::migrations::{self, Next};
use super::output::{Change, ChangeKind, word};
use super::project::Project;
use super::report::{self, Counts, Format};
use super::sources::display;
use crate::diagnostic::Diagnostic;
use crate::source::Statistics;

/// `42 statements read: 40 modelled, 1 kept, 1 skipped (session setting)`.
pub(super) fn statements(statistics: &Statistics) -> String {
    let mut parts = Vec::new();
    let counts = [
        (statistics.modelled, "modelled"),
        (statistics.opaque, "opaque"),
        (statistics.kept, "kept"),
        (statistics.failed, "failed"),
    ];
    for (count, what) in counts {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    for (reason, count) in &statistics.skipped {
        parts.push(format!("{count} skipped ({})", reason.as_str()));
    }
    let parts = match parts.is_empty() {
        true => String::new(),
        false => format!(": {}", parts.join(", ")),
    };
    format!("{} read{parts}", counted(statistics.read, "statement"))
}

/// One line a file that is written, removed or stale.
pub(super) fn changes(built: &Built) -> Vec<String> {
    let folder = display(&built.comparison.folder);
    let changes = built.comparison.changes.iter();
    changes
        .map(|c| format!("{:8} {folder}/{}", word(c.kind), c.path))
        .collect()
}

/// What became of the output folder.
pub(super) fn outcome(built: &Built, check: bool) -> String {
    let folder = display(&built.comparison.folder);
    let counts = Counts::of(&built.findings);
    let changes = built.comparison.changes.len();
    let what = if check && built.comparison.is_clean() {
        format!("{folder}/ is up to date")
    } else if check {
        let files = counted(changes.max(1), "file");
        format!("{files} in {folder}/ not up to date: run `schemagen build` and commit the result")
    } else if changes == 0 {
        format!("{folder}/ was up to date")
    } else {
        let removed = of_kind(built, ChangeKind::Extra).count();
        let written = counted(changes - removed, "file");
        match removed {
            0 => format!("{written} written to {folder}/"),
            _ => format!("{written} written to {folder}/, {removed} removed"),
        }
    };
    format!("{counts}; {what}")
}

/// What became of the migrations, where something is to be said.
pub(super) fn migration(built: &Built, check: bool) -> Option<String> {
    next(&built.project, &built.migration, check, "build")
}

/// The same of any command that makes the next migration.
pub(super) fn next(project: &Project, next: &Next, check: bool, command: &str) -> Option<String> {
    let folder = display(&migrations::folder(project));
    let written = |files: &[(String, String)]| {
        format!("{} written to {folder}/", counted(files.len(), "file"))
    };
    Some(match next {
        Next::Current => return None,
        Next::First(_) if check => return None,
        Next::First(files) => format!("{}: the first migration\n", written(files)),
        Next::Behind => format!(
            "the schema has changed since the last migration in {folder}/\n  help: run `schemagen build` \
             to write the next one\n"
        ),
        Next::Following {
            files,
            what,
            safety,
        } => {
            let first = files.first().map_or("", |(path, _)| path.as_str());
            let said = report::findings(&safety.findings, &safety.files, Format::Human);
            let which = match safety.files.len() {
                0 | 1 => first.to_owned(),
                several => format!("{several} migrations from {first} on"),
            };
            format!("{said}{}: {which}: {what}\n", written(files))
        }
        Next::Stopped(stop) => stop.text(project, &folder, command),
    })
}

/// The report of a build.
pub(super) fn json(built: &Built, check: bool) -> String {
    let project = &built.project;
    let mut map = head(project, &built.findings);
    map.insert("files".into(), files(built, check));
    map.insert("migration".into(), migration_json(built, check));
    print(map)
}

fn migration_json(built: &Built, check: bool) -> Value {
    next_json(&built.project, &built.migration, check)
}

/// The next migration for programs.
pub(super) fn next_json(project: &Project, next: &Next, check: bool) -> Value {
    match next {
        Next::First(_) if check => json!({ "state": "missing" }),
        Next::First(files) | Next::Following { files, .. } => {
            let folder = display(&migrations::folder(project));
            let paths = files.iter().map(|(path, _)| format!("{folder}/{path}"));
            let mut value = json!({ "state": "written", "files": paths.collect::<Vec<_>>() });
            if let Next::Following { safety, .. } = next {
                value["findings"] = report::json_value(&safety.findings, &safety.files);
            }
            value
        }
        Next::Current => json!({ "state": "current" }),
        Next::Behind => json!({ "state": "behind" }),
        Next::Stopped(stop) => stop.json(project),
    }
}

/// The report of a build that was refused.
pub(super) fn refused(project: &Project, wrong: &[Diagnostic]) -> String {
    let mut map = head(project, wrong);
    let none: [&str; 0] = [];
    map.insert("files".into(), json!({ "written": none, "removed": none }));
    print(map)
}

fn head(project: &Project, findings: &[Diagnostic]) -> Map<String, Value> {
    let statistics = &project.loaded.statistics;
    let skipped: Vec<Value> = statistics
        .skipped
        .iter()
        .map(|(reason, count)| json!({ "reason": reason.as_str(), "count": count }))
        .collect();
    let counts = Counts::of(findings);
    let mut map = Map::new();
    map.insert("version".into(), json!(1));
    map.insert(
        "statements".into(),
        json!({
            "read": statistics.read,
            "modelled": statistics.modelled,
            "opaque": statistics.opaque,
            "kept": statistics.kept,
            "failed": statistics.failed,
            "skipped": skipped,
        }),
    );
    let sources = &project.sources.files;
    map.insert("findings".into(), report::json_value(findings, sources));
    map.insert(
        "summary".into(),
        json!({ "error": counts.errors, "warning": counts.warnings, "info": counts.infos }),
    );
    map
}

fn files(built: &Built, check: bool) -> Value {
    let folder = display(&built.comparison.folder);
    let paths = |kinds: &[ChangeKind]| -> Vec<String> {
        let changes = built.comparison.changes.iter();
        let wanted = changes.filter(|c| kinds.contains(&c.kind));
        wanted.map(|c| format!("{folder}/{}", c.path)).collect()
    };
    let unchanged = built.comparison.unchanged();
    if check {
        return json!({
            "missing": paths(&[ChangeKind::Missing]),
            "stale": paths(&[ChangeKind::Stale]),
            "extra": paths(&[ChangeKind::Extra]),
            "unchanged": unchanged,
        });
    }
    json!({
        "written": paths(&[ChangeKind::Missing, ChangeKind::Stale]),
        "removed": paths(&[ChangeKind::Extra]),
        "unchanged": unchanged,
    })
}

fn of_kind(built: &Built, kind: ChangeKind) -> impl Iterator<Item = &Change> {
    let changes = built.comparison.changes.iter();
    changes.filter(move |c| c.kind == kind)
}

/// `1 file`, `2 files`.
fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}

fn print(map: Map<String, Value>) -> String {
    // A map of JSON values always prints.
    let mut text = serde_json::to_string_pretty(&map).unwrap_or_default();
    text.push('\n');
    text
}
