//! Why there is no plan.

use migrate_sql::{Direction, Fault, Lost};

use crate::declare::excerpt::Excerpt;
use crate::declare::migration::{Kind, Origin};
use crate::declare::panicked::Panicked;
use crate::declare::revision::{RevisionId, RevisionKey};
use crate::graph::target::TargetError;
use crate::history::{HistoryRow, State};
use crate::plan::dialects::OtherDialect;
use crate::plan::edited::Edited;
use crate::plan::not_kept::NotKept;
use crate::plan::overtaking::Overtaking;
use crate::plan::repair::RepairFault;
use crate::sql::Dialect;

/// What was asked for cannot be done, and nothing was.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// The target means nothing here.
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
        "the database is ahead of this program: it has applied {}, unknown here",
        list(revisions)
    )]
    Unknown {
        /// The unknown revisions.
        revisions: Vec<RevisionKey>,
    },
    /// History holds this crate's revisions under another name.
    #[error("history knows these revisions under the crate name `{was}`, and none under `{now}`")]
    CrateRenamed {
        /// The name in history.
        was: String,
        /// The name in this program.
        now: String,
    },
    /// Applied revisions were edited since.
    #[error("{}", changed(revisions))]
    Changed {
        /// The edited revisions.
        revisions: Vec<Edited>,
    },
    /// A revision whose SQL is still to be written, as `create` leaves it.
    #[error("`{key}` says nothing yet: its SQL is still to be written")]
    Unwritten {
        /// The revision.
        key: RevisionKey,
        /// Where it is declared.
        origin: Option<Origin>,
    },
    /// A function that gives a revision's SQL panicked.
    #[error("the function that gives the SQL of `{key}` panicked: {}", source.message)]
    Panicked {
        /// The revision.
        key: RevisionKey,
        /// Which of its functions.
        direction: Direction,
        /// Where the revision is declared.
        origin: Option<Origin>,
        /// What it said.
        source: Panicked,
    },
    /// A revision was begun and not finished.
    #[error("`{key}` is unfinished: {}, {done} of {total} statements", state_words(*state))]
    Unfinished {
        /// The revision.
        key: RevisionKey,
        /// What is known of it.
        state: State,
        /// Statements that ended well.
        done: i64,
        /// Statements there are.
        total: i64,
        /// What goes on with it.
        way_on: WayOn,
    },
    /// What is done of an unfinished revision is not what it says now.
    #[error("statement {statement} of `{key}` is done, and was edited since")]
    Diverged {
        /// The revision.
        key: RevisionKey,
        /// Of its way up, or of its way down.
        direction: Direction,
        /// The statement, from 1.
        statement: usize,
        /// The statement as it was run, as far as history was asked and has kept it.
        then: Option<String>,
        /// The statement as it is, if it is there at all.
        now: Option<String>,
    },
    /// A revision that is no transaction needs, at a statement, what only the session of those before it has.
    #[error(
        "`{key}` cannot be one transaction, and {lost}: if a run ended between the two, no other session could be given that"
    )]
    Fragile {
        /// The revision.
        key: RevisionKey,
        /// Of its way up, or of its way down.
        direction: Direction,
        /// What is needed, and where.
        lost: Box<Lost>,
    },
    /// An unfinished revision needs what went with the session of the run that began it.
    #[error("`{key}` cannot be resumed: {lost}, in a session that has ended")]
    SessionLost {
        /// The revision.
        key: RevisionKey,
        /// What is needed, and where.
        lost: Box<Lost>,
    },
    /// A pending revision has an applied one above it that rests on it.
    #[error("`{key}` is not applied, but `{applied}`, which rests on it, is")]
    Below {
        /// The pending revision.
        key: RevisionKey,
        /// The applied one.
        applied: RevisionKey,
    },
    /// Pending revisions come before applied ones, and policy refuses that.
    #[error("out of order: `{key}` comes before `{applied}`, which is applied already")]
    OutOfOrder {
        /// The pending revision.
        key: RevisionKey,
        /// The applied one.
        applied: RevisionKey,
    },
    /// `up` was asked for a data revision.
    #[error("`{key}` is a data migration, and `up` applies schema migrations")]
    DataTarget {
        /// The revision.
        key: RevisionKey,
    },
    /// A schema revision needs data revisions that `up` does not run.
    #[error("{} run first: {}", if needs.len() == 1 { "a data migration must" } else { "data migrations must" }, waiting(needs))]
    NeedsData {
        /// Which needs which.
        needs: Vec<Waiting>,
    },
    /// A schema revision destroys or narrows what earlier data revisions touch, and would run before them.
    #[error("{}", overtaken(revisions))]
    PendingData {
        /// Which overtakes which.
        revisions: Vec<Overtaking>,
    },
    /// The target would leave a revision that policy refuses afterwards.
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
    /// A relative target goes the wrong way or too far.
    #[error("{asked} {} asked for, but {}", steps(*asked), possible_words(*possible))]
    TooFar {
        /// Steps asked for.
        asked: u32,
        /// Steps there are.
        possible: usize,
    },
    /// A relative target goes the wrong way.
    #[error("`{command}` cannot go to `{target}`")]
    WrongWay {
        /// The command.
        command: &'static str,
        /// The target as written.
        target: String,
    },
    /// Some of what would be undone cannot be.
    #[error("cannot be undone: {}", list(revisions))]
    Irreversible {
        /// The revisions that say so.
        revisions: Vec<RevisionKey>,
    },
    /// What the program does not know cannot be undone from history.
    #[error("history alone cannot undo what this program does not know: {}", not_kept(revisions))]
    NotKept {
        /// The revisions, and why not.
        revisions: Vec<NotKept>,
    },
    /// What the program does not know lies below what it knows.
    #[error("`{key}` is unknown here, and `{above}`, which is known, was applied after it")]
    KnownAbove {
        /// The unknown revision.
        key: RevisionKey,
        /// The last applied of those that are known.
        above: RevisionKey,
    },
    /// History is not to be corrected like that.
    #[error("`{key}` cannot be repaired like that: {fault}")]
    Repair {
        /// The revision.
        key: RevisionKey,
        /// Why not.
        fault: RepairFault,
    },
    /// The SQL of a revision cannot be sent, or is not what its kind of revision may hold.
    #[error("`{}`: {}", .0.key, .0.error)]
    Script(Box<ScriptFault>),
}

/// What goes on with an unfinished revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WayOn {
    /// `up` does.
    Up,
    /// `production` does: it is a data revision.
    Production,
    /// `down` does: it was being undone.
    Down,
    /// `down --from-history` does: it was being undone by SQL that history keeps, and this program does not know it.
    FromHistory,
    /// A program that knows the revision does.
    OtherProgram,
    /// A human does: its statements are not accounted for.
    ByHand,
}

impl WayOn {
    fn hint(self, key: &RevisionKey, state: State) -> String {
        let id = &key.id;
        match self {
            Self::Up => format!("`migrate up -r {id}` goes on with it, {}", or_repair(id)),
            Self::Production => {
                format!("`migrate production -r {id}` goes on with it, {}", or_repair(id))
            }
            Self::Down => format!("`migrate down` goes on with undoing it, {}", or_repair(id)),
            Self::FromHistory => {
                format!("`migrate down --from-history` goes on with undoing it, {}", or_repair(id))
            }
            Self::OtherProgram => {
                format!("run the program that knows it, which goes on with it, {}", or_repair(id))
            }
            Self::ByHand => state.hint(id),
        }
    }
}

/// SQL that cannot be sent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ScriptFault {
    /// The revision.
    pub key: RevisionKey,
    /// What is wrong.
    pub error: Fault,
    /// Where.
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
    /// That the revision with this `row` in history was begun and not finished.
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

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Target(error) => return error.hint(),
            Self::Dialect(error) => error.hint(),
            Self::NotDerived { .. } => {
                "write `down = \"…\"` with the SQL that undoes it, or `down = irreversible`"
                    .to_owned()
            }
            Self::Unknown { .. } => UNKNOWN_HINT.to_owned(),
            Self::CrateRenamed { was, .. } => {
                format!("keep the old name: `migrate_core::migrations!(name = \"{was}\")`")
            }
            Self::Unwritten { origin, .. } => unwritten_hint(*origin),
            Self::Panicked { direction, .. } => panicked_hint(*direction),
            Self::Unfinished { key, way_on, state, .. } => way_on.hint(key, *state),
            Self::Diverged { key, .. } => format!(
                "write the statement as it was run, and make the change in a new revision; or {}",
                start_over(&key.id)
            ),
            Self::Fragile { .. } => WITHOUT_SESSION.to_owned(),
            Self::SessionLost { key, .. } => start_over(&key.id),
            Self::Changed { revisions } => changed_hint(revisions),
            Self::Below { key, .. } => format!(
                "if `{id}` is new, put it above what is applied by its `after`; if its changes are there, \
                 `migrate stamp {id}`",
                id = key.id
            ),
            Self::OutOfOrder { .. } => {
                "apply it all the same with `out_of_order = \"warn\"` under `[policy]`".to_owned()
            }
            Self::DataTarget { key } => {
                format!("run `migrate production -r {}`, which applies both kinds", key.id)
            }
            Self::NeedsData { .. } => {
                "run `migrate production`, which applies schema and data in order".to_owned()
            }
            Self::PendingData { revisions } => overtaking_hint(revisions),
            Self::LeavesOutOfOrder { key, .. } => leaving_hint(key),
            Self::NotApplied { .. } => "`migrate current` shows what is applied".to_owned(),
            Self::TooFar { .. } => {
                "`migrate history` shows the revisions and which are applied".to_owned()
            }
            Self::WrongWay { command: "down", .. } => {
                "say how many to undo, as in `down -n 2` or `down -r -2`".to_owned()
            }
            Self::WrongWay { .. } => "go up by `+1`, or down by `migrate down`".to_owned(),
            Self::Irreversible { .. } => FORWARD.to_owned(),
            Self::NotKept { .. } => NOT_KEPT.to_owned(),
            Self::KnownAbove { above, .. } => format!(
                "undo `{}` first: with a program that knows both, or with this one and `ahead = \"warn\"` under `[policy]`",
                above.id
            ),
            Self::Repair { key, fault } => fault.hint(key),
            Self::Script(fault) => return fault.error.hint(),
        })
    }

    /// A short name that does not change.
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

    /// The revision it is about, if it is one.
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

fn unwritten_hint(origin: Option<Origin>) -> String {
    let place = origin.map(|origin| format!(" in `{}`", origin.file)).unwrap_or_default();
    format!("write it{place}, or `\"\"` if it is to do nothing")
}

fn panicked_hint(direction: Direction) -> String {
    match direction {
        Direction::Up => "mend it: what the revision does cannot be known",
        Direction::Down => "mend it: how the revision is undone cannot be known",
    }
    .to_owned()
}

/// What else there is to do about an unfinished revision.
fn or_repair(id: &RevisionId) -> String {
    format!("or `migrate repair {id}` shows what else can be done")
}

/// What to do where an earlier run did something else of a revision than it says now.
pub(crate) fn start_over(id: &RevisionId) -> String {
    format!(
        "if all of `{id}` can be run again from its start: `migrate repair {id} --rerun --reason \"…\"` (`resume = rerun` in its \
         attribute says so for good); if it is made whole by hand: `migrate repair {id} --done --whole --reason \"…\"`"
    )
}

fn not_kept(revisions: &[NotKept]) -> String {
    revisions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn steps(count: u32) -> &'static str {
    if count == 1 { "step was" } else { "steps were" }
}

fn possible_words(count: usize) -> String {
    match count {
        0 => "there is none to take".to_owned(),
        1 => "there is only 1".to_owned(),
        _ => format!("there are only {count}"),
    }
}

fn changed(revisions: &[Edited]) -> String {
    if let [Edited { key, was: Some(was), .. }] = revisions {
        return format!("`{key}` was applied as a {was} revision, and is another kind now");
    }
    let keys: Vec<RevisionKey> = revisions.iter().map(|edited| edited.key.clone()).collect();
    let when = if revisions.len() == 1 { "it was" } else { "they were" };
    format!("edited after {when} applied: {}", list(&keys))
}

/// What to do about revisions that the program does not know.
const UNKNOWN_HINT: &str = "run the newer program that knows them; or undo them by the SQL kept in history, with `migrate \
    down --from-history`; or say `ahead = \"warn\"` under `[policy]`";

fn leaving_hint(key: &RevisionKey) -> String {
    format!(
        "choose a target that takes `{}` along; or set `out_of_order = \"warn\"` under `[policy]`",
        key.id
    )
}

const FORWARD: &str = "restore a backup, or write a new revision that goes forward";

const WITHOUT_SESSION: &str = "write it as code, which can keep the value in a variable of its own; or, if all of it is \
     safe to run again from the start, say `resume = rerun` on the migration";

const NOT_KEPT: &str = "undo them with the program that knows them, or restore a backup; one that is unfinished can be answered \
     for: `migrate repair` shows how";

fn changed_hint(revisions: &[Edited]) -> String {
    let accept = match revisions {
        [one] => format!("`migrate repair --accept {} --reason \"…\"`", one.key.id),
        _ => "`migrate repair --accept REVISION --reason \"…\"`, for each".to_owned(),
    };
    let unknown =
        revisions.iter().find_map(|one| Some((&one.key, one.unknown_algorithm.as_ref()?)));
    if let Some((key, algorithm)) = unknown {
        return format!(
            "history has a checksum of `{key}` by `{algorithm}`, which this program cannot check: use the version that \
             wrote it; or, if the database is as the text says: {accept}"
        );
    }
    format!(
        "undo the edit, and make the change in a new revision; or, if the database is as the new text says: {accept}"
    )
}

/// How many are named in one message.
const MOST_NAMED: usize = 5;

fn overtaken(revisions: &[Overtaking]) -> String {
    let named = revisions.iter().take(MOST_NAMED).map(ToString::to_string);
    let mut named = named.collect::<Vec<_>>().join("; ");
    let more = revisions.len().saturating_sub(MOST_NAMED);
    if more > 0 {
        named.extend(["; and ", &more.to_string(), " more"]);
    }
    named
}

fn overtaking_hint(revisions: &[Overtaking]) -> String {
    let Some(Overtaking { schema, data, depends, .. }) = revisions.first() else {
        return String::new();
    };
    let (schema, data) = (&schema.id, &data.id);
    let independent = if *depends {
        "`waive(pending_data, reason = \"…\")`"
    } else {
        "`depends_on = []` (next to other entries: `waive(pending_data, reason = \"…\")`)"
    };
    format!(
        "run `migrate production`, which runs data revisions too; to make `{schema}` wait for it always, say \
         `depends_on = \"{data}\"`; if they are independent, say {independent}"
    )
}

fn list(keys: &[RevisionKey]) -> String {
    keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
}

fn waiting(needs: &[Waiting]) -> String {
    needs
        .iter()
        .map(|Waiting { schema, data }| format!("`{schema}` depends on `{data}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn state_words(state: State) -> &'static str {
    match state {
        State::Applied => "applied",
        State::Started => "started",
        State::Failed => "failed",
        State::Reverting => "failed while it was undone",
    }
}
