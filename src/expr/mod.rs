//! Expressions and queries as text: tokens, references, normal form.
//!
//! Invariants: the lexer loses no byte; a normal form never makes two expressions equal that the
//! server tells apart.

mod analysis;
mod bodies;
mod bound;
mod builtin;
mod casts;
mod catalog;
mod keys_of_indexes;
mod lexer;
mod mentions;
mod normal;
mod places;
mod reader;
mod references;
mod rename;
mod respell;
mod support;
mod tree;

pub use analysis::{Names, Reads, UnknownColumn, Unread, Wrong};
pub use bound::partition_condition;
pub use builtin::{CallKind, call_kind, is_builtin_function, is_mutable, is_pseudo_type};
pub use casts::{Conversion, conversion};
pub use catalog::{Unknown, normalize, value_key};
pub use lexer::{LexError, Lexer, Token, TokenKind};
pub use mentions::{mentions, mentions_all, mentions_column};
pub use normal::{expression, key_of, query, unquote_identifier, unquote_string, without_cast};
pub use reader::{EndOfBody, Reader};
pub use references::{
    Reference, ReferenceKind, name_of, references_of_expression, references_of_query,
};
pub use rename::{rename_column_in_text, rename_in_text, replace_references};
pub use respell::respell;
pub use support::{is_support_option, types_made_of};
