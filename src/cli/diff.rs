//! `schemagen diff FROM TO`: shows, and never stops.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::Outcome;
use super::config::FILE_NAME;
use super::console::Console;
use super::failure::Failure;
use super::migration_sql;
use super::migrations::History;
use super::migrations::{Safety, located};
use super::project::{Databases, Project, Request};
use super::render::DialectName;
use super::report::{self, changes};
use super::review;
use super::sources::Origin;
use crate::dialect::{Dialect, TargetVersion};
use crate::diff::{self, Comparison, Managed, Options};
use crate::driver::is_history_table;
use crate::model::{Catalog, Ident, ObjectId, Pair};
use crate::plan;

/// Show what differs between two schemas.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A file, folder, migrations folder, git:REV[:path] or database; the configured migrations
    /// where nothing is named.
    from: Option<PathBuf>,
    /// The other side; the configured sources where nothing is named.
    to: Option<PathBuf>,
    /// How changes are printed.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// With `--format sql` or `json`: the plan of the way back, from TO to FROM.
    #[arg(long)]
    down: bool,
    /// With `--format sql`, `json` or `markdown`: in the forms that keep tables in use readable and writable.
    #[arg(long, conflicts_with = "offline")]
    online: bool,
    /// With `--format sql`, `json` or `markdown`: in the shortest forms, in as few transactions as can be.
    #[arg(long)]
    offline: bool,
    /// End with 1 where the two differ.
    #[arg(long)]
    exit_code: bool,
    /// The database system, where neither the configuration nor a database tells.
    #[arg(long, value_enum)]
    dialect: Option<DialectName>,
    /// Declarations that exist already and belong to others.
    #[arg(long, value_name = "FILE")]
    setup: Vec<PathBuf>,
}

/// How changes are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// By schema and object.
    #[default]
    Text,
    /// For programs.
    Json,
    /// The statements that lead from the one to the other.
    Sql,
    /// What a reviewer is told, as a comment on a pull request.
    Markdown,
    /// The same as a page, however long it is.
    Html,
}

pub(super) fn run(
    args: &Args,
    config: Option<&Path>,
    console: &Console,
) -> Result<Outcome, Failure> {
    let sides = load(args, config);
    for side in [&sides.before, &sides.after] {
        let (said, files) = (&side.loaded.diagnostics, &side.sources.files);
        console.report(&report::findings(said, files, report::Format::Human));
        console.left_out(&side.sources);
    }
    if sides.before.loaded.has_errors() || sides.after.loaded.has_errors() {
        return Ok(Outcome::Refused);
    }
    let dialects = Pair::new(&sides.before, &sides.after).map(|p| p.config.version.dialect);
    if dialects.before != dialects.after {
        let [a, b] = [dialects.before, dialects.after].map(Dialect::as_str);
        return Err(Failure::request(
            format!("a schema for {a} cannot be compared with one for {b}"),
            "name two schemas of the same database system, or say which with --dialect",
        ));
    }
    if args.down && !matches!(args.format, Format::Sql | Format::Json) {
        return Err(Failure::request(
            "`--down` is about statements".to_owned(),
            "say `--format sql` or `--format json` as well",
        ));
    }
    let sides = with_both_columns(sides, args);
    let compared = compare(&sides, console);
    let comparison = &compared.comparison;
    let catalogs = borrowed(&compared.catalogs);
    let online = args.online || (sides.after.config.online && !args.offline);
    let mut remaining = Vec::new();
    let mut safety = Safety::default();
    console.data(&match args.format {
        Format::Text => changes::text(comparison, catalogs, dialects.after),
        Format::Json => {
            let plan =
                migration_sql::plan_of(&compared, sides.after.config.version, args.down, online);
            report::changes_json(comparison, &plan, args.down)
        }
        Format::Sql => {
            let version = sides.after.config.version;
            let migration = migration_sql::migration(&compared, version, args.down, online);
            safety = match args.down {
                true => Safety::default(),
                false => Safety::of_script(
                    &sides.after,
                    &compared.catalogs.before,
                    ("plan.sql", &migration.text),
                ),
            };
            remaining = migration.unproved;
            let side = if args.down {
                &sides.before
            } else {
                &sides.after
            };
            let undecided = located(side, migration.obstacles);
            let said = report::findings(&undecided, &side.sources.files, report::Format::Human);
            console.report(&said);
            migration.text
        }
        format @ (Format::Markdown | Format::Html) => {
            review::text(&sides, &compared, online, format == Format::Html)?
        }
    })?;
    if !remaining.is_empty() {
        return Err(Failure::unproved(&remaining));
    }
    let said = report::findings(&safety.findings, &safety.files, report::Format::Human);
    console.report(&said);
    for (what, count) in comparison.left_out.list() {
        let names = match what {
            diff::MADE => made_by_blocks(&comparison.left_out.made),
            diff::OF_OTHERS => declared_external(&sides, config),
            _ => String::new(),
        };
        console.note(&format!("not compared  {count} {what}{names}"));
    }
    console.note(&changes::summary(comparison));
    Ok(match comparison.changes.is_empty() {
        false if args.exit_code => Outcome::Findings,
        _ => Outcome::Clean,
    })
}

/// With the migrations on one side, columns whose change goes in two acts are two on the other as well.
fn with_both_columns(mut sides: Pair<Project>, args: &Args) -> Pair<Project> {
    let history = args.from.is_none().then(|| History::read(&sides.after));
    if let Some(history) = history.flatten() {
        let version = sides.after.config.version;
        let pending = history.pending(version.dialect);
        let (before, after) = (&sides.before.loaded.catalog, &sides.after.loaded.catalog);
        sides.after.loaded.catalog = plan::expanded(before, after, &pending, &[], version).catalog;
    }
    sides
}

/// Reads both sides. A database goes first: its version is the one that counts.
fn load(args: &Args, config: Option<&Path>) -> Pair<Project> {
    let is_database = |path: &Option<PathBuf>| {
        let path = path.as_deref();
        path.is_some_and(|path| Origin::of(path).is_database())
    };
    let both = is_database(&args.from) && is_database(&args.to);
    let side = |sources: &[PathBuf], version: Option<TargetVersion>| {
        Project::load(&Request {
            config,
            dialect: args.dialect.map(Dialect::from),
            sources,
            setup: &args.setup,
            version,
            configured: true,
            databases: Databases {
                // With a declared schema on the other side, no owner means the role that connects.
                every_owner: both,
                history_tables: !both,
                // They are compared, and not told.
                passwords: true,
                extension_versions: true,
            },
        })
    };
    if is_database(&args.from) {
        let before = side(args.from.as_slice(), None);
        let version = Some(before.config.version).filter(|_| !both);
        return Pair::new(before, side(args.to.as_slice(), version));
    }
    let after = side(args.to.as_slice(), None);
    let version = Some(after.config.version).filter(|_| is_database(&args.to));
    let migrations = after.path(&after.config.migrations.folder);
    let from = args.from.as_ref().unwrap_or(&migrations);
    Pair::new(side(std::slice::from_ref(from), version), after)
}

/// A comparison, with what was compared.
pub(super) struct Compared {
    pub(super) comparison: Comparison,
    pub(super) catalogs: Pair<Catalog>,
    pub(super) managed: Managed,
}

impl Compared {
    fn new(catalogs: Pair<Catalog>, options: &Options) -> Self {
        Self {
            comparison: diff::compare(borrowed(&catalogs), options),
            catalogs,
            managed: options.managed,
        }
    }
}

fn compare(sides: &Pair<Project>, console: &Console) -> Compared {
    let mut catalogs = Pair::new(
        sides.before.loaded.catalog.clone(),
        sides.after.loaded.catalog.clone(),
    );
    let mut options = Options::new(sides.after.config.version.dialect);
    let live = [&sides.before, &sides.after].map(|p| p.sources.read.is_some());
    let (held, said, project) = match live {
        [true, false] => (&mut catalogs.before, &catalogs.after, &sides.before),
        [false, true] => (&mut catalogs.after, &catalogs.before, &sides.after),
        _ => return Compared::new(catalogs, &options),
    };
    let comments_held = project.config.version.dialect == Dialect::Postgres;
    let history = without_history(held, said);
    if history > 0 {
        console.note(&format!(
            "left out  {history} history tables of migration tools"
        ));
    }
    let made = diff::without_made(held, said);
    let manages = |what: &str| project.config.manage.iter().any(|m| m == what);
    let mentioned = Managed::mentioned(said);
    options.managed = Managed {
        owners: mentioned.owners || manages("owners"),
        privileges: mentioned.privileges || manages("grants"),
        tablespaces: mentioned.tablespaces || manages("tablespaces"),
    };
    let user = project.sources.read.as_ref().and_then(|r| r.user.as_ref());
    options.executor = user.map(Ident::new);
    if !comments_held {
        // SQLite keeps no comments: that they are missing there says nothing.
        catalogs = Pair::new(catalogs.before, catalogs.after).map(Catalog::without_comments);
    }
    let mut compared = Compared::new(catalogs, &options);
    compared.comparison.left_out.made = made;
    compared
}

/// Which schemas the configuration leaves to others, and where it says so.
fn declared_external(sides: &Pair<Project>, config: Option<&Path>) -> String {
    let said = sides.after.config.external_schemas.iter();
    let said = said.chain(&sides.before.config.external_schemas);
    let names: BTreeSet<&str> = said.map(|(name, _)| name.as_str()).collect();
    if names.is_empty() {
        return String::new();
    }
    let names: Vec<&str> = names.into_iter().collect();
    let file = config.unwrap_or(Path::new(FILE_NAME)).display();
    let names = names.join(", ");
    format!(" (external_schemas in {file}: {names})")
}

/// What was made, in words.
fn made_by_blocks(made: &[ObjectId]) -> String {
    let names: Vec<String> = made.iter().map(ToString::to_string).collect();
    format!(": {}", names.join(", "))
}

fn borrowed(catalogs: &Pair<Catalog>) -> Pair<&Catalog> {
    Pair::new(&catalogs.before, &catalogs.after)
}

/// Takes out the history tables that the other side does not declare; their number.
fn without_history(held: &mut Catalog, declared: &Catalog) -> usize {
    let mut gone: Vec<_> = held.tables.keys().cloned().collect();
    gone.retain(|name| is_history_table(&name.name) && !declared.tables.contains_key(name));
    let count = gone.len();
    let sequences = held.sequences.values();
    let owned = sequences.filter(|s| {
        let table = s.owned_by.as_ref().map(|(table, _)| table);
        table.is_some_and(|table| gone.contains(table))
    });
    let owned: Vec<_> = owned.map(|s| s.name.clone()).collect();
    gone.extend(owned);
    if !gone.is_empty() {
        held.retain(|name| !gone.contains(name));
    }
    count
}
