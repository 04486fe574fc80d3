//! What the cursor takes as a whole: parenthesised groups, expressions, the rest of a statement.

use super::cursor::{Cursor, Parsed};
use crate::expr::expression;
use crate::model::Expr;

impl<'a> Cursor<'a> {
    /// Skips one token, or a whole group where the token opens one.
    pub(super) fn skip_group(&mut self) -> Parsed<()> {
        if !(self.is("(") || self.is("[")) {
            self.advance();
            return Ok(());
        }
        let open = self.clone();
        let mut depth = 0_usize;
        while let Some(token) = self.peek() {
            match token.text(self.source) {
                "(" | "[" => depth += 1,
                ")" | "]" => depth -= 1,
                _ => {}
            }
            self.advance();
            if depth == 0 {
                return Ok(());
            }
        }
        Err(open.error("this parenthesis is never closed"))
    }

    /// The source between two token positions.
    pub(super) fn slice(&self, from: usize, to: usize) -> &'a str {
        if from >= to {
            return "";
        }
        let (first, last) = (self.tokens[from], self.tokens[to - 1]);
        &self.source[first.start as usize..last.end as usize]
    }

    /// The text of everything up to the end of the statement.
    pub(super) fn rest(&mut self) -> &'a str {
        let text = self.slice(self.at, self.tokens.len());
        self.at = self.tokens.len();
        text
    }

    /// Takes tokens up to one of the keywords (or `,` or `)`) outside of any group; at least one.
    pub(super) fn until(&mut self, stops: &[&str]) -> Parsed<&'a str> {
        let from = self.at;
        let mut cases = 0_usize;
        while !self.at_end() {
            let stop = self.at > from
                && cases == 0
                && (self.is(",") || self.is(")") || stops.iter().any(|w| self.are(w)));
            if stop || self.is(")") {
                break;
            }
            if self.is("case") {
                cases += 1;
            } else if self.is("end") {
                cases = cases.saturating_sub(1);
            }
            self.skip_group()?;
        }
        if self.at == from {
            return Err(self.expected("an expression"));
        }
        Ok(self.slice(from, self.at))
    }

    /// An expression up to one of the keywords outside of any group.
    pub(super) fn expression_until(&mut self, stops: &[&str]) -> Parsed<Expr> {
        let text = self.until(stops)?;
        Ok(expression(text, self.dialect()))
    }

    /// `( expression )`, without the parentheses.
    pub(super) fn parenthesized(&mut self) -> Parsed<Expr> {
        if !self.is("(") {
            return Err(self.expected("("));
        }
        let from = self.at;
        self.skip_group()?;
        if self.at == from + 2 {
            self.at = from + 1;
            return Err(self.expected("an expression"));
        }
        let text = self.slice(from, self.at);
        Ok(expression(text, self.dialect()))
    }

    /// A cursor over the inside of the group that is next, and this one behind it.
    pub(super) fn group(&mut self) -> Parsed<Cursor<'a>> {
        let from = self.at;
        if !self.is("(") {
            return Err(self.expected("("));
        }
        self.skip_group()?;
        Ok(Cursor {
            source: self.source,
            tokens: &self.tokens[..self.at - 1],
            at: from + 1,
            version: self.version,
        })
    }
}
