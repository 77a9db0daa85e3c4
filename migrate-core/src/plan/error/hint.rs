//! What to do about each plan error.

use migrate_sql::Direction;

use crate::declare::migration::Origin;
use crate::declare::revision::{RevisionId, RevisionKey};
use crate::plan::edited::Edited;
use crate::plan::error::PlanError;
use crate::plan::overtaking::Overtaking;

impl PlanError {
    /// Returns what to do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Target(error) => return error.hint(),
            Self::Dialect(error) => error.hint(),
            Self::NotDerived { .. } => {
                "write `down = \"…\"` with the SQL that undoes it, or `down = irreversible`"
                    .to_owned()
            }
            Self::Unknown { .. } => UNKNOWN.to_owned(),
            Self::CrateRenamed { was, .. } => {
                format!("keep the old name: `migrate_core::migrations!(name = \"{was}\")`")
            }
            Self::Unwritten { origin, .. } => unwritten(*origin),
            Self::Panicked { direction, .. } => panicked(*direction),
            Self::Unfinished { key, way_on, state, .. } => way_on.hint(key, *state),
            Self::Diverged { key, .. } => format!(
                "restore the statement as it was run, and make the change in a new revision; or {}",
                start_over(&key.id)
            ),
            Self::Fragile { .. } => WITHOUT_SESSION.to_owned(),
            Self::SessionLost { key, .. } => start_over(&key.id),
            Self::Changed { revisions } => changed(revisions),
            Self::Below { key, .. } => format!(
                "if `{id}` is new, set `after` to the latest applied revision; if its changes are already in the \
                 database, run `migrate stamp {id}`",
                id = key.id
            ),
            Self::OutOfOrder { .. } => {
                "to apply it anyway, set `out_of_order = \"warn\"` under `[policy]`".to_owned()
            }
            Self::DataTarget { key } => {
                format!("run `migrate production -r {}`, which applies both kinds", key.id)
            }
            Self::NeedsData { .. } => {
                "run `migrate production`, which applies schema and data in order".to_owned()
            }
            Self::PendingData { revisions } => overtaking(revisions),
            Self::LeavesOutOfOrder { key, .. } => leaving(key),
            Self::NotApplied { .. } => "`migrate current` shows what is applied".to_owned(),
            Self::TooFar { .. } => {
                "`migrate history` shows the revisions and which are applied".to_owned()
            }
            Self::WrongWay { command: "down", .. } => {
                "give the number of revisions to undo, as in `down -n 2` or `down -r -2`".to_owned()
            }
            Self::WrongWay { .. } => "go up with `+1`, or go down with `migrate down`".to_owned(),
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
}

const UNKNOWN: &str = "run the newer version of the program; or revert them with `migrate down --from-history`, which uses \
    the SQL kept in history; or set `ahead = \"warn\"` under `[policy]`";

const FORWARD: &str = "restore a backup, or write a new revision that makes the change";

const WITHOUT_SESSION: &str = "write it as code, which can keep the value in a variable; or, if all of it is safe to run \
     again from the start, set `resume = rerun` on the migration";

const NOT_KEPT: &str = "undo them with the program that knows them, or restore a backup; for an unfinished one, \
     `migrate repair` shows how to record its outcome";

fn unwritten(origin: Option<Origin>) -> String {
    let place = origin.map(|origin| format!(" in `{}`", origin.file)).unwrap_or_default();
    format!("write it{place}, or write `\"\"` if the revision does nothing")
}

fn panicked(direction: Direction) -> String {
    match direction {
        Direction::Up => "fix the function: without it, the SQL of the revision is unknown",
        Direction::Down => {
            "fix the function: without it, the SQL that undoes the revision is unknown"
        }
    }
    .to_owned()
}

/// Returns what to do when a statement that an earlier run executed is no longer in the revision.
pub(crate) fn start_over(id: &RevisionId) -> String {
    format!(
        "if all of `{id}` is safe to run again from the start: `migrate repair {id} --rerun --reason \"…\"` (or, \
         permanently, `resume = rerun` in its attribute); if you have completed it by hand: \
         `migrate repair {id} --done --whole --reason \"…\"`"
    )
}

fn leaving(key: &RevisionKey) -> String {
    format!(
        "choose a target that includes `{}`; or set `out_of_order = \"warn\"` under `[policy]`",
        key.id
    )
}

fn changed(revisions: &[Edited]) -> String {
    let accept = match revisions {
        [one] => format!("`migrate repair --accept {} --reason \"…\"`", one.key.id),
        _ => "`migrate repair --accept REVISION --reason \"…\"`, for each".to_owned(),
    };
    let unknown =
        revisions.iter().find_map(|one| Some((&one.key, one.unknown_algorithm.as_ref()?)));
    if let Some((key, algorithm)) = unknown {
        return format!(
            "the checksum of `{key}` in history is by `{algorithm}`, which this program cannot check: use the version that \
             wrote it; or, if the database matches the text: {accept}"
        );
    }
    format!(
        "revert the edit, and make the change in a new revision; or, if the database already matches the new text: {accept}"
    )
}

fn overtaking(revisions: &[Overtaking]) -> String {
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
        "run `migrate production`, which also runs data revisions; to make `{schema}` always wait for it, write \
         `depends_on = \"{data}\"`; if they are independent, write {independent}"
    )
}
