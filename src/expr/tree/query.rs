//! Queries: WITH, SELECT, VALUES, set operations, ORDER BY, LIMIT.
//!
//! Source: gram.y, `SelectStmt`.

use super::cursor::Cursor;
use super::primary::is_reserved;
use super::{Alias, At, Body, Cte, From, Group, Node, Query, Select, Target, Window};
use crate::expr::TokenKind;

impl Cursor<'_> {
    pub(super) fn query(&mut self) -> Option<Query> {
        self.enter()?;
        let (mut recursive, mut with) = (false, Vec::new());
        if self.accept("with") {
            recursive = self.accept("recursive");
            with = self.ctes()?;
        }
        let mut query = match self.command() {
            Some(command) => plain(command?),
            None => self.set_operations(0)?,
        };
        if !with.is_empty() {
            if !query.with.is_empty() {
                return None;
            }
            (query.with, query.recursive) = (with, recursive);
        }
        self.tail(&mut query)?;
        self.leave();
        Some(query)
    }

    fn ctes(&mut self) -> Option<Vec<Cte>> {
        let mut ctes = Vec::new();
        loop {
            let name = self.name()?;
            let columns = match self.is("(") {
                true => self.names_in_parentheses()?,
                false => Vec::new(),
            };
            self.expect("as")?;
            let not = self.accept("not");
            let materialized = self.accept("materialized").then_some(!not);
            self.expect("(")?;
            let query = self.query()?;
            self.expect(")")?;
            let order = self.search_and_cycle()?;
            ctes.push(Cte {
                name,
                columns,
                materialized,
                query,
                order,
            });
            if !self.accept(",") {
                return Some(ctes);
            }
        }
    }

    /// `SEARCH DEPTH FIRST BY a SET o`, `CYCLE a SET c TO true DEFAULT false USING p`.
    fn search_and_cycle(&mut self) -> Option<Vec<(String, Vec<String>)>> {
        let mut found = Vec::new();
        if self.accept("search") {
            let first = self.name()?;
            self.expect("first")?;
            self.expect("by")?;
            let by = self.names()?.join(", ");
            self.expect("set")?;
            let added = self.name()?;
            found.push((format!("search {first} by {by}"), vec![added]));
        }
        if self.accept("cycle") {
            let of = self.names()?.join(", ");
            self.expect("set")?;
            let mark = self.name()?;
            let mut values = String::from("true false");
            if self.accept("to") {
                let to = self.cycle_mark()?;
                self.expect("default")?;
                values = format!("{to} {}", self.cycle_mark()?);
            }
            self.expect("using")?;
            let path = self.name()?;
            found.push((format!("cycle {of} {values}"), vec![mark, path]));
        }
        Some(found)
    }

    /// A value of CYCLE; the server prints its type too.
    fn cycle_mark(&mut self) -> Option<String> {
        let value = match self.expression(13)? {
            Node::Cast(value, _) => *value,
            value => value,
        };
        match value {
            Node::Text(text, _) => Some(format!("{text:?}")),
            Node::Number(digits) => Some(digits),
            Node::Bool(value) => Some(value.to_string()),
            _ => None,
        }
    }

    /// UNION and EXCEPT bind alike, INTERSECT tighter.
    fn set_operations(&mut self, floor: u8) -> Option<Query> {
        let mut left = self.set_operand()?;
        loop {
            self.spend()?;
            let (name, level) = match () {
                () if self.is("union") => ("union", 1),
                () if self.is("except") => ("except", 1),
                () if self.is("intersect") => ("intersect", 2),
                () => return Some(left),
            };
            if level <= floor {
                return Some(left);
            }
            self.at += 1;
            let all = self.accept("all");
            if !all {
                self.accept("distinct");
            }
            let right = self.set_operations(level)?;
            left = plain(Body::Set(name, all, Box::new(left), Box::new(right)));
        }
    }

    fn set_operand(&mut self) -> Option<Query> {
        self.enter()?;
        let operand = if self.accept("(") {
            let query = self.query()?;
            self.expect(")")?;
            query
        } else if self.accept("values") {
            plain(Body::Values(self.rows()?))
        } else if self.accept("table") {
            self.accept("only");
            let at = At(self.at);
            let name = self.qualified()?;
            let from = From::Relation {
                name,
                at,
                only: false,
                alias: Alias::default(),
            };
            plain(Body::Select(Box::new(Select {
                targets: vec![(Node::Star(Vec::new(), At::NOWHERE), None)],
                from: vec![from],
                ..Select::default()
            })))
        } else {
            plain(Body::Select(Box::new(self.select()?)))
        };
        self.leave();
        Some(operand)
    }

    fn rows(&mut self) -> Option<Vec<Vec<Node>>> {
        let mut rows = Vec::new();
        loop {
            self.expect("(")?;
            rows.push(self.expressions()?);
            self.expect(")")?;
            if !self.accept(",") {
                return Some(rows);
            }
        }
    }

    fn select(&mut self) -> Option<Select> {
        self.expect("select")?;
        let mut select = Select::default();
        if self.accept_all(&["distinct", "on", "("]) {
            select.distinct = Some(self.expressions()?);
            self.expect(")")?;
        } else if self.accept("distinct") {
            select.distinct = Some(Vec::new());
        } else {
            self.accept("all");
        }
        (select.targets, select.ends) = self.targets()?;
        if self.accept("from") {
            select.from = self.relations()?;
        }
        if self.accept("where") {
            select.condition = Some(self.expression(0)?);
        }
        if self.accept_all(&["group", "by"]) {
            select.group_distinct = self.accept("distinct");
            self.accept("all");
            select.group = self.groups()?;
        }
        if self.accept("having") {
            select.having = Some(self.expression(0)?);
        }
        if self.accept("window") {
            select.windows = self.windows()?;
        }
        Some(select)
    }

    /// Targets, and the token behind each, before its alias.
    pub(super) fn targets(&mut self) -> Option<(Vec<Target>, Vec<At>)> {
        let (mut targets, mut ends) = (Vec::new(), Vec::new());
        if ["from", "where", "union", ")", ""]
            .iter()
            .any(|w| self.is(w))
        {
            return Some((targets, ends));
        }
        loop {
            let node = match self.is("*") {
                true => {
                    let at = At(self.at);
                    self.at += 1;
                    Node::Star(Vec::new(), at)
                }
                false => self.expression(0)?,
            };
            ends.push(At(self.at));
            targets.push((node, self.target_alias()?));
            if !self.accept(",") {
                return Some((targets, ends));
            }
        }
    }

    fn target_alias(&mut self) -> Option<Option<String>> {
        if self.accept("as") {
            return Some(Some(self.name()?));
        }
        let bare = match self.kind() {
            Some(TokenKind::QuotedIdent) => true,
            Some(TokenKind::Word) => !is_reserved(self.raw()),
            _ => false,
        };
        Some(if bare { Some(self.name()?) } else { None })
    }

    fn groups(&mut self) -> Option<Vec<Group>> {
        let mut groups = Vec::new();
        loop {
            groups.push(self.group()?);
            if !self.accept(",") {
                return Some(groups);
            }
        }
    }

    fn group(&mut self) -> Option<Group> {
        self.enter()?;
        let group = if self.accept_all(&["grouping", "sets", "("]) {
            Group::Sets("grouping sets", self.closed_groups()?)
        } else if self.accept_all(&["rollup", "("]) {
            Group::Sets("rollup", self.closed_groups()?)
        } else if self.accept_all(&["cube", "("]) {
            Group::Sets("cube", self.closed_groups()?)
        } else if self.accept_all(&["(", ")"]) {
            Group::Set(Vec::new())
        } else {
            match self.expression(0)? {
                Node::Row(list) => Group::Set(list),
                node => Group::Item(node),
            }
        };
        self.leave();
        Some(group)
    }

    fn closed_groups(&mut self) -> Option<Vec<Group>> {
        let groups = self.groups()?;
        self.expect(")")?;
        Some(groups)
    }

    fn windows(&mut self) -> Option<Vec<(String, Window)>> {
        let mut windows = Vec::new();
        loop {
            let name = self.name()?;
            self.expect("as")?;
            windows.push((name, self.window()?));
            if !self.accept(",") {
                return Some(windows);
            }
        }
    }

    /// ORDER BY, LIMIT, OFFSET, FETCH and FOR, in the orders that the grammar takes.
    fn tail(&mut self, query: &mut Query) -> Option<()> {
        if self.accept_all(&["order", "by"]) {
            query.order = self.sort_list()?;
        }
        loop {
            if self.accept("limit") {
                query.limit = match self.accept("all") {
                    true => None,
                    false => Some(self.expression(0)?),
                };
            } else if self.accept("offset") {
                query.offset = Some(self.expression(0)?);
                let _ = self.accept("rows") || self.accept("row");
            } else if self.accept("fetch") {
                self.fetch(query)?;
            } else if self.is("for") {
                self.locking(query);
            } else {
                return Some(());
            }
        }
    }

    fn fetch(&mut self, query: &mut Query) -> Option<()> {
        let _ = self.accept("first") || self.accept("next");
        query.limit = Some(match self.is("row") || self.is("rows") {
            true => Node::Number("1".to_owned()),
            false => self.expression(13)?,
        });
        let _ = self.accept("row") || self.accept("rows");
        query.with_ties = self.accept_all(&["with", "ties"]);
        if !query.with_ties {
            self.expect("only")?;
        }
        Some(())
    }

    fn locking(&mut self, query: &mut Query) {
        while !self.at_end() && !self.is(")") {
            query.locking.push_str(&self.raw().to_lowercase());
            query.locking.push(' ');
            self.at += 1;
        }
    }
}

fn plain(body: Body) -> Query {
    Query {
        recursive: false,
        with: Vec::new(),
        body,
        order: Vec::new(),
        limit: None,
        with_ties: false,
        offset: None,
        locking: String::new(),
    }
}
