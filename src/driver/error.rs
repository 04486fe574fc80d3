//! What goes wrong between schemagen and a database, in words that can be printed.

use super::secret::Secret;

/// A failure, with what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct DriverError {
    reason: String,
    help: String,
}

impl DriverError {
    pub(super) fn new(reason: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            help: help.into(),
        }
    }

    pub fn help(&self) -> &str {
        &self.help
    }

    /// The same without a password, in case a server or a library quoted one.
    pub(super) fn without(mut self, password: Option<&Secret>) -> Self {
        if let Some(secret) = password.map(Secret::reveal).filter(|s| !s.is_empty()) {
            self.reason = self.reason.replace(secret, "***");
        }
        self
    }

    /// What a server answered to a query, or that it is gone.
    pub(super) fn query(error: &postgres::Error, what: &str) -> Self {
        if let Some(db) = error.as_db_error() {
            let reason = format!("cannot read {what}: {}", db.message());
            let help = match db.code().code() {
                "42501" => "connect as a user who may read the system catalogs",
                "57014" => "raise `statement_timeout` for this user, and run the command again",
                "40P01" | "40001" | "55P03" => "something else holds a lock; run the command again",
                "57P01" | "57P02" | "57P03" => {
                    "the server is shutting down, or somebody ended the connection; run the command again"
                }
                _ => "see the server's log for the query",
            };
            return Self::new(reason, help);
        }
        Self::new(
            format!("the server is gone while {what} was read"),
            "see the server's log, and run the command again",
        )
    }
}
