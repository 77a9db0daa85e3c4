//! Parses targets.

use std::str::FromStr;

use crate::graph::is_word;
use crate::graph::target::{Target, TargetError};

impl FromStr for Target {
    type Err = TargetError;

    /// Parses a target, ignoring surrounding space.
    fn from_str(text: &str) -> Result<Self, TargetError> {
        let text = text.trim();
        target(text).ok_or_else(|| TargetError::Syntax { written: text.to_owned() })
    }
}

fn target(text: &str) -> Option<Target> {
    let Some((scope, inner)) = text.split_once('@') else { return steps(text) };
    is_scope(scope).then_some(())?;
    Some(Target::Within(scope.to_owned(), Box::new(steps(inner)?)))
}

/// Returns whether a text may name a scope. Crate names allow more than ids and labels.
fn is_scope(text: &str) -> bool {
    !text.is_empty() && !text.contains(|c: char| matches!(c, '@' | ':' | '+') || c.is_whitespace())
}

fn steps(text: &str) -> Option<Target> {
    let Some((place, count)) = split_steps(text) else { return place(text) };
    if place.is_empty() {
        return Some(Target::Relative(count?));
    }
    Some(Target::Offset(Box::new(self::place(place)?), count?))
}

/// Splits `002+1` into `002` and `+1`. The number is missing if it is too large, or 0, which is not a step.
fn split_steps(text: &str) -> Option<(&str, Option<i32>)> {
    let (place, steps) = text.split_at_checked(text.rfind(['+', '-'])?)?;
    let digits = steps.strip_prefix(['+', '-'])?;
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| (place, steps.parse().ok().filter(|&count| count != 0)))
}

fn place(text: &str) -> Option<Target> {
    match text {
        "head" => Some(Target::Head),
        "heads" => Some(Target::Heads),
        "base" => Some(Target::Base),
        "current" => Some(Target::Current),
        word if is_word(word) => Some(Target::Revision(word.to_owned())),
        _ => None,
    }
}
