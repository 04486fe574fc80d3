//! The text of `schemagen.yaml` to a [`Config`].
//!
//! The form is held against the tables of keys first; what is read here is what passed, and what
//! did not keeps its default.

use super::Config;
use super::checks::checks;
use super::keys::ROOT;
use crate::diagnostic::Diagnostic;
use crate::dialect::{Dialect, TargetVersion};
use crate::facts::hazard::Allowance;
use crate::migration::Layout;
use crate::render::Options;
use crate::source::SourceFile;
use crate::source::yaml::document::{Node, parse, validate_shape};

/// Reads a configuration; what is wrong with it is said at its place.
pub(in crate::cli) fn read(file: &SourceFile) -> (Config, Vec<Diagnostic>) {
    let (documents, mut diagnostics) = parse(file);
    let Some(root) = documents.first() else {
        return (Config::default_of(Dialect::Postgres), diagnostics);
    };
    if let Some(second) = documents.get(1) {
        diagnostics.push(
            Diagnostic::error("parse/config", "A configuration is one YAML document")
                .at(second.span, "a second one begins here")
                .help("remove the line `---`, or name another file with --config"),
        );
    }
    let version = version(root, &mut diagnostics);
    diagnostics.extend(validate_shape(root, &ROOT, "a configuration", version));
    let mut config = Config {
        version,
        ..Config::default_of(version.dialect)
    };
    paths(root, &mut config, &mut diagnostics);
    if let Some(outputs) = root.get("outputs") {
        config.outputs = outputs
            .entries()
            .iter()
            .map(|output| (output.key.to_string(), options(&output.value)))
            .collect();
    }
    if let Some(node) = root.get("checks") {
        checks(node, &mut config);
    }
    (config, diagnostics)
}

/// The dialect and its version. They are read before the rest is checked, because keys need them.
fn version(root: &Node, diagnostics: &mut Vec<Diagnostic>) -> TargetVersion {
    let dialect = match root.get("dialect").and_then(Node::text) {
        Some("sqlite") => Dialect::Sqlite,
        _ => Dialect::Postgres,
    };
    let mut version = TargetVersion::default_of(dialect);
    let Some(node) = root.get("target_version") else {
        return version;
    };
    match node
        .text()
        .and_then(|text| TargetVersion::parse(dialect, text))
    {
        Some(parsed) => version = parsed,
        None => diagnostics.push(
            Diagnostic::error("parse/config", "This is not a version of the database")
                .at(node.span, "unknown version")
                .help(match dialect {
                    Dialect::Postgres => "name PostgreSQL's major version, such as 15",
                    Dialect::Sqlite => "name SQLite's version, such as 3.45",
                }),
        ),
    }
    version
}

fn paths(root: &Node, config: &mut Config, diagnostics: &mut Vec<Diagnostic>) {
    let text = |key: &str| root.get(key).and_then(Node::text).map(str::to_owned);
    if let Some(sources) = root.get("sources") {
        config.sources = texts(sources);
    }
    if let Some(setup) = root.get("setup") {
        config.setup = texts(setup);
    }
    if let Some(output) = text("output") {
        config.migrations.folder = format!("{}/migrations", output.trim_end_matches('/'));
        config.output = output;
    }
    if let Some(templates) = text("templates") {
        config.templates = templates;
    }
    // What is said of all counts for migrations, unless they have a word of their own.
    if let Some(online) = root.get("online").and_then(Node::boolean) {
        config.online = online;
        config.migrations.online = online;
    }
    if let Some(migrations) = root.get("migrations") {
        let text = |key: &str| migrations.get(key).and_then(Node::text);
        if let Some(folder) = text("folder") {
            config.migrations.folder = folder.to_owned();
        }
        if let Some(layout) = text("layout").and_then(Layout::parse) {
            config.migrations.layout = layout;
        }
        if let Some(online) = migrations.get("online").and_then(Node::boolean) {
            config.migrations.online = online;
        }
        if let Some(allow) = migrations.get("allow") {
            config.migrations.allow = allowances(allow, diagnostics);
        }
    }
    if let Some(schemas) = root.get("external_schemas") {
        let named = schemas.items().iter();
        config.external_schemas = named
            .filter_map(|n| Some((n.text()?.to_owned(), n.span)))
            .collect();
    }
    if let Some(kinds) = root.get("manage") {
        config.manage = texts(kinds);
    }
    if let Some(globs) = root.get("exclude") {
        config.exclude = texts(globs);
    }
}

/// What migrations may do: a hazard each, perhaps with a glob over objects.
fn allowances(node: &Node, diagnostics: &mut Vec<Diagnostic>) -> Vec<Allowance> {
    let mut found = Vec::new();
    for item in node.items() {
        match item.text().and_then(Allowance::parse) {
            Some(allowance) => found.push(allowance),
            None => diagnostics.push(
                Diagnostic::error("parse/config", "This is not a hazard of migrations")
                    .at(item.span, "unknown hazard")
                    .help(Allowance::FORM),
            ),
        }
    }
    found
}

/// One text, or a list of them.
pub(super) fn texts(node: &Node) -> Vec<String> {
    let one = node.text().map(str::to_owned);
    one.into_iter()
        .chain(
            node.items()
                .iter()
                .filter_map(|n| n.text().map(str::to_owned)),
        )
        .collect()
}

fn options(node: &Node) -> Options {
    let mut options = Options::default();
    for entry in node.entries() {
        if let Some(text) = entry.value.text() {
            options.set(&*entry.key, text);
        }
    }
    options
}
