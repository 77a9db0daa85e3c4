//! The outcomes as Markdown.

use crate::check::Outcome;

/// The maximum number of differences printed for a row: one cause often has many.
const MOST: usize = 20;

/// Returns a line for each check, the sums, and then every difference.
pub(crate) fn markdown(rows: &[(&'static str, String, Outcome)]) -> String {
    let mut lines = vec![
        "| engine | what was tried | times | resumed | differences | |".to_owned(),
        "|---|---|--:|--:|--:|---|".to_owned(),
    ];
    for (engine, name, outcome) in rows {
        let resumed = outcome.resumed.map_or_else(|| "–".to_owned(), |count| count.to_string());
        let verdict = if outcome.holds() { "holds" } else { "**differs**" };
        let note = if outcome.note.is_empty() { "" } else { ": " };
        lines.push(format!(
            "| {engine} | {name} | {} | {resumed} | {} | {verdict}{note}{} |",
            outcome.tried,
            outcome.differences.len(),
            outcome.note,
        ));
    }
    let sum = |number: fn(&Outcome) -> usize| {
        rows.iter().map(|(_, _, outcome)| number(outcome)).sum::<usize>()
    };
    lines.push(format!(
        "| | **all** | {} | {} | {} | |",
        sum(|outcome| outcome.tried),
        sum(|outcome| outcome.resumed.unwrap_or_default()),
        sum(|outcome| outcome.differences.len()),
    ));
    for (engine, name, outcome) in rows.iter().filter(|(_, _, outcome)| !outcome.holds()) {
        lines.push(format!("\n## {engine}: {name}\n"));
        if outcome.tried == 0 {
            lines.push("- nothing was tried".to_owned());
        }
        lines.extend(outcome.differences.iter().take(MOST).map(|line| format!("- {line}")));
        let more = outcome.differences.len().saturating_sub(MOST);
        if more > 0 {
            lines.push(format!("- and {more} more"));
        }
    }
    lines.push(String::new());
    lines.join("\n")
}
