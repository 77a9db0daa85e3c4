//! Targets: `head-2`, `002`, `shop@head`.

mod error;
mod lookup;
mod parse;
mod range;
mod resolve;
mod scope;
#[cfg(test)]
mod tests;
mod walk;

use std::fmt;

pub use self::error::TargetError;
pub use self::range::TargetRange;

use self::resolve::Resolver;
use crate::graph::{Graph, NodeId, NodeSet};

/// A target: a place in the graph, as a user writes it.
///
/// | written | meaning |
/// |---|---|
/// | `head` | the head of every crate |
/// | `heads` | all heads, however many |
/// | `base` | before the first revision |
/// | `current` | the latest applied revisions |
/// | `002`, `crate@002` | a revision, by its id or any unique prefix |
/// | `label` | the first revision of a branch |
/// | `+2`, `-1` | a number of steps from what is applied |
/// | `002+1`, `head-2` | a number of children or parents from there |
/// | `label@head`, `crate@-1` | the same, in a branch or a crate |
///
/// # Examples
///
/// ```
/// use migrate_core::{Graph, Migration, NodeSet, Resolved, Target};
///
/// let graph = Graph::new(["001", "002", "003"].map(Migration::new))?;
/// let target: Target = "head-1".parse()?;
/// assert_eq!(target.resolve(&graph, &NodeSet::new())?, Resolved::At(vec![graph.order()[1]]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// `head`: the only head of every crate.
    Head,
    /// `heads`: all heads.
    Heads,
    /// `base`: before the first revision.
    Base,
    /// `current`: the applied schema revisions without an applied schema descendant.
    Current,
    /// A revision by its id or a unique prefix of it, or a branch by its label.
    Revision(String),
    /// `+2`, `-1`: steps from what is applied.
    Relative(i32),
    /// `label@…`, `crate@…`, `revision@…`: among the descendants.
    Within(String, Box<Self>),
    /// `002+1`, `head-2`: children or parents from a place.
    Offset(Box<Self>, i32),
}

/// Writes it as the user wrote it.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Head => f.write_str("head"),
            Self::Heads => f.write_str("heads"),
            Self::Base => f.write_str("base"),
            Self::Current => f.write_str("current"),
            Self::Revision(text) => f.write_str(text),
            Self::Relative(steps) => write!(f, "{steps:+}"),
            Self::Within(scope, target) => write!(f, "{scope}@{target}"),
            Self::Offset(target, steps) => write!(f, "{target}{steps:+}"),
        }
    }
}

/// The revisions that a target stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// Before the first revision: these are all revisions of the scope, and those that need them.
    Base(NodeSet),
    /// These revisions, and all that they need.
    At(Vec<NodeId>),
    /// A number of steps forward among pending revisions or back among applied ones, counted in the scope if there is one.
    /// Revisions that those steps need, or that need them, are included without being counted.
    Relative(i32, Option<NodeSet>),
}

impl Target {
    /// Returns whether it names the end of a line, and therefore includes future revisions.
    pub(crate) fn is_open(&self) -> bool {
        match self {
            Self::Head | Self::Heads | Self::Relative(_) => true,
            Self::Within(_, inner) => inner.is_open(),
            Self::Base | Self::Current | Self::Revision(_) | Self::Offset(..) => false,
        }
    }

    /// Returns the revisions of the branch or crate before its `@`; `None` if there is no `@`.
    ///
    /// # Errors
    ///
    /// [`TargetError::UnknownScope`] if nothing has that name, and [`TargetError::Ambiguous`] if several things have.
    pub fn members(&self, graph: &Graph) -> Result<Option<NodeSet>, TargetError> {
        match self {
            Self::Within(name, _) => Ok(lookup::scope(graph, name)?.members().cloned()),
            Self::Head
            | Self::Heads
            | Self::Base
            | Self::Current
            | Self::Revision(_)
            | Self::Relative(_)
            | Self::Offset(..) => Ok(None),
        }
    }

    /// Resolves the target in `graph`, given the applied revisions.
    ///
    /// Data migrations are also found by name. Commands that cannot go to one refuse it.
    ///
    /// # Errors
    ///
    /// - [`TargetError::Unknown`], [`TargetError::UnknownScope`] if nothing has that name
    /// - [`TargetError::Ambiguous`], [`TargetError::MultipleHeads`], [`TargetError::SeveralCrates`],
    ///   [`TargetError::BranchPoint`], [`TargetError::Merge`] if the target is ambiguous
    /// - [`TargetError::TooFar`], [`TargetError::NoHead`] if there is no such place
    /// - [`TargetError::Syntax`] if it was built from parts that cannot be written
    pub fn resolve(&self, graph: &Graph, applied: &NodeSet) -> Result<Resolved, TargetError> {
        Resolver::new(graph, applied, self).resolve()
    }

    /// Returns whether it depends on what is applied.
    pub(crate) fn depends_on_history(&self) -> bool {
        match self {
            Self::Current | Self::Relative(_) => true,
            Self::Within(_, target) | Self::Offset(target, _) => target.depends_on_history(),
            Self::Head | Self::Heads | Self::Base | Self::Revision(_) => false,
        }
    }
}
