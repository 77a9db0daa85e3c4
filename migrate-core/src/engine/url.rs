//! Database URLs: reading them, and showing them without the password.

mod address;
mod error;
mod mysql;
mod parts;
mod postgres;
mod server;
mod sqlite;
mod written;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use migrate_sql::Dialect;

pub use self::address::Address;
pub use self::error::UrlError;
#[cfg(feature = "postgres")]
pub(crate) use self::server::Attributes;
pub(crate) use self::server::Server;
pub(crate) use self::sqlite::{File, FileMode};
pub use self::written::WrittenUrl;
pub use migrate_redact::redact;

/// A database URL. `Display` and `Debug` hide the password.
///
/// Accepts the URLs of libpq, of MySQL's clients, of SQLite (`file:`), of sqlx and of SQLAlchemy. No parameter is ignored:
/// an unsupported one is an error that names it. With a driver after `+`, `sqlite+…:///file` is relative, as in SQLAlchemy.
///
/// ```
/// use migrate_core::{DatabaseUrl, Dialect};
///
/// let url: DatabaseUrl = "postgresql+asyncpg://shop:secret@db/shop".parse()?;
/// assert_eq!(url.dialect(), Dialect::Postgres);
/// assert_eq!(url.to_string(), "postgresql://shop:***@db/shop");
/// assert!("postgres://db/shop?serach_path=app".parse::<DatabaseUrl>().is_err());
/// # Ok::<(), migrate_core::UrlError>(())
/// ```
#[derive(Clone)]
pub struct DatabaseUrl {
    text: String,
    place: Place,
}

/// Compares what URLs mean: two spellings of one URL are equal.
impl PartialEq for DatabaseUrl {
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place
    }
}

impl Eq for DatabaseUrl {}

/// Where the database is.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Place {
    Postgres(Box<Server>),
    Mysql(Box<Server>),
    Sqlite(File),
}

impl DatabaseUrl {
    /// Returns the engine's dialect.
    pub fn dialect(&self) -> Dialect {
        match &self.place {
            Place::Postgres(_) => Dialect::Postgres,
            Place::Mysql(_) => Dialect::Mysql,
            Place::Sqlite(_) => Dialect::Sqlite,
        }
    }

    /// Returns the URL as text, with its password.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// Returns the database's name, or for SQLite the file's.
    pub fn database(&self) -> &str {
        match &self.place {
            Place::Postgres(server) | Place::Mysql(server) => {
                server.database.as_deref().unwrap_or_default()
            }
            Place::Sqlite(file) => &file.path,
        }
    }

    /// Returns whether the database is in memory, and lost with its connection.
    pub fn is_in_memory(&self) -> bool {
        match &self.place {
            Place::Postgres(_) | Place::Mysql(_) => false,
            Place::Sqlite(file) => file.mode == Some(FileMode::Memory),
        }
    }

    /// Returns whether the URL names server, database and user, without defaults from the environment.
    pub fn is_complete(&self) -> bool {
        match &self.place {
            Place::Postgres(server) | Place::Mysql(server) => {
                let has_host = server.host.is_some() || server.socket.is_some();
                has_host && server.database.is_some() && server.user.is_some()
            }
            Place::Sqlite(_) => true,
        }
    }

    /// Returns PostgreSQL's `search_path`, if the URL sets it.
    pub fn search_path(&self) -> Option<&str> {
        match &self.place {
            Place::Postgres(server) => server.search_path.as_deref(),
            Place::Mysql(_) | Place::Sqlite(_) => None,
        }
    }

    /// Returns how long a statement may wait for a lock, if the URL sets it.
    pub fn lock_timeout(&self) -> Option<Duration> {
        self.server().and_then(|server| server.lock_timeout)
    }

    /// Returns how long a statement may run, if the URL sets it.
    pub fn statement_timeout(&self) -> Option<Duration> {
        self.server().and_then(|server| server.statement_timeout)
    }

    /// Returns how long connecting may take, if the URL sets it.
    pub(crate) fn connect_timeout(&self) -> Option<Duration> {
        self.server().and_then(|server| server.connect_timeout)
    }

    /// Removes timeouts from the URL, so that the settings apply: the one for locks, the one for statements.
    #[must_use]
    pub fn without_timeouts(mut self, lock: bool, statement: bool) -> Self {
        if let Place::Postgres(server) | Place::Mysql(server) = &mut self.place {
            server.lock_timeout.take_if(|_| lock);
            server.statement_timeout.take_if(|_| statement);
        }
        self
    }

    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    fn server(&self) -> Option<&Server> {
        match &self.place {
            Place::Postgres(server) | Place::Mysql(server) => Some(server),
            Place::Sqlite(_) => None,
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = UrlError;

    fn from_str(url: &str) -> Result<Self, UrlError> {
        let url = url.trim();
        if url.is_empty() {
            return Err(UrlError::Empty);
        }
        let (scheme, rest) = url.split_once(':').ok_or(UrlError::NoScheme)?;
        // SQLite's own URIs.
        if scheme.eq_ignore_ascii_case("file") {
            return Self::sqlite(url, None);
        }
        let (engine, driver) = match scheme.split_once('+') {
            Some((engine, driver)) => (engine, Some(driver)),
            None => (scheme, None),
        };
        let engine = engine.to_ascii_lowercase();
        let dialect: Dialect =
            engine.parse().map_err(|_| UrlError::UnknownScheme { scheme: scheme.to_owned() })?;
        let (text, place) = match dialect {
            Dialect::Sqlite => return Self::sqlite(rest, driver),
            Dialect::Postgres => {
                let server = postgres::finish(Server::read(rest, postgres::TABLE)?);
                (format!("{engine}:{rest}"), Place::Postgres(Box::new(server)))
            }
            Dialect::Mysql => {
                let server = mysql::finish(Server::read(rest, mysql::TABLE)?);
                (format!("mysql:{rest}"), Place::Mysql(Box::new(server)))
            }
        };
        Ok(Self { text, place })
    }
}

impl DatabaseUrl {
    fn sqlite(rest: &str, driver: Option<&str>) -> Result<Self, UrlError> {
        let file = File::read(rest, driver)?;
        Ok(Self { text: file.text(), place: Place::Sqlite(file) })
    }
}

/// Writes the URL without its password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((scheme, rest)) = self.text.split_once(':') else { return Ok(()) };
        match &self.place {
            // A file name may look like a user name.
            Place::Sqlite(_) => write!(f, "{scheme}:{}", migrate_redact::without_parameter(rest)),
            Place::Postgres(_) | Place::Mysql(_) => {
                let address = rest.strip_prefix("//").unwrap_or(rest);
                write!(f, "{scheme}://{}", migrate_redact::without_password(address))
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

#[cfg(test)]
mod tests;
