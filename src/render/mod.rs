//! A catalog to files: emitters into an in-memory [`FileTree`].
//!
//! Invariants: the only user of minijinja; no clock, user, host or absolute path reaches an output;
//! view models hold decided strings and templates only lay them out.

pub mod dot;
mod file_names;
mod file_tree;
mod grouping;
pub mod json;
pub mod markdown;
pub mod mermaid;
pub mod migration;
mod relations;
mod report;
pub mod rust;
mod split;
pub mod sql;
mod templates;
pub mod yaml;

pub use file_tree::FileTree;
pub use report::{Options, Report};
pub use split::Split;
pub use templates::Templates;

/// Why an output could not be made.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A template of the user's (or ours) failed; names the file and line.
    #[error("template {name}: {message}")]
    Template { name: String, message: String },
    /// The schema needs what this output cannot express.
    #[error("{0}")]
    Unsupported(String),
}

/// Makes some of the files of `generated/`.
pub trait Emitter: Sync {
    /// Its key under `outputs:` in the configuration.
    fn name(&self) -> &'static str;

    /// Adds its files to `tree`, with paths relative to the output folder.
    fn emit(&self, report: &Report<'_>, tree: &mut FileTree) -> Result<(), RenderError>;
}

/// Every emitter, in the order in which they run.
pub static EMITTERS: &[&dyn Emitter] = &[
    &sql::Sql,
    &rust::Rust,
    &markdown::Markdown,
    &mermaid::Mermaid,
];
