//! What resumes an unfinished revision.

use crate::declare::revision::{RevisionId, RevisionKey};
use crate::history::State;

/// What resumes an unfinished revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WayOn {
    /// `up` resumes it.
    Up,
    /// `production` resumes it: it is a data revision.
    Production,
    /// `down` resumes undoing it.
    Down,
    /// `down --from-history` resumes undoing it: this program does not know it, and history has kept its SQL.
    FromHistory,
    /// A program that knows the revision resumes it.
    OtherProgram,
    /// Nothing can resume it, because it has no statement journal: it must be repaired by hand.
    ByHand,
}

impl WayOn {
    pub(super) fn hint(self, key: &RevisionKey, state: State) -> String {
        let id = &key.id;
        match self {
            Self::Up => format!("run `migrate up -r {id}` to resume it, {}", or_repair(id)),
            Self::Production => {
                format!("run `migrate production -r {id}` to resume it, {}", or_repair(id))
            }
            Self::Down => format!("run `migrate down` to continue undoing it, {}", or_repair(id)),
            Self::FromHistory => {
                format!(
                    "run `migrate down --from-history` to continue undoing it, {}",
                    or_repair(id)
                )
            }
            Self::OtherProgram => {
                format!("run the program that knows it to resume it, {}", or_repair(id))
            }
            Self::ByHand => state.hint(id),
        }
    }
}

fn or_repair(id: &RevisionId) -> String {
    format!("or `migrate repair {id}` to see what else can be done")
}
