//! Reads the values of options, one function per kind of value. Each reports what it refuses.

use std::time::Duration;

use migrate_sql::{Kind, Resumption};
use proc_macro2::Ident;
use quote::ToTokens;
use syn::{Expr, ExprArray, ExprLit, ExprTuple, Lit, LitBool, LitStr};

use crate::diag::Diag;
use crate::name::{self, REVISION_CHARACTERS};
use crate::value::{quoted, string, string_of};

/// Reads a revision's id or a branch's label.
pub(crate) fn revision(option: &Ident, value: &Expr, diag: &mut Diag) -> Option<LitStr> {
    let text = string(option, value, diag)?;
    if name::is_revision(&text.value()) {
        return Some(text.clone());
    }
    diag.error_with_help(
        text,
        format_args!("`{}` is not a valid `{option}`", text.value()),
        format_args!("use {REVISION_CHARACTERS}"),
    );
    None
}

/// Reads the parents of a revision. Invalid ones are left out.
pub(crate) fn parents(option: &Ident, value: &Expr, diag: &mut Diag) -> Option<Vec<LitStr>> {
    if is_none(value) {
        diag.error_with_help(
            value,
            format_args!("`{option}` cannot be `None`"),
            format_args!("write `{option} = []` for a revision without parents"),
        );
        return None;
    }
    let mut parents = strings(option, value, diag)?;
    parents.retain(|parent| is_parent(option, parent, diag));
    Some(parents)
}

fn is_parent(option: &Ident, parent: &LitStr, diag: &mut Diag) -> bool {
    let text = parent.value();
    let valid = name::is_revision(&text);
    if text.contains('@') {
        diag.error_with_help(
            parent,
            "a parent is a revision of the same crate",
            format_args!("write `depends_on = \"{text}\"` for a revision of another crate that must run first"),
        );
    } else if !valid {
        refuse_revision(option, parent, REVISION_CHARACTERS, diag);
    }
    valid
}

/// Reads the revisions that must run first, of this crate or another. Invalid ones are left out.
pub(crate) fn dependencies(option: &Ident, value: &Expr, diag: &mut Diag) -> Option<Vec<LitStr>> {
    let mut named = strings(option, value, diag)?;
    named.retain(|dependency| {
        let text = dependency.value();
        let valid = match text.split_once('@') {
            None => name::is_revision(&text),
            Some((krate, rev)) => name::is_crate(krate) && name::is_revision(rev),
        };
        if !valid {
            refuse_revision(
                option,
                dependency,
                "`002`, or `crate@002` for a revision of another crate",
                diag,
            );
        }
        valid
    });
    Some(named)
}

fn refuse_revision(option: &Ident, text: &LitStr, expected: &str, diag: &mut Diag) {
    let message = format_args!("`{}` in `{option}` is not a revision", text.value()).to_string();
    diag.error_with_help(text, message, format_args!("expected {expected}"));
}

/// Reads `schema` or `data`.
pub(crate) fn kind(option: &Ident, value: &Expr, diag: &mut Diag) -> Option<Kind> {
    let quoted = string_of(value).map(LitStr::value);
    let word = quoted.clone().unwrap_or_else(|| value.to_token_stream().to_string());
    let kind = match word.as_str() {
        "schema" => Some(Kind::Schema),
        "data" => Some(Kind::Data),
        _ => None,
    };
    if kind.is_none() {
        diag.error_with_help(value, "unknown kind of migration", "expected `schema` or `data`");
    } else if quoted.is_some() {
        diag.error_with_help(
            value,
            format_args!("`{option}` is a word, not a string"),
            format_args!("write `{option} = {word}`"),
        );
    }
    kind.filter(|_| quoted.is_none())
}

/// Reads `rerun`.
pub(crate) fn resumption(option: &Ident, value: &Expr, diag: &mut Diag) -> Option<Resumption> {
    let quoted = string_of(value).map(LitStr::value);
    let word = quoted.clone().unwrap_or_else(|| value.to_token_stream().to_string());
    match word.as_str() {
        "rerun" if quoted.is_none() => return Some(Resumption::Rerun),
        "rerun" => diag.error_with_help(
            value,
            format_args!("`{option}` is a word, not a string"),
            format_args!("write `{option} = {word}`"),
        ),
        _ => diag.error_with_help(
            value,
            format_args!("`{option}` can only be `rerun`"),
            "write `resume = rerun` if all of the migration is safe to run again from the start; \
             without it, an unfinished migration continues at the first statement that is not done",
        ),
    }
    None
}

/// Reads `true` or `false`.
pub(crate) fn boolean(option: &Ident, value: &Expr, diag: &mut Diag) -> Option<bool> {
    if let Expr::Lit(ExprLit { lit: Lit::Bool(LitBool { value, .. }), .. }) = value {
        return Some(*value);
    }
    diag.error(value, format_args!("`{option}` must be `true` or `false`"));
    None
}

/// Reads a duration such as `"500ms"` or `"2s"`.
pub(crate) fn duration(option: &Ident, value: &Expr, diag: &mut Diag) -> Option<Duration> {
    const EXPECTED: &str = "expected a whole number and a unit, `ms`, `s`, `min` or `h`: `\"500ms\"`, `\"2s\"`; `\"0\"` is no limit";
    let Some(text) = string_of(value) else {
        diag.error_with_help(value, format_args!("`{option}` must be a string"), EXPECTED);
        return None;
    };
    let duration = parse_duration(&text.value());
    if duration.is_none() {
        diag.error_with_help(text, format_args!("`{}` is not a duration", text.value()), EXPECTED);
    }
    duration
}

fn parse_duration(text: &str) -> Option<Duration> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number: u64 = text.strip_suffix(unit)?.parse().ok()?;
    match unit.trim_start() {
        "" if number == 0 => Some(Duration::ZERO),
        "ms" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        "min" => number.checked_mul(60).map(Duration::from_secs),
        "h" => number.checked_mul(3600).map(Duration::from_secs),
        _ => None,
    }
}

/// Returns whether a value is the word `None`.
fn is_none(value: &Expr) -> bool {
    matches!(value, Expr::Path(path) if path.path.is_ident("None"))
}

/// Reads a string, or several in brackets. Elements that are not strings are left out.
fn strings(option: &Ident, value: &Expr, diag: &mut Diag) -> Option<Vec<LitStr>> {
    if let Some(text) = string_of(value) {
        return Some(vec![text.clone()]);
    }
    let Expr::Array(ExprArray { elems, .. }) = value else {
        let message =
            format_args!("`{option}` must be a revision or a list of revisions").to_string();
        diag.error_with_help(value, message, format_args!("write `{option} = {}`", list_of(value)));
        return None;
    };
    let mut texts: Vec<LitStr> = Vec::new();
    for element in elems {
        let Some(text) = string_of(element) else {
            diag.error(
                element,
                format_args!("`{option}` must be a list of strings, such as `\"001\"`"),
            );
            continue;
        };
        if texts.iter().any(|other| other.value() == text.value()) {
            diag.error(text, format_args!("`{}` is in `{option}` twice", text.value()));
        } else {
            texts.push(text.clone());
        }
    }
    Some(texts)
}

/// Returns what was most likely meant by a value that is not a list of strings.
fn list_of(value: &Expr) -> String {
    let tuple = match value {
        Expr::Tuple(ExprTuple { elems, .. }) => {
            elems.iter().map(string_of).collect::<Option<Vec<_>>>()
        }
        _ => None,
    };
    match (quoted(value), tuple) {
        (Some(quoted), _) => quoted,
        (None, Some(texts)) => {
            let texts: Vec<_> = texts.iter().map(|text| text.token().to_string()).collect();
            format!("[{}]", texts.join(", "))
        }
        (None, None) => "[\"003\", \"004\"]".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_a_number_and_a_unit() {
        assert_eq!(parse_duration("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(parse_duration("2 s"), Some(Duration::from_secs(2)));
        assert_eq!(parse_duration("3min"), Some(Duration::from_mins(3)));
        assert_eq!(parse_duration("1h"), Some(Duration::from_hours(1)));
        assert_eq!(parse_duration("0"), Some(Duration::ZERO));
        for text in
            ["", "2", "s", "1.5s", "-1s", "2sec", "99999999999999999999s", "18446744073709551615h"]
        {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }
}
