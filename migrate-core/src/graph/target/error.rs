//! Why a target leads nowhere.

use crate::graph::{RevisionRef, did_you_mean, list};

/// Why a target leads nowhere, or to several places.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TargetError {
    /// It is not written as targets are.
    #[error("`{written}` is not a target")]
    Syntax {
        /// The text.
        written: String,
    },
    /// It is not written as ranges are.
    #[error("`{written}` is not a range of targets")]
    RangeSyntax {
        /// The text.
        written: String,
    },
    /// No revision and no label has that name.
    #[error("there is no revision `{name}`{}", within(.scope.as_deref()))]
    Unknown {
        /// The name.
        name: String,
        /// The branch or crate it was looked for in.
        scope: Option<String>,
        /// What may have been meant.
        similar: Option<String>,
    },
    /// No crate, label or revision has the name before the `@`.
    #[error("there is no crate, branch or revision `{name}`")]
    UnknownScope {
        /// The name.
        name: String,
        /// What may have been meant.
        similar: Option<String>,
    },
    /// Several revisions could be meant.
    #[error("`{written}` could be any of {}", list(.candidates))]
    Ambiguous {
        /// The target.
        written: String,
        /// What could be meant.
        candidates: Vec<RevisionRef>,
    },
    /// One head is meant, and there are several.
    #[error("`{written}` means one head, but there are {}: {}", .heads.len(), list(.heads))]
    MultipleHeads {
        /// The target.
        written: String,
        /// The heads.
        heads: Vec<RevisionRef>,
    },
    /// There is no schema revision in the scope.
    #[error("`{written}` has no head: there is no schema revision in it")]
    NoHead {
        /// The target.
        written: String,
    },
    /// One crate is meant, and there are several.
    #[error("`{written}` means one crate, but there are {}: {}", .crates.len(), list(.crates))]
    SeveralCrates {
        /// The target.
        written: String,
        /// The crates.
        crates: Vec<String>,
    },
    /// A step up could take any of several ways.
    #[error("`{written}` could go several ways from `{at}`: to {}", list(.candidates))]
    BranchPoint {
        /// The target.
        written: String,
        /// Where the ways part.
        at: Box<RevisionRef>,
        /// Where they lead.
        candidates: Vec<RevisionRef>,
    },
    /// A step down could take any of several ways.
    #[error("`{written}` could go several ways from the merge `{at}`: to {}", list(.candidates))]
    Merge {
        /// The target.
        written: String,
        /// Where the ways part.
        at: Box<RevisionRef>,
        /// Where they lead.
        candidates: Vec<RevisionRef>,
    },
    /// There are fewer revisions in that direction.
    #[error("`{written}` goes too far: {} {} {possible}", steps(*.asked), only(*.possible))]
    TooFar {
        /// The target.
        written: String,
        /// The steps asked for.
        asked: i32,
        /// How many there are.
        possible: u32,
    },
}

fn within(scope: Option<&str>) -> String {
    scope.map(|scope| format!(" in `{scope}`")).unwrap_or_default()
}

fn steps(asked: i32) -> String {
    let noun = if asked.unsigned_abs() == 1 { "step" } else { "steps" };
    format!("{} {noun} {}", asked.unsigned_abs(), if asked < 0 { "down" } else { "up" })
}

fn only(possible: u32) -> &'static str {
    if possible == 1 { "where there is" } else { "where there are" }
}

/// The forms of a target, for whoever wrote something else.
const FORMS: &str = "a target is `head`, `heads`, `base`, `current`, a revision or the beginning of its id, a branch \
    label, steps from here (`+2`, `-1`) or from there (`002+1`, `head-2`), or one of these within a branch or crate \
    (`label@head`)";

impl TargetError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Syntax { .. } => Some(FORMS.to_owned()),
            Self::RangeSyntax { .. } => {
                Some(format!("a range is `from:to`, `from:` or `:to`; {FORMS}"))
            }
            Self::Unknown { similar, .. } | Self::UnknownScope { similar, .. } => {
                did_you_mean(similar.as_deref())
            }
            Self::Ambiguous { candidates, .. } => candidates
                .first()
                .map(|candidate| format!("name one in full, such as `{candidate}`")),
            Self::MultipleHeads { .. } => {
                Some("`migrate merge` joins them into one; `-r heads` means all of them".to_owned())
            }
            Self::NoHead { .. } => Some("name a revision".to_owned()),
            Self::SeveralCrates { written, crates } => {
                crates.first().map(|krate| format!("name one, such as `{krate}@{written}`"))
            }
            Self::BranchPoint { candidates, .. } | Self::Merge { candidates, .. } => candidates
                .first()
                .map(|candidate| format!("name the revision, such as `{candidate}`")),
            Self::TooFar { asked, .. } if *asked < 0 => {
                Some("`base` is before the first revision".to_owned())
            }
            Self::TooFar { .. } => Some("`head` is the last revision".to_owned()),
        }
    }

    /// The error's name for programs, which stays when the words change.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Syntax { .. } => "target-syntax",
            Self::RangeSyntax { .. } => "range-syntax",
            Self::Unknown { .. } => "unknown-revision",
            Self::UnknownScope { .. } => "unknown-scope",
            Self::Ambiguous { .. } => "ambiguous-target",
            Self::MultipleHeads { .. } => "multiple-heads",
            Self::NoHead { .. } => "no-head",
            Self::SeveralCrates { .. } => "several-crates",
            Self::BranchPoint { .. } => "branch-point",
            Self::Merge { .. } => "merge-point",
            Self::TooFar { .. } => "too-far",
        }
    }
}
