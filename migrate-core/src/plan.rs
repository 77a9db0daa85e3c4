//! What to do, decided before anything is done: pure functions from graph, history and target to steps.

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

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Request {
    /// Apply schema revisions up to a target.
    Up(Target),
    /// Apply schema and data revisions up to a target: a whole release.
    Production(Target),
    /// Undo what lies above a target.
    Down(Target),
    /// Write history as if a target had been reached, and run nothing.
    Stamp(Target),
    /// Undo applied revisions that the program does not know, from the SQL that history has kept of them: the last so
    /// many, or all.
    DownFromHistory(Option<usize>),
    /// Write into history what a human says, and run nothing.
    Repair(Repair),
}

impl Request {
    /// The command that asks for it.
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

/// What is done with a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// It is applied.
    Apply,
    /// It is undone.
    Revert,
    /// Its row goes: a data revision that has nothing to undo, below one that is undone.
    Forget,
    /// Its row is written, and nothing is run.
    Stamp,
    /// Its row is removed, and nothing is run.
    Unstamp,
    /// Its row is corrected, and nothing is run.
    Repair,
}

impl Action {
    /// The word used in plans and JSON.
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

/// Steps in the order in which they are run.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Plan {
    /// What was asked for.
    pub request: Request,
    /// What will be done.
    pub steps: Vec<Step>,
    /// What the user should know.
    pub notices: Vec<Notice>,
    /// The data revisions that are still pending when the plan is done.
    pub pending_data: Vec<RevisionKey>,
}

impl Plan {
    /// Decides what `request` means for a database with this `history`.
    ///
    /// # Errors
    ///
    /// [`PlanError`]: whatever is wrong is found here, before any lock or statement.
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

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

/// What a plan depends on beside graph and history.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// The dialect bodies are made for.
    pub dialect: Dialect,
    /// What is refused, and what is only said.
    pub policies: Policies,
}

/// One revision's part of a plan.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Step {
    /// What is done.
    pub action: Action,
    /// The revision.
    pub migration: Migration,
    /// What is run.
    pub work: Work,
    /// Whether it runs in a transaction.
    pub mode: Mode,
    /// The text of `up`, kept in history; nothing for code.
    pub(crate) sql_up: Option<String>,
    /// The text of `down`, kept in history; nothing for code.
    pub(crate) sql_down: Option<String>,
    /// What it waives, as history keeps it.
    pub(crate) waivers: Option<String>,
    /// How far an earlier run came with it, if one began it.
    pub(crate) resume: Option<Resume>,
    /// How history is corrected, where that is all.
    pub(crate) correction: Option<Correction>,
}

/// What a step runs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Work {
    /// These statements.
    Sql(Script),
    /// This code.
    Code(CodeBody),
    /// Nothing: only history changes.
    Nothing,
}

/// How a step and its history row are kept together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mode {
    /// Both commit in one transaction.
    Transaction,
    /// The row is marked before the first statement and after each one.
    Journaled,
}

impl Step {
    /// The revision's crate and id.
    pub fn key(&self) -> &RevisionKey {
        self.migration.key()
    }

    /// Schema or data.
    pub fn kind(&self) -> Kind {
        self.migration.changes()
    }

    /// The number of statements, as far as it is known beforehand.
    pub fn statements(&self) -> usize {
        match &self.work {
            Work::Sql(script) => script.len(),
            Work::Code(_) | Work::Nothing => 0,
        }
    }

    /// Whether what it runs does or undoes.
    pub fn direction(&self) -> Direction {
        match self.action {
            Action::Apply | Action::Stamp | Action::Repair => Direction::Up,
            Action::Revert | Action::Forget | Action::Unstamp => Direction::Down,
        }
    }

    /// Whether the session may be another one after it.
    pub(crate) fn leaves_traces(&self) -> bool {
        match &self.work {
            Work::Sql(script) => script.leaves_traces(),
            Work::Code(_) => true,
            Work::Nothing => false,
        }
    }

    /// The statements that an earlier run is known to have done.
    pub(crate) fn already_done(&self) -> usize {
        self.resume.as_ref().map_or(0, |resume| resume.done)
    }

    /// Where the SQL of this step stands in the sources, if the macro saw it.
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

/// The revisions of a graph that a database has applied or begun.
pub(crate) fn applied_nodes(graph: &Graph, history: &History) -> NodeSet {
    history.rows().filter_map(|(key, _)| graph.find(key)).collect()
}

/// The data revisions of a graph that are pending once `steps` are done, in order.
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

/// What lies above the revisions that stay: the schema that comes after them, the data that comes after that, and what
/// needs either. Data beside a schema revision that stays is not above it, but data after a data revision is. What only
/// depends on what stays, stays as well. With a branch or a crate, only what is its own is above.
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

/// What comes after a revision.
fn below(graph: &Graph, node: NodeId) -> Vec<NodeId> {
    graph.lineage_below(node).iter().filter(|other| *other != node).collect()
}

fn by_rank(graph: &Graph, nodes: impl IntoIterator<Item = NodeId>) -> Vec<NodeId> {
    let mut nodes: Vec<NodeId> = nodes.into_iter().collect();
    nodes.sort_by_key(|node| graph.rank(*node));
    nodes
}
