//! How grave a finding is.

use std::{
    fmt::{self, Display, Formatter},
    str::FromStr,
};

use thiserror::Error;

/// What becomes of a rule's findings.
///
/// ```
/// use migrate_sql::Level;
///
/// assert_eq!("warn".parse(), Ok(Level::Warn));
/// assert!(Level::Deny > Level::Warn);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Nothing: the rule is off.
    Allow,
    /// They are shown.
    Warn,
    /// They stop the compiler and the run.
    Deny,
}

impl Level {
    /// The word used in settings and messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }
}

impl Display for Level {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Level {
    type Err = UnknownLevel;

    fn from_str(name: &str) -> Result<Self, UnknownLevel> {
        match name {
            "allow" => Ok(Self::Allow),
            "warn" => Ok(Self::Warn),
            "deny" => Ok(Self::Deny),
            _ => Err(UnknownLevel { name: name.to_owned() }),
        }
    }
}

/// A word that is no [`Level`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("unknown level `{name}`: expected `allow`, `warn` or `deny`")]
pub struct UnknownLevel {
    name: String,
}
