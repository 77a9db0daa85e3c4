//! Findings as text.

use migrate_core::{Direction, Level};

use super::frame::Frame;
use crate::escape::value;
use crate::inspect::Found;
use crate::io::{ERROR, FRAME, HINT, WARNING, paint};

/// Returns the finding with its SQL, like a compiler's; `name` is the revision's.
pub(crate) fn finding(found: &Found, name: &str, color: bool) -> String {
    let mut text = headline(found, name, color);
    match &found.excerpt {
        Some(excerpt) => text.push_str(&Frame::new(excerpt, None).draw(color)),
        None => {
            if let Some(place) = location(found) {
                text.extend(["\n ", &paint("-->", FRAME, color), " ", &place]);
            }
        }
    }
    if let Some(why) = found.why {
        text.extend(["\n  ", &paint("=", FRAME, color), " ", why]);
    }
    if let Some(help) = &found.help {
        text.extend(["\n", &paint("help:", HINT, color), " ", &value(help)]);
    }
    text
}

/// Returns the finding in one line.
pub(crate) fn warning(found: &Found, color: bool) -> String {
    let place = location(found).map(|place| format!(" ({place})")).unwrap_or_default();
    format!("{}{place}", headline(found, &found.key.to_string(), color))
}

/// Returns the location as `file:line:column`; `None` for SQL made at run time.
pub(crate) fn location(found: &Found) -> Option<String> {
    let of_sql = found.excerpt.as_ref().and_then(|excerpt| excerpt.file);
    match of_sql {
        Some((file, at)) => Some(format!("{file}:{}:{}", at.line, at.column)),
        None => found.origin.map(|origin| origin.to_string()),
    }
}

/// Returns the message, with its revision.
pub(crate) fn message(found: &Found, name: &str) -> String {
    match found.direction {
        Direction::Up => format!("`{name}`: {}", found.message),
        Direction::Down => format!("`{name}`, down: {}", found.message),
    }
}

/// Returns the name of a direction.
pub(crate) const fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "up",
        Direction::Down => "down",
    }
}

fn headline(found: &Found, name: &str, color: bool) -> String {
    let (word, style) = match found.level {
        Level::Deny => ("error", ERROR),
        Level::Warn | Level::Allow => ("warning", WARNING),
    };
    let level = paint(format_args!("{word}[{}]:", found.code), style, color);
    format!("{level} {}", value(&message(found, name)))
}
