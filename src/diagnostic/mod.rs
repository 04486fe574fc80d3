//! What is said about a user's schema: data, no printing.
//!
//! Invariants: a diagnostic is complete in itself (what, why, what to do); its headline stands
//! alone in a one-line format; positions are byte spans into numbered files.

mod source_map;
mod suggest;

pub use source_map::{Facet, FileId, SourceMap, Span};
pub use suggest::nearest;

use crate::model::ObjectId;

/// How serious a diagnostic is. Ordered: `Info < Warning < Error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Info,
    Warning,
    Error,
}

impl Severity {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A place in a source with a short text beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

/// One finding about a schema, or one error in its sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// `group/name` of a rule; errors of reading are `parse/...` and `resolve/...`.
    pub rule: &'static str,
    pub severity: Severity,
    /// What is wrong, in one line without a final stop.
    pub headline: String,
    /// The object it is about, where there is one: for suppression, baselines and documents.
    pub object: Option<ObjectId>,
    /// Tells several findings of one rule on one object apart in baselines.
    pub discriminator: String,
    /// Where; `None` where there is no source (a missing folder).
    pub primary: Option<Label>,
    pub secondary: Vec<Label>,
    /// Why it matters.
    pub note: Option<String>,
    /// What to do.
    pub help: Option<String>,
}

impl Diagnostic {
    pub fn new(rule: &'static str, severity: Severity, headline: impl Into<String>) -> Self {
        Self {
            rule,
            severity,
            headline: headline.into(),
            object: None,
            discriminator: String::new(),
            primary: None,
            secondary: Vec::new(),
            note: None,
            help: None,
        }
    }

    pub fn error(rule: &'static str, headline: impl Into<String>) -> Self {
        Self::new(rule, Severity::Error, headline)
    }

    #[must_use]
    pub fn about(mut self, object: ObjectId) -> Self {
        self.object = Some(object);
        self
    }

    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.primary = Some(Label {
            span,
            text: text.into(),
        });
        self
    }

    #[must_use]
    pub fn and_at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.secondary.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
