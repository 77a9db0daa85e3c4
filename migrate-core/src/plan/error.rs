//! Why there is no plan.

mod hint;
mod resume_with;
mod text;

use migrate_sql::{Direction, Fault, Lost};

pub(crate) use self::hint::start_over;
pub use self::resume_with::WayOn;
use self::text::{changed, count_of, list, not_kept, overtaken, steps, stopped_after, waiting};
use crate::declare::excerpt::Excerpt;
use crate::declare::migration::{Kind, Origin};
use crate::declare::panicked::Panicked;
use crate::declare::revision::RevisionKey;
use crate::graph::target::TargetError;
use crate::history::{HistoryRow, State};
use crate::plan::dialects::OtherDialect;
use crate::plan::edited::Edited;
use crate::plan::not_kept::NotKept;
use crate::plan::overtaking::Overtaking;
use crate::plan::repair::RepairFault;
use crate::sql::Dialect;

/// A request that cannot be planned. Nothing was done.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// The target cannot be resolved.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// The migrations of a crate are not written for the database's dialect.
    #[error(transparent)]
    Dialect(#[from] OtherDialect),
    /// No `down` was derived for the database's dialect.
    #[error("`{key}` cannot be undone on {dialect}: its `down` was derived for other dialects")]
    NotDerived {
        /// The revision.
        key: RevisionKey,
        /// The database's dialect.
        dialect: Dialect,
    },
    /// The database has applied revisions that this program does not know.
    #[error(
        "the database is ahead of this program: it has applied {}, which this program does not know",
        list(revisions)
    )]
    Unknown {
        /// The unknown revisions.
        revisions: Vec<RevisionKey>,
    },
    /// History records this crate's revisions under another name.
    #[error("history records these revisions under the crate name `{was}`, and none under `{now}`")]
    CrateRenamed {
        /// The name in history.
        was: String,
        /// The name in this program.
        now: String,
    },
    /// Applied revisions were edited afterwards.
    #[error("{}", changed(revisions))]
    Changed {
        /// The edited revisions.
        revisions: Vec<Edited>,
    },
    /// A revision still has the placeholder that `create` writes in place of its SQL.
    #[error("`{key}` has no SQL yet")]
    Unwritten {
        /// The revision.
        key: RevisionKey,
        /// Where it is declared.
        origin: Option<Origin>,
    },
    /// A function that returns a revision's SQL panicked.
    #[error("the function that returns the SQL of `{key}` panicked: {}", source.message)]
    Panicked {
        /// The revision.
        key: RevisionKey,
        /// Which of its functions panicked.
        direction: Direction,
        /// Where the revision is declared.
        origin: Option<Origin>,
        /// The panic.
        source: Panicked,
    },
    /// A revision was started and is not finished.
    #[error("`{key}` is unfinished: {}", stopped_after(*state, *done, *total))]
    Unfinished {
        /// The revision.
        key: RevisionKey,
        /// Its state in history.
        state: State,
        /// The number of statements that succeeded.
        done: i64,
        /// The number of statements; 0 for code, where it is not known.
        total: i64,
        /// What resumes it.
        way_on: WayOn,
    },
    /// A statement of an unfinished revision has run, and was edited afterwards.
    #[error("statement {statement} of `{key}` has already run, but was edited afterwards")]
    Diverged {
        /// The revision.
        key: RevisionKey,
        /// Whether the statement belongs to `up` or to `down`.
        direction: Direction,
        /// The statement, from 1.
        statement: usize,
        /// The statement as it was run; `None` where history has not kept it.
        then: Option<String>,
        /// The statement as it is now; `None` where it was removed.
        now: Option<String>,
    },
    /// A revision that cannot run in one transaction needs session state that could not be restored after a crash.
    #[error(
        "`{key}` cannot run in one transaction, and {lost}: if a run ended between the two, a new session could not \
         restore that"
    )]
    Fragile {
        /// The revision.
        key: RevisionKey,
        /// Whether the statement belongs to `up` or to `down`.
        direction: Direction,
        /// What is needed, and where.
        lost: Box<Lost>,
    },
    /// An unfinished revision needs state of the session that started it, which has ended.
    #[error("`{key}` cannot be resumed: {lost}, in a session that has ended")]
    SessionLost {
        /// The revision.
        key: RevisionKey,
        /// What is needed, and where.
        lost: Box<Lost>,
    },
    /// A pending revision is an ancestor of an applied one.
    #[error("`{key}` is not applied, but `{applied}`, which needs it, is already applied")]
    Below {
        /// The pending revision.
        key: RevisionKey,
        /// The applied one.
        applied: RevisionKey,
    },
    /// A pending revision comes before an applied one, and the policy refuses that.
    #[error("out of order: `{key}` comes before `{applied}`, which is already applied")]
    OutOfOrder {
        /// The pending revision.
        key: RevisionKey,
        /// The applied one.
        applied: RevisionKey,
    },
    /// The target of `up` is a data revision.
    #[error("`{key}` is a data migration, and `up` applies only schema migrations")]
    DataTarget {
        /// The revision.
        key: RevisionKey,
    },
    /// A schema revision needs data revisions that `up` does not run.
    #[error("{} run first: {}", if needs.len() == 1 { "a data migration must" } else { "data migrations must" }, waiting(needs))]
    NeedsData {
        /// The schema revisions, each with the data revision that it needs.
        needs: Vec<Waiting>,
    },
    /// A schema revision destroys or narrows what earlier data revisions use, and would run before them.
    #[error("{}", overtaken(revisions))]
    PendingData {
        /// The schema revisions, each with a data revision that it would overtake.
        revisions: Vec<Overtaking>,
    },
    /// The target would leave a revision out of order, and the policy would then refuse to apply it.
    #[error(
        "this would leave `{key}` out of order: `{applied}`, which comes after it, would be applied"
    )]
    LeavesOutOfOrder {
        /// The revision that would be left.
        key: RevisionKey,
        /// The applied revision that comes after it.
        applied: RevisionKey,
    },
    /// The target of `down` is not applied.
    #[error("`{key}` is not applied")]
    NotApplied {
        /// The revision.
        key: RevisionKey,
    },
    /// A relative target goes too far.
    #[error("{} requested, but {}", steps(*asked), count_of(*possible))]
    TooFar {
        /// The number of steps requested.
        asked: u32,
        /// The number of steps there are.
        possible: usize,
    },
    /// A relative target goes in the wrong direction.
    #[error("`{command}` cannot go to `{target}`")]
    WrongWay {
        /// The command.
        command: &'static str,
        /// The target as written.
        target: String,
    },
    /// Some of the revisions that would be undone are irreversible.
    #[error("cannot be undone: {}", list(revisions))]
    Irreversible {
        /// The irreversible revisions.
        revisions: Vec<RevisionKey>,
    },
    /// Revisions that the program does not know cannot be undone with the SQL kept in history.
    #[error("cannot be undone from history: {}", not_kept(revisions))]
    NotKept {
        /// The revisions, and why not.
        revisions: Vec<NotKept>,
    },
    /// A revision that the program knows was applied after one that it does not know.
    #[error("`{above}` was applied after `{key}`, which this program does not know")]
    KnownAbove {
        /// The unknown revision.
        key: RevisionKey,
        /// The revision applied last of those that are known.
        above: RevisionKey,
    },
    /// History cannot be corrected as requested.
    #[error("cannot repair `{key}`: {fault}")]
    Repair {
        /// The revision.
        key: RevisionKey,
        /// Why not.
        fault: RepairFault,
    },
    /// The SQL of a revision is invalid, or is not allowed in its kind of revision.
    #[error("`{}`: {}", .0.key, .0.error)]
    Script(Box<ScriptFault>),
}

/// SQL that cannot be sent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ScriptFault {
    /// The revision.
    pub key: RevisionKey,
    /// What is wrong.
    pub error: Fault,
    /// Where it is wrong.
    pub excerpt: Excerpt,
}

/// A schema revision and a data revision it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The schema revision.
    pub schema: RevisionKey,
    /// The data revision it depends on.
    pub data: RevisionKey,
}

impl PlanError {
    /// Returns the error for a revision whose `row` in history is unfinished.
    pub fn unfinished(key: &RevisionKey, row: &HistoryRow) -> Self {
        let way_on = match (row.state, row.kind) {
            _ if row.journal.is_none() => WayOn::ByHand,
            (State::Reverting, _) => WayOn::Down,
            (_, Kind::Schema) => WayOn::Up,
            (_, Kind::Data) => WayOn::Production,
        };
        let (done, total) = (row.statements_done, row.statements_total);
        Self::Unfinished { key: key.clone(), state: row.state, done, total, way_on }
    }

    /// Returns a short name for programs, which stays when the words change.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Target(error) => error.code(),
            Self::Dialect(_) => "dialect",
            Self::NotDerived { .. } => "not-derived",
            Self::Unknown { .. } => "unknown-revision",
            Self::CrateRenamed { .. } => "crate-renamed",
            Self::Changed { .. } => "changed",
            Self::Unwritten { .. } => "unwritten",
            Self::Panicked { .. } => "panicked",
            Self::Unfinished { .. } => "unfinished",
            Self::Diverged { .. } => "diverged",
            Self::Fragile { .. } => "needs-session",
            Self::SessionLost { .. } => "session-lost",
            Self::Below { .. } => "below-applied",
            Self::OutOfOrder { .. } => "out-of-order",
            Self::DataTarget { .. } => "data-target",
            Self::NeedsData { .. } => "needs-data",
            Self::PendingData { .. } => "pending-data",
            Self::LeavesOutOfOrder { .. } => "leaves-out-of-order",
            Self::NotApplied { .. } => "not-applied",
            Self::TooFar { .. } => "too-far",
            Self::WrongWay { .. } => "wrong-way",
            Self::Irreversible { .. } => "irreversible",
            Self::NotKept { .. } => "not-kept",
            Self::KnownAbove { .. } => "known-above",
            Self::Repair { .. } => "repair",
            Self::Script(fault) => fault.error.code(),
        }
    }

    /// Returns the revision that the error is about, if it is about one.
    pub fn revision(&self) -> Option<&RevisionKey> {
        match self {
            Self::Unknown { revisions } | Self::Irreversible { revisions } => revisions.first(),
            Self::Changed { revisions } => revisions.first().map(|edited| &edited.key),
            Self::NotKept { revisions } => revisions.first().map(|one| &one.key),
            Self::Unwritten { key, .. }
            | Self::Panicked { key, .. }
            | Self::NotDerived { key, .. }
            | Self::Unfinished { key, .. }
            | Self::Diverged { key, .. }
            | Self::Fragile { key, .. }
            | Self::SessionLost { key, .. }
            | Self::Below { key, .. }
            | Self::OutOfOrder { key, .. }
            | Self::LeavesOutOfOrder { key, .. }
            | Self::DataTarget { key }
            | Self::NotApplied { key }
            | Self::KnownAbove { key, .. }
            | Self::Repair { key, .. } => Some(key),
            Self::Script(fault) => Some(&fault.key),
            Self::NeedsData { needs } => needs.first().map(|waiting| &waiting.schema),
            Self::PendingData { revisions } => revisions.first().map(|one| &one.schema),
            Self::Target(_)
            | Self::Dialect(_)
            | Self::CrateRenamed { .. }
            | Self::TooFar { .. }
            | Self::WrongWay { .. } => None,
        }
    }
}
