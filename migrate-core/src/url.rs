//! Database URLs: which engine, which spelling, and how to show one without its password.

mod redact;
mod written;

use std::fmt;
use std::str::FromStr;

use migrate_sql::Dialect;

pub use self::redact::redact;
pub use self::written::WrittenUrl;

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
    /// What would protect the connection is misspelt, and the driver would pass over it.
    #[error("unknown parameter `{name}` in the database URL")]
    UnknownTls {
        /// The parameter's name as written.
        name: String,
        /// What it may be.
        known: &'static str,
    },
}

/// The parameters about TLS that sqlx's driver for PostgreSQL knows, and the password of a key, without which it cannot
/// read that.
const POSTGRES_TLS: &[&str] = &[
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "sslpassword",
    "ssl-key",
];

/// The same of its driver for MySQL.
const MYSQL_TLS: &[&str] =
    &["sslmode", "ssl-mode", "sslca", "ssl-ca", "sslcert", "ssl-cert", "sslkey", "ssl-key"];

impl UrlError {
    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::NoScheme | Self::UnknownScheme { .. } => {
                "begin it with `postgres://`, `mysql://`, `mariadb://` or `sqlite:`".to_owned()
            }
            Self::UnknownTls { known, .. } => format!("for TLS there are {known}"),
        }
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
            Dialect::Postgres | Dialect::Mysql => {
                let rest = rest.strip_prefix("//").unwrap_or(rest);
                // A password may hold what should have been escaped, and is no part of a name.
                let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
                rest.split_once('/').map_or("", |(_, database)| database)
            }
        }
    }

    /// The value of a parameter behind the `?`, as it is written.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let (_, parameters) = self.text.split_once('?')?;
        parameters.split('&').find_map(|parameter| parameter.strip_prefix(name)?.strip_prefix('='))
    }

    /// Refuses what is meant to protect the connection and would not: the drivers pass over what they do not know.
    fn refuse_unknown_tls(&self) -> Result<(), UrlError> {
        let (names, known): (&[&str], _) = match self.dialect {
            Dialect::Postgres => (POSTGRES_TLS, "`sslmode`, `sslrootcert`, `sslcert` and `sslkey`"),
            Dialect::Mysql => (MYSQL_TLS, "`ssl-mode`, `ssl-ca`, `ssl-cert` and `ssl-key`"),
            Dialect::Sqlite => return Ok(()),
        };
        let Some((_, parameters)) = self.text.split_once('?') else { return Ok(()) };
        let unknown = |name: &&str| {
            let lower = name.to_ascii_lowercase();
            (lower.starts_with("ssl") || lower.starts_with("tls")) && !names.contains(name)
        };
        let mut parameters =
            parameters.split('&').filter_map(|parameter| Some(parameter.split_once('=')?.0));
        match parameters.find(unknown) {
            Some(name) => Err(UrlError::UnknownTls { name: name.to_owned(), known }),
            None => Ok(()),
        }
    }

    /// The URL without those secrets that sqlx does not know, because it would write them into its log.
    #[cfg(any(feature = "postgres", test))]
    pub(crate) fn without_unknown_secrets(&self) -> String {
        let Some((before, parameters)) = self.text.split_once('?') else {
            return self.text.clone();
        };
        let kept: Vec<&str> = parameters
            .split('&')
            .filter(|parameter| !redact::is_unknown_secret(parameter))
            .collect();
        format!("{before}?{}", kept.join("&"))
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
        let url = Self { dialect, text };
        url.refuse_unknown_tls()?;
        Ok(url)
    }
}

/// Without the password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((scheme, rest)) = self.text.split_once(':') else { return Ok(()) };
        if self.dialect == Dialect::Sqlite {
            // A file's name may look like a user's.
            return write!(f, "{scheme}:{}", redact::without_parameter(rest));
        }
        // Whoever forgets a slash has written a password all the same.
        let address = rest.trim_start_matches('/');
        let slashes = rest.strip_suffix(address).unwrap_or_default();
        write!(f, "{scheme}:{slashes}{}", redact::without_password(address))
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
    fn what_would_leave_the_connection_open_is_refused() {
        for url in [
            "postgres://h/d?sslmod=verify-full",
            "mysql://h/d?a=b&ssl_mode=REQUIRED",
            "postgres://h/d?TLS=1",
        ] {
            let error = url.parse::<DatabaseUrl>().expect_err("a misspelt parameter");
            assert!(matches!(error, UrlError::UnknownTls { .. }), "{error}");
            assert!(error.hint().contains("mode"), "{}", error.hint());
        }
        for url in [
            "postgres://h/d?sslmode=require&schema=a",
            "mysql://h/d?ssl-mode=REQUIRED&ssl-ca=a",
            "sqlite:a?ssl=1",
        ] {
            parse(url);
        }
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
            ("postgres:u:p@h/d", "postgres:u:***@h/d"),
            ("postgres:/u:p@h/d", "postgres:/u:***@h/d"),
            ("mysql://u:p q@h/d", "mysql://u:***@h/d"),
            ("postgres://u@h/d?Pass%77ord=p@x&user=u", "postgres://u@h/d?Pass%77ord=***&user=u"),
            ("postgres://u@h/d?sslpassword=p@x#p@", "postgres://u@h/d?sslpassword=***"),
            ("sqlite:a:b@c.db?mode=ro", "sqlite:a:b@c.db?mode=ro"),
            ("mysql://u:p@h/d", "mysql://u:***@h/d"),
            ("sqlite:shop.db", "sqlite:shop.db"),
        ] {
            assert_eq!(parse(url).to_string(), shown);
            assert!(!format!("{:?}", parse(url)).contains("p@"), "{url}");
            assert!(!parse(url).database().contains("p@"), "{url}");
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
    fn parameters_are_found_and_unknown_secrets_taken_out() {
        let url = parse("postgres://u@h/d?sslmode=require&sslpassword=p&password=q&x=y");
        assert_eq!((url.parameter("sslmode"), url.parameter("ssl")), (Some("require"), None));
        assert_eq!(
            url.without_unknown_secrets(),
            "postgres://u@h/d?sslmode=require&password=q&x=y"
        );
        assert_eq!(parse("postgres://u:p@h/d").without_unknown_secrets(), "postgres://u:p@h/d");
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
