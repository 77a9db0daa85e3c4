//! Revisions that need a decision.

use migrate_core::{
    Edited, Effect, Graph, InFlight, Kind, PlanError, RevisionKey, State, Unfinished,
};

use crate::escape::value;
use crate::io::Printer;
use crate::json::RepairNeed;
use crate::report;
use crate::titles::{count, name};

/// A revision that is unfinished or was edited.
pub(super) enum Need {
    Unfinished(Unfinished),
    Edited(Edited),
}

impl Need {
    pub(super) fn key(&self) -> &RevisionKey {
        match self {
            Self::Unfinished(unfinished) => &unfinished.key,
            Self::Edited(edited) => &edited.key,
        }
    }

    pub(super) fn print(&self, printer: &mut Printer, graph: &Graph) {
        let shown = value(&name(graph, self.key())).into_owned();
        let color = printer.color;
        let (message, details) = match self {
            Self::Unfinished(one) => (format!("`{shown}` {}", progress(one)), Some(details(one))),
            Self::Edited(edited) => (
                match edited.was {
                    Some(_) => edited.notice().to_string(),
                    None => format!("`{shown}` was edited after it was applied"),
                },
                report::difference_of(edited, color),
            ),
        };
        let place = self.location().map(|place| format!(" ({place})")).unwrap_or_default();
        let (details, hint) = (details.unwrap_or_default(), self.hint());
        printer.finding(self.code(), format_args!("{message}{place}"), &details, Some(&hint));
    }

    pub(super) fn document(&self, graph: &Graph) -> RepairNeed {
        let common = RepairNeed {
            revision: name(graph, self.key()),
            code: self.code(),
            location: self.location(),
            hint: self.hint(),
            ..RepairNeed::default()
        };
        match self {
            Self::Unfinished(one) => {
                let in_flight = one.in_flight.as_ref();
                RepairNeed {
                    state: Some(one.state.name()),
                    statements_done: Some(one.done),
                    statements_total: Some(one.total).filter(|total| *total > 0),
                    statement: in_flight.map(|in_flight| in_flight.statement),
                    sql: in_flight.and_then(|in_flight| in_flight.sql.clone()),
                    effect: in_flight.and_then(|in_flight| in_flight.effect).map(Effect::name),
                    seen: in_flight.map(|in_flight| in_flight.seen.clone()).unwrap_or_default(),
                    run: one.run.as_ref().map(ToString::to_string),
                    ..common
                }
            }
            Self::Edited(edited) => RepairNeed { diff: report::diff(edited), ..common },
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unfinished(_) => "unfinished",
            Self::Edited(_) => "changed",
        }
    }

    fn location(&self) -> Option<String> {
        let origin = match self {
            Self::Unfinished(unfinished) => unfinished.origin,
            Self::Edited(edited) => edited.origin,
        };
        origin.map(|origin| origin.to_string())
    }

    fn hint(&self) -> String {
        match self {
            Self::Unfinished(unfinished) => way_on(unfinished),
            Self::Edited(edited) => {
                PlanError::Changed { revisions: vec![edited.clone()] }.hint().unwrap_or_default()
            }
        }
    }
}

fn progress(one: &Unfinished) -> String {
    let state = match one.state {
        State::Reverting => "is partly undone",
        State::Started | State::Failed | State::Applied | _ => "stopped part-way",
    };
    if one.total == 0 {
        format!("{state}, after {}", count(one.done, "statement"))
    } else {
        format!("{state}, after {} of {}", one.done, count(one.total, "statement"))
    }
}

/// Returns details of an unfinished revision: the run that works on it, or the statement that failed or was interrupted.
pub(super) fn details(one: &Unfinished) -> Vec<String> {
    match (&one.run, &one.in_flight) {
        (Some(run), _) => vec![report::at_work(run)],
        (None, Some(in_flight)) => in_flight_lines(in_flight),
        (None, None) => Vec::new(),
    }
}

fn in_flight_lines(in_flight: &InFlight) -> Vec<String> {
    let what = if in_flight.failed { "failed" } else { "has an unknown outcome" };
    let mut lines = vec![format!("statement {} {what}:", in_flight.statement)];
    match &in_flight.sql {
        Some(sql) => lines.extend(sql.trim().lines().map(|line| format!("    {}", value(line)))),
        None => lines.push("    its text is not in this program".to_owned()),
    }
    let told = match (&in_flight.running, in_flight.effect) {
        _ if in_flight.failed => None,
        (Some(session), _) => Some(format!("it is still running: {}", value(session))),
        (None, Some(Effect::Done)) => Some("it took effect".to_owned()),
        (None, Some(Effect::Begun)) => {
            Some("it partly took effect, and the rest can be done".to_owned())
        }
        (None, Some(_)) => Some("it had no effect".to_owned()),
        (None, None) => Some("the catalog cannot tell whether it took effect".to_owned()),
    };
    lines.extend(told);
    lines.extend(in_flight.seen.iter().map(|line| format!("    {}", value(line))));
    lines
}

/// Returns the command that resumes an unfinished revision, or the decision it needs first.
fn way_on(one: &Unfinished) -> String {
    let id = &one.key.id;
    let command = match (one.state, one.kind) {
        (State::Reverting, _) if !one.known => "`migrate down --from-history`",
        (State::Reverting, _) => "`migrate down`",
        _ if !one.known => "the newer version of the program",
        (_, Kind::Schema) => "`migrate up`",
        (_, Kind::Data) => "`migrate production`",
    };
    let next = match &one.in_flight {
        _ if one.run.is_some() => {
            return "wait for it: `migrate lock` shows whether it is still running".to_owned();
        }
        _ if !one.journaled => return one.state.hint(id),
        Some(in_flight) if in_flight.failed && one.total == 0 => format!("{command} runs it again"),
        Some(in_flight) if in_flight.failed => format!(
            "{command} runs it again; if you did its work by hand: `migrate repair {id} --done --reason \"…\"`"
        ),
        Some(InFlight { effect: None, running: None, statement, .. }) => format!(
            "check whether statement {statement} took effect, and record it: `migrate repair {id} --done --reason \"…\"`, \
             or `--not-done`; {command} then resumes"
        ),
        Some(_) | None => format!("{command} resumes it"),
    };
    format!("{next}; otherwise {}", one.state.answers(id))
}
