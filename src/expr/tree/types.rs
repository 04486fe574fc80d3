//! Type names within expressions.
//!
//! Source: gram.y, `Typename`; the manual's tables 8.1 (names and aliases) and 8.9 (interval fields).

use super::TypeName;
use super::cursor::Cursor;
use crate::dialect::canonical_type_name;
use crate::expr::TokenKind;

/// Types whose names are several words or stand before a literal without quotes.
const WORDS: [&str; 12] = [
    "bit",
    "char",
    "character",
    "dec",
    "decimal",
    "double",
    "float",
    "interval",
    "national",
    "nchar",
    "time",
    "timestamp",
];

const INTERVAL_FIELDS: [&str; 6] = ["year", "month", "day", "hour", "minute", "second"];

impl Cursor<'_> {
    /// Whether a type's own keyword stands here, so that a literal of that type may follow.
    pub(super) fn begins_type_keyword(&self) -> bool {
        self.kind() == Some(TokenKind::Word) && WORDS.iter().any(|w| self.is(w))
    }

    pub(super) fn type_name(&mut self) -> Option<TypeName> {
        self.spend()?;
        if self.accept("setof") {
            return None;
        }
        let quoted = self.kind() == Some(TokenKind::QuotedIdent);
        let mut names = self.qualified()?;
        let mut name = names.pop()?;
        let schema = names.pop().filter(|s| s != "pg_catalog");
        let mut modifier = None;
        if schema.is_none() && !quoted {
            let bare = names.is_empty();
            name = self.several_words(name)?;
            modifier = self.modifier()?;
            let zone = self.time_zone();
            if matches!(name.as_str(), "time" | "timestamp") {
                name = format!("{name} {zone} time zone");
            }
            if name == "interval" {
                modifier = self.interval_fields(modifier)?;
            }
            let one = matches!(name.as_str(), "char" | "character" | "nchar" | "bit");
            if one && bare && modifier.is_none() {
                modifier = Some("1".to_owned());
            }
            if name == "float" {
                let bits = modifier.take().and_then(|m| m.parse::<u32>().ok());
                name = if bits.is_some_and(|b| b <= 24) {
                    "real"
                } else {
                    "float8"
                }
                .to_owned();
            }
            name = canonical_type_name(&name).to_owned();
        } else {
            if quoted && schema.is_none() {
                name = quoted_name(&name);
            }
            modifier = modifier.or(self.modifier()?);
        }
        let array = self.brackets()?;
        Some(TypeName {
            schema,
            name,
            modifier,
            array,
        })
    }

    fn several_words(&mut self, name: String) -> Option<String> {
        let mut name = name;
        if name == "national" {
            name = self.name()?;
        }
        if name == "double" {
            self.expect("precision")?;
            return Some("double precision".to_owned());
        }
        let varies = matches!(name.as_str(), "char" | "character" | "nchar" | "bit");
        if varies && self.accept("varying") {
            return Some(
                if name == "bit" {
                    "bit varying"
                } else {
                    "character varying"
                }
                .to_owned(),
            );
        }
        Some(name)
    }

    fn modifier(&mut self) -> Option<Option<String>> {
        if !self.is("(") {
            return Some(None);
        }
        self.at += 1;
        let mut text = String::new();
        while !self.is(")") {
            if self.at_end() || self.is("(") {
                return None;
            }
            text.push_str(&self.raw().to_lowercase());
            self.at += 1;
        }
        self.at += 1;
        if text.ends_with(",0") && text.bytes().all(|b| b.is_ascii_digit() || b == b',') {
            text.truncate(text.len() - 2);
        }
        Some(Some(text))
    }

    fn time_zone(&mut self) -> &'static str {
        if self.accept_all(&["with", "time", "zone"]) {
            return "with";
        }
        self.accept_all(&["without", "time", "zone"]);
        "without"
    }

    /// `day to second(3)`; what [`Self::modifier`] read already is a precision alone.
    pub(super) fn interval_fields(&mut self, precision: Option<String>) -> Option<Option<String>> {
        let is_field = |c: &Self| INTERVAL_FIELDS.iter().any(|f| c.is(f));
        if !is_field(self) {
            return Some(precision);
        }
        let mut fields = self.name()?;
        if self.is("to") {
            self.at += 1;
            fields = format!("{fields} to {}", self.name()?);
        }
        if let Some(precision) = self.modifier()? {
            fields = format!("{fields}({precision})");
        }
        Some(Some(fields))
    }

    fn brackets(&mut self) -> Option<bool> {
        let mut array = self.accept("array");
        while self.is("[") {
            self.at += 1;
            if self.kind() == Some(TokenKind::Number) {
                self.at += 1;
            }
            self.expect("]")?;
            array = true;
        }
        Some(array)
    }
}

/// A quoted name is `pg_type.typname`, which for some types is not what `format_type` prints.
fn quoted_name(name: &str) -> String {
    match name {
        "char" => "\"char\"".to_owned(),
        "bit" => "bit".to_owned(),
        "int2" | "int4" | "int8" | "float4" | "float8" | "bool" | "varchar" | "bpchar"
        | "varbit" | "timestamp" | "timestamptz" | "time" | "timetz" => {
            canonical_type_name(name).to_owned()
        }
        _ => name.to_owned(),
    }
}
