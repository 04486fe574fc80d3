//! What emitters work on: one value with everything that is known about a schema.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Templates;
use crate::ddl::{self, Script};
use crate::diagnostic::{Diagnostic, SourceMap};
use crate::dialect::{Dialect, TargetVersion};
use crate::graph::Graph;
use crate::model::{Catalog, History};

/// A schema, its graph and its findings.
pub struct Report<'a> {
    pub dialect: Dialect,
    pub version: TargetVersion,
    pub catalog: &'a Catalog,
    pub graph: &'a Graph,
    pub source_map: &'a SourceMap,
    /// Findings of the checks, suppressed ones left out, in order.
    pub findings: &'a [Diagnostic],
    pub templates: &'a Templates,
    /// What the migrations did, where there are any.
    pub history: Option<&'a History>,
    /// What is known of a rule: why it is, and what to do, as Markdown.
    pub rule: fn(&str) -> Option<String>,
    /// Options by emitter name.
    pub options: &'a BTreeMap<String, Options>,
    /// Made when it is first asked for.
    pub script: Mutex<Option<Arc<Script>>>,
}

impl Report<'_> {
    /// The canonical DDL.
    pub fn script(&self) -> Arc<Script> {
        let mut script = self.script.lock().unwrap_or_else(PoisonError::into_inner);
        let made = || Arc::new(ddl::script(self.catalog, self.graph, self.dialect));
        script.get_or_insert_with(made).clone()
    }

    /// The same for the one who needs it last; it is made again should somebody ask.
    pub fn take_script(&self) -> Arc<Script> {
        let script = self.script();
        self.script
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        script
    }
}

/// The options of one output, as the configuration gives them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    values: BTreeMap<String, String>,
}

impl Options {
    pub fn set(&mut self, key: impl Into<String>, value: impl Into<String>) {
        self.values.insert(key.into(), value.into());
    }

    pub fn get(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(String::as_str)
    }

    pub fn get_or<'a>(&'a self, key: &str, default: &'a str) -> &'a str {
        self.get(key).unwrap_or(default)
    }
}
