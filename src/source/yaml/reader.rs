//! What the lowering of every kind works with: the files, what crosses them, and what came out.
//!
//! Invariant: an error is told once, however many tables include the mixin that it stands in.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::node::{Kind, Node, Style, position_in_scalar};
use crate::diagnostic::{Diagnostic, FileId, Span};
use crate::dialect::{Dialect, TargetVersion};
use crate::expr::{Lexer, TokenKind};
use crate::model::{Expr, Ident, Notes, Object, QualifiedName};
use crate::source::sql::{self, SyntaxError};
use crate::source::{Declaration, Declarations, Part, SearchPath, SourceFile, Statement};

/// A document with the schema that its unqualified names go to.
#[derive(Clone)]
pub(super) struct Document<'a> {
    pub(super) node: &'a Node,
    pub(super) search_path: SearchPath,
    pub(super) external: bool,
}

/// A table or mixin, with the document it stands in.
#[derive(Clone)]
pub(super) struct Placed<'a> {
    pub(super) node: &'a Node,
    pub(super) document: Document<'a>,
}

pub(super) struct Reader<'a> {
    pub(super) version: TargetVersion,
    pub(super) sources: HashMap<FileId, &'a str>,
    pub(super) mixins: BTreeMap<&'a str, Placed<'a>>,
    pub(super) included: BTreeSet<&'a str>,
    /// Tables by their qualified name, for the types of references.
    pub(super) tables: HashMap<QualifiedName, Placed<'a>>,
    /// Names of schemas that any file mentions.
    pub(super) schemas: BTreeSet<&'a str>,
    /// The roles that the files name, where they name any.
    pub(super) roles: BTreeSet<&'a str>,
    /// Functions that the author declares himself, so that none is made in their place.
    pub(super) own_functions: BTreeSet<QualifiedName>,
    /// Functions made for `on_update`, with what they set.
    pub(super) made_functions: BTreeMap<QualifiedName, (Expr, Span)>,
    pub(super) out: Declarations,
}

/// The search path of a file with this `schema:`.
pub(super) fn search_path(schema: Option<&str>, version: TargetVersion) -> SearchPath {
    let default = version.dialect.default_schema();
    let path: Vec<Ident> = match (schema, default) {
        (_, None) => Vec::new(),
        (Some(schema), Some(default)) if schema != default => {
            vec![Ident::new(schema), Ident::new(default)]
        }
        (_, Some(default)) => vec![Ident::new(default)],
    };
    Arc::from(path)
}

impl<'a> Reader<'a> {
    pub(super) fn new(files: &[&'a SourceFile], version: TargetVersion) -> Self {
        Self {
            version,
            sources: files.iter().map(|f| (f.id, f.text.as_str())).collect(),
            mixins: BTreeMap::new(),
            included: BTreeSet::new(),
            tables: HashMap::new(),
            schemas: BTreeSet::new(),
            roles: BTreeSet::new(),
            own_functions: BTreeSet::new(),
            made_functions: BTreeMap::new(),
            out: Declarations::default(),
        }
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.version.dialect
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.out.diagnostics.push(diagnostic);
    }

    /// An error at a place, with what to do.
    pub(super) fn error(&mut self, headline: impl Into<String>, span: Span, help: &str) {
        self.report(
            Diagnostic::error("parse/yaml-value", headline)
                .at(span, "here")
                .help(help),
        );
    }

    /// An error of SQL within a scalar, at its own byte.
    pub(super) fn fragment_error(&mut self, node: &Node, error: &SyntaxError) {
        let span = self.span_within(node, error.start, error.end);
        let message = error
            .message
            .replace("the end of the statement", "the end of the text");
        let mut diagnostic = Diagnostic::error("parse/syntax", message).at(span, "here");
        diagnostic.help = error.help.clone();
        self.report(diagnostic);
    }

    /// The place of bytes of a scalar's text.
    pub(super) fn span_within(&self, node: &Node, start: usize, end: usize) -> Span {
        let Some(source) = self.sources.get(&node.span.file) else {
            return node.span;
        };
        let from = position_in_scalar(source, node, start);
        let to = position_in_scalar(source, node, end.max(start));
        let file_end = source.len();
        // At least one character, so that there is something to point at.
        let to = if to <= from { from + 1 } else { to };
        let mut to = to.min(file_end);
        while !source.is_char_boundary(to) {
            to += 1;
        }
        Span::new(node.span.file, from.min(to), to)
    }

    /// Reads a scalar as a piece of SQL; an error is reported at its place.
    pub(super) fn fragment<T>(
        &mut self,
        node: &Node,
        read: impl FnOnce(&str, TargetVersion) -> Result<T, SyntaxError>,
    ) -> Option<T> {
        match read(node.text()?, self.version) {
            Ok(value) => Some(value),
            Err(error) => {
                self.fragment_error(node, &error);
                None
            }
        }
    }

    /// A scalar as an expression.
    pub(super) fn expression(&mut self, node: &Node) -> Option<Expr> {
        self.fragment(node, sql::expression)
    }

    /// The expression of a key, if it is there.
    pub(super) fn expression_of(&mut self, node: &Node, key: &str) -> Option<Expr> {
        let value = node.get(key)?;
        self.expression(value)
    }

    /// A default: an expression that cannot name a column.
    pub(super) fn default_expression(&mut self, node: &Node) -> Option<Expr> {
        let expression = self.expression(node)?;
        let text = node.text().unwrap_or_default();
        if !names_a_column(text, self.dialect()) {
            return Some(expression);
        }
        let quoted = self.dialect().literal(text);
        let mut diagnostic = Diagnostic::error(
            "parse/yaml-value",
            format!("`{text}` as a default names a column, not a text"),
        )
        .at(node.span, "SQL reads this as a name")
        .note("a default is SQL, and a default cannot refer to a column");
        let mut help = format!("for the text write `\"{quoted}\"`");
        if text.eq_ignore_ascii_case("user") {
            help.push_str(", for the name of the role `current_user`");
        } else if matches!(
            &node.kind,
            Kind::Scalar {
                style: Style::SingleQuoted | Style::DoubleQuoted,
                ..
            }
        ) {
            help.push_str(": the outer quotes are YAML's, the inner ones SQL's");
        }
        diagnostic = diagnostic.help(help);
        self.report(diagnostic);
        None
    }

    /// Adds a declaration made of a key and its value.
    pub(super) fn declare(&mut self, document: &Document<'_>, statement: Statement, span: Span) {
        self.declare_with(document, statement, span, Said::default());
    }

    pub(super) fn declare_with(
        &mut self,
        document: &Document<'_>,
        statement: Statement,
        span: Span,
        said: Said,
    ) {
        let mut declaration = Declaration::new(statement, span, document.search_path.clone());
        declaration.external = document.external;
        declaration.parts = said.parts;
        declaration.notes = said.notes;
        declaration.note_spans = said.note_spans;
        self.out.statistics.read += 1;
        self.out.statistics.modelled += 1;
        self.out.declarations.push(declaration);
    }
}

/// Positions and annotations of a declaration in the making.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    pub(super) parts: Vec<(Part, Span)>,
    pub(super) notes: Vec<(Part, Notes)>,
    pub(super) note_spans: Vec<(Part, bool, u16, Span)>,
}

/// A CREATE of an object.
pub(super) fn create(object: Object) -> Statement {
    Statement::Create {
        object,
        or_replace: false,
        if_not_exists: false,
        like: Vec::new(),
    }
}

/// Whether a default consists of words that SQL would look up as a column: `user`, `in progress`.
fn names_a_column(text: &str, dialect: Dialect) -> bool {
    /// Words that are values or begin one.
    const VALUES: [&str; 16] = [
        "true",
        "false",
        "null",
        "current_date",
        "current_time",
        "current_timestamp",
        "current_user",
        "current_role",
        "current_catalog",
        "current_schema",
        "session_user",
        "system_user",
        "localtime",
        "localtimestamp",
        "not",
        "case",
    ];
    let Ok(tokens) = Lexer::tokens(text, dialect) else {
        return false;
    };
    let words_only = tokens
        .iter()
        .all(|t| matches!(t.kind, TokenKind::Word | TokenKind::QuotedIdent));
    let first = tokens
        .first()
        .map_or("", |t| t.text(text))
        .to_ascii_lowercase();
    words_only && !tokens.is_empty() && !VALUES.contains(&first.as_str())
}
