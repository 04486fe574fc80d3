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

/// Whether the second of two statements about an object of others leaves it as it was before the first.
/// Everybody has some privileges from the start, any other role has none: so taking from everybody is
/// undone by giving, and giving to a role by taking.
pub fn is_undone_by(first: &str, second: &str) -> bool {
    let takes = |text: &str| {
        let verb = text.trim_start().get(..6);
        verb.is_some_and(|verb| verb.eq_ignore_ascii_case("revoke"))
    };
    let upper = first.trim_end().to_ascii_uppercase();
    let begins_so = match upper.starts_with("COMMENT") {
        true => true,
        false => takes(first) == upper.ends_with(" PUBLIC"),
    };
    begins_so && undone(first).is_some_and(|back| back.eq_ignore_ascii_case(second.trim_end()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_undone_by_what_leads_back_to_the_start() {
        let undone = |first: &str, second: &str| is_undone_by(first, second);
        let (take, give) = (
            "REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC",
            "grant EXECUTE ON FUNCTION f() TO PUBLIC",
        );
        assert!(undone(take, give) && !undone(give, take));
        let (give, take) = (
            "GRANT SELECT ON v TO app WITH GRANT OPTION",
            "REVOKE SELECT ON v FROM app",
        );
        assert!(undone(give, take) && !undone(take, "GRANT SELECT ON v TO app"));
        assert!(!undone(give, "REVOKE SELECT ON v FROM other"));
        let comment = "COMMENT ON EXTENSION e IS 'x'";
        assert!(undone(comment, "COMMENT ON EXTENSION e IS NULL"));
    }
}
