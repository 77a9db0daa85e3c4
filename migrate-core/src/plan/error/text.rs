//! The parts of a plan error's message.

use crate::declare::revision::RevisionKey;
use crate::history::State;
use crate::plan::edited::Edited;
use crate::plan::error::Waiting;
use crate::plan::not_kept::NotKept;
use crate::plan::overtaking::Overtaking;

/// How many are named in one message.
const MOST_NAMED: usize = 5;

pub(super) fn not_kept(revisions: &[NotKept]) -> String {
    revisions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

pub(super) fn steps(count: u32) -> String {
    format!("{count} {}", if count == 1 { "step was" } else { "steps were" })
}

pub(super) fn count_of(possible: usize) -> String {
    match possible {
        0 => "there are none".to_owned(),
        1 => "there is only 1".to_owned(),
        _ => format!("there are only {possible}"),
    }
}

pub(super) fn changed(revisions: &[Edited]) -> String {
    if let [Edited { key, was: Some(was), .. }] = revisions {
        return format!(
            "`{key}` was applied as a {was} revision, but is declared as another kind now"
        );
    }
    let keys: Vec<RevisionKey> = revisions.iter().map(|edited| edited.key.clone()).collect();
    let when = if revisions.len() == 1 { "it was" } else { "they were" };
    format!("edited after {when} applied: {}", list(&keys))
}

pub(super) fn overtaken(revisions: &[Overtaking]) -> String {
    let named = revisions.iter().take(MOST_NAMED).map(ToString::to_string);
    let mut named = named.collect::<Vec<_>>().join("; ");
    let more = revisions.len().saturating_sub(MOST_NAMED);
    if more > 0 {
        named.extend(["; and ", &more.to_string(), " more"]);
    }
    named
}

pub(super) fn list(keys: &[RevisionKey]) -> String {
    keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
}

pub(super) fn waiting(needs: &[Waiting]) -> String {
    needs
        .iter()
        .map(|Waiting { schema, data }| format!("`{schema}` depends on `{data}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Returns, for example, `it failed after 2 of 5 statements`. The total of code is not known.
pub(super) fn stopped_after(state: State, done: i64, total: i64) -> String {
    let what = match state {
        State::Applied | State::Started => "it stopped",
        State::Failed => "it failed",
        State::Reverting => "undoing it stopped",
    };
    match (done, total) {
        (1, 0) => format!("{what} after 1 statement"),
        (_, 0) => format!("{what} after {done} statements"),
        (_, 1) => format!("{what} after {done} of 1 statement"),
        _ => format!("{what} after {done} of {total} statements"),
    }
}
