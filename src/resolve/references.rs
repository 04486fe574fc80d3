//! References within expressions and queries: qualified where the search path was not the default.

use super::fold::Fold;
use crate::expr::{
    Lexer, Reference, ReferenceKind, expression, query, references_of_query, unquote_identifier,
};
use crate::model::{Expr, Ident, QualifiedName, Query};
use crate::source::SearchPath;

impl Fold {
    /// An expression whose names are found under the default search path too.
    pub(super) fn qualify(&self, expr: &Expr) -> Expr {
        match self.qualified_text(expr.text()) {
            Some(text) => expression(&text, self.dialect()),
            None => expr.clone(),
        }
    }

    pub(super) fn qualify_query(&self, found: &Query) -> Query {
        match self.qualified_text(found.text()) {
            Some(text) => query(&text, self.dialect()),
            None => found.clone(),
        }
    }

    fn qualified_text(&self, text: &str) -> Option<String> {
        self.qualified_under(text, &self.now.path)
    }

    /// The text with schemas written out where the search path means a schema other than the default.
    pub(super) fn qualified_under(&self, text: &str, path: &SearchPath) -> Option<String> {
        let default = self.dialect().default_schema()?;
        if path.is_empty() || (path.len() == 1 && path[0] == default) {
            return None;
        }
        let mut out = String::new();
        let mut copied = 0;
        for reference in references_of_query(text, self.dialect()) {
            let Some(name) = self.meant(&reference, path) else {
                continue;
            };
            if name.schema_str() == default {
                continue;
            }
            out.push_str(&text[copied..reference.start as usize]);
            let quoted = self.dialect().quote_name(&name);
            // A sequence stands within a string.
            if text[reference.start as usize..].starts_with('\'') {
                out.push_str(&self.dialect().literal(&quoted));
            } else {
                out.push_str(&quoted);
            }
            copied = reference.end as usize;
        }
        if copied == 0 {
            return None;
        }
        out.push_str(&text[copied..]);
        Some(out)
    }

    /// A verbatim statement that names its object, and what it reads, under any search path.
    pub(super) fn qualify_statement(
        &self,
        text: &str,
        name: &Ident,
        full: &QualifiedName,
    ) -> String {
        let qualified = self.qualified_text(text).unwrap_or_else(|| text.to_owned());
        let default = self.dialect().default_schema();
        if full.schema.is_none() || full.schema.as_deref() == default {
            return qualified;
        }
        let tokens = Lexer::tokens(&qualified, self.dialect()).unwrap_or_default();
        let is_name = |raw: &str| match raw.strip_prefix('"') {
            Some(_) => unquote_identifier(raw) == **name,
            None => raw.to_lowercase() == **name,
        };
        let found = tokens.iter().find(|t| is_name(t.text(&qualified)));
        let Some(token) = found else {
            return qualified;
        };
        let mut out = qualified[..token.start as usize].to_owned();
        out.push_str(&self.dialect().quote_name(full));
        out.push_str(&qualified[token.end as usize..]);
        out
    }

    fn meant(&self, reference: &Reference, path: &SearchPath) -> Option<QualifiedName> {
        if reference.name.schema.is_some() {
            return None;
        }
        let found = match reference.kind {
            ReferenceKind::Relation => Some(self.names.relation(&reference.name, path))
                .filter(|n| self.names.relations.contains(n)),
            ReferenceKind::Function => self.names.routine(&reference.name, path),
            // pg_catalog comes first: a relation of the same name does not hide `xml`.
            ReferenceKind::Type if super::names::is_known_type(&reference.name.name) => None,
            ReferenceKind::Type => self.names.data_type(&reference.name, path),
            ReferenceKind::Column => None,
        };
        found.filter(|n| n.schema.is_some())
    }

    /// Qualifies the name of a routine that a trigger or another object calls.
    pub(super) fn resolve_routine_name(&mut self, name: &mut QualifiedName) {
        if let Some(found) = self.names.routine(name, &self.now.path) {
            *name = found;
            return;
        }
        if name.schema_str() == "pg_catalog" {
            name.schema = None;
        }
        let builtin = matches!(
            name.name.as_str(),
            "tsvector_update_trigger"
                | "tsvector_update_trigger_column"
                | "suppress_redundant_updates_trigger"
        );
        let strict = name.schema.as_ref().is_none_or(|s| self.names.declares(s));
        if builtin || !strict || self.names.has_extensions() || name.name.starts_with("RI_") {
            return;
        }
        let mut known: Vec<String> = self
            .names
            .routines
            .iter()
            .map(|n| n.name.to_string())
            .collect();
        known.sort();
        let help = match crate::diagnostic::nearest(&name.name, known.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "declare it, or the extension that brings it".to_owned(),
        };
        let headline = format!("function `{name}` does not exist");
        self.refuse("resolve/unknown-function", headline).help = Some(help);
    }
}
