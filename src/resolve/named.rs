//! Names of what columns, keys and text search use and is neither a relation, a type nor a routine:
//! collations, operator classes, text search objects.
//!
//! Invariants: what the sources declare is named with its schema, what the server brings along without, so
//! that what an author writes and what the server prints have one name. A configuration that is a copy is
//! what it is a copy of: the server does not remember.
//!
//! Source: src/backend/catalog/namespace.c (lookup by the search path), src/backend/snowball/snowball_create.pl
//! (the configurations that every server has), `DefineTSConfiguration` in src/backend/commands/tsearchcmds.c.

use super::fold::Fold;
use crate::dialect::Dialect;
use crate::expr::{name_of, unquote_identifier};
use crate::model::{Expr, IndexElement, ObjectKind, QualifiedName, TextSearch, TextSearchKind};

/// The tokens that are words of a language; the others are names, numbers and addresses.
const WORDS: [&str; 3] = ["hword", "hword_part", "word"];
const ASCII_WORDS: [&str; 3] = ["asciihword", "asciiword", "hword_asciipart"];
const OTHERS: [&str; 13] = [
    "email",
    "file",
    "float",
    "host",
    "hword_numpart",
    "int",
    "numhword",
    "numword",
    "sfloat",
    "uint",
    "url",
    "url_path",
    "version",
];

/// The languages that every server of version 13 or later has.
const LANGUAGES: [&str; 28] = [
    "arabic",
    "armenian",
    "basque",
    "catalan",
    "danish",
    "dutch",
    "english",
    "finnish",
    "french",
    "german",
    "greek",
    "hindi",
    "hungarian",
    "indonesian",
    "irish",
    "italian",
    "lithuanian",
    "nepali",
    "norwegian",
    "portuguese",
    "romanian",
    "russian",
    "serbian",
    "spanish",
    "swedish",
    "tamil",
    "turkish",
    "yiddish",
];

impl Fold {
    /// Gives a name the schema in which the search path finds it; of what the server has it takes it away.
    pub(super) fn qualify_named(
        &self,
        kind: ObjectKind,
        word: &'static str,
        name: &mut QualifiedName,
    ) {
        if self.dialect() != Dialect::Postgres {
            return;
        }
        let server = name.schema.as_deref() == Some("pg_catalog");
        let bare = QualifiedName::bare(name.name.clone());
        let found = self.names.named(kind, word, &bare, &self.now.path);
        match (server, found) {
            (true, None) => *name = bare,
            (false, Some(found)) if name.schema.is_none() => *name = found,
            _ => {}
        }
    }

    pub(super) fn qualify_collation(&self, name: &mut Option<QualifiedName>) {
        if let Some(name) = name {
            self.qualify_named(ObjectKind::Collation, "", name);
        }
    }

    /// The collation and the operator class of a key.
    pub(super) fn qualify_element(&self, element: &mut IndexElement) {
        self.qualify_collation(&mut element.collation);
        if let Some(class) = &mut element.opclass {
            self.qualify_named(ObjectKind::OperatorClass, "", class);
        }
    }

    pub(super) fn qualify_dictionary(&self, name: &mut QualifiedName) {
        let word = TextSearchKind::Dictionary.as_sql();
        self.qualify_named(ObjectKind::TextSearch, word, name);
    }

    /// What a text search object names, and the values of its options as the server keeps them.
    pub(super) fn qualify_text_search(&self, object: &mut TextSearch) {
        for (option, value) in &mut object.options {
            *value = self.text_search_option(object.kind, option, value);
        }
        if object.kind != TextSearchKind::Configuration {
            return;
        }
        let copied = object.options.get("copy");
        let copied = copied.and_then(|c| name_of(c.text(), self.dialect()));
        let Some(source) = copied.and_then(|name| self.configuration(&name)) else {
            return;
        };
        object.options = source.options;
        object.mappings = source.mappings;
    }

    pub(super) fn text_search_option(
        &self,
        kind: TextSearchKind,
        option: &str,
        value: &Expr,
    ) -> Expr {
        let of = match option {
            "template" => TextSearchKind::Template,
            "parser" => TextSearchKind::Parser,
            "copy" => TextSearchKind::Configuration,
            _ if kind == TextSearchKind::Dictionary => return kept_option(value),
            // The functions of a template or a parser.
            _ => {
                let bare = value.text().strip_prefix("pg_catalog.");
                let routine = self.routine_text(value.text());
                let text = routine.or_else(|| bare.map(str::to_owned));
                return text.map_or_else(|| value.clone(), |text| Expr::new(text.clone(), text));
            }
        };
        let Some(mut name) = name_of(value.text(), self.dialect()) else {
            return value.clone();
        };
        self.qualify_named(ObjectKind::TextSearch, of.as_sql(), &mut name);
        let text = self.dialect().quote_name(&name);
        Expr::new(text.clone(), text)
    }

    /// A configuration that is there already, or that every server has.
    fn configuration(&self, name: &QualifiedName) -> Option<TextSearch> {
        let key = (TextSearchKind::Configuration, name.clone());
        if let Some(found) = self.catalog.text_search.get(&key) {
            return Some(found.clone());
        }
        name.schema.is_none().then(|| of_the_server(&name.name))?
    }
}

/// The configuration that the server makes for a language.
fn of_the_server(language: &str) -> Option<TextSearch> {
    let (words, ascii) = match language {
        "simple" => ("simple".to_owned(), "simple".to_owned()),
        "hindi" | "russian" => (format!("{language}_stem"), "english_stem".to_owned()),
        _ if LANGUAGES.contains(&language) => {
            let stem = format!("{language}_stem");
            (stem.clone(), stem)
        }
        _ => return None,
    };
    let mut made = TextSearch {
        name: QualifiedName::bare(language),
        kind: TextSearchKind::Configuration,
        options: [("parser".into(), Expr::new("\"default\"", "\"default\""))].into(),
        mappings: Default::default(),
        facets: Default::default(),
    };
    for (tokens, dictionary) in [
        (&WORDS[..], &*words),
        (&ASCII_WORDS[..], &*ascii),
        (&OTHERS[..], "simple"),
    ] {
        let dictionaries = vec![QualifiedName::bare(dictionary)];
        let mappings = tokens.iter().map(|t| (Box::from(*t), dictionaries.clone()));
        made.mappings.extend(mappings);
    }
    Some(made)
}

/// The server keeps each option of a dictionary as a string (`serialize_deflist`).
fn kept_option(value: &Expr) -> Expr {
    if value.text().starts_with('\'')
        || value.text().starts_with(['E', 'e']) && value.text().contains('\'')
    {
        return value.clone();
    }
    let text = Dialect::Postgres.literal(&unquote_identifier(value.text()));
    Expr::new(text.clone(), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_some_languages_are_english_where_they_are_ascii() {
        let russian = of_the_server("russian").expect("every server has it");
        let of = |token: &str| russian.mappings[token][0].name.to_string();
        assert_eq!(of("word"), "russian_stem");
        assert_eq!(of("asciiword"), "english_stem");
        assert_eq!(of("url"), "simple");
        assert_eq!(of_the_server("klingon"), None);
    }

    #[test]
    fn options_of_dictionaries_are_strings() {
        for (written, kept) in [
            ("english", "'english'"),
            ("false", "'false'"),
            ("'x'", "'x'"),
        ] {
            assert_eq!(kept_option(&Expr::new(written, written)).text(), kept);
        }
    }
}
