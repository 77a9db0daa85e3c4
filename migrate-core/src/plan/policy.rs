//! What is done about each kind of finding.

/// What is done about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// It is refused.
    Error,
    /// It is said.
    Warn,
    /// It is passed over.
    Off,
}

/// What is done about each kind of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Policies {
    /// SQL that was edited after it was applied.
    pub checksum: Policy,
    /// Code that was edited after it was applied.
    pub checksum_code: Policy,
    /// A pending revision that comes before an applied one.
    pub out_of_order: Policy,
    /// Applied revisions that this program does not know.
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
