//! `schemagen render WHAT [SOURCE...]`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::Outcome;
use super::console::Console;
use super::erd;
use super::failure::Failure;
use super::migrations::Documented;
use super::project::{Project, Request};
use super::report::{self, Format};
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::graph;
use crate::model::{History, QualifiedName};
use crate::render::erd::{Detail, Selection};
use crate::render::{EMITTERS, FileTree, Report, dot, json, mermaid, yaml};

/// Print one output of a schema.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[arg(value_enum)]
    what: What,
    /// Files and folders of the schema, instead of the configuration's.
    source: Vec<PathBuf>,
    /// The database system, instead of the configuration's.
    #[arg(long, value_enum)]
    dialect: Option<DialectName>,
    /// Declarations that exist already and belong to others.
    #[arg(long, value_name = "FILE")]
    setup: Vec<PathBuf>,
    #[command(flatten)]
    erd: erd::DiagramArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// The canonical SQL.
    Sql,
    /// The schema as YAML.
    Yaml,
    /// The dependency graph, for Graphviz.
    Graph,
    /// Every object with its SQL and what it needs.
    Json,
    /// The ER diagram, in the language of `--format`.
    Erd,
    /// The ER diagram, for Mermaid.
    Mermaid,
    /// The documents, one page after the other.
    Markdown,
    /// Everything as one page.
    Html,
    /// The Rust models, one file after the other.
    Rust,
}

impl What {
    fn render(self, report: &Report<'_>, erd: &erd::DiagramArgs) -> Result<String, Failure> {
        match self {
            Self::Erd => erd.render(report),
            Self::Sql => emitted("sql", report),
            Self::Yaml => Ok(yaml::yaml(report)),
            Self::Graph => Ok(dot::dot(report)),
            Self::Json => Ok(json::json(report)),
            Self::Mermaid => {
                let selection = Selection::new(report.catalog, &erd.choice())?;
                Ok(mermaid::mermaid(report, &selection, Detail::Full)?)
            }
            Self::Markdown => emitted("markdown", report),
            Self::Html => emitted("html", report),
            Self::Rust => emitted("rust", report),
        }
    }
}

/// The files of an emitter as one text. Where there are several, a line names each.
fn emitted(name: &str, report: &Report<'_>) -> Result<String, Failure> {
    let mut tree = FileTree::default();
    for emitter in EMITTERS.iter().filter(|e| e.name() == name) {
        tree = emitter.tree(report)?;
    }
    let several = tree.len() > 1;
    let mut text = String::new();
    for (path, contents) in tree.iter() {
        if several && path.ends_with(".rs") {
            text.push_str(&format!("// {path}\n"));
        } else if several {
            text.push_str(&format!("<!-- {path} -->\n"));
        }
        text.push_str(contents);
    }
    Ok(text)
}

/// A database system, as the command line spells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum DialectName {
    Postgres,
    Sqlite,
}

impl From<DialectName> for Dialect {
    fn from(name: DialectName) -> Self {
        match name {
            DialectName::Postgres => Self::Postgres,
            DialectName::Sqlite => Self::Sqlite,
        }
    }
}

pub(super) fn run(
    args: &Args,
    config: Option<&Path>,
    console: &Console,
) -> Result<Outcome, Failure> {
    let mut project = Project::load(&Request {
        config,
        dialect: args.dialect.map(Dialect::from),
        sources: &args.source,
        setup: &args.setup,
        ..Request::default()
    });
    let wrong = &project.loaded.diagnostics;
    console.report(&report::findings(
        wrong,
        &project.sources.files,
        Format::Human,
    ));
    if project.loaded.has_errors() {
        return Ok(Outcome::Refused);
    }
    let templates = project.templates()?;
    // These say what the rules say; the others would not show it.
    let mut findings = match args.what {
        What::Html | What::Markdown => project.check(None),
        _ => Vec::new(),
    };
    choose(args, &mut project, &mut findings)?;
    // Only the project's own sources have its migrations.
    let history = match args.what {
        What::Html | What::Markdown if args.source.is_empty() => {
            Documented::read(&project).finish()
        }
        _ => History::default(),
    };
    let report = Report {
        history: Some(&history),
        ..project.report(&findings, &templates)
    };
    if args.what == What::Erd && args.erd.is_png() {
        console.binary(&args.erd.png(&report)?)?;
    } else {
        console.data(&args.what.render(&report, &args.erd)?)?;
    }
    Ok(Outcome::Clean)
}

/// Leaves out what documents of some tables do not show.
fn choose(
    args: &Args,
    project: &mut Project,
    findings: &mut Vec<Diagnostic>,
) -> Result<(), Failure> {
    let choice = args.erd.choice();
    if choice.is_all() || matches!(args.what, What::Erd | What::Mermaid) {
        return Ok(());
    }
    if !matches!(args.what, What::Html | What::Markdown) {
        return Err(Failure::request(
            "--only, --group and --around choose the tables of diagrams and documents",
            "leave them out, or render `erd`, `mermaid`, `markdown` or `html`",
        ));
    }
    let loaded = &mut project.loaded;
    let selection = Selection::of_documents(&loaded.catalog, &choice)?;
    loaded.catalog = selection.restrict(&loaded.catalog, &loaded.graph);
    // What is left was ordered before; what is not there has no order to be wrong.
    (loaded.graph, _) = graph::build(&loaded.catalog, project.config.version.dialect);
    let objects = loaded.catalog.objects().into_iter();
    let names: BTreeSet<QualifiedName> = objects.map(|(id, _)| id.name).collect();
    findings.retain(|f| f.object.as_ref().is_none_or(|id| names.contains(&id.name)));
    Ok(())
}
