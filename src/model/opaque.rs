//! What is kept verbatim: objects nobody modelled, reference data and DO blocks.

use super::{Ident, ObjectId, QualifiedName};

/// An object that is not modelled: rendered, ordered and compared like any other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opaque {
    /// The words after CREATE that name the kind, in lower case: `access method`.
    pub kind: Box<str>,
    pub name: QualifiedName,
    /// The statements that make and change it, verbatim, without the final semicolon, in order.
    pub statements: Vec<Box<str>>,
    /// What it needs to exist first, as far as its text tells.
    pub depends_on: Vec<ObjectId>,
}

impl Opaque {
    /// The statements that take back what grants and comments on objects of others say, last one
    /// first; `None` where the object is dropped as a whole.
    pub fn undo(&self) -> Option<Vec<String>> {
        self.statements.iter().rev().map(|s| undone(s)).collect()
    }
}

fn undone(statement: &str) -> Option<String> {
    let (verb, rest) = statement.trim_start().split_once(char::is_whitespace)?;
    let exchange = |word: &str, other: &str, verb: &str| {
        let upper = rest.to_ascii_uppercase();
        let at = upper.rfind(&format!(" {word} "))?;
        let (what, who) = (&rest[..at], &rest[at + word.len() + 2..]);
        let end = who.to_ascii_uppercase().find(" WITH GRANT OPTION");
        let who = &who[..end.unwrap_or(who.len())];
        Some(format!("{verb} {what} {other} {who}"))
    };
    match verb.to_ascii_uppercase().as_str() {
        "GRANT" => exchange("TO", "FROM", "REVOKE"),
        "REVOKE" => exchange("FROM", "TO", "GRANT"),
        "COMMENT" => {
            let at = rest.to_ascii_uppercase().find(" IS ")?;
            Some(format!("COMMENT {} IS NULL", &rest[..at]))
        }
        _ => None,
    }
}

/// An `INSERT` of reference data, a `DO` block or a call: kept, counted, never compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptStatement {
    /// Verbatim, without the final semicolon.
    pub text: Box<str>,
    /// `insert`, `do`, `select`, `update`, ...: its first word.
    pub verb: Ident,
    /// The search path it was written under, where that is not the default one: its names are not
    /// qualified, since a block's text is not looked into.
    pub search_path: Vec<Ident>,
}
