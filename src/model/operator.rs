//! Operators, operator classes and families, casts, conversions, access methods.

use std::collections::BTreeMap;

use super::{DataType, Expr, Facets, Ident, QualifiedName};

/// An operator: `options` as in `CREATE OPERATOR`, keys in lower case, without the argument types.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operator {
    /// Schema and symbol.
    pub name: QualifiedName,
    pub left: Option<DataType>,
    pub right: Option<DataType>,
    pub options: BTreeMap<Box<str>, Option<Expr>>,
    pub facets: Facets,
}

impl Operator {
    /// `integer, text`, with `NONE` for a missing side.
    pub fn signature(&self) -> String {
        let side = |t: &Option<DataType>| {
            t.as_ref()
                .map_or_else(|| "NONE".to_owned(), DataType::signature_text)
        };
        format!("{}, {}", side(&self.left), side(&self.right))
    }
}

/// An operator class; `items` are the `OPERATOR`, `FUNCTION` and `STORAGE` entries, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OperatorClass {
    pub name: QualifiedName,
    pub default: bool,
    pub data_type: DataType,
    pub method: Ident,
    pub family: Option<QualifiedName>,
    pub items: Vec<Expr>,
    pub facets: Facets,
}

/// An operator family; `items` were added by `ALTER OPERATOR FAMILY ... ADD`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OperatorFamily {
    pub name: QualifiedName,
    pub method: Ident,
    pub items: Vec<Expr>,
    pub facets: Facets,
}

/// A cast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cast {
    pub source: DataType,
    pub target: DataType,
    pub method: CastMethod,
    pub context: CastContext,
    pub comment: Option<Box<str>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CastMethod {
    /// The function and its argument types.
    Function(QualifiedName, Vec<DataType>),
    WithoutFunction,
    InOut,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CastContext {
    #[default]
    Explicit,
    Assignment,
    Implicit,
}

/// An encoding conversion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conversion {
    pub name: QualifiedName,
    pub default: bool,
    pub source: Box<str>,
    pub target: Box<str>,
    pub function: QualifiedName,
    pub facets: Facets,
}

/// An access method; `kind` is `table` or `index`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessMethod {
    pub name: Ident,
    pub kind: Box<str>,
    pub handler: QualifiedName,
    pub comment: Option<Box<str>>,
}
