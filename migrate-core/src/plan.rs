//! Planning: pure functions from graph, history and target to steps, called before anything is done.

mod before;
mod correction;
mod dialects;
mod down;
mod edited;
mod error;
mod from_history;
mod group;
mod held_back;
mod late;
mod not_kept;
mod notice;
mod overtaking;
mod policy;
mod prepare;
mod repair;
mod resume;
mod same;
mod stamp;
#[cfg(test)]
mod tests;
mod unfinished;
mod up;
mod verify;
mod wanted;

use std::collections::BTreeSet;
use std::time::Duration;

use migrate_sql::Direction;

pub(crate) use self::correction::Correction;
pub use self::dialects::OtherDialect;
pub(crate) use self::dialects::refuse_other;
pub use self::edited::Edited;
pub(crate) use self::error::start_over;
pub use self::error::{PlanError, ScriptFault, Waiting, WayOn};
pub(crate) use self::from_history::unknown;
pub(crate) use self::group::{Group, groups};
pub use self::held_back::overtakings;
pub use self::late::out_of_order;
pub use self::not_kept::{NotKept, WhyNot};
pub use self::notice::Notice;
pub use self::overtaking::Overtaking;
pub use self::policy::{Policies, Policy};
pub use self::prepare::UNWRITTEN;
pub use self::repair::{Answer, Repair, RepairFault};
pub(crate) use self::resume::Resume;
pub(crate) use self::unfinished::unfinished;
pub use self::unfinished::{Effect, InFlight, Unfinished};
pub use self::verify::edited;
pub(crate) use self::wanted::{Goal, Scope, wanted};
use crate::declare::body::CodeBody;
use crate::declare::migration::{Kind, Migration};
use crate::declare::revision::RevisionKey;
use crate::graph::target::Target;
use crate::graph::{Graph, NodeId, NodeSet};
use crate::history::{History, State};
use crate::sql::script::Script;
use crate::sql::{Dialect, SqlSource};

/// A request to change a database.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Request {
    /// Apply schema revisions up to a target.
    Up(Target),
    /// Apply schema and data revisions up to a target: a whole release.
    Production(Target),
    /// Undo what is above a target.
    Down(Target),
    /// Mark revisions as applied up to a target, without running them.
    Stamp(Target),
    /// Undo applied revisions that the program does not know, with the SQL kept in history: the given number of latest
    /// ones, or all.
    DownFromHistory(Option<usize>),
    /// Correct history, without running anything.
    Repair(Repair),
}

impl Request {
    /// Returns the name of its command.
    pub const fn command(&self) -> &'static str {
        match self {
            Self::Up(_) => "up",
            Self::Production(_) => "production",
            Self::Down(_) | Self::DownFromHistory(_) => "down",
            Self::Stamp(_) => "stamp",
            Self::Repair(_) => "repair",
        }
    }
}

/// What a step does with a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// Applies it.
    Apply,
    /// Undoes it.
    Revert,
    /// Removes the history row of a data revision that has no `down`.
    Forget,
    /// Writes its history row, without running it.
    Stamp,
    /// Removes its history row, without running anything.
    Unstamp,
    /// Corrects its history row, without running anything.
    Repair,
}

impl Action {
    /// Returns the word used in plans and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Revert => "revert",
            Self::Forget => "forget",
            Self::Stamp => "stamp",
            Self::Unstamp => "unstamp",
            Self::Repair => "repair",
        }
    }
}

/// A plan: steps in the order in which they run.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Plan {
    /// The request.
    pub request: Request,
    /// The steps.
    pub steps: Vec<Step>,
    /// Things that the user should know.
    pub notices: Vec<Notice>,
    /// The data revisions that are still pending after the plan.
    pub pending_data: Vec<RevisionKey>,
}

impl Plan {
    /// Plans `request` for a database with this `history`.
    ///
    /// # Errors
    ///
    /// [`PlanError`], if the request cannot be planned. No lock is taken and no statement has run by then.
    pub fn new(
        request: &Request,
        graph: &Graph,
        history: &History,
        context: Context,
    ) -> Result<Self, PlanError> {
        refuse_other(graph, context.dialect)?;
        let mut plan = Self::of(request, graph, history, context)?;
        plan.pending_data = pending_data(graph, history, &plan.steps);
        Ok(plan)
    }

    fn of(
        request: &Request,
        graph: &Graph,
        history: &History,
        context: Context,
    ) -> Result<Self, PlanError> {
        match request {
            Request::Up(target) => {
                up::plan(request, graph, history, (target, Scope::Schema), context)
            }
            Request::Production(target) => {
                up::plan(request, graph, history, (target, Scope::All), context)
            }
            Request::Down(target) => down::plan(request, graph, history, target, context),
            Request::DownFromHistory(number) => {
                from_history::plan(request, graph, history, *number, context)
            }
            Request::Stamp(target) => stamp::plan(request, graph, history, target, context),
            Request::Repair(repair) => correction::plan(repair, graph, history, context),
        }
    }

    /// Returns whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

/// What a plan depends on, in addition to graph and history.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// The dialect that SQL is rendered for.
    pub dialect: Dialect,
    /// What is refused, and what is only reported.
    pub policies: Policies,
}

/// One revision's part of a plan.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Step {
    /// What the step does.
    pub action: Action,
    /// The revision.
    pub migration: Migration,
    /// What the step runs.
    pub work: Work,
    /// Whether the step runs in a transaction.
    pub mode: Mode,
    /// The text of `up` for history; `None` for code.
    pub(crate) sql_up: Option<String>,
    /// The text of `down` for history; `None` for code.
    pub(crate) sql_down: Option<String>,
    /// The rules it waives, as stored in history.
    pub(crate) waivers: Option<String>,
    /// The progress of an earlier run, if one started it.
    pub(crate) resume: Option<Resume>,
    /// The correction of history, if that is all the step does.
    pub(crate) correction: Option<Correction>,
}

/// What a step runs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Work {
    /// Statements.
    Sql(Script),
    /// Code.
    Code(CodeBody),
    /// Nothing: only history changes.
    Nothing,
}

/// How a step and its history row are kept consistent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mode {
    /// Both commit in one transaction.
    Transaction,
    /// The row is written before the first statement and updated after each one.
    Journaled,
}

impl Step {
    /// Returns the revision's crate and id.
    pub fn key(&self) -> &RevisionKey {
        self.migration.key()
    }

    /// Returns the revision's kind.
    pub fn kind(&self) -> Kind {
        self.migration.changes()
    }

    /// Returns the number of statements; 0 for code, where it is not known in advance.
    pub fn statements(&self) -> usize {
        match &self.work {
            Work::Sql(script) => script.len(),
            Work::Code(_) | Work::Nothing => 0,
        }
    }

    /// Returns whether it runs `up` or `down`.
    pub fn direction(&self) -> Direction {
        match self.action {
            Action::Apply | Action::Stamp | Action::Repair => Direction::Up,
            Action::Revert | Action::Forget | Action::Unstamp => Direction::Down,
        }
    }

    /// Returns whether it may change the state of the session.
    pub(crate) fn leaves_traces(&self) -> bool {
        match &self.work {
            Work::Sql(script) => script.leaves_traces(),
            Work::Code(_) => true,
            Work::Nothing => false,
        }
    }

    /// Returns the number of statements that an earlier run has completed.
    pub(crate) fn already_done(&self) -> usize {
        self.resume.as_ref().map_or(0, |resume| resume.done)
    }

    /// Returns the place of the step's SQL in the sources, if the macro recorded it.
    pub(crate) fn source(&self) -> Option<&SqlSource> {
        match self.action {
            Action::Apply => self.migration.up_source.as_ref(),
            Action::Revert => self.migration.down_source.as_ref(),
            Action::Forget | Action::Stamp | Action::Unstamp | Action::Repair => None,
        }
    }

    pub(crate) fn lock_timeout(&self) -> Option<Duration> {
        self.migration.lock_timeout
    }

    pub(crate) fn statement_timeout(&self) -> Option<Duration> {
        self.migration.statement_timeout
    }
}

/// Returns the revisions of a graph that a database has applied or started.
pub(crate) fn applied_nodes(graph: &Graph, history: &History) -> NodeSet {
    history.rows().filter_map(|(key, _)| graph.find(key)).collect()
}

/// Returns the data revisions of a graph that are pending after `steps`, in order.
fn pending_data(graph: &Graph, history: &History, steps: &[Step]) -> Vec<RevisionKey> {
    let applied =
        |key: &RevisionKey| history.get(key).is_some_and(|row| row.state == State::Applied);
    let data = graph.order().iter().copied().filter(|node| !graph.is_schema(*node));
    let mut pending: BTreeSet<NodeId> =
        data.filter(|node| !applied(&graph.migration(*node).key)).collect();
    for step in steps.iter().filter(|step| step.kind() == Kind::Data) {
        let Some(node) = graph.find(step.key()) else { continue };
        match step.action {
            Action::Apply | Action::Stamp => pending.remove(&node),
            Action::Revert | Action::Forget | Action::Unstamp => pending.insert(node),
            Action::Repair => false,
        };
    }
    let pending = by_rank(graph, pending);
    pending.into_iter().map(|node| graph.migration(node).key.clone()).collect()
}

/// Returns what is above the revisions that stay: schema revisions after them, data revisions after those, and everything
/// that needs either. A data revision that follows a schema revision that stays is not above it, but data after a data
/// revision is. Revisions that only depend on what stays, stay as well. With a branch or crate given, only its own
/// revisions are above.
fn above(graph: &Graph, kept: &[NodeId], within: Option<&NodeSet>) -> NodeSet {
    let stays = graph.ancestors(kept.iter().copied());
    let data = kept.iter().copied().filter(|node| !graph.is_schema(*node));
    let after_data: NodeSet = data.flat_map(|node| below(graph, node)).collect();
    let lowest: Vec<NodeId> = kept
        .iter()
        .flat_map(|node| below(graph, *node))
        .filter(|node| !stays.contains(*node))
        .filter(|node| within.is_none_or(|within| within.contains(*node)))
        .filter(|node| graph.is_schema(*node) || after_data.contains(*node))
        .collect();
    graph.descendants(lowest)
}

/// Returns the revisions after a revision.
fn below(graph: &Graph, node: NodeId) -> Vec<NodeId> {
    graph.lineage_below(node).iter().filter(|other| *other != node).collect()
}

fn by_rank(graph: &Graph, nodes: impl IntoIterator<Item = NodeId>) -> Vec<NodeId> {
    let mut nodes: Vec<NodeId> = nodes.into_iter().collect();
    nodes.sort_by_key(|node| graph.rank(*node));
    nodes
}
