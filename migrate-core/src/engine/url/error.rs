//! What is wrong with a database URL. The text itself may hold a password anywhere, so that errors quote names alone.

use std::fmt;

/// A text is no database URL, or asks for what cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UrlError {
    /// There is no text, or only blanks.
    #[error("the database URL is empty")]
    Empty,
    /// There is no `scheme:`.
    #[error("the database URL has no scheme")]
    NoScheme,
    /// The scheme names no engine that is known.
    #[error("unknown database `{scheme}` in the URL")]
    UnknownScheme {
        /// The scheme as written.
        scheme: String,
    },
    /// A part of the URL cannot be read.
    #[error("the database URL {what}")]
    Malformed {
        /// What is wrong, after "the database URL".
        what: &'static str,
        /// What to write instead.
        instead: &'static str,
    },
    /// A parameter means nothing to this engine, or is misspelt.
    #[error("unknown parameter `{name}` in the database URL")]
    UnknownParameter {
        /// The parameter's name as written.
        name: String,
        /// The parameters that are known.
        known: String,
    },
    /// A parameter that other clients know, and that cannot be honoured here.
    #[error("the parameter `{name}` in the database URL cannot be honoured")]
    Refused {
        /// The parameter's name as written.
        name: String,
        /// What to write instead.
        instead: String,
    },
    /// A parameter's value cannot be read.
    #[error("the parameter `{name}` in the database URL must be {expected}")]
    BadValue {
        /// The parameter's name as written.
        name: String,
        /// What it may be.
        expected: String,
    },
    /// Two parameters say the same thing.
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
    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Empty => "give it a value such as `postgres://user@host/database`".to_owned(),
            Self::NoScheme => {
                "begin it with `postgres://`, `mysql://`, `mariadb://` or `sqlite:`; libpq's `host=… dbname=…` is \
                 written `postgres://user@host/dbname`"
                    .to_owned()
            }
            Self::UnknownScheme { scheme } if scheme == "jdbc" => "leave out `jdbc:`".to_owned(),
            Self::UnknownScheme { .. } => {
                "begin it with `postgres://`, `mysql://`, `mariadb://` or `sqlite:`".to_owned()
            }
            Self::Malformed { instead, .. } => (*instead).to_owned(),
            Self::UnknownParameter { known, .. } => format!("known parameters: {known}"),
            Self::Refused { instead, .. } => instead.clone(),
            Self::BadValue { name, .. } => format!("correct `{name}`, or leave it out"),
            Self::Twice { .. } => "leave one out".to_owned(),
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
