//! Holds a document against the tables of keys: unknown keys, wrong types, missing keys.
//!
//! Invariant: after a tree has passed without an error, the lowering finds every value in a form
//! that its key allows. Where it has not, the lowering still runs, and passes over in silence what
//! was reported here.

use super::keys::{Key, ROOT, Shape, Value};
use super::node::{Entry, Kind, Node};
use crate::diagnostic::{Diagnostic, Span, nearest};
use crate::dialect::TargetVersion;

/// Everything wrong with the form of a schema file.
pub(super) fn validate(document: &Node, version: TargetVersion) -> Vec<Diagnostic> {
    validate_shape(document, &ROOT, "a schema file", version)
}

/// Everything wrong with the form of a document that should be like `value`.
pub(crate) fn validate_shape(
    document: &Node,
    value: &'static Value,
    owner: &str,
    version: TargetVersion,
) -> Vec<Diagnostic> {
    let mut validator = Validator {
        version,
        diagnostics: Vec::new(),
    };
    if !document.is_null() {
        validator.value(value, document, owner);
    }
    validator.diagnostics
}

struct Validator {
    version: TargetVersion,
    diagnostics: Vec<Diagnostic>,
}

impl Validator {
    /// `owner` says what has the value, for messages: "`columns` of a table".
    fn value(&mut self, value: &'static Value, node: &Node, owner: &str) {
        match value {
            Value::Either(options) => match options.iter().find(|o| fits(o, node)) {
                Some(option) => self.value(option, node, owner),
                None => self.mismatch(value, node, owner),
            },
            _ if !fits(value, node) => self.mismatch(value, node, owner),
            Value::List(inner) => {
                for item in node.items() {
                    self.value(inner, item, &format!("an item of {owner}"));
                }
            }
            Value::Map(inner) => {
                for entry in node.entries() {
                    if entry.key.is_empty() {
                        self.nameless(owner, entry.key_span);
                    }
                    self.value(inner, &entry.value, &format!("`{}` in {owner}", entry.key));
                }
            }
            Value::Object(shape) => self.object(shape, node),
            Value::Word(words) => self.word(words, node, owner),
            Value::Date => self.date(node, owner),
            Value::Name if node.text() == Some("") => self.nameless(owner, node.span),
            _ => {}
        }
    }

    fn object(&mut self, shape: &'static Shape, node: &Node) {
        for entry in node.entries() {
            match shape.key(&entry.key) {
                Some(key) => self.known_key(shape, key, entry),
                None => self.unknown_key(shape, entry),
            }
        }
        for key in shape.all_keys().filter(|k| k.required) {
            if node.entry(key.name).is_none() {
                self.diagnostics.push(
                    Diagnostic::error(
                        "parse/yaml-missing-key",
                        format!("{} needs `{}`", with_article(shape.name, true), key.name),
                    )
                    .at(node.span, format!("has no `{}`", key.name))
                    .help(format!("`{}`: {}", key.name, key.doc)),
                );
            }
        }
    }

    fn known_key(&mut self, shape: &'static Shape, key: &'static Key, entry: &Entry) {
        if let Some(needs) = key.needs.filter(|c| !self.version.has(*c)) {
            // A key that says no asks for nothing.
            if entry.value.boolean() != Some(false) {
                self.diagnostics.push(
                    Diagnostic::error(
                        "parse/unsupported",
                        format!(
                            "{} does not have {}",
                            self.version.label(),
                            needs.describe()
                        ),
                    )
                    .at(entry.key_span, format!("`{}` needs it", key.name))
                    .help("remove the key, or set `target_version` to a version that has it"),
                );
            }
            return;
        }
        if entry.value.is_null() && !fits(&key.value, &entry.value) {
            self.diagnostics.push(
                Diagnostic::error("parse/yaml-type", format!("`{}` has no value", key.name))
                    .at(entry.key_span, "nothing follows this key")
                    .help(format!("give it {}, or remove it", expectation(&key.value))),
            );
            return;
        }
        let owner = format!("`{}` of {}", key.name, with_article(shape.name, false));
        self.value(&key.value, &entry.value, &owner);
    }

    fn unknown_key(&mut self, shape: &'static Shape, entry: &Entry) {
        let shape_name = with_article(shape.name, false);
        let headline = format!("`{}` is not a key of {shape_name}", entry.key);
        let mut diagnostic = Diagnostic::error("parse/yaml-unknown-key", headline)
            .at(entry.key_span, "unknown key")
            .note("a key that nobody reads would be lost without a word");
        let known = shape.all_keys().map(|k| k.name);
        if entry.value.is_null() && entry.key.contains(' ') {
            // `{ description: this, that }`
            let help = "a comma ends a text within { }: quote the text before it";
            self.diagnostics.push(diagnostic.help(help));
            return;
        }
        diagnostic = match (habit(&entry.key, shape), nearest(&entry.key, known)) {
            (Some(instead), _) => diagnostic.help(instead),
            (None, Some(name)) => diagnostic.help(format!("did you mean `{name}`?")),
            (None, None) => {
                let all: Vec<_> = shape.all_keys().map(|k| k.name).collect();
                diagnostic.help(format!("the keys of {shape_name} are {}", all.join(", ")))
            }
        };
        self.diagnostics.push(diagnostic);
    }

    fn word(&mut self, words: &'static [&'static str], node: &Node, owner: &str) {
        let text = node.text().unwrap_or_default();
        if words.iter().any(|w| same_word(w, text)) {
            return;
        }
        let help = match nearest(text, words.iter().copied()) {
            Some(word) => format!("did you mean `{word}`?"),
            None => format!("one of {}", words.join(", ")),
        };
        self.diagnostics.push(
            Diagnostic::error(
                "parse/yaml-value",
                format!("`{text}` is not a value of {owner}"),
            )
            .at(node.span, format!("expected {}", alternatives(words)))
            .help(help),
        );
    }

    /// An empty text where a name belongs; the server refuses `""` as well.
    fn nameless(&mut self, owner: &str, span: Span) {
        self.diagnostics.push(
            Diagnostic::error("parse/yaml-value", format!("{owner} holds an empty name"))
                .at(span, "a name has at least one character")
                .help("give it a name, or remove it"),
        );
    }

    fn date(&mut self, node: &Node, owner: &str) {
        let text = node.text().unwrap_or_default();
        if !is_date(text) {
            self.diagnostics.push(
                Diagnostic::error("parse/yaml-value", format!("{owner} is not a date"))
                    .at(node.span, format!("`{text}`"))
                    .help("write it as year-month-day, such as 2027-01-31"),
            );
        }
    }

    fn mismatch(&mut self, value: &'static Value, node: &Node, owner: &str) {
        let found = match node.text() {
            Some(text) if text.len() < 40 && !text.contains('\n') => {
                format!("{} (`{text}`)", node.describe())
            }
            _ => node.describe().to_owned(),
        };
        let mut diagnostic = Diagnostic::error(
            "parse/yaml-type",
            format!(
                "{owner} must be {}, not {}",
                expectation(value),
                node.describe()
            ),
        )
        .at(node.span, format!("this is {found}"));
        let word = node.text().unwrap_or_default().to_ascii_lowercase();
        if matches!(value, Value::Boolean) && matches!(word.as_str(), "yes" | "no" | "on" | "off") {
            let meant = matches!(word.as_str(), "yes" | "on");
            diagnostic = diagnostic
                .note("in YAML 1.2 these words are texts, not booleans")
                .help(format!("write `{meant}`"));
        }
        self.diagnostics.push(diagnostic);
    }
}

/// Whether a value's kind is one that the table allows; its content is not looked at.
fn fits(value: &Value, node: &Node) -> bool {
    match value {
        Value::Text | Value::Name | Value::Sql | Value::Word(_) | Value::Date => {
            node.text().is_some()
        }
        Value::Boolean => node.boolean().is_some(),
        Value::Integer => node.integer().is_some(),
        Value::Json => true,
        Value::Null => node.is_null(),
        Value::List(_) => matches!(node.kind, Kind::Sequence(_)),
        Value::Map(_) => matches!(node.kind, Kind::Mapping(_)),
        Value::Object(_) => matches!(node.kind, Kind::Mapping(_)),
        Value::Either(options) => options.iter().any(|o| fits(o, node)),
    }
}

fn expectation(value: &Value) -> String {
    match value {
        Value::Text | Value::Name => "a text".into(),
        Value::Sql => "an SQL expression".into(),
        Value::Boolean => "true or false".into(),
        Value::Integer => "a whole number".into(),
        Value::Word(words) => alternatives(words),
        Value::Date => "a date".into(),
        Value::Json => "any value".into(),
        Value::Null => "nothing".into(),
        Value::List(_) => "a list".into(),
        Value::Map(_) | Value::Object(_) => "a mapping".into(),
        Value::Either(options) => {
            let mut words: Vec<String> = options.iter().map(expectation).collect();
            words.dedup();
            words.join(" or ")
        }
    }
}

fn alternatives(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => format!("`{one}`"),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(|w| format!("`{w}`")).collect();
            format!("{} or `{last}`", first.join(", "))
        }
    }
}

/// Words match in any case, and with underscores for spaces (`set_null`).
pub(super) fn same_word(word: &str, text: &str) -> bool {
    text.to_ascii_lowercase().replace('_', " ") == word.replace('_', " ")
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let number = |part: &str, len: usize| {
        (part.len() == len && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse::<u32>().unwrap_or(0))
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2))
    else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

fn with_article(noun: &str, sentence_start: bool) -> String {
    let article = match (
        noun.starts_with(['a', 'e', 'i', 'o', 'u']) && !noun.starts_with("uni"),
        sentence_start,
    ) {
        (true, true) => "An",
        (true, false) => "an",
        (false, true) => "A",
        (false, false) => "a",
    };
    format!("{article} {noun}")
}

/// What people write by habit from other tools, and what it is called here.
fn habit(written: &str, shape: &Shape) -> Option<String> {
    let instead = match (shape.name, written) {
        (_, "<<") => {
            return Some(
                "merge keys are not read: put what is shared into `mixins:` and `include:` it"
                    .into(),
            );
        }
        ("column", "null" | "not_null" | "notnull" | "required" | "optional") => {
            return Some("write `nullable: false` for NOT NULL".into());
        }
        ("column", "pk" | "primary") => "primary_key",
        ("column", "fk" | "foreign_key" | "ref" | "reference") => "references",
        ("column", "doc" | "docs") | ("table", "doc" | "docs") => "description",
        ("column", "auto_increment" | "autoincrement") => "identity",
        ("column", "default_value") => "default",
        ("column", "length" | "size" | "precision") => {
            return Some("write it with the type: `type: varchar(255)`".into());
        }
        ("table", "indices" | "index") | ("materialized view", "index") => "indexes",
        ("table", "fields") => "columns",
        ("table", "constraints") => {
            return Some("constraints have keys of their own: primary_key, unique, checks, foreign_keys, exclusions".into());
        }
        ("table", "rls" | "enable_rls") => "row_security",
        ("table", "mixins" | "extends") => "include",
        ("index", "type" | "method") => "using",
        ("index", "fields" | "on") => "columns",
        ("index", "predicate" | "condition") => "where",
        ("file", "types") => {
            return Some(
                "types have keys of their own: enums, domains, composite_types, range_types".into(),
            );
        }
        ("view", "sql" | "definition" | "as" | "select") => "query",
        ("function", "code" | "definition" | "sql" | "as") => "body",
        ("function", "args" | "parameters" | "params") => "arguments",
        _ => return None,
    };
    shape
        .key(instead)
        .map(|_| format!("it is called `{instead}` here"))
}
