//! The databases whose SQL is understood.

use std::{
    fmt::{self, Display, Formatter},
    str::FromStr,
};

use thiserror::Error;

/// A database family, as far as its SQL text is concerned.
///
/// # Examples
///
/// ```
/// use migrate_sql::Dialect;
///
/// assert_eq!("mariadb".parse(), Ok(Dialect::Mysql));
/// assert_eq!(Dialect::Mysql.to_string(), "mysql");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// PostgreSQL.
    Postgres,
    /// MySQL and MariaDB.
    Mysql,
    /// SQLite.
    Sqlite,
}

impl Dialect {
    /// Every dialect, in the order in which they are listed to users.
    pub const ALL: [Self; 3] = [Self::Postgres, Self::Mysql, Self::Sqlite];

    /// The name used in settings, files and messages.
    ///
    /// ```
    /// # use migrate_sql::Dialect;
    /// assert_eq!(Dialect::ALL.map(Dialect::name), ["postgres", "mysql", "sqlite"]);
    /// ```
    pub const fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
            Self::Sqlite => "sqlite",
        }
    }
}

impl Display for Dialect {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Dialect {
    type Err = UnknownDialect;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "postgres" | "postgresql" => Ok(Self::Postgres),
            "mysql" | "mariadb" => Ok(Self::Mysql),
            "sqlite" => Ok(Self::Sqlite),
            _ => Err(UnknownDialect { name: name.to_owned() }),
        }
    }
}

/// A name that stands for no [`Dialect`].
///
/// ```
/// # use migrate_sql::Dialect;
/// let error = "oracle".parse::<Dialect>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "unknown dialect `oracle`: expected `postgres`, `postgresql`, `mysql`, `mariadb` or `sqlite`"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "unknown dialect `{name}`: expected `postgres`, `postgresql`, `mysql`, `mariadb` or `sqlite`"
)]
pub struct UnknownDialect {
    name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back() {
        for dialect in Dialect::ALL {
            assert_eq!(dialect.name().parse(), Ok(dialect));
            assert_eq!(dialect.to_string(), dialect.name());
        }
    }
}
