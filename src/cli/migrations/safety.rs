//! What the rules of `migration-safety/` say of migrations: of those in the folder, of one that is about
//! to be written, of a plan that is only shown.

use super::History;
use crate::check;
use crate::check::migration::{MigrationInput, MigrationOutcome, Script, Sent, check_migration};
use crate::cli::clock::Moment;
use crate::cli::project::Project;
use crate::cli::sources::display;
use crate::diagnostic::{Diagnostic, FileId};
use crate::dialect::Dialect;
use crate::facts::hazard::{Allowance, Hazard};
use crate::migration::{self, File, Layout, Migration};
use crate::model::{Catalog, ObjectId};
use crate::source::{SourceFile, SourceKind};

/// Findings, with the texts that they point into.
#[derive(Clone, Debug, Default)]
pub(in crate::cli) struct Safety {
    pub(in crate::cli) files: Vec<SourceFile>,
    pub(in crate::cli) findings: Vec<Diagnostic>,
}

impl Safety {
    /// Of the files of a migration that is about to be written.
    pub(super) fn of_files(
        project: &Project,
        before: &Catalog,
        layout: Layout,
        files: &[File],
        allowed: &[Allowance],
    ) -> Self {
        let folder = display(&super::folder(project));
        let mut safety = Self::default();
        let mut wrapped = Vec::new();
        for (path, text) in files {
            let Some(up) = layout.up_file(path) else {
                continue;
            };
            let read = |path: &str| files.iter().find(|(p, _)| p == path).map(|f| f.1.clone());
            wrapped.push(sent(layout, layout.is_wrapped(&up, read)));
            safety.push(&format!("{folder}/{path}"), layout.up_part(text));
        }
        let mut allowed = allowed.to_vec();
        for file in &safety.files {
            allowed.extend(named_in_header(&file.text, project.config.version.dialect));
        }
        let scripts = safety.files.iter().zip(wrapped);
        let scripts: Vec<Script<'_>> = scripts.map(|(file, sent)| Script { file, sent }).collect();
        let outcome = check_migration(&MigrationInput {
            before,
            assume: false,
            scripts: &scripts,
            version: project.config.version,
            settings: &project.config.checks,
            allowed: &allowed,
        });
        safety.findings = outcome.findings;
        safety
    }

    /// Of a script that has its transactions in itself, over the state before it.
    pub(in crate::cli) fn of_script(
        project: &Project,
        before: &Catalog,
        (path, text): (&str, &str),
    ) -> Self {
        let mut safety = Self::default();
        safety.push(path, text);
        let allowed = &project.config.migrations.allow;
        let scripts = [Script {
            file: &safety.files[0],
            sent: Sent::OneByOne,
        }];
        let outcome = check_migration(&MigrationInput {
            before,
            assume: false,
            scripts: &scripts,
            version: project.config.version,
            settings: &project.config.checks,
            allowed,
        });
        safety.findings = outcome.findings;
        safety
    }

    fn push(&mut self, path: &str, text: &str) {
        let id = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
        self.files.push(SourceFile {
            id: FileId(id),
            path: path.to_owned(),
            kind: SourceKind::Sql,
            text: text.to_owned(),
            external: false,
        });
    }
}

/// How a layout's tool sends a file.
pub(in crate::cli) fn sent(layout: Layout, wrapped: bool) -> Sent {
    match wrapped {
        true => Sent::InTransaction,
        false if layout.opens_transactions() => Sent::AsOne,
        false => Sent::OneByOne,
    }
}

/// Checks the migrations of a folder, one after the other.
pub(in crate::cli) struct Checker<'a> {
    project: &'a Project,
    settings: check::Settings,
    allowed: &'a [Allowance],
    /// What is behind the migrations so far.
    pub(in crate::cli) state: Catalog,
}

impl<'a> Checker<'a> {
    pub(in crate::cli) fn new(
        project: &'a Project,
        allowed: &'a [Allowance],
        state: Catalog,
    ) -> Self {
        Self {
            project,
            settings: check::Settings {
                today: Some(Moment::now().date()),
                ..project.config.checks.clone()
            },
            allowed,
            state,
        }
    }

    /// Runs the migrations that were planned together, and says what is found in them.
    pub(in crate::cli) fn run(
        &mut self,
        history: &History,
        migrations: &[Migration],
    ) -> Vec<Diagnostic> {
        let files = &history.sources;
        let scripts: Vec<Script<'_>> = migrations
            .iter()
            .filter_map(|m| {
                Some(Script {
                    file: files.file(m.file)?,
                    sent: sent(history.layout, files.is_wrapped(m.file, history.layout)),
                })
            })
            .collect();
        let mut allowed = self.allowed.to_vec();
        for script in &scripts {
            let dialect = self.project.config.version.dialect;
            allowed.extend(named_in_header(&script.file.text, dialect));
        }
        let outcome = self.check(&scripts, &allowed);
        self.state = outcome.after;
        outcome.findings
    }

    /// Checks files over the state so far.
    pub(in crate::cli) fn check(
        &self,
        scripts: &[Script<'_>],
        allowed: &[Allowance],
    ) -> MigrationOutcome {
        check_migration(&MigrationInput {
            before: &self.state,
            assume: true,
            scripts,
            version: self.project.config.version,
            settings: &self.settings,
            allowed,
        })
    }
}

/// The hazards that somebody allowed when the migration was written: `-- hazard: deletes-data: table
/// public.notes is dropped`; and what a second act is there for, as its first one announced it.
fn named_in_header(text: &str, dialect: Dialect) -> Vec<Allowance> {
    let lines = text
        .lines()
        .take_while(|l| l.is_empty() || l.starts_with("--"));
    let hazards = lines
        .clone()
        .filter_map(|line| line.strip_prefix("-- hazard: "));
    let allowance = |line: &str| {
        let (hazard, what) = line.split_once(": ")?;
        let mut words = what.split_whitespace().skip(1);
        let object = words
            .find(|w| w.contains('.'))
            .or(what.split_whitespace().nth(1))?;
        Allowance::parse(&format!("{hazard}:{object}"))
    };
    let mut allowed: Vec<Allowance> = hazards.filter_map(allowance).collect();
    for expansion in migration::contracted(lines, dialect) {
        let table = &expansion.table;
        for column in [&expansion.from, &expansion.into, &expansion.name] {
            let objects = Some(ObjectId::column(table, column).path());
            allowed.extend(
                [Hazard::DeletesData, Hazard::BreaksRunningClients].map(|hazard| Allowance {
                    hazard,
                    objects: objects.clone(),
                }),
            );
        }
    }
    allowed
}

/// Migrations that one plan became: `20260101000000_users_1` and `20260101000001_users_2`.
pub(in crate::cli) fn together(migrations: &[Migration]) -> Vec<&[Migration]> {
    let stem = |m: &Migration| {
        let (_, name) = m.label.split_once('_')?;
        let (stem, number) = name.rsplit_once('_')?;
        let number: u32 = number.parse().ok()?;
        m.header.as_ref()?;
        Some((stem.to_owned(), number))
    };
    let follows = |a: &Migration, b: &Migration| match (stem(a), stem(b)) {
        (Some((one, n)), Some((other, next))) => one == other && next == n + 1,
        _ => false,
    };
    migrations.chunk_by(follows).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_header_names_is_allowed() {
        let text = "-- schemagen: x\n-- hazard: deletes-data: column public.t.a is dropped\n\nDROP";
        let allowed = named_in_header(text, Dialect::Postgres);
        assert_eq!(allowed.len(), 1);
        assert_eq!(allowed[0].objects.as_deref(), Some("public.t.a"));
        let below = "ALTER TABLE t;\n-- hazard: deletes-data: column public.t.a is dropped\n";
        assert!(named_in_header(below, Dialect::Postgres).is_empty());
    }
}
