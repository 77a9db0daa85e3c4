//! Why a target cannot be resolved.

use crate::graph::{RevisionRef, did_you_mean, list};

/// A target that cannot be resolved, or is ambiguous.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TargetError {
    /// The text is not a target.
    #[error("`{written}` is not a target")]
    Syntax {
        /// The text.
        written: String,
    },
    /// The text is not a range.
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
        /// A similar name that exists.
        similar: Option<String>,
    },
    /// No crate, label or revision has the name before the `@`.
    #[error("there is no crate, branch or revision `{name}`")]
    UnknownScope {
        /// The name.
        name: String,
        /// A similar name that exists.
        similar: Option<String>,
    },
    /// Several revisions match.
    #[error("`{written}` is ambiguous: it matches {}", list(.candidates))]
    Ambiguous {
        /// The target.
        written: String,
        /// The revisions that match.
        candidates: Vec<RevisionRef>,
    },
    /// The target needs one head, and there are several.
    #[error("`{written}` is ambiguous: there are {} heads: {}", .heads.len(), list(.heads))]
    MultipleHeads {
        /// The target.
        written: String,
        /// The heads.
        heads: Vec<RevisionRef>,
    },
    /// There is no schema revision in the scope.
    #[error("`{written}` has no head, because it has no schema revisions")]
    NoHead {
        /// The target.
        written: String,
    },
    /// The target needs one crate, and there are several.
    #[error("`{written}` is ambiguous: there are {} crates: {}", .crates.len(), list(.crates))]
    SeveralCrates {
        /// The target.
        written: String,
        /// The crates.
        crates: Vec<String>,
    },
    /// A step up could lead to several revisions.
    #[error("`{written}` is ambiguous: from `{at}` it could go to {}", list(.candidates))]
    BranchPoint {
        /// The target.
        written: String,
        /// Where the branches split.
        at: Box<RevisionRef>,
        /// The next revision of each branch.
        candidates: Vec<RevisionRef>,
    },
    /// A step down could lead to several revisions.
    #[error("`{written}` is ambiguous: from the merge `{at}` it could go to {}", list(.candidates))]
    Merge {
        /// The target.
        written: String,
        /// Where the branches split.
        at: Box<RevisionRef>,
        /// The next revision of each branch.
        candidates: Vec<RevisionRef>,
    },
    /// There are fewer revisions in that direction.
    #[error("`{written}` goes too far: {} {} {possible}", steps(*.asked), only(*.possible))]
    TooFar {
        /// The target.
        written: String,
        /// The number of steps requested.
        asked: i32,
        /// The number of steps there are.
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

/// The forms of a target.
const FORMS: &str = "a target is `head`, `heads`, `base`, `current`, a revision id or its beginning, a branch label, \
a number of steps (`+2`, `-1`), also relative to a revision (`002+1`, `head-2`), or one of these in a branch or crate \
(`label@head`)";

impl TargetError {
    /// Returns what to do about it.
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
                .map(|candidate| format!("write one in full, such as `{candidate}`")),
            Self::MultipleHeads { .. } => {
                Some("join them with `migrate merge`, or use `-r heads` for all of them".to_owned())
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

    /// Returns the error's name for programs, which stays when the words change.
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
