//! The line of data as one call: sources that have been read into memory to a schema with its
//! graph. Pure: no file is opened here, so tests and benchmarks run what the program runs.
//!
//! Invariant: the result does not depend on the order in which the files of a schema are given.

use std::sync::Arc;

use crate::check::glob;
use crate::diagnostic::{Diagnostic, Label, Severity, SourceMap, Span};
use crate::dialect::TargetVersion;
use crate::graph::{self, Graph};
use crate::model::{Catalog, Ident, Object, Schema};
use crate::resolve;
use crate::source::{
    self, Declaration, Declarations, SourceFile, SourceKind, Statement, Statistics,
};

/// What a schema is made from.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    pub version: TargetVersion,
    /// In any order.
    pub files: Vec<&'a SourceFile>,
    /// Migrations, in the order in which they run; folded after the files.
    pub history: Vec<&'a SourceFile>,
    /// Schemas that the platform owns, and where that is said.
    pub external_schemas: &'a [(String, Span)],
    /// Globs over the names of objects that are no part of the schema.
    pub exclude: &'a [String],
}

impl<'a> Input<'a> {
    /// Files, and nothing said about them.
    pub fn new(files: &'a [SourceFile], version: TargetVersion) -> Self {
        Self {
            version,
            files: files.iter().collect(),
            history: Vec::new(),
            external_schemas: &[],
            exclude: &[],
        }
    }
}

/// A schema as its sources say it.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    pub catalog: Catalog,
    pub source_map: SourceMap,
    pub graph: Graph,
    pub statistics: Statistics,
    /// Of reading, resolving and ordering, in that order.
    pub diagnostics: Vec<Diagnostic>,
}

impl Loaded {
    /// Whether the catalog is not what the author meant, so that nothing may be made of it.
    pub fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|d| d.severity == Severity::Error)
    }
}

/// Reads, resolves and orders the schema of some files.
pub fn load(files: &[SourceFile], version: TargetVersion) -> Loaded {
    Input::new(files, version).load()
}

/// The declarations of some files, in the order of their paths.
pub fn read(files: &[SourceFile], version: TargetVersion) -> Declarations {
    Input::new(files, version).read()
}

impl Input<'_> {
    /// Reads, resolves and orders the schema.
    pub fn load(&self) -> Loaded {
        let mut read = self.read();
        self.declare_external(&mut read.declarations);
        let mut resolved = resolve::resolve(read.declarations, self.version);
        for (name, _) in self.external_schemas {
            if let Some(schema) = resolved.catalog.schemas.get_mut(&Ident::new(name)) {
                schema.external = true;
            }
        }
        if !self.exclude.is_empty() {
            resolved.catalog.retain(|name| {
                let name = name.to_string();
                let mut globs = self.exclude.iter();
                !globs.any(|pattern| glob::matches_text(pattern, &name))
            });
        }
        let (graph, ordering) = graph::build(&resolved.catalog, self.version.dialect);
        let mut diagnostics = read.diagnostics;
        diagnostics.extend(resolved.diagnostics);
        // The graph knows objects, and not where they stand.
        diagnostics.extend(ordering.into_iter().map(|mut diagnostic| {
            if diagnostic.primary.is_none() {
                let object = diagnostic.object.as_ref();
                let span = object.and_then(|id| resolved.source_map.of(id));
                diagnostic.primary = span.map(|span| Label {
                    span,
                    text: "one of them is declared here".to_owned(),
                });
            }
            diagnostic
        }));
        Loaded {
            catalog: resolved.catalog,
            source_map: resolved.source_map,
            graph,
            statistics: read.statistics,
            diagnostics,
        }
    }

    /// The declarations of all files: those of others first, then by path, then the history.
    fn read(&self) -> Declarations {
        let mut sorted = self.files.clone();
        sorted.sort_by(|a, b| (!a.external, &a.path).cmp(&(!b.external, &b.path)));
        let (sql, yaml): (Vec<&SourceFile>, Vec<&SourceFile>) =
            sorted.iter().partition(|f| f.kind == SourceKind::Sql);
        let mut all = Declarations::default();
        for file in sql {
            append(&mut all, source::sql::read(file, self.version));
        }
        append(&mut all, source::yaml::read(&yaml, self.version));
        for file in &self.history {
            let mut read = source::sql::read(file, self.version);
            for declaration in &mut read.declarations {
                declaration.in_order = true;
            }
            append(&mut all, read);
        }
        all
    }

    /// Declares the external schemas that no source declares itself.
    fn declare_external(&self, declarations: &mut Vec<Declaration>) {
        for (name, span) in self.external_schemas {
            let name = Ident::new(name);
            if declarations.iter().any(|d| creates_schema(d, &name)) {
                continue;
            }
            let schema = Schema {
                name,
                external: true,
                ..Schema::default()
            };
            let statement = Statement::Create {
                object: Object::Schema(schema),
                or_replace: false,
                if_not_exists: true,
                like: Vec::new(),
            };
            let mut declaration = Declaration::new(statement, *span, Arc::from([]));
            declaration.external = true;
            declarations.insert(0, declaration);
        }
    }
}

fn append(all: &mut Declarations, more: Declarations) {
    if all.declarations.is_empty() {
        // Nothing is copied where the schema is one file.
        all.declarations = more.declarations;
    } else {
        all.declarations.extend(more.declarations);
    }
    all.diagnostics.extend(more.diagnostics);
    all.statistics.add(&more.statistics);
}

fn creates_schema(declaration: &Declaration, name: &Ident) -> bool {
    match &declaration.statement {
        Statement::Create {
            object: Object::Schema(schema),
            ..
        } => schema.name == *name,
        _ => false,
    }
}
