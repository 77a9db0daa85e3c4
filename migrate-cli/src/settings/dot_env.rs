//! Reads one variable from a `.env` file, as shells and other tools write it.
//!
//! Only the lines that the variable needs must be valid. An error never quotes a line: it may contain a password.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::error::{CommandError, Problem, file_problem};

/// An error in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fault {
    line: usize,
    what: String,
}

/// A line that assigns a value.
struct Assignment {
    name: String,
    line: usize,
    value: Result<Vec<Piece>, String>,
}

/// A part of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// Another variable, and the default if it is not set.
    Variable(String, Option<String>),
}

/// Returns the value of a variable in a file; `variables` are those of the environment.
pub(super) fn read(
    file: &Path,
    name: &str,
    variables: &BTreeMap<String, String>,
) -> Result<Option<String>, CommandError> {
    let bytes = fs::read(file).map_err(|error| file_problem("read", file, &error))?;
    find(&bytes, name, variables).map_err(|fault| {
        let place = format!("`{}`, line {}", file.display(), fault.line);
        Problem::usage("dot-env", format_args!("{place}: {}", fault.what)).into()
    })
}

fn find(
    bytes: &[u8],
    name: &str,
    variables: &BTreeMap<String, String>,
) -> Result<Option<String>, Fault> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(Fault { line: 1, what: "the file is UTF-16; save it as UTF-8".to_owned() });
    }
    let text = String::from_utf8_lossy(bytes);
    let assignments = assignments(&text, name)?;
    let mut found: Option<(usize, String)> = None;
    for (index, assignment) in assignments.iter().enumerate() {
        if assignment.name != name {
            continue;
        }
        let value = value(&assignments, index, variables)?;
        let line = assignment.line;
        match &found {
            Some((first, earlier)) if *earlier != value => {
                let what =
                    format!("`{name}` is set again, to a different value than on line {first}");
                return Err(Fault { line, what });
            }
            Some(_) => {}
            None => found = Some((line, value)),
        }
    }
    Ok(found.map(|(_, value)| value))
}

/// Returns the value of an assignment, with other variables replaced.
fn value(
    assignments: &[Assignment],
    index: usize,
    variables: &BTreeMap<String, String>,
) -> Result<String, Fault> {
    let Some(assignment) = assignments.get(index) else { return Ok(String::new()) };
    let fault = |what| Fault { line: assignment.line, what };
    let mut whole = String::new();
    for piece in assignment.value.as_ref().map_err(|what| fault(what.clone()))? {
        let (name, default) = match piece {
            Piece::Text(text) => {
                whole.push_str(text);
                continue;
            }
            Piece::Variable(name, default) => (name, default),
        };
        let before = assignments.iter().take(index).rposition(|it| it.name == *name);
        let found = match (variables.get(name), before) {
            (Some(value), _) => Some(value.clone()),
            (None, Some(before)) => Some(value(assignments, before, variables)?),
            (None, None) => None,
        };
        match (found, default) {
            (Some(found), None) => whole.push_str(&found),
            (Some(found), Some(_)) if !found.is_empty() => whole.push_str(&found),
            (_, Some(default)) => whole.push_str(default),
            (None, None) => {
                let what = format!("`${name}` is not set; within single quotes a `$` is literal");
                return Err(fault(what));
            }
        }
    }
    if whole.contains('\u{fffd}') {
        return Err(fault("the value is not valid UTF-8".to_owned()));
    }
    Ok(whole)
}

/// Returns all assignments. An invalid line is an error only if it names the wanted variable.
fn assignments(text: &str, wanted: &str) -> Result<Vec<Assignment>, Fault> {
    let mut assignments = Vec::new();
    let (mut rest, mut line) = (text, 1);
    while !rest.is_empty() {
        let first = rest.lines().next().unwrap_or_default();
        let after = match assigned(rest) {
            Some((name, value)) => {
                let (value, after) = match pieces(value) {
                    Ok((_, after)) if hides(rest, after, wanted) => {
                        (Err(open()), behind_line(rest))
                    }
                    Ok((pieces, after)) => (Ok(pieces), after),
                    Err(what) => (Err(what), behind_line(rest)),
                };
                assignments.push(Assignment { name, line, value });
                after
            }
            None if !first.trim_start().starts_with('#') && first.contains(wanted) => {
                let what = format!("`{wanted}` is named, but the line is not `{wanted}=value`");
                return Err(Fault { line, what });
            }
            None => behind_line(rest),
        };
        let read = rest.strip_suffix(after).unwrap_or(rest);
        line += read.matches('\n').count();
        rest = after;
    }
    Ok(assignments)
}

/// Returns whether a multi-line value contains an assignment of the wanted variable: then most likely its quote is unclosed.
fn hides(rest: &str, after: &str, wanted: &str) -> bool {
    let value = behind_line(rest.strip_suffix(after).unwrap_or(rest));
    value.lines().any(|line| assigned(&format!("{line}\n")).is_some_and(|(name, _)| name == wanted))
}

/// Returns the text after the first line.
fn behind_line(text: &str) -> &str {
    text.split_once('\n').map_or("", |(_, rest)| rest)
}

/// Returns the name of `name=…` or `export name=…`, and the text after the `=`.
fn assigned(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start_matches([' ', '\t']);
    let exported = text.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t']));
    let text = exported.map_or(text, |rest| rest.trim_start_matches([' ', '\t']));
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    let end = text.find(|c: char| !is_name(c))?;
    let (name, rest) = text.split_at_checked(end)?;
    let value = rest.trim_start_matches([' ', '\t']).strip_prefix('=')?;
    (!name.is_empty()).then(|| (name.to_owned(), value.trim_start_matches([' ', '\t'])))
}

/// Returns the pieces of a value, and the text after it.
fn pieces(text: &str) -> Result<(Vec<Piece>, &str), String> {
    let mut value = Value::default();
    let mut rest = text;
    loop {
        let mut characters = rest.chars();
        let c = characters.next();
        rest = match c {
            None | Some('\n') => return Ok((value.ended(), characters.as_str())),
            Some('#') if value.is_at_blank() => return Ok((value.ended(), behind_line(rest))),
            Some('\'') => {
                let (quoted, rest) = characters.as_str().split_once('\'').ok_or_else(open)?;
                value.push_quoted(quoted);
                rest
            }
            Some('"') => double_quoted(characters.as_str(), &mut value)?,
            Some('$') => variable(characters.as_str(), &mut value)?,
            Some('\\') => {
                value.push_quoted(&characters.next().map(String::from).unwrap_or_default());
                characters.as_str()
            }
            Some(c) => {
                value.push(c);
                characters.as_str()
            }
        };
    }
}

fn open() -> String {
    "a quote is not closed".to_owned()
}

/// Reads up to the closing `"`; returns the text after it.
fn double_quoted<'a>(text: &'a str, value: &mut Value) -> Result<&'a str, String> {
    let mut rest = text;
    value.push_quoted("");
    loop {
        let mut characters = rest.chars();
        rest = match characters.next().ok_or_else(open)? {
            '"' => return Ok(characters.as_str()),
            '$' => variable(characters.as_str(), value)?,
            '\\' => {
                let c = characters.next().ok_or_else(open)?;
                match c {
                    'n' => value.push_quoted("\n"),
                    'r' => value.push_quoted("\r"),
                    't' => value.push_quoted("\t"),
                    '\\' | '"' | '$' | '`' => value.push_quoted(&c.to_string()),
                    _ => value.push_quoted(&format!("\\{c}")),
                }
                characters.as_str()
            }
            c => {
                value.push_quoted(&c.to_string());
                characters.as_str()
            }
        };
    }
}

/// Reads the name after a `$`; returns the text after it. A `$` without a name is literal.
fn variable<'a>(text: &'a str, value: &mut Value) -> Result<&'a str, String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if text.starts_with('(') {
        return Err("`$(…)` is not run; write the value itself".to_owned());
    }
    let (inner, is_braced) = match text.strip_prefix('{') {
        Some(inner) => (inner, true),
        None => (text, false),
    };
    let end = inner.find(|c: char| !is_name(c)).unwrap_or(inner.len());
    let (name, rest) = inner.split_at_checked(end).unwrap_or((inner, ""));
    let is_variable = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if !is_braced {
        if !is_variable {
            value.push_quoted("$");
            return Ok(text);
        }
        value.push_variable(name, None);
        return Ok(rest);
    }
    let unknown = || "`${…}` can only be `${NAME}` or `${NAME:-default}`".to_owned();
    let (behind_name, rest) = rest.split_once('}').ok_or_else(unknown)?;
    let default = match behind_name {
        "" => None,
        behind => Some(behind.strip_prefix(":-").ok_or_else(unknown)?),
    };
    if !is_variable || default.is_some_and(|default| default.contains(['$', '\n'])) {
        return Err(unknown());
    }
    value.push_variable(name, default);
    Ok(rest)
}

/// A value under construction.
#[derive(Default)]
struct Value {
    pieces: Vec<Piece>,
    text: String,
    /// The length of the text that is kept even if it is blank.
    kept: usize,
}

impl Value {
    fn push(&mut self, c: char) {
        self.text.push(c);
    }

    fn push_quoted(&mut self, text: &str) {
        self.text.push_str(text);
        self.kept = self.text.len();
    }

    fn push_variable(&mut self, name: &str, default: Option<&str>) {
        self.pieces.push(Piece::Text(std::mem::take(&mut self.text)));
        self.kept = 0;
        self.pieces.push(Piece::Variable(name.to_owned(), default.map(str::to_owned)));
    }

    /// Returns whether a `#` starts a comment here.
    fn is_at_blank(&self) -> bool {
        let (_, open) = self.text.split_at_checked(self.kept).unwrap_or_default();
        let is_first = self.text.is_empty() && self.pieces.is_empty();
        is_first || open.ends_with(char::is_whitespace)
    }

    fn ended(mut self) -> Vec<Piece> {
        let kept = self.text.trim_end().len().max(self.kept);
        self.text.truncate(kept);
        self.pieces.push(Piece::Text(self.text));
        self.pieces
    }
}

#[cfg(test)]
mod tests;
