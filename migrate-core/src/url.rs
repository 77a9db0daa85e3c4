//! Database URLs: which engine, which spelling, and how to show one without its password.

mod redact;

use std::fmt;
use std::str::FromStr;

use migrate_sql::Dialect;

pub use self::redact::redact;

/// A database URL, as sqlx spells it. Shown, it hides the password.
///
/// The spellings of SQLAlchemy are understood: a driver after `+` is dropped, and with one, `sqlite+…:///file` is
/// relative as it is there.
///
/// ```
/// use migrate_core::{DatabaseUrl, Dialect};
///
/// let url: DatabaseUrl = "postgresql+asyncpg://shop:secret@db/shop".parse()?;
/// assert_eq!(url.dialect(), Dialect::Postgres);
/// assert_eq!(url.to_string(), "postgresql://shop:***@db/shop");
/// # Ok::<(), migrate_core::UrlError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    dialect: Dialect,
    text: String,
}

/// A text is no database URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UrlError {
    /// There is no `scheme:`.
    #[error("the database URL has no scheme")]
    NoScheme,
    /// The scheme names no engine that is known.
    #[error("unknown database `{scheme}` in the URL")]
    UnknownScheme {
        /// The scheme as written.
        scheme: String,
    },
}

impl UrlError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        "begin it with `postgres://`, `mysql://`, `mariadb://` or `sqlite:`"
    }
}

impl DatabaseUrl {
    /// The engine's dialect.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The URL itself, with its password.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// The database's name; for SQLite the file's.
    pub fn database(&self) -> &str {
        let (_, rest) = self.text.split_once(':').unwrap_or_default();
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        match self.dialect {
            Dialect::Sqlite => rest.strip_prefix("//").unwrap_or(rest),
            Dialect::Postgres | Dialect::Mysql => rest
                .strip_prefix("//")
                .unwrap_or(rest)
                .split_once('/')
                .map_or("", |(_, database)| database),
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = UrlError;

    fn from_str(url: &str) -> Result<Self, UrlError> {
        let (scheme, rest) = url.trim().split_once(':').ok_or(UrlError::NoScheme)?;
        let (engine, driver) = match scheme.split_once('+') {
            Some((engine, driver)) => (engine, Some(driver)),
            None => (scheme, None),
        };
        let dialect: Dialect = engine
            .to_ascii_lowercase()
            .parse()
            .map_err(|_| UrlError::UnknownScheme { scheme: scheme.to_owned() })?;
        let text = match (dialect, driver) {
            (Dialect::Sqlite, Some(_)) => {
                format!("sqlite:{}", rest.strip_prefix("///").unwrap_or(rest))
            }
            (Dialect::Sqlite | Dialect::Postgres, _) => format!("{engine}:{rest}"),
            // sqlx knows MariaDB by this name too.
            (Dialect::Mysql, _) => format!("mysql:{rest}"),
        };
        Ok(Self { dialect, text })
    }
}

/// Without the password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.text.split_once("://") {
            Some((scheme, rest)) => write!(f, "{scheme}://{}", redact::without_password(rest)),
            None => f.write_str(&self.text),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> DatabaseUrl {
        url.parse().expect("a URL")
    }

    #[test]
    fn no_password_is_shown() {
        for (url, shown) in [
            ("postgres://u:p@h:5432/d", "postgres://u:***@h:5432/d"),
            ("postgres://u:p@ss@h/d", "postgres://u:***@h/d"),
            ("postgres://u:p/ss@h/d", "postgres://u:***@h/d"),
            (
                "postgres://u@h/d?password=p&sslmode=require",
                "postgres://u@h/d?password=***&sslmode=require",
            ),
            ("postgres:///d", "postgres:///d"),
            ("mysql://u:p@h/d", "mysql://u:***@h/d"),
            ("sqlite:shop.db", "sqlite:shop.db"),
        ] {
            assert_eq!(parse(url).to_string(), shown);
            assert!(!format!("{:?}", parse(url)).contains("p@"), "{url}");
        }
    }

    #[test]
    fn spellings_of_sqlalchemy_work() {
        assert_eq!(parse("mysql+pymysql://u:p@h/d").expose(), "mysql://u:p@h/d");
        assert_eq!(parse("mariadb+asyncmy://u:p@h/d").expose(), "mysql://u:p@h/d");
        assert_eq!(parse("sqlite+aiosqlite:///shop.db").expose(), "sqlite:shop.db");
        assert_eq!(parse("sqlite+aiosqlite:////var/shop.db").expose(), "sqlite:/var/shop.db");
    }

    #[test]
    fn the_database_is_named() {
        assert_eq!(parse("postgres://u:p@h:5432/d?sslmode=disable").database(), "d");
        assert_eq!(parse("postgres:///d").database(), "d");
        assert_eq!(parse("sqlite://shop.db?mode=rwc").database(), "shop.db");
    }

    #[test]
    fn an_unknown_engine_is_named() {
        assert_eq!(
            "oracle://h".parse::<DatabaseUrl>(),
            Err(UrlError::UnknownScheme { scheme: "oracle".into() })
        );
        assert_eq!("shop".parse::<DatabaseUrl>(), Err(UrlError::NoScheme));
    }
}
