//! The identity of an object of a catalog, also used as the node of the dependency graph.

use std::fmt;

use super::{Ident, QualifiedName};

/// The kinds of object, in the order in which a person would create them.
///
/// The order is the first key of every listing: it decides how SQL, documents and migrations read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    Schema,
    Extension,
    Language,
    Collation,
    ShellType,
    Enum,
    Domain,
    Composite,
    Range,
    Sequence,
    Function,
    Procedure,
    Aggregate,
    Operator,
    OperatorFamily,
    OperatorClass,
    AccessMethod,
    Cast,
    Conversion,
    TextSearch,
    ForeignDataWrapper,
    ForeignServer,
    UserMapping,
    Table,
    VirtualTable,
    View,
    MaterializedView,
    /// A column; `name` is its relation's, `member` its own.
    Column,
    /// A constraint; `name` is its table's (or domain's), `member` its own.
    Constraint,
    Index,
    Statistics,
    /// A rule; `name` is its relation's, `member` its own.
    Rule,
    /// A trigger; `name` is its relation's, `member` its own.
    Trigger,
    /// A policy; `name` is its table's, `member` its own.
    Policy,
    EventTrigger,
    Publication,
    Subscription,
    DefaultPrivileges,
    /// An object that is not modelled, kept verbatim.
    Opaque,
    /// A statement kept verbatim that makes no named object (`INSERT`, `DO`).
    Kept,
}

impl ObjectKind {
    /// Every kind, in their order.
    pub const ALL: [Self; 40] = [
        Self::Schema,
        Self::Extension,
        Self::Language,
        Self::Collation,
        Self::ShellType,
        Self::Enum,
        Self::Domain,
        Self::Composite,
        Self::Range,
        Self::Sequence,
        Self::Function,
        Self::Procedure,
        Self::Aggregate,
        Self::Operator,
        Self::OperatorFamily,
        Self::OperatorClass,
        Self::AccessMethod,
        Self::Cast,
        Self::Conversion,
        Self::TextSearch,
        Self::ForeignDataWrapper,
        Self::ForeignServer,
        Self::UserMapping,
        Self::Table,
        Self::VirtualTable,
        Self::View,
        Self::MaterializedView,
        Self::Column,
        Self::Constraint,
        Self::Index,
        Self::Statistics,
        Self::Rule,
        Self::Trigger,
        Self::Policy,
        Self::EventTrigger,
        Self::Publication,
        Self::Subscription,
        Self::DefaultPrivileges,
        Self::Opaque,
        Self::Kept,
    ];

    /// The kind as SQL and messages spell it, in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Extension => "extension",
            Self::Language => "language",
            Self::Collation => "collation",
            Self::ShellType => "type",
            Self::Enum => "enum",
            Self::Domain => "domain",
            Self::Composite => "composite type",
            Self::Range => "range type",
            Self::Sequence => "sequence",
            Self::Function => "function",
            Self::Procedure => "procedure",
            Self::Aggregate => "aggregate",
            Self::Operator => "operator",
            Self::OperatorFamily => "operator family",
            Self::OperatorClass => "operator class",
            Self::AccessMethod => "access method",
            Self::Cast => "cast",
            Self::Conversion => "conversion",
            Self::TextSearch => "text search",
            Self::ForeignDataWrapper => "foreign-data wrapper",
            Self::ForeignServer => "server",
            Self::UserMapping => "user mapping",
            Self::Table => "table",
            Self::VirtualTable => "virtual table",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::Column => "column",
            Self::Constraint => "constraint",
            Self::Index => "index",
            Self::Statistics => "statistics",
            Self::Rule => "rule",
            Self::Trigger => "trigger",
            Self::Policy => "policy",
            Self::EventTrigger => "event trigger",
            Self::Publication => "publication",
            Self::Subscription => "subscription",
            Self::DefaultPrivileges => "default privileges",
            Self::Opaque => "opaque object",
            Self::Kept => "statement",
        }
    }

    /// Whether PostgreSQL keeps the kind in `pg_class`, so that names are unique among them.
    pub fn is_relation(self) -> bool {
        matches!(
            self,
            Self::Table
                | Self::VirtualTable
                | Self::View
                | Self::MaterializedView
                | Self::Index
                | Self::Sequence
                | Self::Composite
        )
    }

    /// Whether PostgreSQL keeps the kind in `pg_type`.
    pub fn is_type(self) -> bool {
        matches!(
            self,
            Self::ShellType | Self::Enum | Self::Domain | Self::Composite | Self::Range
        )
    }
}

impl fmt::Display for ObjectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The identity of an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    pub kind: ObjectKind,
    /// The object's name, or its relation's where it is a member of one.
    pub name: QualifiedName,
    /// The name of a column, constraint, trigger, rule or policy within its relation.
    pub member: Option<Ident>,
    /// Input types of a routine or operator, the types of a cast: what tells overloads apart.
    pub signature: Option<Box<str>>,
}

impl ObjectId {
    pub fn new(kind: ObjectKind, name: QualifiedName) -> Self {
        Self {
            kind,
            name,
            member: None,
            signature: None,
        }
    }

    /// A column, constraint, trigger, rule or policy of `relation`.
    pub fn member(kind: ObjectKind, relation: QualifiedName, member: impl Into<Ident>) -> Self {
        Self {
            kind,
            name: relation,
            member: Some(member.into()),
            signature: None,
        }
    }

    /// A routine, operator or cast, told apart by types.
    pub fn overload(kind: ObjectKind, name: QualifiedName, signature: impl Into<Box<str>>) -> Self {
        Self {
            kind,
            name,
            member: None,
            signature: Some(signature.into()),
        }
    }

    pub fn table(name: &QualifiedName) -> Self {
        Self::new(ObjectKind::Table, name.clone())
    }

    pub fn column(relation: &QualifiedName, column: &Ident) -> Self {
        Self::member(ObjectKind::Column, relation.clone(), column.clone())
    }

    pub fn constraint(table: &QualifiedName, constraint: &Ident) -> Self {
        Self::member(ObjectKind::Constraint, table.clone(), constraint.clone())
    }

    pub fn index(name: &QualifiedName) -> Self {
        Self::new(ObjectKind::Index, name.clone())
    }

    /// The dotted path without the kind, as baselines, reports and globs spell it:
    /// `public.tasks.user_id`, `public.f(integer)`.
    pub fn path(&self) -> String {
        let mut path = self.name.to_string();
        if let Some(member) = &self.member {
            path.push('.');
            path.push_str(member);
        }
        if let Some(signature) = &self.signature {
            path.push('(');
            path.push_str(signature);
            path.push(')');
        }
        path
    }
}

/// For messages: `column public.tasks.user_id`.
impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.path())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_listed_once_and_in_order() {
        assert!(ObjectKind::ALL.is_sorted());
        for (n, kind) in ObjectKind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, n);
        }
        assert_eq!(ObjectKind::ALL.last(), Some(&ObjectKind::Kept));
    }
}
