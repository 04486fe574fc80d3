//! What holds for every real schema, and for the DDL of the notes: it is read whole, nothing is lost,
//! and what is printed means the same. Each test looks at all of them and reports all that fail.

use std::fmt::Write as _;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;

use schemagen::dialect::{Dialect, TargetVersion};
use schemagen::model::Ident;
use schemagen::pipeline;
use schemagen::source::{AlterAction, Declaration, Statement, Statistics};

use crate::support::catalogs::{Sources, differences, outputs, printed};
use crate::support::corpus::{self, Schema};

/// Runs a check on every schema, then fails with everything that was wrong. A panic is a failure of
/// its schema, not the end of the test.
fn for_each(schemas: &[Schema], check: impl Fn(&Schema) -> Result<(), String>) {
    let mut report = String::new();
    let mut failed = 0;
    for schema in schemas {
        let outcome = catch_unwind(AssertUnwindSafe(|| check(schema)));
        let problem = match outcome {
            Ok(Ok(())) => continue,
            Ok(Err(problem)) => problem,
            Err(_) => "panicked (see above)".to_owned(),
        };
        failed += 1;
        let head: Vec<&str> = problem.lines().take(60).collect();
        writeln!(report, "--- {}\n{}", schema.name, head.join("\n"))
            .expect("writing to a string does not fail");
    }
    assert!(
        failed == 0,
        "{failed} of {} schemas fail\n{report}",
        schemas.len()
    );
}

fn all() -> Option<Vec<Schema>> {
    let mut all = corpus::schemas()?;
    all.extend(corpus::notes()?);
    Some(all)
}

fn refuse(what: &str, problems: &[String]) -> Result<(), String> {
    if problems.is_empty() {
        Ok(())
    } else {
        Err(format!("{what}:\n{}", problems.join("\n")))
    }
}

fn adds_up(s: &Statistics) -> bool {
    s.read == s.modelled + s.opaque + s.kept + s.failed + s.skipped.values().sum::<usize>()
}

#[test]
fn real_schemas_are_read_without_an_error() {
    let Some(schemas) = corpus::schemas() else {
        return;
    };
    for_each(&schemas, |schema| {
        let sources = schema.sources();
        let loaded = sources.load(schema.dialect);
        refuse("errors", &sources.errors(&loaded))?;
        if loaded.statistics.read == 0 || loaded.catalog.tables.is_empty() {
            return Err("nothing was read".to_owned());
        }
        Ok(())
    });
}

#[test]
fn every_statement_is_accounted_for() {
    let Some(schemas) = all() else { return };
    let mut total = Statistics::default();
    for_each(&schemas, |schema| {
        let statistics = schema.sources().load(schema.dialect).statistics;
        if adds_up(&statistics) {
            Ok(())
        } else {
            Err(format!("{statistics:?} does not add up"))
        }
    });
    for schema in schemas.iter().filter(|s| s.dialect == Dialect::Postgres) {
        total.add(&schema.sources().load(schema.dialect).statistics);
    }
    assert!(
        total.opaque * 100 <= total.read * 3,
        "{} of {} statements are opaque",
        total.opaque,
        total.read
    );
}

#[test]
fn what_is_printed_reads_as_the_same_catalog() {
    let Some(schemas) = all() else { return };
    for_each(&schemas, |schema| {
        let sources = schema.sources();
        let loaded = sources.load(schema.dialect);
        if loaded.has_errors() && schema.name.starts_with("note ") {
            return Ok(());
        }
        let sql = printed(&loaded, schema.dialect);
        let mut again = Sources::of_sql(&sql);
        schema.add_setup(&mut again);
        let reloaded = again.load(schema.dialect);
        refuse("the printed SQL has errors", &again.errors(&reloaded))?;
        let differences = differences(&loaded.catalog, &reloaded.catalog);
        if !differences.is_empty() {
            return Err(differences);
        }
        let twice = printed(&reloaded, schema.dialect);
        if twice == sql {
            Ok(())
        } else {
            Err("printing what was printed gives another text".to_owned())
        }
    });
}

#[test]
fn building_twice_writes_the_same_bytes() {
    let Some(schemas) = all() else { return };
    for_each(&schemas, |schema| {
        let make = || outputs(&schema.sources().load(schema.dialect), schema.dialect);
        let (one, two) = (make(), make());
        let differing: Vec<String> = one
            .iter()
            .filter(|(path, text)| two.get(path) != Some(*text))
            .map(|(path, _)| path.to_owned())
            .collect();
        refuse("these files differ", &differing)
    });
}

#[test]
fn the_order_of_files_does_not_matter() {
    let Some(schemas) = corpus::schemas() else {
        return;
    };
    let postgres: Vec<Schema> = schemas
        .into_iter()
        .filter(|s| s.dialect == Dialect::Postgres)
        .collect();
    for_each(&postgres, |schema| {
        let whole = schema.sources();
        let Some(parts) = parts(schema, &whole) else {
            return Ok(());
        };
        let wanted = whole.load(schema.dialect);
        for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
            let mut split = Sources::default();
            for (place, part) in order.into_iter().enumerate() {
                split.add(&format!("{place}.sql"), &parts[part]);
            }
            schema.add_setup(&mut split);
            let loaded = split.load(schema.dialect);
            refuse(
                &format!("in the order {order:?} there are errors"),
                &split.errors(&loaded),
            )?;
            let differences = differences(&wanted.catalog, &loaded.catalog);
            if !differences.is_empty() {
                return Err(format!("in the order {order:?}:\n{differences}"));
            }
        }
        Ok(())
    });
}

/// The statements of a schema dealt out to three files, or `None` where one of them changes what
/// another made, which only a single file may do.
fn parts(schema: &Schema, whole: &Sources) -> Option<[String; 3]> {
    let read = pipeline::read(&whole.files[..1], TargetVersion::default_of(schema.dialect));
    let mut parts = [String::new(), String::new(), String::new()];
    for (n, declaration) in read.declarations.iter().enumerate() {
        if !commutes(&declaration.statement) {
            return None;
        }
        let span = declaration.span;
        let text = &schema.text[span.start as usize..span.end as usize];
        // Neighbours often belong together; dealing them out one by one is the hardest case.
        let part = &mut parts[n % 3];
        writeln!(
            part,
            "{}\n{};",
            search_path(declaration),
            text.trim_end_matches(';')
        )
        .expect("writing to a string does not fail");
    }
    Some(parts)
}

fn search_path(declaration: &Declaration) -> String {
    let quoted = |name: &Ident| format!("\"{}\"", name.replace('"', "\"\""));
    let names: Vec<String> = declaration.search_path.iter().map(quoted).collect();
    if names.is_empty() {
        "SELECT pg_catalog.set_config('search_path', '', false);".to_owned()
    } else {
        format!("SET search_path = {};", names.join(", "))
    }
}

/// Whether a statement may stand in another file than what it is about.
fn commutes(statement: &Statement) -> bool {
    match statement {
        Statement::Drop { .. } | Statement::AlterOpaque { .. } | Statement::Kept(_) => false,
        Statement::Create {
            or_replace,
            if_not_exists,
            ..
        } => !or_replace && !if_not_exists,
        Statement::Grant { revoke, .. } | Statement::DefaultPrivileges { revoke, .. } => !revoke,
        Statement::Alter { actions, .. } => actions.iter().all(|action| {
            matches!(
                action,
                AlterAction::AddConstraint(_)
                    | AlterAction::AttachPartition { .. }
                    | AlterAction::Owner(_)
                    | AlterAction::OwnedBy(_)
                    | AlterAction::RowSecurity(_)
                    | AlterAction::ForceRowSecurity(_)
                    | AlterAction::ReplicaIdentity(_)
                    | AlterAction::Column { .. }
            )
        }),
        Statement::Comment { .. } | Statement::SetValue(_) => true,
    }
}

#[test]
fn the_program_builds_every_schema() {
    let Some(schemas) = all() else { return };
    for_each(&schemas, |schema| {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        fs::create_dir(folder.path().join("schema")).map_err(|error| error.to_string())?;
        fs::write(folder.path().join("schema/schema.sql"), &schema.text)
            .map_err(|error| error.to_string())?;
        fs::write(
            folder.path().join("schemagen.yaml"),
            format!("dialect: {}\nsources: [schema]\n", schema.dialect.as_str()),
        )
        .map_err(|error| error.to_string())?;
        let mut command = Command::new(env!("CARGO_BIN_EXE_schemagen"));
        command
            .args(["build", "--format", "json"])
            .current_dir(folder.path());
        if let Some((path, _)) = &schema.setup {
            command.arg("--setup").arg(path);
        }
        let output = command.output().map_err(|error| error.to_string())?;
        let (stdout, stderr) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        let code = output
            .status
            .code()
            .ok_or_else(|| format!("killed: {stderr}"))?;
        if code > 2 || stderr.contains("panicked") || stderr.contains("internal error") {
            return Err(format!("exit {code}\n{stderr}"));
        }
        if code == 2 && !schema.name.starts_with("note ") {
            return Err(format!("refused\n{stderr}"));
        }
        let report: serde_json::Value =
            serde_json::from_str(&stdout).map_err(|error| format!("{error}: {stdout}{stderr}"))?;
        json_adds_up(&report["statements"])
    });
}

fn json_adds_up(statements: &serde_json::Value) -> Result<(), String> {
    let number = |key: &str| {
        statements[key]
            .as_u64()
            .ok_or_else(|| format!("no {key} in {statements}"))
    };
    let skipped = statements["skipped"]
        .as_array()
        .ok_or_else(|| format!("no skipped in {statements}"))?;
    let skipped: u64 = skipped
        .iter()
        .filter_map(|entry| entry["count"].as_u64())
        .sum();
    let parts =
        number("modelled")? + number("opaque")? + number("kept")? + number("failed")? + skipped;
    if number("read")? == parts {
        Ok(())
    } else {
        Err(format!("{statements} does not add up"))
    }
}
