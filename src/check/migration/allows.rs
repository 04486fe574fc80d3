//! `-- schemagen:allow rule: reason` above, within or behind a statement of a migration.

use super::Act;
use crate::check::suppression::read_allows;
use crate::check::{FileAllow, sql_file_allows};
use crate::diagnostic::{FileId, Span};
use crate::dialect::Dialect;
use crate::expr::{Lexer, TokenKind};

const DIRECTIVE: &str = "schemagen:allow";

/// The allowances of one file: those of statements, each with the span of its statement, and those of
/// the file.
pub(super) fn allows(
    file: FileId,
    text: &str,
    dialect: Dialect,
    acts: &[Act<'_>],
) -> (Vec<(FileAllow, Span)>, Vec<FileAllow>) {
    if !text.contains(DIRECTIVE) {
        return (Vec::new(), Vec::new());
    }
    let mut found = Vec::new();
    let mut lexer = Lexer::new(text, dialect);
    // What cannot be lexed is reported by the reader of the file.
    while let Ok(Some(token)) = lexer.next_token() {
        if token.kind != TokenKind::Comment {
            continue;
        }
        let comment = token.text(text).trim_start_matches("--").trim();
        let rest = comment.strip_prefix(DIRECTIVE);
        let Some(rest) = rest.filter(|r| r.starts_with(char::is_whitespace)) else {
            continue;
        };
        let (start, end) = (token.start as usize, token.end as usize);
        if let Some(act) = statement_of(text, start, file, acts) {
            let mut read = Vec::new();
            read_allows(rest, Span::new(file, start, end), &mut read);
            found.extend(read.into_iter().map(|allow| (allow, act.span())));
        }
    }
    (found, sql_file_allows(file, text, dialect))
}

/// The statement that a comment is about: the one around it, the one that ends on its line, or the
/// next one.
fn statement_of<'s, 'a>(
    text: &str,
    comment: usize,
    file: FileId,
    acts: &'s [Act<'a>],
) -> Option<&'s Act<'a>> {
    let own = acts.iter().filter(|a| a.file == file);
    let mut own = own.skip_while(|a| {
        let end = a.told.end;
        end <= comment && text.get(end..comment).is_none_or(|t| t.contains('\n'))
    });
    own.next()
}
