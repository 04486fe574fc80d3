//! Names in YAML: as the catalog stores them, without folding; quotes only around a dot.

use super::node::Node;
use super::reader::{Document, Reader};
use crate::diagnostic::{Diagnostic, nearest};
use crate::model::{Ident, QualifiedName};

/// The parts of a dotted name; double quotes keep a dot within one.
pub(super) fn split_name(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    let mut chars = text.trim().chars().peekable();
    while let Some(c) = chars.next() {
        let last = parts.len() - 1;
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                parts[last].push('"');
            }
            '"' => quoted = !quoted,
            '.' if !quoted => parts.push(String::new()),
            c => parts[last].push(c),
        }
    }
    parts
}

/// A text at the first `(` that no quotes hold: what is before it, and what is between it and the
/// last `)`.
pub(super) fn split_call(text: &str) -> (&str, Option<&str>) {
    match unquoted(text, '(').next() {
        Some(at) => (
            text[..at].trim(),
            text[at + 1..].trim_end().strip_suffix(')'),
        ),
        None => (text, None),
    }
}

/// The places of a character outside of double quotes.
fn unquoted(text: &str, wanted: char) -> impl Iterator<Item = usize> + '_ {
    let mut quoted = false;
    text.char_indices().filter_map(move |(at, c)| {
        quoted ^= c == '"';
        (c == wanted && !quoted).then_some(at)
    })
}

/// The parts of a text between commas that no quotes hold.
fn split_list(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for at in unquoted(text, ',') {
        parts.push(&text[start..at]);
        start = at + 1;
    }
    parts.push(&text[start..]);
    parts
}

/// A name with an optional schema.
pub(super) fn qualified(text: &str) -> QualifiedName {
    let mut parts = split_name(text);
    let name = Ident::from(parts.pop().unwrap_or_default());
    QualifiedName {
        schema: parts.pop().map(Ident::from),
        name,
    }
}

/// What `references:` says: a table, and columns where it names some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) table: QualifiedName,
    pub(super) columns: Vec<Ident>,
}

impl<'a> Reader<'a> {
    /// The name of an object declared under a key, with a check of its form.
    pub(super) fn name(&mut self, text: &str, span: crate::diagnostic::Span) -> QualifiedName {
        let parts = split_name(text);
        let too_many = parts.len() > if self.has_schemas() { 2 } else { 1 };
        // An empty key is told by the tables of keys.
        if !text.is_empty() && (too_many || parts.iter().any(String::is_empty)) {
            let headline = format!("`{text}` is not a name");
            let help = if self.has_schemas() {
                "write `name` or `schema.name`; double quotes keep a dot within a name"
            } else {
                "this dialect has no schemas; double quotes keep a dot within a name"
            };
            self.error(headline, span, help);
        }
        qualified(text)
    }

    pub(super) fn has_schemas(&self) -> bool {
        self.dialect().default_schema().is_some()
    }

    /// The name as the catalog will know it.
    pub(super) fn resolved(&self, name: &QualifiedName, document: &Document<'_>) -> QualifiedName {
        QualifiedName {
            schema: name
                .schema
                .clone()
                .or_else(|| document.search_path.first().cloned()),
            name: name.name.clone(),
        }
    }

    /// A table known to the YAML files, by a name as it was written.
    pub(super) fn known_table(
        &self,
        name: &QualifiedName,
        document: &Document<'_>,
    ) -> Option<&super::reader::Placed<'a>> {
        if name.schema.is_some() || document.search_path.is_empty() {
            return self.tables.get(name);
        }
        document.search_path.iter().find_map(|schema| {
            self.tables
                .get(&QualifiedName::new(schema.clone(), name.name.clone()))
        })
    }

    /// Reads `references:`: `users.id`, `auth.users.id`, `projects(id, owner_id)`, `projects`.
    pub(super) fn target(&mut self, node: &Node, document: &Document<'_>) -> Option<Target> {
        let text = node.text()?;
        let (head, columns) = match split_call(text) {
            (head, Some(inner)) => {
                let columns = split_list(inner).into_iter();
                let columns = columns.map(|c| Ident::from(split_name(c).join(".")));
                (head, columns.collect())
            }
            (head, None) if head.len() < text.len() => {
                self.error(
                    "The parenthesis of the reference is never closed",
                    node.span,
                    "write it as `projects(id, owner_id)`",
                );
                return None;
            }
            (head, None) => (head, Vec::new()),
        };
        let parts = split_name(head);
        let bad = parts.iter().any(String::is_empty) || columns.iter().any(Ident::is_empty);
        if bad || parts.len() > 3 || (parts.len() == 3 && !columns.is_empty()) {
            self.error(
                format!("`{text}` is not a reference"),
                node.span,
                "write `table.column`, `schema.table.column`, or `schema.table(column, column)`",
            );
            return None;
        }
        let parts: Vec<Ident> = parts.into_iter().map(Ident::from).collect();
        self.target_of_parts(parts, columns, node, document)
    }

    fn target_of_parts(
        &mut self,
        parts: Vec<Ident>,
        columns: Vec<Ident>,
        node: &Node,
        document: &Document<'_>,
    ) -> Option<Target> {
        let target = match (parts.as_slice(), columns.is_empty()) {
            ([table], _) => Target {
                table: QualifiedName::bare(table.clone()),
                columns,
            },
            ([schema, table], false) => Target {
                table: QualifiedName::new(schema.clone(), table.clone()),
                columns,
            },
            ([table, column], true) => Target {
                table: QualifiedName::bare(table.clone()),
                columns: vec![column.clone()],
            },
            ([schema, table, column], _) => Target {
                table: QualifiedName::new(schema.clone(), table.clone()),
                columns: vec![column.clone()],
            },
            _ => return None,
        };
        // `auth.users` reads as column `users` of table `auth`.
        if let ([first, second], true) = (parts.as_slice(), target.columns.len() == 1)
            && self.known_table(&target.table, document).is_none()
            && self.schemas.contains(first.as_str())
        {
            self.error(
                format!("`{first}.{second}` names a schema and a table, but no column"),
                node.span,
                &format!("write `{first}.{second}.id`, with the column that is meant"),
            );
            return None;
        }
        Some(target)
    }

    /// One name or a list of names.
    pub(super) fn names(&self, node: Option<&Node>) -> Vec<Ident> {
        let Some(node) = node else {
            return Vec::new();
        };
        match node.text() {
            Some(text) => vec![Ident::new(text)],
            None => node
                .items()
                .iter()
                .filter_map(Node::text)
                .map(Ident::new)
                .collect(),
        }
    }

    /// A role that a grant or policy names; unknown ones are told where the files name roles.
    pub(super) fn role(&mut self, node: &Node) -> Option<Ident> {
        const BUILT_IN: [&str; 5] = [
            "public",
            "current_user",
            "current_role",
            "session_user",
            "postgres",
        ];
        let text = node.text()?;
        self.check_role(text, node.span);
        if BUILT_IN.contains(&text.to_ascii_lowercase().as_str()) {
            return Some(Ident::from(text.to_ascii_lowercase()));
        }
        Some(Ident::new(text))
    }

    pub(super) fn check_role(&mut self, text: &str, span: crate::diagnostic::Span) {
        let built_in = [
            "public",
            "current_user",
            "current_role",
            "session_user",
            "postgres",
        ];
        let known = self.roles.is_empty()
            || self.roles.contains(text)
            || text.starts_with("pg_")
            || built_in.contains(&text.to_ascii_lowercase().as_str());
        if known {
            return;
        }
        let mut diagnostic = Diagnostic::error(
            "parse/unknown-role",
            format!("`{text}` is not among the roles"),
        )
        .at(span, "unknown role")
        .note("the files list the roles that exist under `roles:`");
        diagnostic = match nearest(text, self.roles.iter().copied()) {
            Some(role) => diagnostic.help(format!("did you mean `{role}`?")),
            None => diagnostic.help("add it to `roles:`"),
        };
        self.report(diagnostic);
    }

    /// One role or a list of roles.
    pub(super) fn roles(&mut self, node: Option<&Node>) -> Vec<Ident> {
        let Some(node) = node else {
            return Vec::new();
        };
        match node.text() {
            Some(_) => self.role(node).into_iter().collect(),
            None => node
                .items()
                .iter()
                .filter_map(|item| self.role(item))
                .collect(),
        }
    }
}

/// The same without a word about what is wrong with it: that is told where it is lowered.
pub(super) fn quiet_target(
    reader: &mut Reader<'_>,
    node: &Node,
    document: &Document<'_>,
) -> Option<Target> {
    let told = reader.out.diagnostics.len();
    let target = reader.target(node, document);
    reader.out.diagnostics.truncate(told);
    target
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_split_unless_quoted() {
        assert_eq!(split_name("auth.users.id"), ["auth", "users", "id"]);
        assert_eq!(split_name("\"a.b\".c"), ["a.b", "c"]);
        assert_eq!(split_name("\"say \"\"hi\"\"\""), ["say \"hi\""]);
        assert_eq!(qualified("Users"), QualifiedName::bare("Users"));
    }
}
