//! Where a PostgreSQL database is: a URL read as libpq reads it, over the environment's values.
//!
//! Invariant: what is printed of a URL is made of its parts, never cut out of its text, so a malformed
//! one is not printed at all: the password may stand anywhere in it.

use std::path::PathBuf;
use std::time::Duration;

use postgres::Config;

use super::error::DriverError;
use super::secret::Secret;
use super::tls::{Ssl, SslMode};

/// What libpq takes from the environment; whoever runs the program reads it.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// The values of variables by name: `PGHOST`, `PGSSLMODE`, ...
    pub variables: std::collections::BTreeMap<String, Secret>,
    /// The user of the operating system, as whom one connects where nothing else is said.
    pub user: Option<String>,
    /// The folder in which `.postgresql/root.crt` and the others are looked for.
    pub home: Option<PathBuf>,
    /// The text of the password file.
    pub password_file: Option<Secret>,
}

impl Environment {
    /// The variables that are looked at.
    pub const VARIABLES: [&'static str; 14] = [
        "PGHOST",
        "PGHOSTADDR",
        "PGPORT",
        "PGDATABASE",
        "PGUSER",
        "PGPASSWORD",
        "PGOPTIONS",
        "PGAPPNAME",
        "PGCONNECT_TIMEOUT",
        "PGSSLMODE",
        "PGSSLROOTCERT",
        "PGSSLCERT",
        "PGSSLKEY",
        "PGTARGETSESSIONATTRS",
    ];

    fn get(&self, name: &str) -> Option<&str> {
        let value = self.variables.get(name)?.reveal();
        (!value.is_empty()).then_some(value)
    }
}

/// A PostgreSQL database that can be connected to.
#[derive(Clone, Debug)]
pub struct Location {
    pub(super) config: Config,
    pub(super) ssl: Ssl,
    pub(super) password: Option<Secret>,
    shown: String,
}

/// The parts of a URL, decoded.
#[derive(Default)]
struct Parts {
    user: Option<String>,
    password: Option<String>,
    hosts: Vec<String>,
    ports: Vec<String>,
    database: Option<String>,
    options: Vec<(String, String)>,
}

impl Location {
    /// Whether a text is meant as the URL of a PostgreSQL database.
    pub fn is_url(text: &str) -> bool {
        text.starts_with("postgres://") || text.starts_with("postgresql://")
    }

    /// The location without anything secret: `postgresql://host:port/database`.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Reads a URL; what it does not say comes from the environment.
    pub fn parse(url: &str, environment: &Environment) -> Result<Self, DriverError> {
        let mut parts = split(url)?;
        let mut location = Self {
            config: Config::new(),
            ssl: Ssl::from_environment(
                environment.get("PGSSLMODE"),
                environment.get("PGSSLROOTCERT"),
                environment.get("PGSSLCERT"),
                environment.get("PGSSLKEY"),
                environment.home.clone(),
            )?,
            password: None,
            shown: String::new(),
        };
        location.options(&mut parts, environment)?;
        location.address(&parts, environment)?;
        location.identity(parts, environment);
        Ok(location)
    }

    /// What the URL says after its question mark, over what the environment says.
    fn options(&mut self, parts: &mut Parts, env: &Environment) -> Result<(), DriverError> {
        let mut timeout = env.get("PGCONNECT_TIMEOUT").map(str::to_owned);
        let mut application = env.get("PGAPPNAME").map(str::to_owned);
        let mut options = env.get("PGOPTIONS").map(str::to_owned);
        for (name, value) in std::mem::take(&mut parts.options) {
            match name.as_str() {
                "host" | "hostaddr" => parts.hosts = value.split(',').map(str::to_owned).collect(),
                "port" => parts.ports = value.split(',').map(str::to_owned).collect(),
                "user" => parts.user = Some(value),
                "password" => parts.password = Some(value),
                "dbname" => parts.database = Some(value),
                "sslmode" => self.ssl.mode = SslMode::parse(&value)?,
                "sslrootcert" => self.ssl.root = Some(PathBuf::from(value)),
                "sslcert" => self.ssl.certificate = Some(PathBuf::from(value)),
                "sslkey" => self.ssl.key = Some(PathBuf::from(value)),
                "connect_timeout" => timeout = Some(value),
                "application_name" => application = Some(value),
                "options" => options = Some(value),
                // What these decide does not matter here, or cannot be otherwise.
                "fallback_application_name"
                | "client_encoding"
                | "gssencmode"
                | "sslcompression"
                | "channel_binding"
                | "target_session_attrs"
                | "keepalives"
                | "sslsni"
                | "krbsrvname"
                | "load_balance_hosts"
                | "schema"
                | "pgbouncer"
                | "sslaccept"
                | "connection_limit"
                | "pool_timeout" => {}
                _ => return Err(malformed("its query names an option that is not known")),
            }
        }
        let application = application.unwrap_or_else(|| "schemagen".to_owned());
        self.config.application_name(&application);
        if let Some(options) = options {
            self.config.options(&options);
        }
        let seconds = timeout.map_or(Ok(15), |t| t.trim().parse::<u64>());
        let seconds = seconds.map_err(|_| malformed("connect_timeout is no number of seconds"))?;
        if seconds > 0 {
            self.config.connect_timeout(Duration::from_secs(seconds));
        }
        Ok(())
    }

    fn address(&mut self, parts: &Parts, env: &Environment) -> Result<(), DriverError> {
        let split = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        let mut hosts = parts.hosts.clone();
        hosts.retain(|h| !h.is_empty());
        if hosts.is_empty() {
            let from_env = env.get("PGHOST").or(env.get("PGHOSTADDR"));
            hosts = from_env.map(split).unwrap_or_default();
        }
        let mut ports = parts.ports.clone();
        ports.retain(|p| !p.is_empty());
        if ports.is_empty() {
            ports = env.get("PGPORT").map(split).unwrap_or_default();
        }
        let port = ports.first().map_or("5432", String::as_str).to_owned();
        if hosts.is_empty() {
            hosts.push(socket_folder(&port).unwrap_or_else(|| "localhost".to_owned()));
        }
        for host in &hosts {
            self.config.host(host);
        }
        let unusual: Vec<&str> = ports.iter().map(String::as_str).collect();
        let unusual = match unusual[..] {
            [] | ["5432"] => String::new(),
            _ => format!(":{}", unusual.join(",")),
        };
        for port in &ports {
            let number = port.parse::<u16>();
            self.config
                .port(number.map_err(|_| malformed("its port is no number up to 65535"))?);
        }
        let sockets = hosts.iter().all(|h| h.starts_with('/'));
        self.shown = if sockets {
            "postgresql://".to_owned()
        } else {
            format!("postgresql://{}{unusual}", hosts.join(","))
        };
        Ok(())
    }

    fn identity(&mut self, parts: Parts, env: &Environment) {
        let user = parts
            .user
            .or_else(|| env.get("PGUSER").map(str::to_owned))
            .or_else(|| env.user.clone())
            .unwrap_or_else(|| "postgres".to_owned());
        let database = parts
            .database
            .or_else(|| env.get("PGDATABASE").map(str::to_owned))
            .unwrap_or_else(|| user.clone());
        let password = parts
            .password
            .or_else(|| env.get("PGPASSWORD").map(str::to_owned))
            .or_else(|| self.filed_password(env, &user, &database));
        if let Some(password) = password {
            self.config.password(&password);
            self.password = Some(Secret::new(password));
        }
        self.config.user(&user);
        self.shown.push('/');
        self.shown.push_str(&database);
        self.config.dbname(&database);
    }

    /// The first line of the password file that fits.
    fn filed_password(&self, env: &Environment, user: &str, database: &str) -> Option<String> {
        let text = env.password_file.as_ref()?.reveal();
        let host = match self.config.get_hosts().first()? {
            postgres::config::Host::Tcp(host) => host.clone(),
            #[cfg(unix)]
            postgres::config::Host::Unix(_) => "localhost".to_owned(),
        };
        let port = self.config.get_ports().first().copied().unwrap_or(5432);
        let wanted = [&host, &port.to_string(), database, user];
        text.lines().find_map(|line| {
            let fields = fields(line);
            let (password, rest) = fields.split_last()?;
            let fits = rest.len() == 4 && rest.iter().zip(wanted).all(|(f, w)| f == "*" || f == w);
            (fits && !line.starts_with('#')).then(|| password.clone())
        })
    }
}

/// The fields of a line of the password file; a backslash takes the next character as it is.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut characters = line.chars();
    while let Some(c) = characters.next() {
        match c {
            ':' if fields.len() < 5 => fields.push(String::new()),
            '\\' => fields
                .last_mut()
                .map_or((), |f| f.extend(characters.next())),
            c => fields.last_mut().map_or((), |f| f.push(c)),
        }
    }
    fields
}

/// The folder in which a local server has its socket, where there is one.
fn socket_folder(port: &str) -> Option<String> {
    let folders = ["/var/run/postgresql", "/tmp"];
    let found = folders
        .into_iter()
        .find(|f| PathBuf::from(format!("{f}/.s.PGSQL.{port}")).exists());
    found.map(str::to_owned)
}

/// Takes a URL apart: `postgresql://user:password@host:port,host/database?name=value`.
fn split(url: &str) -> Result<Parts, DriverError> {
    let rest = url
        .strip_prefix("postgresql://")
        .or_else(|| url.strip_prefix("postgres://"))
        .ok_or_else(|| malformed("it does not begin with postgresql://"))?;
    let (rest, query) = match rest.split_once('?') {
        Some((rest, query)) => (rest, query),
        None => (rest, ""),
    };
    let (authority, database) = rest.split_once('/').unwrap_or((rest, ""));
    let mut parts = Parts::default();
    let hosts = match authority.rsplit_once('@') {
        Some((who, hosts)) => {
            let (user, password) = who.split_once(':').unwrap_or((who, ""));
            parts.user = some(decode(user)?);
            parts.password = some(decode(password)?);
            hosts
        }
        None => authority,
    };
    for host in hosts.split(',').filter(|h| !h.is_empty()) {
        let (host, port) = match host.strip_prefix('[').and_then(|h| h.split_once(']')) {
            Some((address, port)) => (address, port.strip_prefix(':').unwrap_or("")),
            None => host.rsplit_once(':').unwrap_or((host, "")),
        };
        parts.hosts.push(decode(host)?);
        if !port.is_empty() {
            parts.ports.push(decode(port)?);
        }
    }
    parts.database = some(decode(database)?);
    for pair in query.split('&').filter(|p| !p.is_empty()) {
        let (name, value) = pair
            .split_once('=')
            .ok_or_else(|| malformed("its query has an option without a value"))?;
        parts.options.push((decode(name)?, decode(value)?));
    }
    Ok(parts)
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// Resolves percent signs.
fn decode(text: &str) -> Result<String, DriverError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = [rest.next(), rest.next()].map(|d| char::from(d.unwrap_or(0)).to_digit(16));
        let [Some(high), Some(low)] = digits else {
            return Err(malformed(
                "a percent sign in it is not followed by two hexadecimal digits",
            ));
        };
        bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
    }
    String::from_utf8(bytes).map_err(|_| malformed("its percent signs do not make UTF-8"))
}

fn malformed(why: &str) -> DriverError {
    DriverError::new(
        format!("the URL of the database cannot be read: {why}"),
        "write postgresql://user:password@host:port/database?sslmode=..., with %40 for an @, %2F for \
         a / and %3F for a ? within user and password",
    )
}

#[cfg(test)]
#[path = "location_tests.rs"]
mod tests;
