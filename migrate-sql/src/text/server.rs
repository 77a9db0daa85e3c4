//! The server that SQL is written for.

use std::{
    fmt::{self, Display, Formatter},
    str::FromStr,
};

use thiserror::Error;

use crate::text::Dialect;

/// A database product and its version, as `[lint] server` names it.
///
/// # Examples
///
/// ```
/// use migrate_sql::{Dialect, Product, Server};
///
/// let server: Server = "mariadb 10.11".parse()?;
/// assert_eq!(server.product(), Product::Mariadb);
/// assert_eq!(server.dialect(), Dialect::Mysql);
/// assert!(server.is_at_least(10, 5));
/// # Ok::<(), migrate_sql::UnknownServer>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Server {
    product: Product,
    /// Major, minor and patch; what is not said counts as 0.
    version: [u16; 3],
}

/// A database product: MariaDB shares MySQL's dialect, but not its abilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    /// PostgreSQL.
    Postgres,
    /// Oracle's MySQL.
    Mysql,
    /// MariaDB.
    Mariadb,
    /// SQLite.
    Sqlite,
}

impl Server {
    /// Which product it is.
    pub const fn product(self) -> Product {
        self.product
    }

    /// The dialect it speaks.
    pub const fn dialect(self) -> Dialect {
        match self.product {
            Product::Postgres => Dialect::Postgres,
            Product::Mysql | Product::Mariadb => Dialect::Mysql,
            Product::Sqlite => Dialect::Sqlite,
        }
    }

    /// Major, minor and patch.
    pub const fn version(self) -> [u16; 3] {
        self.version
    }

    /// Whether its version is this one or later.
    pub fn is_at_least(self, major: u16, minor: u16) -> bool {
        self.version >= [major, minor, 0]
    }
}

impl Product {
    const ALL: [Self; 4] = [Self::Postgres, Self::Mysql, Self::Mariadb, Self::Sqlite];

    /// The name used in settings and messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
            Self::Mariadb => "mariadb",
            Self::Sqlite => "sqlite",
        }
    }
}

impl Display for Server {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.version;
        write!(f, "{} {major}.{minor}.{patch}", self.product.name())
    }
}

impl FromStr for Server {
    type Err = UnknownServer;

    fn from_str(text: &str) -> Result<Self, UnknownServer> {
        let unknown = || UnknownServer { text: text.to_owned() };
        let (product, version) = text.trim().split_once(' ').ok_or_else(unknown)?;
        let product = Product::ALL
            .into_iter()
            .find(|known| {
                known.name() == product || (product == "postgresql" && known.name() == "postgres")
            })
            .ok_or_else(unknown)?;
        let mut numbers = [0; 3];
        let mut parts = version.trim().split('.');
        for number in &mut numbers {
            let Some(part) = parts.next() else { break };
            *number = part.parse().map_err(|_| unknown())?;
        }
        match parts.next() {
            None => Ok(Self { product, version: numbers }),
            Some(_) => Err(unknown()),
        }
    }
}

/// A text that names no [`Server`].
///
/// ```
/// # use migrate_sql::Server;
/// let error = "postgres".parse::<Server>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "`postgres` names no server: expected `postgres`, `mysql`, `mariadb` or `sqlite` and a version, like `postgres 15`"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "`{text}` names no server: expected `postgres`, `mysql`, `mariadb` or `sqlite` and a version, like `postgres 15`"
)]
pub struct UnknownServer {
    text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        let server: Server = "postgresql 9.6.24".parse().unwrap();
        assert_eq!(server.to_string(), "postgres 9.6.24");
        assert!(server.is_at_least(9, 6) && !server.is_at_least(10, 0));
    }

    #[test]
    fn what_names_no_server_is_refused() {
        for text in ["", "postgres", "oracle 19", "postgres x", "mysql 8.0.1.2", "mysql 99999"] {
            assert!(text.parse::<Server>().is_err(), "{text}");
        }
    }
}
