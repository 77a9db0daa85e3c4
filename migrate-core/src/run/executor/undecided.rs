//! A statement of which the catalog does not tell whether it took effect.

use crate::declare::revision::{RevisionId, RevisionKey};

/// A statement that was in flight when its run ended, and may or may not have taken effect.
#[derive(Clone, Debug, thiserror::Error)]
#[error(
    "an earlier run of `{key}` ended within statement {statement} of {total}, and it cannot be told whether it took effect"
)]
#[non_exhaustive]
pub struct Undecided {
    /// The revision.
    pub key: RevisionKey,
    /// The statement, from 1.
    pub statement: usize,
    /// How many there are.
    pub total: usize,
    /// Its text.
    pub text: String,
    /// What would be there if it had taken effect, and what is: a line each.
    pub seen: Vec<String>,
}

impl Undecided {
    /// What to do about it.
    pub fn hint(&self) -> String {
        ask_for_a_word(&self.key.id)
    }
}

/// What to do where only a human can tell what became of a statement.
pub(super) fn ask_for_a_word(id: &RevisionId) -> String {
    format!(
        "look at the database, and say which: `migrate repair {id} --done --reason \"…\"` if it took effect, or \
         `--not-done` if it is to be run; if all of `{id}` can be run again from its start: `--rerun`"
    )
}
