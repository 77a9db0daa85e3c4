//! Formats problems of the command line, and the parts that all errors share.

use crate::escape::values;
use crate::failure::{Failure, Fault};
use crate::io::{ERROR, HINT, Talk, paint};
use crate::problem::Problem;

/// Returns a problem as text, like a compiler's error.
pub(crate) fn text(problem: &Problem, color: bool) -> String {
    let error = paint("error:", ERROR, color);
    format!("{error} {}{}", values(&problem.message), hints(&problem.hints, color))
}

/// Returns a problem as a document.
pub(crate) fn document(problem: &Problem, talk: &Talk) -> Failure {
    Failure {
        error: Fault {
            code: problem.code.to_owned(),
            message: talk.plain(&problem.message),
            hint: joined(&problem.hints, talk),
            ..Fault::default()
        },
    }
}

/// Returns the hints below an error.
pub(crate) fn hints(hints: &[String], color: bool) -> String {
    let mut text = String::new();
    if !hints.is_empty() {
        text.push('\n');
    }
    for hint in hints {
        text.push('\n');
        text.push_str(&paint("hint:", HINT, color));
        text.push(' ');
        text.push_str(&values(hint).replace('\n', "\n  "));
    }
    text
}

/// Returns the hints as one text of a document.
pub(crate) fn joined(hints: &[String], talk: &Talk) -> Option<String> {
    (!hints.is_empty()).then(|| talk.plain(&hints.join("\n")))
}

/// Returns the document for arguments that clap refused.
pub(crate) fn usage(message: &str) -> Failure {
    let mut lines = message.trim_start_matches("error: ").lines();
    let message = lines.by_ref().take_while(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    let hints: Vec<&str> = lines.filter_map(|line| line.trim().strip_prefix("tip: ")).collect();
    let hint = if hints.is_empty() {
        "run with `--help` to see the options".to_owned()
    } else {
        hints.join("\n")
    };
    Failure {
        error: Fault {
            code: "usage".to_owned(),
            message: migrate_redact::redact(&message),
            hint: Some(hint),
            ..Fault::default()
        },
    }
}
