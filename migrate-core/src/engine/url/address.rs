//! The address of a database, for display.

use std::fmt;

/// The database's name and the host it is on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Address {
    /// The host and its port, or the path of a socket; `None` for a file.
    pub host: Option<String>,
    /// The database's name, or the file's path. Empty where the URL does not name one.
    pub database: String,
}

impl Address {
    pub(crate) fn file(path: &str) -> Self {
        Self { host: None, database: path.to_owned() }
    }

    #[cfg_attr(not(feature = "mysql"), expect(dead_code, reason = "MySQL is not compiled in"))]
    pub(crate) fn at(socket: &str, database: &str) -> Self {
        Self { host: Some(socket.to_owned()), database: database.to_owned() }
    }

    #[cfg_attr(
        not(any(feature = "postgres", feature = "mysql")),
        expect(dead_code, reason = "no engine with hosts is compiled in")
    )]
    pub(crate) fn on(host: &str, port: u16, database: &str) -> Self {
        let host = if host.contains(':') && !host.starts_with(['/', '[']) {
            format!("[{host}]:{port}")
        } else {
            format!("{host}:{port}")
        };
        Self { host: Some(host), database: database.to_owned() }
    }
}

/// `shop on db.example.com:5432`
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.host, self.database.as_str()) {
            (Some(host), "") => write!(f, "on {host}"),
            (Some(host), database) => write!(f, "{database} on {host}"),
            (None, database) => f.write_str(database),
        }
    }
}
