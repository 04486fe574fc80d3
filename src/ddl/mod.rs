//! The canonical DDL of a catalog: everything the model holds, nothing lost.
//!
//! Invariants: the text is a function of the catalog and its graph; names are qualified and quoted
//! by the dialect; expressions are printed as their authors wrote them; the script loads into an
//! empty database in one go. Each kind of object has a file with the function that prints its
//! CREATE statement, without the final semicolon.

mod acl;
pub mod alter;
mod assembly;
mod columns;
mod constraints;
mod foreign;
mod fragments;
mod identity;
mod indexes;
mod kept;
mod operators;
mod partitions;
mod policies;
mod publications;
mod routines;
mod schemas;
mod script;
mod sequences;
mod settings;
mod shells;
mod subject;
mod tables;
mod text_search;
mod triggers;
mod types;
mod views;

pub use acl::{default_privileges, privileges};
pub(crate) use acl::{every_privilege, rank as privilege_rank};
pub(crate) use assembly::Assembly;
pub use assembly::{each_statement, statements};
pub(crate) use columns::alterations as column_alterations;
pub use columns::definition as column_definition;
pub(crate) use columns::{identity_clause, serial_type};
pub use constraints::{add as add_constraint, clause as constraint_clause};
pub(crate) use fragments::{default_expression, parenthesised};
pub use identity::statements as identity_statements;
pub use indexes::{attach as attach_index, create as create_index, element as index_element};
pub(crate) use partitions::{Form, form};
pub use partitions::{attach as attach_partition, bound as partition_bound};
pub(crate) use script::Body;
pub use script::{Script, script};
pub(crate) use subject::name_in_schema;
pub use subject::{Subject, comment_statement, drop_statement, owner_statement, subject};
pub(crate) use tables::alter as alter_table;
pub use views::{replacement as view_replacement, statistics as view_statistics};

use crate::dialect::Dialect;
use crate::graph::Graph;
use crate::model::{Catalog, ObjectId, ObjectRef};

/// One statement, without the final semicolon, and the object that it makes or changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ddl {
    pub object: ObjectId,
    pub sql: String,
}

/// What printing needs to know beside the object itself.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    pub catalog: &'a Catalog,
    pub graph: &'a Graph,
    pub dialect: Dialect,
}

/// The CREATE statement of an object; `None` where it has none of its own (default privileges) or
/// several (an opaque object). A constraint's is `ALTER TABLE ... ADD`.
pub fn create_statement(cx: &Context<'_>, object: ObjectRef<'_>) -> Option<String> {
    let dialect = cx.dialect;
    Some(match object {
        ObjectRef::Schema(o) => schemas::create(o, dialect),
        ObjectRef::Extension(o) => schemas::create_extension(o, dialect),
        ObjectRef::Language(o) => routines::create_language(o, dialect),
        ObjectRef::Collation(o) => types::create_collation(o, dialect),
        ObjectRef::ShellType(o) => types::create_base(o, dialect),
        ObjectRef::Enum(o) => types::create_enum(o, dialect),
        ObjectRef::Domain(o) => types::create_domain(o, dialect),
        ObjectRef::Composite(o) => types::create_composite(o, dialect),
        ObjectRef::Range(o) => types::create_range(o, dialect),
        ObjectRef::Sequence(o) => sequences::create(o, dialect),
        ObjectRef::Routine(o) => routines::create(o, dialect),
        ObjectRef::Aggregate(o) => routines::create_aggregate(o, dialect),
        ObjectRef::Operator(o) => operators::create(o, dialect),
        ObjectRef::OperatorFamily(o) => operators::create_family(o, dialect),
        ObjectRef::OperatorClass(o) => operators::create_class(o, dialect),
        ObjectRef::AccessMethod(o) => operators::create_access_method(o, dialect),
        ObjectRef::Cast(o) => operators::create_cast(o, dialect),
        ObjectRef::Conversion(o) => operators::create_conversion(o, dialect),
        ObjectRef::TextSearch(o) => text_search::create(o, dialect),
        ObjectRef::ForeignDataWrapper(o) => foreign::create_wrapper(o, dialect),
        ObjectRef::ForeignServer(o) => foreign::create_server(o, dialect),
        ObjectRef::UserMapping(o) => foreign::create_user_mapping(o, dialect),
        ObjectRef::Table(o) => tables::create(cx, o),
        ObjectRef::VirtualTable(o) => tables::create_virtual(o, dialect),
        ObjectRef::View(o) => views::create(o, dialect),
        ObjectRef::Constraint(table, o) => constraints::add(table, o, dialect),
        ObjectRef::Index(relation, o) => indexes::create(relation, o, dialect),
        ObjectRef::Statistics(o) => schemas::create_statistics(o, dialect),
        ObjectRef::Rule(relation, o) => triggers::create_rule(relation, o, dialect),
        ObjectRef::Trigger(relation, o) => triggers::create(relation, o, dialect),
        ObjectRef::Policy(relation, o) => policies::create(relation, o, dialect),
        ObjectRef::EventTrigger(o) => triggers::create_event_trigger(o, dialect),
        ObjectRef::Publication(o) => publications::create(o, dialect),
        ObjectRef::Subscription(o) => publications::create_subscription(o, dialect),
        ObjectRef::DefaultPrivileges(_) | ObjectRef::Opaque(_) => return None,
    })
}
