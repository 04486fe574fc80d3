//! INSERT, UPDATE, DELETE and RETURNING: what rules do, bodies of SQL functions, and WITH.
//!
//! Source: gram.y, `InsertStmt`, `UpdateStmt`, `DeleteStmt`.

use super::cursor::Cursor;
use super::{Alias, Assignment, At, Body, Conflict, Delete, From, Insert, Node, Returning, Update};

impl Cursor<'_> {
    /// A command that changes rows; `None` where none stands here, and `Some(None)` where it is one that
    /// cannot be read.
    pub(super) fn command(&mut self) -> Option<Option<Body>> {
        Some(if self.accept_all(&["insert", "into"]) {
            self.insert().map(|i| Body::Insert(Box::new(i)))
        } else if self.accept("update") {
            self.update().map(|u| Body::Update(Box::new(u)))
        } else if self.accept_all(&["delete", "from"]) {
            self.delete().map(|d| Body::Delete(Box::new(d)))
        } else if self.accept_all(&["merge", "into"]) {
            self.merge().map(|m| Body::Merge(Box::new(m)))
        } else {
            return None;
        })
    }

    fn insert(&mut self) -> Option<Insert> {
        let into_at = At(self.at);
        let into = self.qualified()?;
        let alias = match self.accept("as") {
            true => Some(self.name()?),
            false => None,
        };
        let at = At(self.at + 1);
        let columns = match self.is("(") && !self.may_be_query() {
            true => self.names_in_parentheses()?,
            false => Vec::new(),
        };
        let overriding = self.overriding()?;
        let source = match self.accept_all(&["default", "values"]) {
            true => None,
            false => Some(self.query()?),
        };
        let conflict = match self.accept_all(&["on", "conflict"]) {
            true => Some(self.conflict()?),
            false => None,
        };
        Some(Insert {
            into,
            into_at,
            alias,
            columns,
            at,
            overriding,
            source,
            conflict,
            returning: self.returning()?,
        })
    }

    /// `user` or `system`; nothing where the values of identity columns are not spoken of.
    pub(super) fn overriding(&mut self) -> Option<String> {
        if !self.accept("overriding") {
            return Some(String::new());
        }
        let whose = self.name()?;
        self.expect("value")?;
        Some(whose)
    }

    fn conflict(&mut self) -> Option<Conflict> {
        let mut conflict = Conflict::default();
        if self.accept_all(&["on", "constraint"]) {
            conflict.constraint = Some(self.name()?);
        } else if self.accept("(") {
            conflict.elements = self.expressions()?;
            self.expect(")")?;
            conflict.predicate = self.condition()?;
        }
        self.expect("do")?;
        if self.accept("nothing") {
            return Some(conflict);
        }
        self.expect("update")?;
        self.expect("set")?;
        conflict.update = self.assignments()?;
        conflict.condition = self.condition()?;
        Some(conflict)
    }

    fn update(&mut self) -> Option<Update> {
        let table = self.changed_table()?;
        self.expect("set")?;
        let set = self.assignments()?;
        let from = match self.accept("from") {
            true => self.relations()?,
            false => Vec::new(),
        };
        Some(Update {
            table,
            set,
            from,
            condition: self.condition()?,
            returning: self.returning()?,
        })
    }

    fn delete(&mut self) -> Option<Delete> {
        let table = self.changed_table()?;
        let using = match self.accept("using") {
            true => self.relations()?,
            false => Vec::new(),
        };
        Some(Delete {
            table,
            using,
            condition: self.condition()?,
            returning: self.returning()?,
        })
    }

    /// `ONLY t AS a`
    pub(super) fn changed_table(&mut self) -> Option<From> {
        let only = self.accept("only");
        let at = At(self.at);
        let name = self.qualified()?;
        self.accept("*");
        let mut alias = Alias::default();
        let written = self.accept("as");
        if written || self.is_name_at(self.at) && !self.is("set") && !self.ends_table() {
            alias.name = Some(self.name()?);
        }
        Some(From::Relation {
            name,
            at,
            only,
            alias,
        })
    }

    fn ends_table(&self) -> bool {
        ["using", "where", "returning"].iter().any(|w| self.is(w))
    }

    fn condition(&mut self) -> Option<Option<Node>> {
        Some(match self.accept("where") {
            true => Some(self.expression(0)?),
            false => None,
        })
    }

    pub(super) fn assignments(&mut self) -> Option<Vec<Assignment>> {
        let mut list = Vec::new();
        loop {
            let several = self.is("(");
            let at = self.at + usize::from(several);
            let columns = match several {
                true => self.names_in_parentheses()?,
                false => vec![self.name()?],
            };
            self.expect("=")?;
            match self.expression(0)? {
                // The same as one assignment each (parse_target.c, `transformMultiAssignRef`).
                Node::Row(values) if several && values.len() == columns.len() => {
                    let pairs = columns.into_iter().zip(values).enumerate();
                    list.extend(pairs.map(|(n, (column, value))| Assignment {
                        columns: vec![column],
                        at: At(at + 2 * n),
                        value,
                    }));
                }
                value => {
                    let at = At(at);
                    list.push(Assignment { columns, at, value });
                }
            }
            if !self.accept(",") {
                return Some(list);
            }
        }
    }

    pub(super) fn returning(&mut self) -> Option<Returning> {
        let mut returning = Returning::default();
        if !self.accept("returning") {
            return Some(returning);
        }
        if self.accept_all(&["with", "("]) {
            loop {
                let old = self.accept("old");
                if !old {
                    self.expect("new")?;
                }
                self.expect("as")?;
                let name = Some(self.name()?);
                match old {
                    true => returning.old = name,
                    false => returning.new = name,
                }
                if !self.accept(",") {
                    break;
                }
            }
            self.expect(")")?;
        }
        returning.targets = self.targets()?.0;
        Some(returning)
    }
}
