//! A correction of history by a person.

use std::fmt;

use crate::declare::revision::RevisionKey;

/// A correction of one revision's history, and the reason for it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Repair {
    /// The revision.
    pub key: RevisionKey,
    /// What is true of the revision.
    pub answer: Answer,
    /// Whether the answer is about the whole revision, even if one of its statements has an unknown outcome.
    pub whole: bool,
    /// The reason, which is stored in the log.
    pub reason: String,
}

impl Repair {
    /// Records `answer` for a revision.
    pub fn new(key: RevisionKey, answer: Answer, reason: impl Into<String>) -> Self {
        Self { key, answer, whole: false, reason: reason.into() }
    }

    /// Applies the answer to the whole revision, whatever is known of its statements.
    #[must_use]
    pub fn whole(self) -> Self {
        Self { whole: true, ..self }
    }
}

/// What a person can record about a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// The database already matches the edited text of an applied revision.
    Accept,
    /// The statement in flight took effect; if none was in flight, the whole revision (or its `down`) did.
    Done,
    /// The statement in flight did not take effect; if none was in flight, nothing of the revision (or of its `down`)
    /// remains.
    NotDone,
    /// The revision can be applied, or undone, again from the start.
    Rerun,
}

/// Why history cannot be corrected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RepairFault {
    /// No reason was given.
    NoReason,
    /// The program does not know the revision.
    Unknown,
    /// The revision is not applied, or only in part.
    NotApplied,
    /// The revision was not edited.
    Unchanged,
    /// The revision is finished.
    Whole,
    /// The outcome of the statement in flight is already recorded, and no run has resumed the revision since.
    NoDoubt,
}

impl fmt::Display for RepairFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoReason => "a reason is required",
            Self::Unknown => "this program does not know it",
            Self::NotApplied => "it is not applied",
            Self::Unchanged => "it was not edited after it was applied",
            Self::Whole => "it is not unfinished",
            Self::NoDoubt => "the outcome of its statement is already recorded",
        })
    }
}

impl RepairFault {
    pub(super) fn hint(self, key: &RevisionKey) -> String {
        match self {
            Self::NoReason => "give a reason with `--reason \"…\"` (it is stored in the log)".to_owned(),
            Self::Unknown => "run the program that knows it".to_owned(),
            Self::NotApplied => format!(
                "`migrate history` shows what is applied; `migrate repair` shows what `{}` needs",
                key.id
            ),
            Self::Unchanged => {
                "there is nothing to accept; `migrate repair` shows what was edited or is unfinished"
                    .to_owned()
            }
            Self::Whole => "`migrate repair` shows what is unfinished".to_owned(),
            Self::NoDoubt => format!(
                "run the interrupted command again to resume from there; to record an outcome for all of `{id}`, add `--whole`",
                id = key.id
            ),
        }
    }
}
