//! Functions, procedures, aggregates and procedural languages.

use std::collections::BTreeMap;

use super::{DataType, Expr, Facets, Ident, Parameters, QualifiedName};

/// A function or procedure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Routine {
    pub name: QualifiedName,
    pub kind: RoutineKind,
    pub arguments: Vec<Argument>,
    pub returns: Option<Returns>,
    /// In lower case; `sql` for a standard body without LANGUAGE.
    pub language: Ident,
    pub window: bool,
    pub volatility: Volatility,
    pub strict: bool,
    pub security_definer: bool,
    pub leakproof: bool,
    pub parallel: Parallel,
    /// As written (`100`, `0.0001`); the language's default is cleared by `resolve/`.
    pub cost: Option<Box<str>>,
    pub rows: Option<Box<str>>,
    pub support: Option<QualifiedName>,
    /// `TRANSFORM FOR TYPE`.
    pub transforms: Vec<DataType>,
    /// `SET name = value`; the value as SQL.
    pub settings: Parameters,
    pub body: RoutineBody,
    pub facets: Facets,
}

impl Routine {
    /// What tells overloads apart: the input types, comma separated, as messages and
    /// [`super::ObjectId`] spell them.
    pub fn signature(&self) -> String {
        signature(&self.arguments)
    }

    /// Whether it takes or returns values of a type, one by one.
    pub fn has_type(&self, name: &QualifiedName) -> bool {
        let returned = match &self.returns {
            Some(Returns::Type(of) | Returns::SetOf(of)) => of.name == *name,
            _ => false,
        };
        returned || self.arguments.iter().any(|a| a.data_type.name == *name)
    }
}

/// The identity of a list of arguments: the types of those that are input, comma separated.
pub(super) fn signature(arguments: &[Argument]) -> String {
    let mut text = String::new();
    for argument in arguments {
        if matches!(argument.mode, ArgumentMode::Out | ArgumentMode::Table) {
            continue;
        }
        if !text.is_empty() {
            text.push_str(", ");
        }
        if argument.mode == ArgumentMode::Variadic {
            text.push_str("VARIADIC ");
        }
        text.push_str(&argument.data_type.signature_text());
    }
    text
}

impl DataType {
    /// The type without modifiers, as signatures spell it.
    pub fn signature_text(&self) -> String {
        let mut text = self.name.to_string();
        if self.dimensions > 0 {
            text.push_str("[]");
        }
        text
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoutineKind {
    #[default]
    Function,
    Procedure,
}

/// An argument of a routine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Argument {
    pub mode: ArgumentMode,
    pub name: Option<Ident>,
    pub data_type: DataType,
    pub default: Option<Expr>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ArgumentMode {
    #[default]
    In,
    Out,
    InOut,
    Variadic,
    /// A column of `RETURNS TABLE`.
    Table,
}

/// What a function returns. `RETURNS TABLE` stands as [`ArgumentMode::Table`] arguments with
/// [`Returns::Table`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Returns {
    Type(DataType),
    SetOf(DataType),
    Table,
}

/// The body of a routine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoutineBody {
    /// `AS 'definition'`: the text between the quotes.
    Source(Box<str>),
    /// `AS 'obj_file', 'link_symbol'`.
    Object { file: Box<str>, symbol: Box<str> },
    /// `RETURN expression` or `BEGIN ATOMIC ... END`, verbatim.
    Standard(Expr),
}

impl Default for RoutineBody {
    fn default() -> Self {
        Self::Source("".into())
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Volatility {
    #[default]
    Volatile,
    Stable,
    Immutable,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Parallel {
    #[default]
    Unsafe,
    Restricted,
    Safe,
}

/// An aggregate function: `options` as in `CREATE AGGREGATE`, keys in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aggregate {
    pub name: QualifiedName,
    /// Direct and aggregated arguments in one list.
    pub arguments: Vec<Argument>,
    /// The number of direct arguments before `ORDER BY`; `None` for an ordinary aggregate.
    pub order_by: Option<u16>,
    pub options: BTreeMap<Box<str>, Option<Expr>>,
    pub facets: Facets,
}

impl Aggregate {
    pub fn signature(&self) -> String {
        signature(&self.arguments)
    }
}

/// A procedural language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Language {
    pub name: Ident,
    pub trusted: bool,
    /// `HANDLER`, `INLINE`, `VALIDATOR`.
    pub handlers: BTreeMap<Box<str>, QualifiedName>,
    pub facets: Facets,
}
