//! Triggers, rules, policies and event triggers.

use super::{Deferral, Expr, Facets, Ident, QualifiedName};

/// A trigger of a table or view.
#[derive(Clone, Debug, Default)]
pub struct Trigger {
    pub name: Ident,
    /// `BEFORE`, `AFTER` or `INSTEAD OF`.
    pub timing: Box<str>,
    /// `INSERT`, `DELETE`, `TRUNCATE`, `UPDATE`; upper case, in the server's order.
    pub events: Vec<Box<str>>,
    /// The columns of `UPDATE OF`.
    pub update_of: Vec<Ident>,
    /// SQLite: whether the words are there; its triggers are row triggers in any case, so that
    /// equality does not see it.
    pub for_each_row: bool,
    pub constraint: bool,
    /// The other table of a constraint trigger.
    pub from: Option<QualifiedName>,
    pub deferral: Deferral,
    /// `REFERENCING OLD TABLE AS`, `NEW TABLE AS`.
    pub old_table: Option<Ident>,
    pub new_table: Option<Ident>,
    pub when: Option<Expr>,
    /// PostgreSQL: the function.
    pub function: QualifiedName,
    /// PostgreSQL: the arguments, unquoted.
    pub arguments: Vec<Box<str>>,
    /// SQLite: the text from `BEGIN` to `END`.
    pub body: Option<Expr>,
    pub enabled: TriggerEnabled,
    /// `DEPENDS ON EXTENSION`.
    pub extension: Option<Ident>,
    pub comment: Option<Box<str>>,
}

impl Trigger {
    /// Whether it fires once a row, and not once a statement.
    pub fn fires_by_row(&self) -> bool {
        self.for_each_row || self.body.is_some()
    }
}

impl PartialEq for Trigger {
    fn eq(&self, other: &Self) -> bool {
        let when = |t: &Self| (t.fires_by_row(), t.constraint, t.deferral, t.enabled);
        self.name == other.name
            && self.timing == other.timing
            && self.events == other.events
            && self.update_of == other.update_of
            && when(self) == when(other)
            && self.from == other.from
            && self.old_table == other.old_table
            && self.new_table == other.new_table
            && self.when == other.when
            && self.function == other.function
            && self.arguments == other.arguments
            && self.body == other.body
            && self.extension == other.extension
            && self.comment == other.comment
    }
}

impl Eq for Trigger {}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TriggerEnabled {
    #[default]
    Origin,
    Disabled,
    Replica,
    Always,
}

/// A rewrite rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    pub name: Ident,
    /// `SELECT`, `INSERT`, `UPDATE`, `DELETE`.
    pub event: Box<str>,
    pub condition: Option<Expr>,
    pub instead: bool,
    /// `NOTHING`, one command, or several in parentheses; verbatim.
    pub action: Expr,
    pub enabled: TriggerEnabled,
    pub comment: Option<Box<str>>,
}

/// A row-level security policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    pub name: Ident,
    pub restrictive: bool,
    pub command: PolicyCommand,
    /// Roles, sorted; empty means `PUBLIC`.
    pub roles: Vec<Ident>,
    pub using: Option<Expr>,
    pub with_check: Option<Expr>,
    pub comment: Option<Box<str>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyCommand {
    #[default]
    All,
    Select,
    Insert,
    Update,
    Delete,
}

impl PolicyCommand {
    pub fn as_sql(self) -> &'static str {
        match self {
            Self::All => "ALL",
            Self::Select => "SELECT",
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
        }
    }
}

/// An event trigger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventTrigger {
    pub name: Ident,
    /// `ddl_command_start` and the like.
    pub event: Ident,
    /// `WHEN TAG IN (...)`.
    pub tags: Vec<Box<str>>,
    pub function: QualifiedName,
    pub enabled: TriggerEnabled,
    pub facets: Facets,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trigger_of_sqlite_is_one_for_each_row_in_any_case() {
        let said = Trigger {
            body: Some(Expr::new("BEGIN SELECT 1; END", "")),
            for_each_row: true,
            ..Trigger::default()
        };
        let mut unsaid = said.clone();
        unsaid.for_each_row = false;
        assert_eq!(said, unsaid);
        let (said, unsaid) = (
            Trigger { body: None, ..said },
            Trigger {
                body: None,
                ..unsaid
            },
        );
        assert_ne!(said, unsaid);
    }
}
