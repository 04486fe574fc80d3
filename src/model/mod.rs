//! The nouns of the project: what a database schema consists of, in PostgreSQL's own terms.
//!
//! Invariants: the standard library only; no I/O, no positions, no parsing. A value here may stand
//! in a declaration (names as the author wrote them, implicit names empty) or in a [`Catalog`]
//! (names resolved, implicit names made); `resolve/` turns the first into the second.
//! Equality never sees how something was spelled: see [`Expr`].

mod access;
mod acl;
mod catalog;
mod change;
mod constraint;
mod expr;
mod facets;
mod foreign;
mod history;
mod id;
mod index;
mod inheritance;
mod name;
mod notes;
mod object;
mod opaque;
mod operator;
mod parameters;
mod property;
mod publication;
mod routine;
mod schema;
mod sequence;
mod subset;
mod table;
mod text_search;
mod trigger;
mod types;
mod view;
mod zone;

pub use acl::{Acl, AclItem, DefaultPrivileges, Grantee, Privilege};
pub use catalog::{Catalog, ObjectRef};
pub use change::{Change, ChangeKind, Difference, Pair, Question};
pub use constraint::{
    Constraint, ConstraintKind, Deferral, ExclusionElement, ForeignKey, MatchType,
    ReferentialAction,
};
pub use expr::{Expr, Query};
pub use foreign::{
    ForeignDataWrapper, ForeignServer, ForeignTableSpec, GenericOptions, UserMapping,
};
pub use history::{Chapter, History, Life, Since};
pub use id::{ObjectId, ObjectKind};
pub use index::{Index, IndexElement, NullsOrder, SortOrder};
pub use name::{Ident, QualifiedName};
pub use notes::{Allow, FunctionalDependency, Notes};
pub use object::{Facets, Object};
pub use opaque::{KeptStatement, Opaque, is_undone_by};
pub use operator::{
    AccessMethod, Cast, CastContext, CastMethod, Conversion, Operator, OperatorClass,
    OperatorFamily,
};
pub use parameters::Parameters;
pub use property::{Property, Value};
pub use publication::{Publication, PublicationTable, Subscription};
pub use routine::{
    Aggregate, Argument, ArgumentMode, Language, Parallel, Returns, Routine, RoutineBody,
    RoutineKind, Volatility,
};
pub use schema::{Extension, Schema};
pub use sequence::{Sequence, SequenceOptions};
pub use table::{
    Column, Generated, Identity, PartitionBound, PartitionBy, PartitionOf, Persistence,
    ReplicaIdentity, Table, VirtualTable,
};
pub use text_search::{TextSearch, TextSearchKind};
pub use trigger::{EventTrigger, Policy, PolicyCommand, Rule, Trigger, TriggerEnabled};
pub use types::{
    Collation, CompositeType, DataType, Domain, DomainCheck, EnumType, RangeType, ShellType,
    Statistics,
};
pub use view::View;
pub use zone::Zone;
