//! MERGE.
//!
//! Source: gram.y, `MergeStmt`; ruleutils.c, `get_merge_query_def`.

use super::cursor::Cursor;
use super::{Assignment, From, Node, Returning};

#[derive(Clone, Debug, PartialEq)]
pub(in crate::expr) struct Merge {
    pub(in crate::expr) into: From,
    pub(in crate::expr) using: From,
    pub(in crate::expr) on: Node,
    pub(in crate::expr) whens: Vec<When>,
    pub(in crate::expr) returning: Returning,
}

/// `WHEN MATCHED AND condition THEN action`
#[derive(Clone, Debug, PartialEq)]
pub(in crate::expr) struct When {
    pub(in crate::expr) matched: Matched,
    pub(in crate::expr) condition: Option<Node>,
    pub(in crate::expr) action: Action,
}

/// Which rows there are: those of both sides, of the source alone, of the target alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::expr) enum Matched {
    Both,
    BySource,
    ByTarget,
}

#[derive(Clone, Debug, PartialEq)]
pub(in crate::expr) enum Action {
    Nothing,
    Delete,
    Update(Vec<Assignment>),
    /// Columns, `user` or `system`, and values; none of them for DEFAULT VALUES.
    Insert(Vec<String>, String, Vec<Node>),
}

impl Cursor<'_> {
    /// Behind MERGE INTO.
    pub(super) fn merge(&mut self) -> Option<Merge> {
        let into = self.changed_table()?;
        self.expect("using")?;
        let using = self.joined_relation()?;
        self.expect("on")?;
        let on = self.expression(0)?;
        let mut whens = Vec::new();
        while self.accept("when") {
            whens.push(self.merge_when()?);
        }
        Some(Merge {
            into,
            using,
            on,
            whens,
            returning: self.returning()?,
        })
    }

    fn merge_when(&mut self) -> Option<When> {
        let not = self.accept("not");
        self.expect("matched")?;
        let by_source = not && self.accept_all(&["by", "source"]);
        if not && !by_source {
            self.accept_all(&["by", "target"]);
        }
        let matched = match (not, by_source) {
            (false, _) => Matched::Both,
            (true, true) => Matched::BySource,
            (true, false) => Matched::ByTarget,
        };
        let condition = match self.accept("and") {
            true => Some(self.expression(0)?),
            false => None,
        };
        self.expect("then")?;
        Some(When {
            matched,
            condition,
            action: self.merge_action()?,
        })
    }

    fn merge_action(&mut self) -> Option<Action> {
        if self.accept_all(&["do", "nothing"]) {
            return Some(Action::Nothing);
        }
        if self.accept("delete") {
            return Some(Action::Delete);
        }
        if self.accept_all(&["update", "set"]) {
            return self.assignments().map(Action::Update);
        }
        self.expect("insert")?;
        if self.accept_all(&["default", "values"]) {
            return Some(Action::Insert(Vec::new(), String::new(), Vec::new()));
        }
        let columns = match self.is("(") {
            true => self.names_in_parentheses()?,
            false => Vec::new(),
        };
        let overriding = self.overriding()?;
        self.expect("values")?;
        self.expect("(")?;
        let values = self.expressions()?;
        self.expect(")")?;
        Some(Action::Insert(columns, overriding, values))
    }
}
