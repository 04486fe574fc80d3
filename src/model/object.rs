//! One object of any kind, and what all kinds share.

use super::*;

/// What every owned object has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    pub owner: Option<Ident>,
    pub comment: Option<Box<str>>,
    pub acl: Acl,
}

/// An object of any kind that is created by a statement of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Object {
    Schema(Schema),
    Extension(Extension),
    Language(Language),
    Collation(Collation),
    ShellType(ShellType),
    Enum(EnumType),
    Domain(Domain),
    Composite(CompositeType),
    Range(RangeType),
    Sequence(Sequence),
    Routine(Box<Routine>),
    Aggregate(Box<Aggregate>),
    Operator(Operator),
    OperatorFamily(OperatorFamily),
    OperatorClass(OperatorClass),
    AccessMethod(AccessMethod),
    Cast(Cast),
    Conversion(Conversion),
    TextSearch(TextSearch),
    ForeignDataWrapper(ForeignDataWrapper),
    ForeignServer(ForeignServer),
    UserMapping(UserMapping),
    Table(Box<Table>),
    VirtualTable(VirtualTable),
    View(Box<View>),
    /// The table or materialized view it belongs to, and the index.
    Index(QualifiedName, Box<Index>),
    Statistics(Statistics),
    Rule(QualifiedName, Box<Rule>),
    Trigger(QualifiedName, Box<Trigger>),
    Policy(QualifiedName, Box<Policy>),
    EventTrigger(EventTrigger),
    Publication(Publication),
    Subscription(Subscription),
    Opaque(Opaque),
}
