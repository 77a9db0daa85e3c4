//! Ranges of targets.

use std::fmt;
use std::str::FromStr;

use crate::graph::target::{Target, TargetError};

/// A range `from:to`, for history and SQL. Either side may be open.
///
/// ```
/// use migrate_core::{Target, TargetRange};
///
/// let range: TargetRange = "002:".parse()?;
/// assert_eq!(range, TargetRange { from: Some(Target::Revision("002".to_owned())), to: None });
/// # Ok::<(), migrate_core::TargetError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetRange {
    /// The start.
    pub from: Option<Target>,
    /// The end.
    pub to: Option<Target>,
}

impl FromStr for TargetRange {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        let text = text.trim();
        let (from, to) = text
            .split_once(':')
            .ok_or_else(|| TargetError::RangeSyntax { written: text.to_owned() })?;
        Ok(Self { from: side(from)?, to: side(to)? })
    }
}

fn side(text: &str) -> Result<Option<Target>, TargetError> {
    if text.trim().is_empty() { Ok(None) } else { text.parse().map(Some) }
}

/// Writes it as the user wrote it.
impl fmt::Display for TargetRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(from) = &self.from {
            from.fmt(f)?;
        }
        f.write_str(":")?;
        self.to.as_ref().map_or(Ok(()), |to| to.fmt(f))
    }
}
