//! Migrations in one text: the schema before them above a line `-- migration:`, a file below each such
//! line. What follows a comma in the line says how it runs.

use schemagen::check::Settings;
use schemagen::check::migration::{MigrationInput, Script, Sent, check_migration};
use schemagen::diagnostic::{Diagnostic, FileId, Severity};
use schemagen::dialect::TargetVersion;
use schemagen::pipeline;
use schemagen::source::{SourceFile, SourceKind};

fn file(id: u32, path: &str, text: &str) -> SourceFile {
    SourceFile {
        id: FileId(id),
        path: path.to_owned(),
        kind: SourceKind::Sql,
        text: text.to_owned(),
        external: false,
    }
}

/// What the rules say of the migration in a text; an error where it cannot be read.
pub(crate) fn findings(
    text: &str,
    version: TargetVersion,
    settings: &Settings,
) -> Result<Vec<Diagnostic>, String> {
    let (before, rest) = text
        .split_once("-- migration")
        .ok_or("has no `-- migration:`")?;
    let mut files = Vec::new();
    for part in rest.split("-- migration") {
        let (mark, text) = part.split_once(":\n").ok_or("`-- migration` without `:`")?;
        let wrapped = match mark {
            "" => true,
            ", outside of a transaction" => false,
            other => return Err(format!("a migration cannot be `{other}`")),
        };
        let id = u32::try_from(files.len()).unwrap_or_default() + 1;
        files.push((file(id, "migration.sql", text), wrapped));
    }
    let loaded = pipeline::load(&[file(0, "before.sql", before)], version);
    refuse(&loaded.diagnostics)?;
    let scripts: Vec<Script<'_>> = files
        .iter()
        .map(|(file, wrapped)| Script {
            file,
            sent: match wrapped {
                true => Sent::InTransaction,
                false => Sent::AsOne,
            },
        })
        .collect();
    let outcome = check_migration(&MigrationInput {
        before: &loaded.catalog,
        assume: false,
        scripts: &scripts,
        version,
        settings,
        allowed: &[],
    });
    refuse(&outcome.errors)?;
    Ok(outcome.findings)
}

fn refuse(diagnostics: &[Diagnostic]) -> Result<(), String> {
    let error = diagnostics.iter().find(|d| d.severity == Severity::Error);
    error.map_or(Ok(()), |d| Err(format!("cannot be read: {}", d.headline)))
}
