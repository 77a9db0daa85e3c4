//! Why a set of migrations does not form a graph.

use std::collections::BTreeSet;
use std::fmt;

use crate::declare::revision::RevisionKey;
use crate::graph::reference::{RevisionRef, join, list};

/// The faults that keep migrations from forming a graph: all those that the first failing stage found.
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
    /// Fails if there is any fault. Sorts the faults, so that they do not depend on the input's order.
    pub(super) fn check(mut faults: Vec<GraphFault>) -> Result<(), Self> {
        if faults.is_empty() {
            return Ok(());
        }
        faults.sort_by_cached_key(|fault| (fault.subject().cloned(), fault.to_string()));
        Err(Self { faults })
    }

    /// Returns the faults, sorted by crate and revision.
    pub fn faults(&self) -> &[GraphFault] {
        &self.faults
    }

    /// Returns what to do about the faults, without repetitions.
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

/// One fault that keeps a set of migrations from forming a graph.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GraphFault {
    /// There are no migrations.
    #[error("there are no migrations")]
    Empty,
    /// An id contains characters that are not allowed.
    #[error("`{revision}` is not a revision id{}", .revision.place())]
    InvalidId {
        /// The revision.
        revision: RevisionRef,
    },
    /// An id is a word that has another meaning as a target.
    #[error("`{revision}` cannot be a revision id: it has another meaning as a target{}", .revision.place())]
    ReservedId {
        /// The revision.
        revision: RevisionRef,
    },
    /// Several migrations of a crate have the same id.
    #[error("revision `{}` is declared {} times{}", .revisions.first().map(ToString::to_string).unwrap_or_default(),
        .revisions.len(), places(.revisions))]
    Duplicate {
        /// All of them, by place.
        revisions: Vec<RevisionRef>,
    },
    /// A branch label contains characters that are not allowed, or has another meaning as a target.
    #[error("`{label}` of revision `{revision}` cannot be a branch label{}", .revision.place())]
    InvalidLabel {
        /// The label.
        label: String,
        /// The revision that declares it.
        revision: RevisionRef,
    },
    /// A branch label is also the name of a crate.
    #[error("branch label `{label}` of revision `{revision}` is the name of a crate{}", .revision.place())]
    LabelIsCrate {
        /// The label.
        label: String,
        /// The revision that declares it.
        revision: RevisionRef,
    },
    /// A branch label is also the id of a revision.
    #[error("branch label `{label}` of revision `{revision}`{} is the id of a revision{}",
        .revision.place(), .other.place())]
    LabelIsRevision {
        /// The label.
        label: String,
        /// The revision that declares it.
        revision: RevisionRef,
        /// The revision that has this id.
        other: RevisionRef,
    },
    /// `after` names a revision that does not exist.
    #[error("revision `{revision}` comes after `{parent}`, which does not exist in its crate{}", .revision.place())]
    MissingParent {
        /// The revision with this `after`.
        revision: RevisionRef,
        /// The name that it gives.
        parent: String,
        /// A similar name that exists.
        similar: Option<String>,
    },
    /// `depends_on` names a revision that does not exist.
    #[error("revision `{revision}` depends on `{dependency}`, which does not exist{}", .revision.place())]
    MissingDependency {
        /// The revision with this `depends_on`.
        revision: RevisionRef,
        /// The name that it gives.
        dependency: String,
        /// A similar name that exists.
        similar: Option<String>,
    },
    /// `depends_on` names an unknown crate.
    #[error("revision `{revision}` depends on `{dependency}`, but crate `{krate}` has no migrations here{}",
        .revision.place())]
    MissingCrate {
        /// The revision with this `depends_on`.
        revision: RevisionRef,
        /// The name that it gives.
        dependency: String,
        /// The name of the crate.
        krate: String,
        /// A similar name that exists.
        similar: Option<String>,
    },
    /// There is no `after`, and the id is not a number, so there is no default.
    #[error("revision `{revision}` has no `after`, and its id is not a number{}", .revision.place())]
    UndeclaredParent {
        /// The revision.
        revision: RevisionRef,
    },
    /// There is neither `after` nor `branch`, and the revisions below belong to several branches.
    #[error("revision `{revision}` could continue several branches: {}{}", list(.branches), .revision.place())]
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
    /// Revisions form a cycle.
    #[error("cycle: {} → `{}`{}", join(.revisions, " → "),
        .revisions.first().map(ToString::to_string).unwrap_or_default(), places(.revisions))]
    Cycle {
        /// The shortest cycle, each revision before one that it needs.
        revisions: Vec<RevisionRef>,
    },
    /// A label is declared by two revisions, neither of which descends from the other.
    #[error("branch label `{label}` is declared by `{first}`{} and by `{second}`{}, which does not descend from it",
        .first.place(), .second.place())]
    LabelTwice {
        /// The label.
        label: String,
        /// Where the branch begins.
        first: RevisionRef,
        /// Where it is declared again.
        second: RevisionRef,
    },
}

/// Returns ` (a.rs:1, b.rs:2)`, to follow the names.
fn places(revisions: &[RevisionRef]) -> String {
    let places: Vec<_> =
        revisions.iter().filter_map(RevisionRef::origin).map(|origin| origin.to_string()).collect();
    if places.is_empty() { String::new() } else { format!(" ({})", places.join(", ")) }
}

impl GraphFault {
    /// Returns the revision that the fault is reported for.
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
