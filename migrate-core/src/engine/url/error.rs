//! What is wrong with a database URL. A password may be anywhere in the text, so errors quote only names.

use std::fmt;

/// Not a valid database URL, or one that asks for something unsupported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UrlError {
    /// The text is empty or blank.
    #[error("the database URL is empty")]
    Empty,
    /// There is no `scheme:`.
    #[error("the database URL has no scheme")]
    NoScheme,
    /// The scheme is not that of a known engine.
    #[error("unknown database `{scheme}` in the URL")]
    UnknownScheme {
        /// The scheme as written.
        scheme: String,
    },
    /// A part of the URL is malformed.
    #[error("the database URL {what}")]
    Malformed {
        /// What is wrong, after "the database URL".
        what: &'static str,
        /// What to write instead.
        instead: &'static str,
    },
    /// A parameter is unknown to this engine.
    #[error("unknown parameter `{name}` in the database URL")]
    UnknownParameter {
        /// The parameter's name as written.
        name: String,
        /// The known parameters.
        known: String,
    },
    /// A parameter that other clients know is not supported here.
    #[error("the parameter `{name}` in the database URL is not supported")]
    Refused {
        /// The parameter's name as written.
        name: String,
        /// What to write instead.
        instead: String,
    },
    /// A parameter has an invalid value.
    #[error("the parameter `{name}` in the database URL must be {expected}")]
    BadValue {
        /// The parameter's name as written.
        name: String,
        /// The values it may have.
        expected: String,
    },
    /// The same thing is given twice.
    #[error("the database URL gives `{name}` twice")]
    Twice {
        /// The parameter's name.
        name: String,
    },
    /// The URL lists several servers.
    #[error("the database URL names several hosts")]
    SeveralHosts,
}

impl UrlError {
    /// Returns what to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Empty => "set it, for example to `postgres://user@host/database`".to_owned(),
            Self::NoScheme => {
                "start it with `postgres://`, `mysql://`, `mariadb://` or `sqlite:`; write libpq's `host=… dbname=…` as \
                `postgres://user@host/dbname`"
                    .to_owned()
            }
            Self::UnknownScheme { scheme } if scheme == "jdbc" => "remove `jdbc:`".to_owned(),
            Self::UnknownScheme { .. } => {
                "start it with `postgres://`, `mysql://`, `mariadb://` or `sqlite:`".to_owned()
            }
            Self::Malformed { instead, .. } => (*instead).to_owned(),
            Self::UnknownParameter { known, .. } => format!("known parameters: {known}"),
            Self::Refused { instead, .. } => instead.clone(),
            Self::BadValue { name, .. } => format!("correct `{name}`, or remove it"),
            Self::Twice { .. } => "remove one of them".to_owned(),
            Self::SeveralHosts => {
                "name the one host that accepts writes; lists of hosts are not supported yet".to_owned()
            }
        }
    }

    pub(super) fn refused(name: &str, instead: impl Into<String>) -> Self {
        Self::Refused { name: name.to_owned(), instead: instead.into() }
    }

    pub(super) fn value(name: &str, expected: impl fmt::Display) -> Self {
        Self::BadValue { name: name.to_owned(), expected: expected.to_string() }
    }
}
