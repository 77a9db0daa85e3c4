//! How revisions, times and numbers are written on a line.

use std::time::Duration;

use migrate_core::{Graph, RevisionKey};

use crate::visible::value;

/// The id, with its crate only if there are several.
pub(crate) fn short(key: &RevisionKey, several: bool) -> String {
    value(&written(key, several)).into_owned()
}

pub(crate) fn written(key: &RevisionKey, several: bool) -> String {
    if several { key.to_string() } else { key.id.to_string() }
}

/// A revision as messages name it, also one that only history knows: as it is written there.
pub(crate) fn name(graph: &Graph, key: &RevisionKey) -> String {
    written(key, graph.crates().nth(1).is_some())
}

/// A revision and what it is.
pub(crate) fn titled(name: &str, description: &str) -> String {
    if description.is_empty() { name.to_owned() } else { format!("{name} {}", value(description)) }
}

/// A time as people say it.
pub(crate) fn elapsed(duration: Duration) -> String {
    match duration.as_millis() {
        milliseconds @ 0..1_000 => format!("{milliseconds} ms"),
        1_000..60_000 => format!("{:.1} s", duration.as_secs_f64()),
        _ => format!("{} min {} s", duration.as_secs() / 60, duration.as_secs() % 60),
    }
}

/// A number and its noun.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
