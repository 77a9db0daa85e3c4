//! The document that `--format json` prints for an error. Programs read it: keys are only ever added.

use serde::Serialize;

#[derive(Debug, Serialize)]
pub(crate) struct Failure {
    pub(crate) error: Fault,
}

#[derive(Debug, Default, Serialize)]
pub(crate) struct Fault {
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) revision: Option<String>,
    pub(crate) statement: Option<usize>,
    pub(crate) location: Option<String>,
    pub(crate) hint: Option<String>,
    /// The edited revisions, if that is the error.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) edited: Vec<Edit>,
}

/// A revision that was edited after it was applied.
#[derive(Debug, Serialize)]
pub(crate) struct Edit {
    pub(crate) revision: String,
    pub(crate) location: Option<String>,
    /// The lines that changed; `None` for code.
    pub(crate) diff: Option<String>,
}
