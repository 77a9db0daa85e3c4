//! Prints the progress of a run.

use std::time::Duration;

use migrate_core::{Action, Event, Graph, Observer, Report, Request, RevisionKey};

use crate::announce::{Announcing, announce};
use crate::database::DatabaseHandle;
use crate::escape::value;
use crate::io::{DONE, HINT, Talk, paint};
use crate::titles::{count, elapsed, short, titled};

/// Returns an observer that prints each step when it is done.
pub(crate) fn new(talk: Talk, graph: &Graph, announcing: Announcing) -> impl Observer + use<> {
    let several = graph.crates().nth(1).is_some();
    move |event: Event<'_>| match event {
        Event::Done(done) => {
            let name = short(&done.key, several);
            let verb = paint(past(done.action), DONE, talk.color);
            talk.say(format_args!(
                "{verb} {}{}",
                titled(&name, &done.description),
                took(done.action, done.duration)
            ));
        }
        Event::Waiting { holder, deadline } => {
            talk.say(format_args!(
                "waiting up to {} s for another run: {}",
                deadline.as_secs(),
                value(&holder.to_string())
            ));
        }
        Event::Resuming { key, statement, total } => {
            let of = total.map(|total| format!(" of {total}")).unwrap_or_default();
            talk.say(format_args!("resuming {} at statement {statement}{of}", short(key, several)));
        }
        Event::Connecting { reason, deadline } => {
            talk.say(format_args!(
                "waiting up to {} s for the database: {}",
                deadline.as_secs(),
                value(reason)
            ));
        }
        Event::Blocked { blockers } => {
            for blocker in blockers {
                let who = blocker.to_string();
                talk.say(format_args!("waiting for a lock: blocked by {}", value(&who)));
                if let Some(hint) = blocker.hint() {
                    talk.say(format_args!("{} {}", paint("hint:", HINT, talk.color), value(&hint)));
                }
            }
        }
        Event::Retrying { key, reason, pause, .. } => {
            talk.say(format_args!(
                "{} was blocked: {}; retrying in {}",
                short(key, several),
                value(reason),
                elapsed(pause)
            ));
        }
        Event::Sending { revisions } if talk.verbose => {
            let names: Vec<String> = revisions.iter().map(|key| short(key, several)).collect();
            talk.say(format_args!("sending {}", names.join(", ")));
        }
        Event::Planned(plan) if announcing.is_on() => announce(&talk, plan, several),
        Event::Planned(_) | Event::Sending { .. } | _ => {}
    }
}

fn took(action: Action, duration: Duration) -> String {
    match action {
        Action::Apply | Action::Revert => format!(" ({})", elapsed(duration)),
        Action::Forget | Action::Stamp | Action::Unstamp | _ => String::new(),
    }
}

fn past(action: Action) -> &'static str {
    match action {
        Action::Apply => "applied",
        Action::Revert => "reverted",
        Action::Forget => "forgot",
        Action::Stamp => "stamped",
        Action::Unstamp => "unstamped",
        Action::Repair => "repaired",
        _ => "did",
    }
}

/// Prints the summary of a run.
pub(crate) fn summary(talk: &Talk, handle: &DatabaseHandle, report: &Report) {
    for notice in &report.notices {
        talk.warn(notice);
    }
    if report.done.is_empty() {
        talk.say("nothing to do");
    } else if talk.verbose {
        talk.say(format_args!(
            "{} done in {}",
            count(report.done.len(), "step"),
            handle.database.url
        ));
    }
}

/// Prints the summary of a run that applies revisions: `nothing` if there was nothing to do, and the pending data revisions.
pub(crate) fn summary_upwards(
    talk: &Talk,
    handle: &DatabaseHandle,
    report: &Report,
    nothing: &str,
) {
    for notice in &report.notices {
        talk.warn(notice);
    }
    let waiting = waiting(&handle.graph, &report.pending_data);
    match (report.done.is_empty(), waiting) {
        (true, Some(waiting)) => talk.say(format_args!("{nothing}; {waiting}")),
        (true, None) => talk.say("nothing to do"),
        (false, waiting) => {
            if talk.verbose {
                let steps = count(report.done.len(), "step");
                talk.say(format_args!("{steps} done in {}", handle.database.url));
            }
            if let Some(waiting) = waiting {
                talk.say(waiting);
            }
        }
    }
}

/// Returns the message if there is nothing to do but data revisions are pending.
pub(crate) const fn nothing(request: &Request) -> &'static str {
    match request {
        Request::Up(_) => "nothing to do for the schema",
        Request::Production(_)
        | Request::Down(_)
        | Request::DownFromHistory(_)
        | Request::Stamp(_)
        | Request::Repair(_)
        | _ => "nothing to do",
    }
}

/// The maximum number of revisions named on a line.
const MOST_NAMED: usize = 5;

/// Returns a line about pending data revisions with the command that runs them, or `None` if there are none.
pub(crate) fn waiting(graph: &Graph, pending: &[RevisionKey]) -> Option<String> {
    let several = graph.crates().nth(1).is_some();
    let named: Vec<String> =
        pending.iter().take(MOST_NAMED).map(|key| short(key, several)).collect();
    let more = pending.len().saturating_sub(named.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let are = if pending.len() == 1 { "is" } else { "are" };
    let number = count(pending.len(), "data revision");
    (!pending.is_empty())
        .then(|| format!("{number} {are} pending ({}{more}): migrate production", named.join(", ")))
}
