//! What most commands begin with: the configuration, the sources it names, and the schema.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::config::{self, Config};
use super::failure::Failure;
use super::sources::{Origin, Reading, Sources, display};
use crate::check;
use crate::diagnostic::Diagnostic;
use crate::dialect::{Dialect, TargetVersion};
use crate::pipeline::{Input, Loaded};
use crate::render::{Report, Templates};
use crate::source::{SourceFile, SourceKind};

/// What the command line says about the sources, over what the configuration says.
#[derive(Clone, Debug, Default)]
pub(super) struct Request<'a> {
    pub config: Option<&'a Path>,
    pub dialect: Option<Dialect>,
    pub sources: &'a [PathBuf],
    pub setup: &'a [PathBuf],
    /// The version of the other side's database, over what the configuration says.
    pub version: Option<TargetVersion>,
    /// Whether what the configuration says about its own sources holds for those of the command line too.
    pub configured: bool,
    /// How databases among the sources are read.
    pub databases: Databases,
}

/// What the command line says about databases.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Databases {
    pub every_owner: bool,
    pub history_tables: bool,
    pub passwords: bool,
    pub extension_versions: bool,
}

/// A schema with everything that is needed to make something of it.
pub(super) struct Project {
    pub config: Config,
    /// The folder that the configuration's paths start from.
    pub folder: PathBuf,
    pub sources: Sources,
    pub loaded: Loaded,
}

impl Project {
    /// Reads the configuration and the schema; what is wrong with them is in the diagnostics.
    pub(super) fn load(request: &Request<'_>) -> Self {
        let mut sources = Sources::default();
        let (mut config, folder) = read_config(request.config, &mut sources);
        if let Some(dialect) = request.dialect.filter(|d| *d != config.version.dialect) {
            config.version = TargetVersion::default_of(dialect);
        }
        if let Some(version) = request.version {
            config.version = version;
        }
        let named = request.sources.iter().map(|s| Origin::of(s));
        let live = { named }.any(|origin| origin.is_database());
        if !request.sources.is_empty() && !request.configured {
            // These say something about the configured sources, not about any other files; a
            // database is the same one, wherever its schema is written down.
            config.setup.clear();
            if !live {
                config.external_schemas.clear();
                config.exclude.clear();
            }
        }
        let configured = |paths: &[String]| paths.iter().map(|p| folder.join(p)).collect();
        let setup: Vec<PathBuf> = configured(&config.setup);
        for output in [&config.output, &config.migrations.folder] {
            // A migrations folder may well be the source; it is not one by lying within another.
            sources.skip(&folder.join(output));
        }
        for path in setup.iter().chain(request.setup) {
            sources.add(path, true);
        }
        let schema: Vec<PathBuf> = match request.sources {
            [] => configured(&config.sources),
            named => named.to_vec(),
        };
        let migrations = display(&folder.join(&config.migrations.folder));
        *sources.reading = reading(&config, &folder, &sources, request.databases);
        for path in &schema {
            match Origin::of(path) {
                // A revision without a path is that of the configured sources.
                Origin::Git {
                    revision,
                    path: None,
                } => {
                    for path in &config.sources {
                        sources.add_revision(&revision, path, false);
                    }
                }
                // It is one, whatever the names of its files say.
                Origin::Path(path) if display(&path) == migrations => {
                    if !sources.add_migrations(&path, config.migrations.layout) {
                        sources.add(&path, false);
                    }
                }
                _ => sources.add(path, false),
            }
        }
        if let Some(read) = &sources.read {
            config.version = read.version;
        }
        sources.tell_size();
        let mut loaded = input(&config, sources.schema(), sources.history()).load();
        loaded
            .diagnostics
            .splice(0..0, sources.diagnostics.drain(..));
        Self {
            config,
            folder,
            sources,
            loaded,
        }
    }

    /// A path of the configuration, from the folder that schemagen runs in.
    pub(super) fn path(&self, configured: &str) -> PathBuf {
        self.folder.join(configured)
    }

    /// Runs the rules. `today` decides which suppressions have expired, where it is given.
    pub(super) fn check(&self, today: Option<String>) -> Vec<Diagnostic> {
        let settings = check::Settings {
            today,
            ..self.config.checks.clone()
        };
        let dialect = self.config.version.dialect;
        let mut file_allows = Vec::new();
        for file in self.sources.schema() {
            file_allows.extend(match file.kind {
                SourceKind::Sql => check::sql_file_allows(file.id, &file.text, dialect),
                SourceKind::Yaml => check::yaml_file_allows(file.id, &file.text),
            });
        }
        let input = check::Input {
            catalog: &self.loaded.catalog,
            graph: &self.loaded.graph,
            source_map: &self.loaded.source_map,
            version: self.config.version,
            settings: &settings,
            file_allows: &file_allows,
        };
        check::check(&input).findings
    }

    /// Whether findings are grave enough to fail.
    pub(super) fn fails(&self, findings: &[Diagnostic]) -> bool {
        findings.iter().any(|d| d.severity >= self.config.fail_on)
    }

    /// The value that emitters work on.
    pub(super) fn report<'a>(
        &'a self,
        findings: &'a [Diagnostic],
        templates: &'a Templates,
    ) -> Report<'a> {
        Report {
            dialect: self.config.version.dialect,
            version: self.config.version,
            catalog: &self.loaded.catalog,
            graph: &self.loaded.graph,
            source_map: &self.loaded.source_map,
            findings,
            templates,
            history: None,
            rule: check::documentation::brief,
            options: &self.config.outputs,
            script: Default::default(),
        }
    }

    /// The embedded templates under the user's own.
    pub(super) fn templates(&self) -> Result<Templates, Failure> {
        let folder = self.path(&self.config.templates);
        let mut overrides = BTreeMap::new();
        if folder.is_dir() {
            read_templates(&folder, "", &mut overrides)?;
        }
        Ok(Templates::new(overrides))
    }
}

/// How databases are read: what `--setup` declares is there, and others'.
fn reading(config: &Config, folder: &Path, sources: &Sources, databases: Databases) -> Reading {
    let declared = if sources.schema().is_empty() {
        BTreeSet::new()
    } else {
        let setup = input(config, sources.schema(), Vec::new()).load();
        let objects = setup.catalog.objects();
        objects.iter().map(|(id, _)| id.name.to_string()).collect()
    };
    let schemas = config.external_schemas.iter();
    Reading {
        folder: folder.to_owned(),
        external_schemas: schemas.map(|(name, _)| name.clone()).collect(),
        exclude: config.exclude.clone(),
        declared,
        every_owner: databases.every_owner,
        history_tables: databases.history_tables,
        passwords: databases.passwords,
        extension_versions: databases.extension_versions,
    }
}

/// What the pipeline works on, as the configuration says it.
pub(super) fn input<'a>(
    config: &'a Config,
    files: Vec<&'a SourceFile>,
    history: Vec<&'a SourceFile>,
) -> Input<'a> {
    Input {
        version: config.version,
        files,
        history,
        external_schemas: &config.external_schemas,
        exclude: &config.exclude,
    }
}

/// The configuration and its folder; without a file, what holds by default.
fn read_config(path: Option<&Path>, sources: &mut Sources) -> (Config, PathBuf) {
    let found = match path {
        Some(path) => path,
        None => Path::new(config::FILE_NAME),
    };
    let folder = found.parent().map(Path::to_owned).unwrap_or_default();
    sources.skip(found);
    let default = Config::default_of(Dialect::Postgres);
    if path.is_none() && !found.exists() {
        return (default, folder);
    }
    // What is wrong with the file itself is in the sources' diagnostics by now.
    let opened = sources.open(found, SourceKind::Yaml, false);
    let Some(file) = opened.and_then(|id| sources.file(id)) else {
        return (default, folder);
    };
    let (config, diagnostics) = config::read(file);
    sources.diagnostics.extend(diagnostics);
    (config, folder)
}

fn read_templates(
    folder: &Path,
    prefix: &str,
    found: &mut BTreeMap<String, String>,
) -> Result<(), Failure> {
    for entry in std::fs::read_dir(folder).map_err(Failure::io("read", folder))? {
        let path = entry.map_err(Failure::io("read", folder))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("{prefix}{name}");
        if path.is_dir() {
            read_templates(&path, &format!("{name}/"), found)?;
        } else if name.ends_with(".j2") {
            let text = std::fs::read_to_string(&path).map_err(Failure::io("read", &path))?;
            found.insert(name, text);
        }
    }
    Ok(())
}
