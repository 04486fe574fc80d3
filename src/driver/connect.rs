//! A connection as a [`Location`] says, and why there is none.

use postgres::config::SslMode as Negotiation;
use postgres::error::SqlState;
use postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::error::DriverError;
use super::location::Location;
use super::tls::SslMode;

impl Location {
    /// Connects.
    pub(super) fn connect(&self) -> Result<Client, DriverError> {
        match self.ssl.mode {
            SslMode::Disable => self.plain(),
            _ if self.is_local() => self.plain(),
            SslMode::Allow => match self.plain() {
                Ok(client) => Ok(client),
                Err(_) => self.encrypted(Negotiation::Require),
            },
            SslMode::Prefer => self.encrypted(Negotiation::Prefer),
            SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => {
                self.encrypted(Negotiation::Require)
            }
        }
    }

    /// Sockets of the file system are never encrypted.
    fn is_local(&self) -> bool {
        #[cfg(unix)]
        let local = |h: &postgres::config::Host| matches!(h, postgres::config::Host::Unix(_));
        #[cfg(not(unix))]
        let local = |_: &postgres::config::Host| false;
        self.config.get_hosts().iter().all(local)
    }

    fn negotiated(&self, negotiation: Negotiation) -> Config {
        let mut config = self.config.clone();
        config.ssl_mode(negotiation);
        config
    }

    fn plain(&self) -> Result<Client, DriverError> {
        let connected = self.negotiated(Negotiation::Disable).connect(NoTls);
        connected.map_err(|e| self.failed(&e))
    }

    fn encrypted(&self, negotiation: Negotiation) -> Result<Client, DriverError> {
        let tls = MakeRustlsConnect::new(self.ssl.client_config()?);
        let connected = self.negotiated(negotiation).connect(tls);
        connected.map_err(|e| self.failed(&e))
    }

    /// Why there is no connection, in words for whoever gave the URL.
    fn failed(&self, error: &postgres::Error) -> DriverError {
        let (why, help) = match error.as_db_error() {
            Some(db) => (db.message().to_owned(), refusal(db.code())),
            None => {
                let mut why = error.to_string();
                let mut cause = std::error::Error::source(error);
                while let Some(inner) = cause {
                    let text = inner.to_string();
                    if !why.contains(&text) {
                        why.push_str(": ");
                        why.push_str(&text);
                    }
                    cause = inner.source();
                }
                (
                    why,
                    "check that the server runs, its host and port, and sslmode",
                )
            }
        };
        let reason = format!("cannot connect to {}: {why}", self.shown());
        DriverError::new(reason, help).without(self.password.as_ref())
    }
}

fn refusal(code: &SqlState) -> &'static str {
    match code.code() {
        "28P01" => "check user and password; PGPASSWORD and the password file are read too",
        "28000" => "let pg_hba.conf admit this user, or connect as another one",
        "3D000" => "create the database, or name another one after the host",
        "53300" => "wait until connections are free, or raise max_connections",
        "57P03" => "the server is starting or stopping; try again",
        _ => "see the server's log",
    }
}
