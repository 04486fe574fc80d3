//! Text search configurations, dictionaries, parsers and templates.

use std::collections::BTreeMap;

use super::{Expr, Facets, QualifiedName};

/// A text search object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextSearch {
    pub name: QualifiedName,
    pub kind: TextSearchKind,
    /// The options of `CREATE`, keys in lower case (`parser`, `copy`, `template`, ...).
    pub options: BTreeMap<Box<str>, Expr>,
    /// Configurations: dictionaries by token type.
    pub mappings: BTreeMap<Box<str>, Vec<QualifiedName>>,
    pub facets: Facets,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TextSearchKind {
    Parser,
    Template,
    Dictionary,
    #[default]
    Configuration,
}

impl TextSearchKind {
    pub fn as_sql(self) -> &'static str {
        match self {
            Self::Parser => "PARSER",
            Self::Template => "TEMPLATE",
            Self::Dictionary => "DICTIONARY",
            Self::Configuration => "CONFIGURATION",
        }
    }
}
