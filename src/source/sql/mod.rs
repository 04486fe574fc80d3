//! SQL text to declarations: splitter, statement grammar, verbatim objects for the rest.
//!
//! The statement grammar is ours, over our own tokens: it keeps byte positions, takes the shapes
//! that sqlparser does not, and lowers nothing twice. Invariant: a statement is modelled, opaque,
//! kept, skipped with a reason, or a diagnostic; the counts add up.

mod aggregate;
mod alter;
mod alter_column;
mod alter_other;
mod alter_table;
mod block;
mod block_condition;
mod block_query;
mod column;
mod constraint;
mod create_other;
mod cursor;
mod directive;
mod drop;
mod foreign;
mod fragment;
mod grant;
mod group;
mod index;
mod lexical;
mod opaque;
mod operator;
mod partition;
mod positions;
mod publication;
mod reader;
mod routine;
mod rule;
mod schema;
mod sequence;
mod session;
mod setting;
mod splitter;
mod sqlite;
mod statement;
mod table;
mod target;
#[cfg(test)]
mod testing;
mod text_search;
mod trigger;
mod type_definition;
mod types;
mod view;

pub use cursor::SyntaxError;
pub(super) use fragment::tokens;
pub use fragment::{
    arguments, column_definition, data_type, expression, index_element, named_object, partition_by,
    qualified_name,
};
pub use reader::{StatementSpan, read, read_in, statement_spans};
