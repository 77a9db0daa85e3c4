//! A statement whose outcome the catalog cannot tell.

use crate::declare::revision::{RevisionId, RevisionKey};

/// A statement that was in flight when its run ended, and may or may not have been applied.
#[derive(Clone, Debug, thiserror::Error)]
#[error(
    "an earlier run of `{key}` ended during statement {statement} of {total}, which may or may not have been applied"
)]
#[non_exhaustive]
pub struct Undecided {
    /// The revision.
    pub key: RevisionKey,
    /// The statement, from 1.
    pub statement: usize,
    /// The number of statements.
    pub total: usize,
    /// Its text.
    pub text: String,
    /// What the catalog would show if it had been applied, and what it shows: one per line.
    pub seen: Vec<String>,
}

impl Undecided {
    /// Returns what to do about it.
    pub fn hint(&self) -> String {
        outcome_hint(&self.key.id)
    }
}

/// Returns what to do where only a person can determine the outcome of a statement.
pub(super) fn outcome_hint(id: &RevisionId) -> String {
    format!(
        "inspect the database and record the outcome: `migrate repair {id} --done --reason \"…\"` if it was applied, or \
        `--not-done` if it was not; if all of `{id}` is safe to run again from the start: `--rerun`"
    )
}
