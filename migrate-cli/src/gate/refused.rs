//! Why a plan is not run.

use std::fmt;

use crate::inspect::Found;

/// A plan is refused for what rules found in it.
#[derive(Debug)]
pub(crate) struct Refused {
    /// The first finding.
    pub(crate) found: Found,
    /// How many there are besides.
    pub(crate) more: usize,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.found.key, self.found.message)
    }
}

impl std::error::Error for Refused {}
