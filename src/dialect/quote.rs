//! Quoting of identifiers and strings.

use std::borrow::Cow;

use super::Dialect;
use crate::model::QualifiedName;

impl Dialect {
    /// An identifier as SQL: quoted where it must be.
    ///
    /// Source: `quote_identifier`, src/backend/utils/adt/ruleutils.c.
    pub fn quote(self, name: &str) -> Cow<'_, str> {
        let plain = !name.is_empty()
            && name
                .bytes()
                .enumerate()
                .all(|(i, b)| self.is_plain(b) || (i > 0 && b.is_ascii_digit()))
            && !self.is_quoted_word(name);
        if plain {
            Cow::Borrowed(name)
        } else {
            Cow::Owned(format!("\"{}\"", name.replace('"', "\"\"")))
        }
    }

    /// Whether a plain name is a word that stands in quotes, in any case.
    fn is_quoted_word(self, name: &str) -> bool {
        if name.bytes().any(|b| b.is_ascii_uppercase()) {
            self.needs_quotes(&name.to_ascii_lowercase())
        } else {
            self.needs_quotes(name)
        }
    }

    /// A letter of an identifier that survives without quotes: PostgreSQL folds upper case.
    fn is_plain(self, b: u8) -> bool {
        let folds = self == Self::Postgres;
        b.is_ascii_lowercase() || b == b'_' || (!folds && b.is_ascii_uppercase())
    }

    /// A qualified name as SQL.
    pub fn quote_name(self, name: &QualifiedName) -> String {
        match &name.schema {
            Some(schema) => format!("{}.{}", self.quote(schema), self.quote(&name.name)),
            None => self.quote(&name.name).into_owned(),
        }
    }

    /// A string literal. Backslashes need no escape under `standard_conforming_strings`.
    pub fn literal(self, text: &str) -> String {
        format!("'{}'", text.replace('\'', "''"))
    }

    /// A text between dollar quotes whose tag does not occur in it.
    pub fn dollar_quote(self, text: &str) -> String {
        let mut tag = String::from("$$");
        let mut n = 0;
        // A text that ends in a dollar sign would run into the closing quote.
        while text.contains(&tag) || (tag == "$$" && text.ends_with('$')) {
            n += 1;
            tag = if n == 1 {
                "$_$".into()
            } else {
                format!("$_{n}$")
            };
        }
        format!("{tag}{text}{tag}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_only_where_needed() {
        let pg = Dialect::Postgres;
        assert_eq!(pg.quote("users"), "users");
        assert_eq!(pg.quote("order"), "\"order\"");
        assert_eq!(pg.quote("Users"), "\"Users\"");
        assert_eq!(pg.quote("1a"), "\"1a\"");
        assert_eq!(pg.quote("a\"b"), "\"a\"\"b\"");
        assert_eq!(pg.quote(""), "\"\"");
    }

    #[test]
    fn sqlite_keeps_the_case_of_plain_names() {
        assert_eq!(Dialect::Sqlite.quote("AlbumId"), "AlbumId");
        assert_eq!(Dialect::Sqlite.quote("Order"), "\"Order\"");
    }

    #[test]
    fn dollar_quotes_do_not_occur_inside() {
        let pg = Dialect::Postgres;
        assert_eq!(pg.dollar_quote("x"), "$$x$$");
        assert_eq!(pg.dollar_quote("a$$b"), "$_$a$$b$_$");
        assert_eq!(pg.dollar_quote("cost in $"), "$_$cost in $$_$");
    }
}
