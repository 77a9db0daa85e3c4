//! Formats revisions, times and numbers.

use std::time::Duration;

use migrate_core::{Graph, RevisionKey};

use crate::escape::value;

/// Returns the id, with its crate only if there are several.
pub(crate) fn short(key: &RevisionKey, several: bool) -> String {
    value(&written(key, several)).into_owned()
}

pub(crate) fn written(key: &RevisionKey, several: bool) -> String {
    if several { key.to_string() } else { key.id.to_string() }
}

/// Returns a revision's name for messages; a revision that only history knows is named as it is written there.
pub(crate) fn name(graph: &Graph, key: &RevisionKey) -> String {
    written(key, graph.crates().nth(1).is_some())
}

/// Returns a revision with its description.
pub(crate) fn titled(name: &str, description: &str) -> String {
    if description.is_empty() { name.to_owned() } else { format!("{name} {}", value(description)) }
}

/// Formats a duration for people.
pub(crate) fn elapsed(duration: Duration) -> String {
    match duration.as_millis() {
        milliseconds @ 0..1_000 => format!("{milliseconds} ms"),
        1_000..60_000 => format!("{:.1} s", duration.as_secs_f64()),
        _ => format!("{} min {} s", duration.as_secs() / 60, duration.as_secs() % 60),
    }
}

/// Formats a number with its noun.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
