//! What a human is to say something about.

use migrate_core::{Doubt, Edited, Effect, Graph, HalfDone, Kind, PlanError, RevisionKey, State};

use crate::io::Printer;
use crate::json::RepairNeed;
use crate::report;
use crate::titles::name;
use crate::visible::value;

/// A revision that is not what history or program say.
pub(super) enum Need {
    HalfDone(HalfDone),
    Edited(Edited),
}

impl Need {
    pub(super) fn key(&self) -> &RevisionKey {
        match self {
            Self::HalfDone(half_done) => &half_done.key,
            Self::Edited(edited) => &edited.key,
        }
    }

    pub(super) fn print(&self, printer: &mut Printer, graph: &Graph) {
        let shown = value(&name(graph, self.key())).into_owned();
        let color = printer.color;
        let (message, details) = match self {
            Self::HalfDone(one) => (format!("`{shown}` {}", progress(one)), Some(details(one))),
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
            Self::HalfDone(one) => {
                let doubt = one.doubt.as_ref();
                RepairNeed {
                    state: Some(one.state.name()),
                    statements_done: Some(one.done),
                    statements_total: Some(one.total).filter(|total| *total > 0),
                    statement: doubt.map(|doubt| doubt.statement),
                    sql: doubt.and_then(|doubt| doubt.sql.clone()),
                    effect: doubt.and_then(|doubt| doubt.effect).map(Effect::name),
                    seen: doubt.map(|doubt| doubt.seen.clone()).unwrap_or_default(),
                    run: one.run.as_ref().map(ToString::to_string),
                    ..common
                }
            }
            Self::Edited(edited) => RepairNeed { diff: report::diff(edited), ..common },
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::HalfDone(_) => "half-done",
            Self::Edited(_) => "changed",
        }
    }

    fn location(&self) -> Option<String> {
        let origin = match self {
            Self::HalfDone(half_done) => half_done.origin,
            Self::Edited(edited) => edited.origin,
        };
        origin.map(|origin| origin.to_string())
    }

    fn hint(&self) -> String {
        match self {
            Self::HalfDone(half_done) => way_on(half_done),
            Self::Edited(edited) => {
                PlanError::Changed { revisions: vec![edited.clone()] }.hint().unwrap_or_default()
            }
        }
    }
}

fn progress(one: &HalfDone) -> String {
    let state = match one.state {
        State::Reverting => "is half undone",
        State::Started | State::Failed | State::Applied | _ => "is half-done",
    };
    if one.total == 0 {
        format!("{state}: {} statements so far", one.done)
    } else {
        format!("{state}: {} of {} statements", one.done, one.total)
    }
}

/// What is known of a half-done revision: who is at it, or the statement that did not end well.
pub(super) fn details(one: &HalfDone) -> Vec<String> {
    match (&one.run, &one.doubt) {
        (Some(run), _) => vec![report::at_work(run)],
        (None, Some(doubt)) => doubt_lines(doubt),
        (None, None) => Vec::new(),
    }
}

fn doubt_lines(doubt: &Doubt) -> Vec<String> {
    let what = if doubt.failed { "failed" } else { "is in doubt" };
    let mut lines = vec![format!("statement {} {what}:", doubt.statement)];
    match &doubt.sql {
        Some(sql) => lines.extend(sql.trim().lines().map(|line| format!("    {}", value(line)))),
        None => lines.push("    what it says is not known here".to_owned()),
    }
    let told = match (&doubt.running, doubt.effect) {
        _ if doubt.failed => None,
        (Some(session), _) => Some(format!("it still runs: {}", value(session))),
        (None, Some(Effect::Done)) => Some("it took effect".to_owned()),
        (None, Some(Effect::Begun)) => {
            Some("it took effect in part, and the rest can be done".to_owned())
        }
        (None, Some(_)) => Some("it took no effect".to_owned()),
        (None, None) => Some("whether it took effect, the catalog does not tell".to_owned()),
    };
    lines.extend(told);
    lines.extend(doubt.seen.iter().map(|line| format!("    {}", value(line))));
    lines
}

/// What goes on with a half-done revision, or what must be said first.
fn way_on(one: &HalfDone) -> String {
    let id = &one.key.id;
    let command = match (one.state, one.kind) {
        (State::Reverting, _) if !one.known => "`migrate down --from-history`",
        (State::Reverting, _) => "`migrate down`",
        _ if !one.known => "the program that knows it",
        (_, Kind::Schema) => "`migrate up`",
        (_, Kind::Data) => "`migrate production`",
    };
    let next = match &one.doubt {
        _ if one.run.is_some() => {
            return "wait for its end: `migrate lock` shows whether it goes on".to_owned();
        }
        _ if !one.journaled => return one.state.hint(id),
        Some(doubt) if doubt.failed && one.total == 0 => format!("{command} runs it again"),
        Some(doubt) if doubt.failed => format!(
            "{command} runs it again; if what it does was done by hand: `migrate repair {id} --done --reason \"…\"`"
        ),
        Some(Doubt { effect: None, running: None, statement, .. }) => format!(
            "look whether statement {statement} took effect, and say so: `migrate repair {id} --done --reason \"…\"`, \
             or `--not-done`; {command} goes on from there"
        ),
        Some(_) | None => format!("{command} goes on with it"),
    };
    format!("{next}; otherwise {}", one.state.answers(id))
}
