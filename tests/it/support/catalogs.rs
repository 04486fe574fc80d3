//! Schemas in memory: read, print, compare with a message that a person can read.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use schemagen::diagnostic::{Diagnostic, FileId, Severity};
use schemagen::dialect::{Dialect, TargetVersion};
use schemagen::model::{Catalog, ObjectRef};
use schemagen::pipeline::{self, Loaded};
use schemagen::render::{EMITTERS, FileTree, Options, Report, Split, Templates, json, sql, yaml};
use schemagen::source::{SourceFile, SourceKind};

/// Files of a schema by path and text, numbered as the program numbers them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources {
    pub(crate) files: Vec<SourceFile>,
}

impl Sources {
    pub(crate) fn of_sql(text: &str) -> Self {
        let mut sources = Self::default();
        sources.add("schema.sql", text);
        sources
    }

    pub(crate) fn add(&mut self, path: &str, text: &str) -> &mut SourceFile {
        let id = FileId(u32::try_from(self.files.len()).expect("few files"));
        self.files.push(SourceFile {
            id,
            path: path.to_owned(),
            kind: SourceKind::of_path(path).unwrap_or(SourceKind::Sql),
            text: text.to_owned(),
            external: false,
        });
        self.files.last_mut().expect("one was pushed")
    }

    pub(crate) fn load(&self, dialect: Dialect) -> Loaded {
        pipeline::load(&self.files, TargetVersion::default_of(dialect))
    }

    /// Errors, as `path:line: headline`.
    pub(crate) fn errors(&self, loaded: &Loaded) -> Vec<String> {
        loaded
            .diagnostics
            .iter()
            .filter(|d| d.severity == Severity::Error)
            .map(|d| self.locate(d))
            .collect()
    }

    fn locate(&self, diagnostic: &Diagnostic) -> String {
        let place = diagnostic.primary.as_ref().and_then(|label| {
            let file = self.files.get(label.span.file.0 as usize)?;
            let before = file.text.get(..label.span.start as usize)?;
            Some(format!(
                "{}:{}",
                file.path,
                before.matches('\n').count() + 1
            ))
        });
        format!(
            "{}: [{}] {}",
            place.unwrap_or_default(),
            diagnostic.rule,
            diagnostic.headline
        )
    }
}

/// What every emitter makes of a schema, without its findings.
pub(crate) fn outputs(loaded: &Loaded, dialect: Dialect) -> FileTree {
    emitted(loaded, dialect, |_| true)
}

/// The canonical SQL of a schema.
pub(crate) fn printed(loaded: &Loaded, dialect: Dialect) -> String {
    let tree = emitted(loaded, dialect, |name| name == "sql");
    tree.get("schema.sql")
        .expect("the emitter `sql` writes schema.sql")
        .to_owned()
}

/// The schema as YAML, in one file or several.
pub(crate) fn printed_yaml(loaded: &Loaded, dialect: Dialect, split: Split) -> FileTree {
    with_report(loaded, dialect, |report| yaml::files(report, split))
}

/// The schema as JSON.
pub(crate) fn printed_json(loaded: &Loaded, dialect: Dialect) -> String {
    with_report(loaded, dialect, json::json)
}

/// The statements of the schema, in order.
pub(crate) fn statements(loaded: &Loaded, dialect: Dialect) -> Vec<String> {
    let all = schemagen::ddl::statements(&loaded.catalog, &loaded.graph, dialect);
    all.into_iter().map(|ddl| ddl.sql).collect()
}

/// The schema as SQL, in one file or several.
pub(crate) fn printed_sql(loaded: &Loaded, dialect: Dialect, split: Split) -> FileTree {
    with_report(loaded, dialect, |report| sql::files(report, split))
}

fn emitted(loaded: &Loaded, dialect: Dialect, wanted: impl Fn(&str) -> bool) -> FileTree {
    with_report(loaded, dialect, |report| {
        let mut tree = FileTree::default();
        for emitter in EMITTERS.iter().filter(|e| wanted(e.name())) {
            match emitter.tree(report) {
                Ok(files) => files
                    .into_iter()
                    .for_each(|(path, text)| tree.insert(path, text)),
                Err(error) => panic!("emitter {}: {error}", emitter.name()),
            }
        }
        tree
    })
}

pub(crate) fn with_report<T>(
    loaded: &Loaded,
    dialect: Dialect,
    make: impl Fn(&Report<'_>) -> T,
) -> T {
    let templates = Templates::new(BTreeMap::new());
    let options: BTreeMap<String, Options> = BTreeMap::new();
    make(&Report {
        dialect,
        version: TargetVersion::default_of(dialect),
        catalog: &loaded.catalog,
        graph: &loaded.graph,
        source_map: &loaded.source_map,
        findings: &[],
        templates: &templates,
        history: None,
        rule: |_| None,
        options: &options,
        script: Default::default(),
    })
}

/// How two catalogs differ, object by object; empty where they are equal.
///
/// The texts of expressions are left out, as they are in the equality of catalogs.
pub(crate) fn differences(want: &Catalog, got: &Catalog) -> String {
    if want == got {
        return String::new();
    }
    let (want, got) = (described(want), described(got));
    let mut report = String::new();
    for (id, text) in &want {
        match got.get(id) {
            None => writeln!(report, "missing: {id}"),
            Some(other) if other != text => {
                writeln!(report, "{id} differs:\n{}", changed_lines(text, other))
            }
            Some(_) => Ok(()),
        }
        .expect("writing to a string does not fail");
    }
    for id in got.keys().filter(|id| !want.contains_key(*id)) {
        writeln!(report, "unexpected: {id}").expect("writing to a string does not fail");
    }
    if report.is_empty() {
        report.push_str("the catalogs differ in something that no object shows\n");
    }
    report
}

fn described(catalog: &Catalog) -> BTreeMap<String, String> {
    let top_level = catalog.objects().into_iter().filter(|(_, object)| {
        !matches!(
            object,
            ObjectRef::Constraint(..)
                | ObjectRef::Index(..)
                | ObjectRef::Trigger(..)
                | ObjectRef::Rule(..)
                | ObjectRef::Policy(..)
        )
    });
    top_level
        .map(|(id, object)| {
            let lines = format!("{object:#?}");
            let lines = lines
                .lines()
                .filter(|line| !line.trim_start().starts_with("text: "));
            (id.to_string(), lines.collect::<Vec<_>>().join("\n"))
        })
        .collect()
}

fn changed_lines(want: &str, got: &str) -> String {
    let diff = similar::TextDiff::from_lines(want, got);
    diff.unified_diff()
        .context_radius(3)
        .to_string()
        .lines()
        .take(40)
        .collect::<Vec<_>>()
        .join("\n")
}
