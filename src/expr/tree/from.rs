//! The FROM clause: relations, functions, queries and joins.
//!
//! Source: gram.y, `table_ref`.

use super::cursor::Cursor;
use super::primary::is_reserved;
use super::{Alias, At, From, Join, Node, TypeName};
use crate::expr::TokenKind;

impl Cursor<'_> {
    pub(super) fn relations(&mut self) -> Option<Vec<From>> {
        let mut list = vec![self.joined_relation()?];
        while self.accept(",") {
            list.push(self.joined_relation()?);
        }
        Some(list)
    }

    /// A table reference with the joins behind it.
    pub(super) fn joined_relation(&mut self) -> Option<From> {
        self.enter()?;
        let first = self.single_relation()?;
        let joined = self.joins(first)?;
        self.leave();
        Some(joined)
    }

    /// The joins behind an item, up to where none begins.
    fn joins(&mut self, first: From) -> Option<From> {
        let mut left = first;
        loop {
            self.spend()?;
            let natural = self.accept("natural");
            let Some(kind) = self.join_kind() else {
                return (!natural).then_some(left);
            };
            let conditional = kind != "cross" && !natural;
            let mut right = self.single_relation()?;
            // What stands to the right may be joined first: `a JOIN b JOIN c ON .. ON ..`.
            if conditional && !(self.is("on") || self.is("using")) {
                self.enter()?;
                right = self.joins(right)?;
                self.leave();
            }
            let mut join = Join {
                kind,
                natural,
                left,
                right,
                on: None,
                using: Vec::new(),
                alias: Alias::default(),
                using_alias: None,
            };
            if !conditional {
            } else if self.accept("on") {
                join.on = Some(self.expression(0)?);
            } else {
                self.expect("using")?;
                join.using = self.names_in_parentheses()?;
                if self.accept("as") {
                    join.using_alias = Some(self.name()?);
                }
            }
            left = From::Join(Box::new(join));
            if self.is("on") || self.is("using") {
                return Some(left);
            }
        }
    }

    fn join_kind(&mut self) -> Option<&'static str> {
        let kind = match () {
            () if self.is("join") => "join",
            () if self.accept("inner") => "join",
            () if self.accept("cross") => "cross",
            () if self.accept("left") => "left",
            () if self.accept("right") => "right",
            () if self.accept("full") => "full",
            () => return None,
        };
        self.accept("outer");
        self.accept("join").then_some(kind)
    }

    fn single_relation(&mut self) -> Option<From> {
        self.enter()?;
        let lateral = self.accept("lateral");
        let item = if self.is("(") {
            match self.query_in_parentheses() {
                Some(query) => From::Query {
                    query: Box::new(query),
                    lateral,
                    alias: self.alias()?,
                },
                None => self.join_in_parentheses()?,
            }
        } else if self.are(&["xmltable", "("]) {
            self.xml_table()?
        } else if self.are(&["json_table", "("]) {
            self.json_table()?
        } else if self.are(&["rows", "from", "("]) {
            self.rows_from(lateral)?
        } else {
            self.relation_or_function(lateral)?
        };
        let item = match self.accept("tablesample") {
            true => self.sample(item)?,
            false => item,
        };
        self.leave();
        Some(item)
    }

    fn sample(&mut self, of: From) -> Option<From> {
        let method = self.qualified()?;
        self.expect("(")?;
        let arguments = self.expressions()?;
        self.expect(")")?;
        let repeatable = match self.accept_all(&["repeatable", "("]) {
            true => {
                let seed = self.expression(0)?;
                self.expect(")")?;
                Some(seed)
            }
            false => None,
        };
        Some(From::Sample(Box::new(of), method, arguments, repeatable))
    }

    fn join_in_parentheses(&mut self) -> Option<From> {
        self.expect("(")?;
        let inner = self.joined_relation()?;
        self.expect(")")?;
        let outer = self.alias()?;
        match inner {
            From::Join(mut join) if outer.name.is_some() => {
                join.alias = outer;
                Some(From::Join(join))
            }
            inner => outer.name.is_none().then_some(inner),
        }
    }

    fn rows_from(&mut self, lateral: bool) -> Option<From> {
        self.at += 3;
        let mut calls = Vec::new();
        loop {
            calls.push(self.primary()?);
            if self.is("as") {
                return None;
            }
            if !self.accept(",") {
                break;
            }
        }
        self.expect(")")?;
        let ordinality = self.accept_all(&["with", "ordinality"]);
        let alias = self.alias()?;
        Some(From::Functions {
            calls,
            ordinality,
            lateral,
            alias,
        })
    }

    fn relation_or_function(&mut self, lateral: bool) -> Option<From> {
        let only = self.accept("only");
        let wrapped = only && self.accept("(");
        let start = self.at;
        let special = matches!(self.kind(), Some(TokenKind::Word))
            && self.is_at(self.at + 1, "(")
            && !is_reserved(self.raw());
        let is_value = self.kind() == Some(TokenKind::Word)
            && self.raw().to_ascii_lowercase().starts_with("current_");
        if special || is_value {
            let call = self.primary()?;
            return self.function(call, lateral);
        }
        if self.kind() == Some(TokenKind::Word) && is_reserved(self.raw()) {
            return None;
        }
        let at = At(self.at);
        let name = self.qualified()?;
        if self.is("(") {
            self.at = start;
            let call = self.named()?;
            return self.function(call, lateral);
        }
        if wrapped {
            self.expect(")")?;
        }
        self.accept("*");
        Some(From::Relation {
            name,
            at,
            only,
            alias: self.alias()?,
        })
    }

    fn function(&mut self, call: Node, lateral: bool) -> Option<From> {
        let ordinality = self.accept_all(&["with", "ordinality"]);
        let alias = self.alias()?;
        Some(From::Functions {
            calls: vec![call],
            ordinality,
            lateral,
            alias,
        })
    }

    /// `AS a (x, y)`, `a`, `AS (x int)`.
    pub(super) fn alias(&mut self) -> Option<Alias> {
        let mut alias = Alias::default();
        let written = self.accept("as");
        if !(written && self.is("(")) {
            let bare = match self.kind() {
                Some(TokenKind::QuotedIdent) => true,
                Some(TokenKind::Word) => written || !is_reserved(self.raw()),
                _ => false,
            };
            if !bare {
                return Some(alias);
            }
            alias.name = Some(self.name()?);
        }
        if !self.is("(") {
            return Some(alias);
        }
        self.at += 1;
        loop {
            alias.columns.push(self.name()?);
            if !self.is(",") && !self.is(")") {
                let name: TypeName = self.type_name()?;
                alias.types.push(name);
                if self.accept("collate") {
                    self.qualified()?;
                }
            }
            if !self.accept(",") {
                break;
            }
        }
        self.expect(")")?;
        Some(alias)
    }
}
