//! What a user may name as the place to go: `head-2`, `002`, `shop@head`.

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

/// A place in the graph, as written.
///
/// | written | meaning |
/// |---|---|
/// | `head` | the head of every crate |
/// | `heads` | all heads, however many |
/// | `base` | before the first revision |
/// | `current` | what is applied now |
/// | `002`, `crate@002` | a revision, by its id or any unique prefix |
/// | `label` | the revision at which a branch begins |
/// | `+2`, `-1` | so many steps from here |
/// | `002+1`, `head-2` | so many children or parents from there |
/// | `label@head`, `crate@-1` | the same, within a branch or a crate |
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
    /// `head`: the head of every crate; one each.
    Head,
    /// `heads`: all heads.
    Heads,
    /// `base`: before the first revision.
    Base,
    /// `current`: the applied schema revisions that no applied schema revision comes after.
    Current,
    /// A revision by its id or a unique prefix of it, or a branch by its label.
    Revision(String),
    /// `+2`, `-1`: steps from what is applied.
    Relative(i32),
    /// `label@…`, `crate@…`, `revision@…`: within what descends from it.
    Within(String, Box<Self>),
    /// `002+1`, `head-2`: children or parents from a place.
    Offset(Box<Self>, i32),
}

/// As it was written.
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

/// Where a target leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// Back to nothing: all of the scope, and what needs it, that would go.
    Base(NodeSet),
    /// To these revisions, and all they need.
    At(Vec<NodeId>),
    /// So many steps forwards among what is pending or back among what is applied, counted within the scope if there
    /// is one; what those steps need, or what needs them, comes along uncounted.
    Relative(i32, Option<NodeSet>),
}

impl Target {
    /// Whether it names an end of a line, and so all that will ever be there.
    pub(crate) fn is_open(&self) -> bool {
        match self {
            Self::Head | Self::Heads | Self::Relative(_) => true,
            Self::Within(_, inner) => inner.is_open(),
            Self::Base | Self::Current | Self::Revision(_) | Self::Offset(..) => false,
        }
    }

    /// The revisions of the branch or crate that stands before its `@`; nothing where none does.
    ///
    /// # Errors
    ///
    /// [`TargetError::UnknownScope`] if nothing has that name, and [`TargetError::Ambiguous`] if several have.
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

    /// Finds the place in `graph`, given what is applied.
    ///
    /// Data migrations are found by their names, too; who cannot go to one refuses it.
    ///
    /// # Errors
    ///
    /// - [`TargetError::Unknown`], [`TargetError::UnknownScope`] if nothing has that name
    /// - [`TargetError::Ambiguous`], [`TargetError::MultipleHeads`], [`TargetError::SeveralCrates`],
    ///   [`TargetError::BranchPoint`], [`TargetError::Merge`] if several places could be meant
    /// - [`TargetError::TooFar`], [`TargetError::NoHead`] if there is no such place
    /// - [`TargetError::Syntax`] if it was built of parts that cannot be written
    pub fn resolve(&self, graph: &Graph, applied: &NodeSet) -> Result<Resolved, TargetError> {
        Resolver::new(graph, applied, self).resolve()
    }

    /// Whether the place depends on what is applied.
    pub(crate) fn depends_on_history(&self) -> bool {
        match self {
            Self::Current | Self::Relative(_) => true,
            Self::Within(_, target) | Self::Offset(target, _) => target.depends_on_history(),
            Self::Head | Self::Heads | Self::Base | Self::Revision(_) => false,
        }
    }
}
