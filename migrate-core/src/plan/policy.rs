//! Policies: what happens for each kind of finding.

/// What happens for a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Refused with an error.
    Error,
    /// Reported as a warning.
    Warn,
    /// Ignored.
    Off,
}

/// The policy for each kind of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Policies {
    /// For SQL that was edited after it was applied.
    pub checksum: Policy,
    /// For code that was edited after it was applied.
    pub checksum_code: Policy,
    /// For a pending revision that comes before an applied one.
    pub out_of_order: Policy,
    /// For applied revisions that this program does not know.
    pub ahead: Policy,
}

impl Default for Policies {
    fn default() -> Self {
        Self {
            checksum: Policy::Error,
            checksum_code: Policy::Warn,
            out_of_order: Policy::Warn,
            ahead: Policy::Error,
        }
    }
}
