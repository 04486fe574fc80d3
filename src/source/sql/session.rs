//! Who runs the statements, and whether bodies are read: `SET ROLE`, `SET SESSION AUTHORIZATION` and
//! `SET check_function_bodies`, until they are taken back.
//!
//! Source: PostgreSQL manual, SET ROLE, SET SESSION AUTHORIZATION and SET (which are undone by ROLLBACK,
//! and with LOCAL by COMMIT too).

use super::cursor::Cursor;
use crate::model::Ident;

/// A change of the role that runs what follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RoleChange {
    /// `SESSION AUTHORIZATION`, which takes back `ROLE` as well.
    pub(super) authorization: bool,
    pub(super) local: bool,
    /// `None` is whoever connects.
    pub(super) role: Option<Ident>,
}

/// Behind SET or RESET: a change of the role, where it is one.
pub(super) fn role_change(c: &mut Cursor<'_>) -> Option<RoleChange> {
    let reset = c.is("reset");
    c.advance();
    let mut local = false;
    let mut authorization = c.accept("session authorization");
    if !reset && !authorization {
        local = c.accept("local");
        let _ = local || c.accept("session");
        authorization = c.accept("session authorization");
    }
    if !authorization && !c.accept("role") {
        return None;
    }
    let mut change = RoleChange {
        authorization,
        local,
        role: None,
    };
    if reset {
        return Some(change);
    }
    let _ = c.accept("to") || c.accept("=");
    let nobody = c.is("default") || c.is("none");
    change.role = match c.is_string() {
        true => c.string().ok().map(Ident::from),
        false if nobody => None,
        false => c.ident().ok(),
    };
    Some(change)
}

/// Whether the bodies of routines are read when these are created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BodiesChange {
    pub(super) local: bool,
    pub(super) unread: bool,
}

/// Behind SET, SESSION and LOCAL: the same of bodies.
pub(super) fn bodies_change(c: &mut Cursor<'_>, local: bool) -> Option<BodiesChange> {
    if !c.accept("check_function_bodies") {
        return None;
    }
    let _ = c.accept("to") || c.accept("=");
    let value = match c.is_string() {
        true => c.string().unwrap_or_default(),
        false => c.text().to_owned(),
    };
    let unread = is_off(&value);
    Some(BodiesChange { local, unread })
}

/// How the server takes a boolean that is false (`parse_bool` in src/backend/utils/adt/bool.c).
pub(super) fn is_off(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    let begins = |word: &str, least: usize| value.len() >= least && word.starts_with(&*value);
    value == "0" || begins("false", 1) || begins("no", 1) || begins("off", 2)
}

/// What is in force.
#[derive(Clone, Debug, Default)]
struct Settings {
    session: Option<Ident>,
    role: Option<Ident>,
    bodies_unread: bool,
}

/// What SET and the ends of transactions have left so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Session {
    now: Settings,
    /// What COMMIT leaves, and what ROLLBACK does.
    committed: Settings,
    begun: Option<Settings>,
}

impl Session {
    /// Who runs the statements, where that is not whoever connects.
    pub(super) fn role(&self) -> Option<&Ident> {
        self.now.role.as_ref().or(self.now.session.as_ref())
    }

    pub(super) fn change(&mut self, change: RoleChange) {
        let apply = |roles: &mut Settings| match change.authorization {
            true => {
                roles.session = change.role.clone();
                roles.role = None;
            }
            false => roles.role = change.role.clone(),
        };
        apply(&mut self.now);
        if !change.local {
            apply(&mut self.committed);
        }
    }

    /// Whether bodies in strings are taken as they are.
    pub(super) fn bodies_unread(&self) -> bool {
        self.now.bodies_unread
    }

    pub(super) fn change_bodies(&mut self, change: BodiesChange) {
        self.now.bodies_unread = change.unread;
        if !change.local {
            self.committed.bodies_unread = change.unread;
        }
    }

    /// A statement that begins or ends a transaction, by its first word.
    pub(super) fn transaction(&mut self, word: &str) {
        match word.to_ascii_lowercase().as_str() {
            "begin" | "start" => self.begun = Some(self.committed.clone()),
            "commit" | "end" => {
                self.begun = None;
                self.now = self.committed.clone();
            }
            "rollback" | "abort" => {
                if let Some(begun) = self.begun.take() {
                    self.committed = begun;
                }
                self.now = self.committed.clone();
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::source::sql::testing::read_text;

    /// The roles that the statements `CREATE SCHEMA ...` of a text are run by.
    fn roles(text: &str) -> Vec<String> {
        let read = read_text(text).declarations.into_iter();
        read.map(|d| d.role.map_or("-".into(), |r| r.to_string()))
            .collect()
    }

    #[test]
    fn a_role_runs_what_follows_until_it_is_taken_back() {
        let text = "CREATE SCHEMA a; SET ROLE x; CREATE SCHEMA b; SET SESSION AUTHORIZATION 'Y'; \
                    CREATE SCHEMA c; SET ROLE \"x\"; CREATE SCHEMA d; RESET ROLE; CREATE SCHEMA e; \
                    RESET SESSION AUTHORIZATION; CREATE SCHEMA f; SET role TO z; SET ROLE NONE; CREATE SCHEMA g;";
        assert_eq!(roles(text), ["-", "x", "Y", "x", "Y", "-", "-"]);
    }

    #[test]
    fn the_end_of_a_transaction_takes_back_what_was_local_to_it() {
        let text = "SET ROLE x; BEGIN; SET LOCAL ROLE y; CREATE SCHEMA a; COMMIT; CREATE SCHEMA b; \
                    BEGIN; SET ROLE z; CREATE SCHEMA c; ROLLBACK; CREATE SCHEMA d;";
        assert_eq!(roles(text), ["y", "x", "z", "x"]);
    }

    #[test]
    fn bodies_are_unread_until_the_setting_is_taken_back() {
        let unread = |text: &str| -> Vec<bool> {
            let read = read_text(text).declarations.into_iter();
            read.map(|d| d.bodies_unread).collect()
        };
        let text = "CREATE SCHEMA a; SET check_function_bodies = false; CREATE SCHEMA b; \
                    RESET check_function_bodies; CREATE SCHEMA c; BEGIN; \
                    SET LOCAL check_function_bodies TO 'off'; CREATE SCHEMA d; COMMIT; CREATE SCHEMA e; \
                    SELECT set_config('check_function_bodies', 'off', false); CREATE SCHEMA f; \
                    SET check_function_bodies TO on; CREATE SCHEMA g;";
        assert_eq!(unread(text), [false, true, false, true, false, true, false]);
    }
}
