//! One SQL file, statement by statement.

use std::sync::Arc;

use super::block;
use super::cursor::{Cursor, SyntaxError};
use super::directive::{self, Directive, directive};
use super::lexical::check_tokens;
use super::opaque::opaque;
use super::positions::parts;
use super::session::Session;
use super::splitter::{Piece, Splitter};
use super::statement::{Outcome, statement};
use crate::diagnostic::{Diagnostic, FileId, Span};
use crate::dialect::TargetVersion;
use crate::expr::{LexError, Token};
use crate::model::{Ident, Notes};
use crate::parallel;
use crate::source::{
    Condition, Declaration, Declarations, Part, SearchPath, SkipReason, SourceFile, Statement,
};

/// Reads one SQL file.
pub fn read(file: &SourceFile, version: TargetVersion) -> Declarations {
    read_in(file, version, default_path(version))
}

/// Reads SQL whose unqualified names go to the schemas of `path` until it says otherwise.
pub fn read_in(file: &SourceFile, version: TargetVersion, path: SearchPath) -> Declarations {
    let mut reader = Reader {
        file,
        version,
        search_path: path.clone(),
        default_path: path,
        session: Session::default(),
        conditions: Vec::new(),
        out: Declarations::default(),
    };
    let mut pieces = Splitter::new(&file.text, version.dialect);
    loop {
        let some: Vec<Piece> = pieces.by_ref().take(PIECES_AT_ONCE).collect();
        if some.is_empty() {
            return reader.out;
        }
        let parsed = parallel::map(&some, |piece| parse(file, version, piece));
        for (piece, parsed) in some.into_iter().zip(parsed) {
            if !reader.block(&piece) {
                reader.piece(piece, parsed);
            }
        }
    }
}

/// Statements that are parsed side by side: the tokens of a whole file would take more memory than
/// the file.
const PIECES_AT_ONCE: usize = 1024;

/// What a statement says by itself, and where its parts stand.
type Parsed = Result<(Outcome, Vec<(Part, Span)>), SyntaxError>;

/// Its place among others is the reader's concern.
fn parse(file: &SourceFile, version: TargetVersion, piece: &Piece) -> Option<Parsed> {
    let Piece::Statement { tokens, .. } = piece else {
        return None;
    };
    let parsed = || {
        check_tokens(tokens, &file.text, version.dialect)?;
        let outcome = statement(&mut Cursor::new(&file.text, tokens, version))?;
        let parts = match &outcome {
            Outcome::Statement(statement) => parts(statement, &file.text, tokens, file.id),
            _ => Vec::new(),
        };
        Ok((outcome, parts))
    };
    (!tokens.is_empty()).then(parsed)
}

/// Where a statement stands, without its semicolon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatementSpan {
    pub start: usize,
    pub end: usize,
    /// Where the `DO` block begins that it is a statement of.
    pub block: Option<usize>,
}

/// Where each statement stands: those that are skipped as well, and those of a block in its place.
pub fn statement_spans(text: &str, version: TargetVersion) -> Vec<StatementSpan> {
    let mut spans = Vec::new();
    for piece in Splitter::new(text, version.dialect) {
        let Piece::Statement { tokens, .. } = piece else {
            continue;
        };
        let place = |tokens: &[Token], block: Option<usize>| {
            Some(StatementSpan {
                start: tokens.first()?.start as usize,
                end: tokens.last()?.end as usize,
                block,
            })
        };
        match block::statements(text, &tokens, version, FileId(0)) {
            Some(inner) => {
                let start = tokens[0].start as usize;
                spans.extend(inner.iter().filter_map(|i| place(&i.tokens, Some(start))));
            }
            None => spans.extend(place(&tokens, None)),
        }
    }
    spans
}

fn default_path(version: TargetVersion) -> SearchPath {
    version
        .dialect
        .default_schema()
        .map(Ident::new)
        .into_iter()
        .collect()
}

struct Reader<'a> {
    file: &'a SourceFile,
    version: TargetVersion,
    search_path: SearchPath,
    default_path: SearchPath,
    session: Session,
    /// Of the statement at hand, where it is one of a block.
    conditions: Vec<Condition>,
    out: Declarations,
}

impl Reader<'_> {
    fn piece(&mut self, piece: Piece, parsed: Option<Parsed>) {
        match (piece, parsed) {
            (Piece::Statement { tokens, comments }, Some(parsed)) => {
                self.statement(parsed, &tokens, &comments);
            }
            (Piece::Statement { comments, .. }, None) => self.directives_of_file(&comments),
            (Piece::PsqlCommand(start, end), _) => self.psql_command(start, end),
            (Piece::Broken(error), _) => self.broken(error),
        }
    }

    /// The statements of a `DO` block that can be read, in its place.
    fn block(&mut self, piece: &Piece) -> bool {
        let Piece::Statement { tokens, comments } = piece else {
            return false;
        };
        let (text, version) = (&self.file.text, self.version);
        let Some(statements) = block::statements(text, tokens, version, self.file.id) else {
            return false;
        };
        if statements.is_empty() {
            self.out.statistics.read += 1;
            self.skip(SkipReason::Branch);
        }
        let mut outer = comments.clone();
        for mut inner in statements {
            outer.append(&mut inner.comments);
            self.conditions = inner.conditions;
            let (tokens, comments) = (inner.tokens, std::mem::take(&mut outer));
            let piece = Piece::Statement { tokens, comments };
            let parsed = parse(self.file, version, &piece);
            self.piece(piece, parsed);
            self.conditions = Vec::new();
        }
        true
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file.id, start, end)
    }

    fn skip(&mut self, reason: SkipReason) {
        *self.out.statistics.skipped.entry(reason).or_default() += 1;
    }

    fn broken(&mut self, error: LexError) {
        self.out.statistics.read += 1;
        self.out.statistics.failed += 1;
        let start = error.start as usize;
        let end = (start + 1).min(self.file.text.len());
        self.out.diagnostics.push(
            Diagnostic::error("parse/syntax", format!("this {} never ends", error.what))
                .at(self.span(start, end), "begins here")
                .help(
                    "close it; what follows up to the next `;` at the end of a line was not read",
                ),
        );
    }

    fn psql_command(&mut self, start: usize, end: usize) {
        self.out.statistics.read += 1;
        let line = &self.file.text[start..end];
        let word = line.split_whitespace().next().unwrap_or("");
        if matches!(word, "\\i" | "\\ir" | "\\include" | "\\include_relative") {
            self.out.statistics.failed += 1;
            self.out.diagnostics.push(
                Diagnostic::error("parse/psql-include", format!("`{word}` is not followed"))
                    .at(self.span(start, end), "includes another file")
                    .note("an included file would be read twice, or from outside the sources")
                    .help("name the other file among the sources and take this line out"),
            );
            return;
        }
        self.skip(SkipReason::PsqlCommand);
    }

    fn statement(&mut self, parsed: Parsed, tokens: &[Token], comments: &[Token]) {
        self.out.statistics.read += 1;
        let (parsed, parts) = match parsed {
            Ok((outcome, parts)) => (Ok(outcome), parts),
            Err(error) => (Err(error), Vec::new()),
        };
        match parsed {
            Ok(Outcome::Statement(statement)) => {
                match statement {
                    Statement::Kept(_) => self.out.statistics.kept += 1,
                    Statement::SetValue(_) => self.skip(SkipReason::Data),
                    _ => self.out.statistics.modelled += 1,
                }
                self.declare(statement, parts, tokens, comments);
            }
            Ok(Outcome::Skip(reason)) => {
                if reason == SkipReason::TransactionControl {
                    self.session.transaction(tokens[0].text(&self.file.text));
                }
                self.skip(reason);
            }
            Ok(Outcome::Role(change)) => {
                self.session.change(change);
                self.skip(SkipReason::Setting);
            }
            Ok(Outcome::Bodies(change)) => {
                self.session.change_bodies(change);
                self.skip(SkipReason::Setting);
            }
            Ok(Outcome::SearchPath(path)) => {
                self.search_path = match path {
                    Some(path) => Arc::from(path),
                    None => self.default_path.clone(),
                };
                self.skip(SkipReason::Setting);
            }
            Ok(Outcome::Opaque) => self.opaque(tokens, comments),
            Err(error) if error.unmodelled => self.opaque(tokens, comments),
            Err(error) => self.fail(error),
        }
    }

    fn fail(&mut self, error: SyntaxError) {
        self.out.statistics.failed += 1;
        let end = error
            .end
            .max(error.start + usize::from(error.start < self.file.text.len()));
        let mut diagnostic = Diagnostic::error("parse/syntax", error.message)
            .at(self.span(error.start, end), "here");
        diagnostic.help = error.help;
        self.out.diagnostics.push(diagnostic);
    }

    fn opaque(&mut self, tokens: &[Token], comments: &[Token]) {
        self.out.statistics.opaque += 1;
        let mut cursor = Cursor::new(&self.file.text, tokens, self.version);
        let text = cursor.slice(0, tokens.len());
        let statement = opaque(&mut cursor, text);
        let parts = parts(&statement, &self.file.text, tokens, self.file.id);
        self.declare(statement, parts, tokens, comments);
    }

    fn declare(
        &mut self,
        statement: Statement,
        parts: Vec<(Part, Span)>,
        tokens: &[Token],
        comments: &[Token],
    ) {
        let (first, last) = (tokens[0], tokens[tokens.len() - 1]);
        let span = self.span(first.start as usize, last.end as usize);
        let mut declaration = Declaration::new(statement, span, self.search_path.clone());
        declaration.external = self.file.external;
        declaration.role = self.session.role().cloned();
        declaration.conditions = self.conditions.clone();
        declaration.bodies_unread = self.session.bodies_unread();
        let changes_others = matches!(
            declaration.statement,
            Statement::Alter { .. } | Statement::Comment { .. } | Statement::Grant { .. }
        );
        if changes_others {
            let text = &self.file.text[first.start as usize..last.end as usize];
            declaration.text = Some(text.into());
        }
        declaration.parts = parts;
        self.directives(&mut declaration, tokens, comments);
        self.out.declarations.push(declaration);
    }

    fn directives(&mut self, declaration: &mut Declaration, tokens: &[Token], comments: &[Token]) {
        for comment in comments {
            let Some(found) = directive(*comment, &self.file.text) else {
                continue;
            };
            let part = self.part_of(declaration, &found, tokens);
            self.apply(declaration, &found, part);
        }
    }

    /// A directive above a part or at the end of its line belongs to the part, any other to the object.
    fn part_of(&self, declaration: &Declaration, found: &Directive<'_>, tokens: &[Token]) -> Part {
        let inside = tokens[0].start as usize <= found.start
            && found.start < tokens[tokens.len() - 1].end as usize;
        if !inside {
            return Part::Object;
        }
        let line_start = self.file.text[..found.start]
            .rfind('\n')
            .map_or(0, |n| n + 1);
        let own_line = self.file.text[line_start..found.start].trim().is_empty();
        let parts = declaration.parts.iter();
        let parts = parts.filter(|(p, _)| matches!(p, Part::Column(_) | Part::NamedConstraint(_)));
        let places = parts.map(|(part, span)| (part, span.start as usize));
        let found_part = match own_line {
            true => places
                .filter(|(_, start)| *start > found.start)
                .min_by_key(|(_, start)| *start),
            false => places
                .filter(|(_, start)| *start < found.start && *start >= line_start)
                .max_by_key(|(_, start)| *start),
        };
        found_part.map_or(Part::Object, |(part, _)| part.clone())
    }

    fn apply(&mut self, declaration: &mut Declaration, found: &Directive<'_>, part: Part) {
        let at = match declaration.notes.iter().position(|(p, _)| *p == part) {
            Some(at) => at,
            None => {
                declaration.notes.push((part.clone(), Notes::default()));
                declaration.notes.len() - 1
            }
        };
        let notes = &mut declaration.notes[at].1;
        let before = notes.allow.len();
        match directive::apply(found, notes) {
            Ok(added) => {
                let span = self.span(found.start, found.end);
                for n in before..before + added {
                    let n = u16::try_from(n).unwrap_or(u16::MAX);
                    declaration.note_spans.push((part.clone(), false, n, span));
                }
            }
            Err(error) => {
                let mut diagnostic = Diagnostic::error("parse/directive", error.message)
                    .at(self.span(error.start, error.end), "here");
                diagnostic.help = error.help;
                self.out.diagnostics.push(diagnostic);
            }
        }
    }

    /// Directives behind the last statement annotate nothing, which is a mistake worth naming.
    fn directives_of_file(&mut self, comments: &[Token]) {
        for comment in comments {
            if let Some(found) = directive(*comment, &self.file.text)
                && found.word != "allow-file"
            {
                self.out.diagnostics.push(
                    Diagnostic::error(
                        "parse/directive",
                        format!("`schemagen:{}` annotates nothing", found.word),
                    )
                    .at(self.span(found.start, found.end), "no statement follows")
                    .help("put it above the statement, or at the end of the line it is about"),
                );
            }
        }
    }
}
