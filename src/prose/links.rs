//! `[[table]]` and `[[table.column]]`: where a text links to the schema, and what it means.

use crate::dialect::Dialect;
use crate::model::{Catalog, Ident, ObjectRef, QualifiedName, Routine};

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    Text(&'a str),
    Link(Link<'a>),
}

/// A link as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link<'a> {
    /// Between the brackets.
    pub text: &'a str,
    /// The names that dots part, without quotes.
    pub names: Vec<String>,
}

/// What a link leads to.
#[derive(Clone, Copy, Debug)]
pub enum Target<'c> {
    Relation(&'c QualifiedName),
    /// A column of a table or view.
    Column(&'c QualifiedName, &'c Ident),
    /// An enum, domain, composite or range type.
    Type(&'c QualifiedName),
    Routine(&'c Routine),
}

/// The longest name that is looked at, in bytes.
const MAX_NAME: usize = 260;

/// The texts and links of a line or text, in order.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(next) = text[at..].find("[[") {
        let open = at + next;
        match link(&text[open + 2..]) {
            Some((link, length)) => {
                if start < open {
                    found.push(Piece::Text(&text[start..open]));
                }
                found.push(Piece::Link(link));
                start = open + 2 + length + 2;
                at = start;
            }
            // Of three brackets the last two may open a link.
            None => at = open + 1,
        }
    }
    if start < text.len() {
        found.push(Piece::Text(&text[start..]));
    }
    found
}

/// The link that a text begins with, behind its brackets, and how long it is.
fn link(text: &str) -> Option<(Link<'_>, usize)> {
    let mut names = Vec::new();
    let mut at = 0;
    loop {
        let (name, length) = name(&text[at..])?;
        names.push(name);
        at += length;
        if names.len() < 3 && text[at..].starts_with('.') {
            at += 1;
        } else {
            break;
        }
    }
    let whole = text[at..].starts_with("]]");
    let text = &text[..at];
    whole.then_some((Link { text, names }, at))
}

/// A name, quoted or not, and its length.
fn name(text: &str) -> Option<(String, usize)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '-');
        let characters = text.char_indices().take(MAX_NAME);
        let end = characters
            .take_while(|(_, c)| plain(*c))
            .last()
            .map(|(at, c)| at + c.len_utf8())?;
        return Some((text[..end].to_owned(), end));
    };
    let mut name = String::new();
    let mut characters = quoted.char_indices().take(MAX_NAME).peekable();
    while let Some((at, c)) = characters.next() {
        match (c, characters.peek()) {
            ('"', Some((_, '"'))) => {
                characters.next();
                name.push('"');
            }
            ('"', _) => return (!name.is_empty()).then_some((name, at + 2)),
            ('\n', _) => return None,
            (c, _) => name.push(c),
        }
    }
    None
}

/// The schemas in which a text of an object looks names up: its own, then the default one.
pub fn home(name: &QualifiedName, dialect: Dialect) -> Vec<Option<&str>> {
    let own = name.schema.as_deref();
    let mut schemas = vec![own];
    let default = dialect.default_schema();
    if default != own {
        schemas.push(default);
    }
    schemas
}

/// What a link leads to, with names looked up in some schemas.
pub fn target<'c>(
    catalog: &'c Catalog,
    names: &[String],
    schemas: &[Option<&str>],
) -> Option<Target<'c>> {
    let exact = found(catalog, names, schemas);
    exact.or_else(|| {
        // PostgreSQL's names are of small letters unless somebody quotes them.
        let lower: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
        found(catalog, &lower, schemas)
    })
}

fn found<'c>(
    catalog: &'c Catalog,
    names: &[String],
    schemas: &[Option<&str>],
) -> Option<Target<'c>> {
    let named = |schema: Option<&str>, name: &str| match schema {
        Some(schema) => QualifiedName::new(schema, name),
        None => QualifiedName::bare(name),
    };
    let mut homes = schemas.iter().copied();
    match names {
        [name] => homes.find_map(|schema| object(catalog, &named(schema, name))),
        [first, second] => object(catalog, &named(Some(first), second))
            .or_else(|| homes.find_map(|s| column(catalog, &named(s, first), second))),
        [schema, table, name] => column(catalog, &named(Some(schema), table), name),
        _ => None,
    }
}

fn object<'c>(catalog: &'c Catalog, name: &QualifiedName) -> Option<Target<'c>> {
    if let Some(name) = relation(catalog, name) {
        return Some(Target::Relation(name));
    }
    let types = [
        catalog.enums.get_key_value(name).map(|(name, _)| name),
        catalog.domains.get_key_value(name).map(|(name, _)| name),
        catalog.composites.get_key_value(name).map(|(name, _)| name),
        catalog.ranges.get_key_value(name).map(|(name, _)| name),
    ];
    if let Some(name) = types.into_iter().flatten().next() {
        return Some(Target::Type(name));
    }
    let first = (name.clone(), "".into());
    let (key, routine) = catalog.routines.range(first..).next()?;
    (key.0 == *name).then_some(Target::Routine(routine))
}

fn relation<'c>(catalog: &'c Catalog, name: &QualifiedName) -> Option<&'c QualifiedName> {
    let table = catalog.tables.get_key_value(name).map(|(name, _)| name);
    let view = || catalog.views.get_key_value(name).map(|(name, _)| name);
    let other = || catalog.virtual_tables.get_key_value(name).map(|(n, _)| n);
    table.or_else(view).or_else(other)
}

/// A column; of a view whose columns its query names, one that its author describes.
fn column<'c>(catalog: &'c Catalog, table: &QualifiedName, name: &str) -> Option<Target<'c>> {
    match catalog.relation(table)? {
        ObjectRef::Table(table) => {
            let column = table.columns.iter().find(|c| *c.name == *name)?;
            Some(Target::Column(&table.name, &column.name))
        }
        ObjectRef::View(view) => {
            let mut names = view.columns.iter().chain(view.column_comments.keys());
            match names.find(|column| ***column == *name) {
                Some(column) => Some(Target::Column(&view.name, column)),
                None if view.columns.is_empty() => Some(Target::Relation(&view.name)),
                None => None,
            }
        }
        ObjectRef::VirtualTable(table) => Some(Target::Relation(&table.name)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Column, Table};

    fn written(text: &str) -> Vec<Vec<String>> {
        let links = pieces(text).into_iter().filter_map(|piece| match piece {
            Piece::Link(link) => Some(link.names),
            Piece::Text(_) => None,
        });
        links.collect()
    }

    #[test]
    fn links_are_names_in_two_brackets() {
        assert_eq!(written("[[a]] [[a.b]] [[a.b.c]]").len(), 3);
        assert_eq!(written("[[\"A \"\"b\".x]]"), [["A \"b", "x"]]);
        for text in [
            "[[1, 2]]",
            "[[a]",
            "[[]]",
            "[[a b]]",
            "[[a.b.c.d]]",
            "[[\"\"]]",
        ] {
            assert_eq!(written(text), Vec::<Vec<String>>::new(), "{text}");
        }
        assert_eq!(written("[[[a]]]"), [["a"]]);
    }

    #[test]
    fn no_byte_of_a_text_is_lost() {
        for text in ["a [[b]] c", "[[[a]]]", "[[ü.é]]x", "[[", "]]", "[[\"a"] {
            let whole: String = pieces(text)
                .into_iter()
                .map(|piece| match piece {
                    Piece::Text(text) => text.to_owned(),
                    Piece::Link(link) => format!("[[{}]]", link.text),
                })
                .collect();
            assert_eq!(whole, text);
        }
        let long = "[[\"a".repeat(100_000);
        assert_eq!(pieces(&long).len(), 1);
    }

    #[test]
    fn names_are_looked_up_at_home_first() {
        let mut catalog = Catalog::default();
        for (schema, name) in [("public", "users"), ("app", "users"), ("app", "Odd")] {
            let table = Table {
                name: QualifiedName::new(schema, name),
                columns: vec![Column {
                    name: "id".into(),
                    ..Column::default()
                }],
                ..Table::default()
            };
            catalog.tables.insert(table.name.clone(), table);
        }
        let at = |names: &[&str], schemas: &[Option<&str>]| {
            let names: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
            match target(&catalog, &names, schemas)? {
                Target::Relation(name) => Some(name.to_string()),
                Target::Column(name, column) => Some(format!("{name} {column}")),
                _ => None,
            }
        };
        let app = [Some("app"), Some("public")];
        let public = [Some("public")];
        assert_eq!(at(&["users"], &app).unwrap(), "app.users");
        assert_eq!(at(&["Users"], &public).unwrap(), "public.users");
        assert_eq!(at(&["users", "id"], &public).unwrap(), "public.users id");
        assert_eq!(at(&["app", "users"], &public).unwrap(), "app.users");
        assert_eq!(
            at(&["app", "users", "id"], &public).unwrap(),
            "app.users id"
        );
        assert_eq!(at(&["users", "name"], &app), None);
        assert_eq!(at(&["nobody"], &app), None);
    }
}
