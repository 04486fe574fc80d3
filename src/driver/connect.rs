//! A connection as a [`Location`] says, and why there is none.
//!
//! Invariant: it is there or not within the time limit for each host, whatever answers at the other end.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use postgres::config::SslMode as Negotiation;
use postgres::error::SqlState;
use postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::error::DriverError;
use super::location::Location;
use super::tls::SslMode;

impl Location {
    /// Connects. The client's own limit is over once something has accepted the connection, so that the
    /// rest is waited for here.
    pub(super) fn connect(&self) -> Result<Client, DriverError> {
        let Some(limit) = self.config.get_connect_timeout().copied() else {
            return self.negotiate();
        };
        let hosts = u32::try_from(self.config.get_hosts().len()).unwrap_or(1);
        let (send, receive) = channel();
        let location = self.clone();
        thread::spawn(move || {
            // Nobody listens any more where the limit is over.
            let _ = send.send(location.negotiate());
        });
        match receive.recv_timeout(limit.saturating_mul(hosts.max(1))) {
            Ok(connected) => connected,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                Err(self.silent(limit))
            }
        }
    }

    fn silent(&self, limit: Duration) -> DriverError {
        let reason = format!(
            "cannot connect to {}: nothing answered within {} s",
            self.shown(),
            limit.as_secs()
        );
        let help = "check that PostgreSQL is what listens there; connect_timeout in the URL or \
                    PGCONNECT_TIMEOUT say how many seconds to wait";
        DriverError::new(reason, help)
    }

    fn negotiate(&self) -> Result<Client, DriverError> {
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
        "28000" => "let pg_hba.conf admit this user, create the role, or connect as another one",
        "3D000" => "create the database, or name another one after the host",
        "53300" => "wait until connections are free, or raise max_connections",
        "57P03" => "the server is starting or stopping; try again",
        _ => "see the server's log",
    }
}
