//! Formats errors for people and programs.

mod difference;
mod finding;
mod frame;

use std::borrow::Cow;
use std::error::Error as StdError;

use migrate_core::{
    DatabaseError, Edited, Error, Excerpt, GraphFault, Holder, Origin, PlanError, Report, RunError,
    StepCause, StepError, Undecided,
};

use self::difference::difference;
pub(crate) use self::finding::{direction, finding, location, message, warning};
use self::frame::Frame;
use crate::escape::{value, values};
use crate::failure::{Edit, Failure, Fault};
use crate::io::{ERROR, FRAME, Talk, paint};
use crate::review::Refused;
use crate::wording::{hints, joined};

/// The parts of an error.
#[derive(Debug, Default)]
struct Parts {
    code: String,
    message: String,
    /// Whether the message may have several lines.
    has_lines: bool,
    revision: Option<String>,
    statement: Option<usize>,
    location: Option<String>,
    frame: Option<Frame>,
    notes: Vec<String>,
    /// Revisions that were edited.
    edited: Vec<Edited>,
    hints: Vec<String>,
}

/// Returns the error as text, like a compiler's.
pub(crate) fn text(error: &Error, color: bool) -> String {
    let parts = Parts::of(error);
    let mut text = format!("{} {}", paint("error:", ERROR, color), parts.headline());
    match &parts.frame {
        Some(frame) => text.push_str(&frame.draw(color)),
        None => {
            if let Some(location) = &parts.location {
                text.push_str("\n ");
                text.push_str(&paint("-->", FRAME, color));
                text.push(' ');
                text.push_str(location);
            }
        }
    }
    for note in &parts.notes {
        text.push_str("\n  ");
        text.push_str(&paint("=", FRAME, color));
        text.push(' ');
        text.push_str(&values(note).replace('\n', "\n    "));
    }
    for edited in &parts.edited {
        text.push('\n');
        text.push_str(&changes(edited, color).join("\n"));
    }
    text.push_str(&hints(&parts.hints, color));
    text
}

/// Returns the error as a document.
pub(crate) fn document(error: &Error, talk: &Talk) -> Failure {
    let parts = Parts::of(error);
    let causes: Vec<String> =
        parts.frame.and_then(|frame| frame.label).into_iter().chain(parts.notes).collect();
    let message = match causes.as_slice() {
        [] => parts.message,
        causes => format!("{}: {}", parts.message, causes.join("; ")),
    };
    let hint = joined(&parts.hints, talk);
    Failure {
        error: Fault {
            code: parts.code,
            message: talk.plain(&message),
            revision: parts.revision,
            statement: parts.statement,
            location: parts.location.or_else(|| {
                parts.edited.first().and_then(|edited| edited.origin).map(|at| place(&at))
            }),
            hint,
            edited: parts
                .edited
                .iter()
                .map(|edited| Edit {
                    revision: edited.key.id.to_string(),
                    location: edited.origin.map(|origin| origin.to_string()),
                    diff: diff(edited),
                })
                .collect(),
        },
    }
}

/// The maximum number of edited revisions shown.
const MOST_EDITED: usize = 5;

/// Returns the lines that changed in an edited revision; `None` if its texts are not known.
pub(crate) fn difference_of(edited: &Edited, color: bool) -> Option<Vec<String>> {
    Some(difference(edited.then.as_deref()?, edited.now.as_deref()?, color))
}

/// Returns the same for programs.
pub(crate) fn diff(edited: &Edited) -> Option<String> {
    Some(difference_of(edited, false)?.join("\n"))
}

/// Describes an edited revision: its location, and its changes.
pub(crate) fn changes(edited: &Edited, color: bool) -> Vec<String> {
    let place = edited.origin.map(|origin| format!(" ({origin})")).unwrap_or_default();
    let (said, lines) = match difference_of(edited, color).filter(|lines| !lines.is_empty()) {
        _ if edited.was.is_some() && edited.then == edited.now => {
            (" has the text that was applied", Vec::new())
        }
        Some(lines) => (", as applied (-) and as it is now (+):", lines),
        None if edited.code => (" is code; history keeps no text of it", Vec::new()),
        None => ("; history keeps no text of it", Vec::new()),
    };
    let heading =
        format!("  {} `{}`{place}{said}", paint("=", FRAME, color), value(&edited.key.to_string()));
    [heading].into_iter().chain(lines.into_iter().map(|line| format!("    {line}"))).collect()
}

/// Returns the message about a run that may be working on an unfinished revision.
pub(crate) fn at_work(run: &Holder) -> String {
    format!("another run is in progress and may be working on it: {}", value(&run.to_string()))
}

impl Parts {
    /// Returns the message as text. Only messages that are entirely ours have several lines.
    fn headline(&self) -> Cow<'_, str> {
        if self.has_lines { values(&self.message) } else { value(&self.message) }
    }

    fn of(error: &Error) -> Self {
        let parts = Self {
            code: error.code().to_owned(),
            message: error.to_string(),
            has_lines: matches!(error, Error::Graph(_) | Error::Config(_)),
            revision: error.revision().map(|key| key.id.to_string()),
            hints: error.hints(),
            ..Self::default()
        };
        if let Error::Run(RunError::Review(source)) = error
            && let Some(refused) = source.downcast_ref()
        {
            parts.with_refusal(refused)
        } else if let Error::Run(RunError::Step(step)) = error {
            parts.with_step(step)
        } else if let Error::Run(RunError::Stopped { report, step }) = error {
            parts.with_stop(report, step.as_deref())
        } else if let Error::Run(RunError::Outdated { report }) = error {
            parts.with_report(report)
        } else if let Error::Run(RunError::Lost { report, .. }) = error {
            parts.with_causes(error).with_stop(report, None)
        } else if let Error::Run(RunError::Plan(error)) = error {
            parts.with_plan(error)
        } else if let Error::Run(RunError::Undecided(undecided)) = error {
            parts.with_undecided(undecided)
        } else if let Error::Graph(graph) = error {
            match graph.faults() {
                [fault] => Self { code: GraphFault::code(fault).to_owned(), ..parts },
                _ => parts,
            }
        } else {
            parts.with_causes(error)
        }
    }

    fn with_causes(mut self, error: &dyn StdError) -> Self {
        self.notes.extend(causes(error));
        self
    }

    fn with_step(mut self, error: &StepError) -> Self {
        self.statement = error.statement;
        let mut words = refusal(error);
        match &error.excerpt {
            Some(excerpt) => {
                let label = if words.is_empty() { None } else { Some(words.remove(0)) };
                self = self.with_excerpt(excerpt, label);
            }
            None => self.location = error.origin.map(|origin| place(&origin)),
        }
        self.notes.extend(words);
        self.notes.extend(error.blockers.iter().map(|blocker| format!("blocked by {blocker}")));
        self.notes.push(error.state());
        self.with_report(&error.report)
    }

    fn with_stop(mut self, report: &Report, step: Option<&StepError>) -> Self {
        self.notes.extend(step.map(StepError::state));
        self.with_report(report)
    }

    fn with_report(mut self, report: &Report) -> Self {
        let before: Vec<String> =
            report.done.iter().map(|done| format!("`{}`", done.key.id)).collect();
        if !before.is_empty() {
            self.notes.push(format!("already applied: {}", before.join(", ")));
        }
        self
    }

    fn with_undecided(mut self, error: &Undecided) -> Self {
        self.statement = Some(error.statement);
        self.notes.push(format!("the statement: {}", error.text));
        self.notes.extend(error.seen.iter().cloned());
        self
    }

    fn with_plan(mut self, error: &PlanError) -> Self {
        if let PlanError::Script(fault) = error {
            self.statement = fault.error.statement();
            return self.with_excerpt(&fault.excerpt, None);
        }
        if let PlanError::Diverged { statement, then, now, .. } = error {
            self.statement = Some(*statement);
            let now = now.as_deref().unwrap_or_default();
            if let Some(then) = then {
                let lines = difference(then, now, false).join("\n");
                self.notes.push(format!("the text that ran, and the text now:\n{lines}"));
            }
        }
        if let PlanError::Changed { revisions } = error {
            self.edited.extend(revisions.iter().take(MOST_EDITED).cloned());
            let more = revisions.len().saturating_sub(MOST_EDITED);
            if more > 0 {
                self.notes.push(format!("{more} more were edited: `migrate repair` lists all"));
            }
        }
        self
    }

    fn with_refusal(mut self, refused: &Refused) -> Self {
        let Refused { found, more } = refused;
        found.code.clone_into(&mut self.code);
        self.revision = Some(found.key.id.to_string());
        self.statement = found.statement;
        if let Some(excerpt) = &found.excerpt {
            self = self.with_excerpt(excerpt, None);
        }
        self.notes.extend(found.why.map(str::to_owned));
        if *more > 0 {
            self.notes.push(format!("and {more} more: `migrate lint` lists all"));
        }
        self.hints.extend(found.help.clone());
        let rule = found.code.replace('-', "_");
        self.hints.push(format!("to suppress it: `waive({rule}, reason = \"…\")`"));
        self
    }

    fn with_excerpt(mut self, excerpt: &Excerpt, label: Option<String>) -> Self {
        let frame = Frame::new(excerpt, label);
        self.location.clone_from(&frame.location);
        self.frame = Some(frame);
        self
    }
}

fn place(origin: &Origin) -> String {
    origin.to_string()
}

/// Returns the error of the database or the code, the summary first.
fn refusal(error: &StepError) -> Vec<String> {
    let Some(database) = error.database() else {
        if let StepCause::Code(source) = &error.cause {
            let source: &(dyn StdError + 'static) = source.as_ref();
            return std::iter::once(source.to_string()).chain(causes(source)).collect();
        }
        return vec![error.cause.to_string()];
    };
    let DatabaseError { message, code, detail, .. } = database;
    let first = match code {
        Some(code) => format!("{message} ({code})"),
        None => message.clone(),
    };
    let detail = detail.as_ref().map(|detail| format!("detail: {detail}"));
    let mut said = vec![first];
    said.extend(causes(database));
    said.extend(detail);
    said
}

/// Returns the causes of an error that add something to its message.
fn causes(error: &dyn StdError) -> Vec<String> {
    let mut said = vec![error.to_string()];
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        // A driver's error repeats the server's message inside its own.
        let repeats =
            said.iter().any(|before| before.contains(&text) || text.contains(first_words(before)));
        if !repeats {
            said.push(text);
        }
        next = cause.source();
    }
    said.remove(0);
    said
}

/// Returns the message without the code that we append.
fn first_words(text: &str) -> &str {
    text.rsplit_once(" (").map_or(text, |(words, _)| words)
}
