//! What most commands begin with: the configuration, the sources it names, and the schema.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::config::{self, Config};
use super::failure::Failure;
use super::sources::Sources;
use crate::dialect::{Dialect, TargetVersion};
use crate::pipeline::{self, Loaded};
use crate::render::{Report, Templates};
use crate::source::SourceKind;

/// What the command line says about the sources, over what the configuration says.
#[derive(Clone, Debug, Default)]
pub(super) struct Request<'a> {
    pub config: Option<&'a Path>,
    pub dialect: Option<Dialect>,
    pub sources: &'a [PathBuf],
    pub setup: &'a [PathBuf],
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
    pub(super) fn load(request: &Request<'_>) -> Result<Self, Failure> {
        let mut sources = Sources::default();
        let (mut config, folder) = read_config(request.config, &mut sources)?;
        if let Some(dialect) = request.dialect.filter(|d| *d != config.version.dialect) {
            config.version = TargetVersion::default_of(dialect);
        }
        for path in request.setup {
            sources.add(path, true);
        }
        if request.sources.is_empty() {
            for path in &config.sources {
                sources.add(&folder.join(path), false);
            }
        } else {
            for path in request.sources {
                sources.add(path, false);
            }
        }
        let mut loaded = pipeline::load(&sources.schema(), config.version);
        loaded
            .diagnostics
            .splice(0..0, sources.diagnostics.drain(..));
        Ok(Self {
            config,
            folder,
            sources,
            loaded,
        })
    }

    /// The value that emitters work on.
    pub(super) fn report<'a>(&'a self, templates: &'a Templates) -> Report<'a> {
        Report {
            dialect: self.config.version.dialect,
            version: self.config.version,
            catalog: &self.loaded.catalog,
            graph: &self.loaded.graph,
            source_map: &self.loaded.source_map,
            findings: &[],
            templates,
            options: &self.config.outputs,
        }
    }

    /// The embedded templates under the user's own.
    pub(super) fn templates(&self) -> Result<Templates, Failure> {
        let folder = self.folder.join(&self.config.templates);
        let mut overrides = BTreeMap::new();
        if folder.is_dir() {
            read_templates(&folder, "", &mut overrides)?;
        }
        Ok(Templates::new(overrides))
    }
}

/// The configuration and its folder; without a file, what holds by default.
fn read_config(path: Option<&Path>, sources: &mut Sources) -> Result<(Config, PathBuf), Failure> {
    let named = path.is_some();
    let path = path.unwrap_or(Path::new(config::FILE_NAME));
    let folder = path.parent().map(Path::to_owned).unwrap_or_default();
    if !named && !path.exists() {
        return Ok((Config::default_of(Dialect::Postgres), folder));
    }
    if let Some(id) = sources.open(path, SourceKind::Yaml, false)
        && let Some(file) = sources.file(id)
    {
        let (config, diagnostics) = config::read(file);
        sources.diagnostics.extend(diagnostics);
        return Ok((config, folder));
    }
    Ok((Config::default_of(Dialect::Postgres), folder))
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
