//! What a human says of a revision.

use std::fmt;

use crate::declare::revision::RevisionKey;

/// What a human says of a revision, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Repair {
    /// The revision.
    pub key: RevisionKey,
    /// What is so.
    pub answer: Answer,
    /// Whether the answer is about all of the revision, although one of its statements has an unknown outcome.
    pub whole: bool,
    /// Why it is so: kept in the log.
    pub reason: String,
}

impl Repair {
    /// Says `answer` of a revision.
    pub fn new(key: RevisionKey, answer: Answer, reason: impl Into<String>) -> Self {
        Self { key, answer, whole: false, reason: reason.into() }
    }

    /// Says it of the whole revision, whatever is known of its statements.
    #[must_use]
    pub fn whole(self) -> Self {
        Self { whole: true, ..self }
    }
}

/// What a human can say of a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// The database is as the edited text of an applied revision says.
    Accept,
    /// The statement that was in flight took effect; where none was, the whole revision did, or its undoing.
    Done,
    /// The statement that was in flight did not take effect; where none was, nothing is left of the revision, or of its
    /// undoing.
    NotDone,
    /// The revision is to be run, or undone, again from its start.
    Rerun,
}

/// Why history is not corrected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RepairFault {
    /// Nothing says why.
    NoReason,
    /// The program does not know the revision.
    Unknown,
    /// The revision is not applied, or not wholly.
    NotApplied,
    /// The revision is what it was.
    Unchanged,
    /// The revision is not unfinished.
    Whole,
    /// It was said already what became of the statement in flight, and no run has gone on since.
    NoDoubt,
}

impl fmt::Display for RepairFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoReason => "a reason must be given",
            Self::Unknown => "this program does not know it",
            Self::NotApplied => "it is not applied",
            Self::Unchanged => "it is what it was when it was applied",
            Self::Whole => "it is not unfinished",
            Self::NoDoubt => "its statement whose outcome is unknown has been answered for already",
        })
    }
}

impl RepairFault {
    pub(super) fn hint(self, key: &RevisionKey) -> String {
        match self {
            Self::NoReason => "say why, for whoever reads the log: `--reason \"…\"`".to_owned(),
            Self::Unknown => "run the program that knows it".to_owned(),
            Self::NotApplied => format!(
                "`migrate history` shows what is applied; `migrate repair` shows what `{}` needs",
                key.id
            ),
            Self::Unchanged => {
                "there is nothing to accept; `migrate repair` shows what is edited or unfinished"
                    .to_owned()
            }
            Self::Whole => "`migrate repair` shows what is unfinished".to_owned(),
            Self::NoDoubt => format!(
                "run what was running again: it goes on from there; to answer for all of `{id}`, add `--whole`",
                id = key.id
            ),
        }
    }
}
