//! Why a set of migrations is no graph.

use std::collections::BTreeSet;
use std::fmt;

use crate::declare::revision::RevisionKey;
use crate::graph::reference::{RevisionRef, join, list};

/// All faults of the first stage of building a graph that found any.
///
/// ```
/// use migrate_core::{Graph, Migration};
///
/// let error = Graph::new([Migration::new("001"), Migration::new("001")]).unwrap_err();
/// assert_eq!(error.faults()[0].code(), "duplicate-revision");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct GraphError {
    faults: Vec<GraphFault>,
}

impl GraphError {
    /// Fails if there is any fault; sorts them, so that the input's order does not show.
    pub(super) fn check(mut faults: Vec<GraphFault>) -> Result<(), Self> {
        if faults.is_empty() {
            return Ok(());
        }
        faults.sort_by_cached_key(|fault| (fault.subject().cloned(), fault.to_string()));
        Err(Self { faults })
    }

    /// The faults, sorted by crate and revision.
    pub fn faults(&self) -> &[GraphFault] {
        &self.faults
    }

    /// The advice on each fault, each said once.
    pub fn hints(&self) -> Vec<String> {
        let mut said = BTreeSet::new();
        let mut hints: Vec<String> = self.faults.iter().filter_map(GraphFault::hint).collect();
        hints.retain(|hint| said.insert(hint.clone()));
        hints
    }
}

impl fmt::Display for GraphError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [fault] = self.faults.as_slice() {
            return fault.fmt(f);
        }
        write!(f, "the revisions have {} faults:", self.faults.len())?;
        self.faults.iter().try_for_each(|fault| write!(f, "\n- {fault}"))
    }
}

/// One thing that keeps a set of migrations from being a graph.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GraphFault {
    /// There is no migration at all.
    #[error("there are no migrations")]
    Empty,
    /// An id has letters that ids may not have.
    #[error("`{revision}` is not a revision id{}", .revision.place())]
    InvalidId {
        /// The revision.
        revision: RevisionRef,
    },
    /// An id is a word that means something else as a target.
    #[error("`{revision}` cannot be a revision id: as a target the word means something else{}", .revision.place())]
    ReservedId {
        /// The revision.
        revision: RevisionRef,
    },
    /// Several migrations of a crate have one id.
    #[error("revision `{}` is declared {} times{}", .revisions.first().map(ToString::to_string).unwrap_or_default(),
        .revisions.len(), places(.revisions))]
    Duplicate {
        /// Each of them, by place.
        revisions: Vec<RevisionRef>,
    },
    /// A branch label has letters that labels may not have, or means something else as a target.
    #[error("`{label}` of revision `{revision}` cannot be a branch label{}", .revision.place())]
    InvalidLabel {
        /// The label.
        label: String,
        /// Who declares it.
        revision: RevisionRef,
    },
    /// A branch label is also the name of a crate.
    #[error("branch label `{label}` of revision `{revision}` is the name of a crate{}", .revision.place())]
    LabelIsCrate {
        /// The label.
        label: String,
        /// Who declares it.
        revision: RevisionRef,
    },
    /// A branch label is also the id of a revision.
    #[error("branch label `{label}` of revision `{revision}`{} is the id of a revision{}",
        .revision.place(), .other.place())]
    LabelIsRevision {
        /// The label.
        label: String,
        /// Who declares it.
        revision: RevisionRef,
        /// Whose id it is.
        other: RevisionRef,
    },
    /// `after` names nothing.
    #[error("revision `{revision}` comes after `{parent}`, which is no revision of its crate{}", .revision.place())]
    MissingParent {
        /// Who says `after`.
        revision: RevisionRef,
        /// What it names.
        parent: String,
        /// What may have been meant.
        similar: Option<String>,
    },
    /// `depends_on` names nothing.
    #[error("revision `{revision}` depends on `{dependency}`, which does not exist{}", .revision.place())]
    MissingDependency {
        /// Who says `depends_on`.
        revision: RevisionRef,
        /// What it names.
        dependency: String,
        /// What may have been meant.
        similar: Option<String>,
    },
    /// `depends_on` names a crate of which nothing is known.
    #[error("revision `{revision}` depends on `{dependency}`, but crate `{krate}` has no migrations here{}",
        .revision.place())]
    MissingCrate {
        /// Who says `depends_on`.
        revision: RevisionRef,
        /// What it names.
        dependency: String,
        /// The crate's name in it.
        krate: String,
        /// What may have been meant.
        similar: Option<String>,
    },
    /// Without `after`, and the id is no number that could tell.
    #[error("revision `{revision}` does not say which revision it comes after{}", .revision.place())]
    UndeclaredParent {
        /// The revision.
        revision: RevisionRef,
    },
    /// Without `after` and `branch`, where all that is below belongs to several branches.
    #[error("revision `{revision}` does not say which branch it continues: {}{}", list(.branches), .revision.place())]
    UndeclaredBranch {
        /// The revision.
        revision: RevisionRef,
        /// The branches.
        branches: Vec<String>,
    },
    /// A schema revision comes after a data migration.
    #[error("revision `{revision}`{} comes after `{parent}`{}, which is a data migration",
        .revision.place(), .parent.place())]
    DataParent {
        /// The schema revision.
        revision: RevisionRef,
        /// The data migration.
        parent: RevisionRef,
    },
    /// `after` names the revision itself.
    #[error("revision `{revision}` comes after itself{}", .revision.place())]
    SelfParent {
        /// The revision.
        revision: RevisionRef,
    },
    /// `depends_on` names the revision itself.
    #[error("revision `{revision}` depends on itself{}", .revision.place())]
    SelfDependency {
        /// The revision.
        revision: RevisionRef,
    },
    /// Revisions wait for each other.
    #[error("revisions wait for each other: {} → `{}`{}", join(.revisions, " → "),
        .revisions.first().map(ToString::to_string).unwrap_or_default(), places(.revisions))]
    Cycle {
        /// The shortest way round, each revision before one that it needs.
        revisions: Vec<RevisionRef>,
    },
    /// A label is declared in places of which neither descends from the other.
    #[error("branch label `{label}` is declared by `{first}`{} and by `{second}`{}, which does not descend from it",
        .first.place(), .second.place())]
    LabelTwice {
        /// The label.
        label: String,
        /// Where the branch begins.
        first: RevisionRef,
        /// Where it cannot begin again.
        second: RevisionRef,
    },
}

/// ` (a.rs:1, b.rs:2)`, to follow the names.
fn places(revisions: &[RevisionRef]) -> String {
    let places: Vec<_> =
        revisions.iter().filter_map(RevisionRef::origin).map(|origin| origin.to_string()).collect();
    if places.is_empty() { String::new() } else { format!(" ({})", places.join(", ")) }
}

impl GraphFault {
    /// The revision that the fault is told of.
    fn subject(&self) -> Option<&RevisionKey> {
        match self {
            Self::Empty => None,
            Self::Duplicate { revisions } | Self::Cycle { revisions } => revisions.first(),
            Self::LabelTwice { second: revision, .. }
            | Self::InvalidId { revision }
            | Self::ReservedId { revision }
            | Self::InvalidLabel { revision, .. }
            | Self::LabelIsCrate { revision, .. }
            | Self::LabelIsRevision { revision, .. }
            | Self::MissingParent { revision, .. }
            | Self::MissingDependency { revision, .. }
            | Self::MissingCrate { revision, .. }
            | Self::UndeclaredParent { revision }
            | Self::UndeclaredBranch { revision, .. }
            | Self::DataParent { revision, .. }
            | Self::SelfParent { revision }
            | Self::SelfDependency { revision } => Some(revision),
        }
        .map(RevisionRef::key)
    }
}
