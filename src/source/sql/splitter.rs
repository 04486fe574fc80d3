//! A SQL text to statements with byte spans.
//!
//! Knows what must not be split: dollar quotes, nested comments, `BEGIN ATOMIC` bodies, SQLite
//! trigger bodies, COPY data, psql's backslash lines. Invariant: every token of the text belongs to
//! exactly one [`Piece`].

use crate::dialect::Dialect;
use crate::expr::{LexError, Lexer, Token, TokenKind};

/// A part of a SQL text.
#[derive(Debug)]
pub(super) enum Piece {
    /// `tokens` of the statement without its semicolon, and the comments in front of it, within it,
    /// and behind it on the line of its end.
    Statement {
        tokens: Vec<Token>,
        comments: Vec<Token>,
    },
    /// A psql line that begins with a backslash: its bytes.
    PsqlCommand(usize, usize),
    /// A token that never ends; reading goes on behind the next line that ends in a semicolon.
    Broken(LexError),
}

/// Iterates over the pieces of a text.
pub(super) struct Splitter<'a> {
    source: &'a str,
    lexer: Lexer<'a>,
    dialect: Dialect,
}

/// Where the splitter stands within one statement.
#[derive(Default)]
struct Block {
    parentheses: i32,
    /// Depth of `BEGIN ... END` and `CASE ... END`, counted once a body has begun.
    body: u32,
}

impl<'a> Splitter<'a> {
    pub(super) fn new(source: &'a str, dialect: Dialect) -> Self {
        let mut lexer = Lexer::new(source, dialect);
        if source.starts_with('\u{feff}') {
            lexer.seek('\u{feff}'.len_utf8());
        }
        Self {
            source,
            lexer,
            dialect,
        }
    }

    fn statement(&mut self) -> Option<Piece> {
        let (mut tokens, mut comments) = (Vec::new(), Vec::new());
        let mut block = Block::default();
        loop {
            let before = self.lexer.position();
            let token = match self.lexer.next_token() {
                Ok(Some(token)) => token,
                Ok(None) if tokens.is_empty() && comments.is_empty() => return None,
                Ok(None) => break,
                Err(error) => return Some(self.recover(error)),
            };
            if token.kind == TokenKind::Comment {
                comments.push(token);
                continue;
            }
            let text = token.text(self.source);
            if tokens.is_empty() && text == "\\" {
                if !comments.is_empty() {
                    self.lexer.seek(before);
                    break;
                }
                return Some(self.psql_command(token));
            }
            if text == ";" && (block.parentheses <= 0 || !self.is_rule(&tokens)) && block.body == 0
            {
                if tokens.is_empty() {
                    continue;
                }
                self.comment_behind(&mut comments);
                self.skip_copy_data(&tokens);
                break;
            }
            self.track(&mut block, &tokens, text, token.kind);
            tokens.push(token);
        }
        Some(Piece::Statement { tokens, comments })
    }

    fn track(&self, block: &mut Block, tokens: &[Token], text: &str, kind: TokenKind) {
        match text {
            "(" => block.parentheses += 1,
            ")" => block.parentheses -= 1,
            _ if kind != TokenKind::Word => {}
            _ if block.body > 0 => {
                if text.eq_ignore_ascii_case("case") || text.eq_ignore_ascii_case("begin") {
                    block.body += 1;
                } else if text.eq_ignore_ascii_case("end") {
                    block.body -= 1;
                }
            }
            _ if text.eq_ignore_ascii_case("atomic") && self.last_is(tokens, "begin") => {
                block.body = 1;
            }
            _ if text.eq_ignore_ascii_case("begin")
                && self.dialect == Dialect::Sqlite
                && self.is_create_trigger(tokens) =>
            {
                block.body = 1;
            }
            _ => {}
        }
    }

    fn last_is(&self, tokens: &[Token], word: &str) -> bool {
        tokens
            .last()
            .is_some_and(|t| t.text(self.source).eq_ignore_ascii_case(word))
    }

    /// `CREATE [OR REPLACE] RULE`: the only statement with semicolons between parentheses. In any
    /// other, one ends the statement, so that a forgotten parenthesis does not hide the rest.
    fn is_rule(&self, tokens: &[Token]) -> bool {
        let word = |n: usize| tokens.get(n).map_or("", |t| t.text(self.source));
        word(1).eq_ignore_ascii_case("rule") || word(3).eq_ignore_ascii_case("rule")
    }

    fn is_create_trigger(&self, tokens: &[Token]) -> bool {
        let word = |n: usize| tokens.get(n).map_or("", |t| t.text(self.source));
        word(0).eq_ignore_ascii_case("create")
            && (1..3).any(|n| word(n).eq_ignore_ascii_case("trigger"))
    }

    /// A comment on the line where the statement ends belongs to it.
    fn comment_behind(&mut self, comments: &mut Vec<Token>) {
        let end = self.lexer.position();
        match self.lexer.next_token() {
            Ok(Some(token))
                if token.kind == TokenKind::Comment
                    && !self.source[end..token.start as usize].contains('\n') =>
            {
                comments.push(token);
            }
            _ => self.lexer.seek(end),
        }
    }

    fn psql_command(&mut self, token: Token) -> Piece {
        let start = token.start as usize;
        let end = self.source[start..]
            .find('\n')
            .map_or(self.source.len(), |n| start + n);
        self.lexer.seek(end);
        Piece::PsqlCommand(start, end)
    }

    /// Skips the rows behind `COPY ... FROM stdin;`, up to the line `\.`.
    fn skip_copy_data(&mut self, tokens: &[Token]) {
        let word = |t: &Token, w: &str| t.text(self.source).eq_ignore_ascii_case(w);
        let copies = tokens.first().is_some_and(|t| word(t, "copy"))
            && tokens
                .windows(2)
                .any(|w| word(&w[0], "from") && word(&w[1], "stdin"));
        if !copies {
            return;
        }
        let start = self.lexer.position();
        let mut at = start;
        for line in self.source[start..].split_inclusive('\n') {
            at += line.len();
            if line.trim_end() == "\\." {
                break;
            }
        }
        self.lexer.seek(at);
    }

    /// Goes on behind the next semicolon that ends a line, so that one forgotten quote does not
    /// hide the errors of the rest.
    fn recover(&mut self, error: LexError) -> Piece {
        let start = error.start as usize;
        let resume = self.source[start..]
            .find(";\n")
            .map_or(self.source.len(), |n| start + n + 2);
        self.lexer.seek(resume);
        Piece::Broken(error)
    }
}

impl Iterator for Splitter<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        self.statement()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statements(source: &str, dialect: Dialect) -> Vec<&str> {
        Splitter::new(source, dialect)
            .filter_map(|piece| match piece {
                Piece::Statement { tokens, .. } if !tokens.is_empty() => {
                    let (first, last) = (tokens[0], tokens[tokens.len() - 1]);
                    Some(&source[first.start as usize..last.end as usize])
                }
                _ => None,
            })
            .collect()
    }

    #[test]
    fn bodies_are_not_split() {
        let source = "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END; SELECT $$a;b$$;";
        let found = statements(source, Dialect::Postgres);
        assert_eq!(found.len(), 2);
        assert!(found[0].ends_with("SELECT 2; END"));
        let trigger =
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; SELECT 1; END; SELECT 2";
        assert_eq!(statements(trigger, Dialect::Sqlite).len(), 2);
    }

    #[test]
    fn a_transaction_is_no_body() {
        let source = "BEGIN; SELECT 1; END;";
        assert_eq!(
            statements(source, Dialect::Postgres),
            ["BEGIN", "SELECT 1", "END"]
        );
    }

    #[test]
    fn copy_data_and_psql_lines() {
        let source = "\\connect x\nCOPY t (a) FROM stdin;\n1;'\n\\.\n\nSELECT 1;";
        assert_eq!(
            statements(source, Dialect::Postgres),
            ["COPY t (a) FROM stdin", "SELECT 1"]
        );
    }

    #[test]
    fn reading_goes_on_after_a_forgotten_quote() {
        let source = "SELECT 'a;\nSELECT 1;";
        let pieces: Vec<_> = Splitter::new(source, Dialect::Postgres).collect();
        assert!(matches!(
            pieces[0],
            Piece::Broken(LexError { start: 7, .. })
        ));
        assert_eq!(statements(source, Dialect::Postgres), ["SELECT 1"]);
    }
}
