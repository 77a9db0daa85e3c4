//! A plan refused by the review.

use std::fmt;

use crate::inspect::Found;

/// A plan is refused because of findings in it.
#[derive(Debug)]
pub(crate) struct Refused {
    /// The first finding.
    pub(crate) found: Found,
    /// The number of further findings.
    pub(crate) more: usize,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.found.key, self.found.message)
    }
}

impl std::error::Error for Refused {}
