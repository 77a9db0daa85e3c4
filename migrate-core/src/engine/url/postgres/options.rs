//! Settings with which a session of PostgreSQL starts.

use std::time::Duration;

use migrate_sql::{Dialect, quote};

use crate::engine::url::UrlError;
use crate::engine::url::parts::Parameter;
use crate::engine::url::server::{Server, filled};

/// Reads command-line options of the server process: `-c name=value`, `--name=value`. A `+` is a blank here, as in query
/// strings, because it can mean nothing else.
pub(super) fn options(server: &mut Server, parameter: &Parameter) -> Result<(), UrlError> {
    let mut words = words(&parameter.value.replace('+', " ")).into_iter();
    while let Some(word) = words.next() {
        let setting = match word.strip_prefix("--") {
            Some(setting) => Some(setting.to_owned()),
            None if word == "-c" => Some(words.next().unwrap_or_default()),
            None => word.strip_prefix("-c").map(str::to_owned),
        };
        let Some(setting) = setting else {
            server.options.push(escaped(&word));
            continue;
        };
        let Some((name, value)) = setting.split_once('=') else {
            return Err(UrlError::value(&parameter.name, "`-c name=value`, one or more"));
        };
        set(server, (&parameter.name, name), value)?;
    }
    Ok(())
}

/// Reads `options[name]=value`.
pub(super) fn option(server: &mut Server, parameter: &Parameter) -> Result<(), UrlError> {
    let name = parameter.name.strip_prefix("options[").and_then(|name| name.strip_suffix(']'));
    let name = name.ok_or_else(|| UrlError::value("options[…]", "`options[name]=value`"))?;
    set(server, (&parameter.name, name), &parameter.value)
}

/// Adds a setting with which the session starts.
fn set(server: &mut Server, (written, name): (&str, &str), value: &str) -> Result<(), UrlError> {
    let name = name.to_ascii_lowercase().replace('-', "_");
    match name.as_str() {
        "search_path" => return set_path(server, value.to_owned()),
        "statement_timeout" | "lock_timeout" => return set_timeout(server, &name, value),
        "idle_in_transaction_session_timeout"
        | "transaction_timeout"
        | "client_connection_check_interval" => {
            let instead = format!("leave out `{name}`: a run sets it itself");
            return Err(UrlError::refused(written, instead));
        }
        _ => {}
    }
    server.options.push(format!("-c {}", escaped(&format!("{name}={value}"))));
    Ok(())
}

pub(super) fn search_path(server: &mut Server, parameter: &Parameter) -> Result<(), UrlError> {
    set_path(server, filled(parameter)?.replace('+', " "))
}

/// Reads `schema`, Prisma's parameter for a single schema.
pub(super) fn schema(server: &mut Server, parameter: &Parameter) -> Result<(), UrlError> {
    let name = filled(parameter)?;
    if name.contains(',') {
        return Err(UrlError::refused(
            &parameter.name,
            "write `search_path=a,b` for several schemas",
        ));
    }
    set_path(server, quote::identifier(&name, Dialect::Postgres))
}

fn set_path(server: &mut Server, path: String) -> Result<(), UrlError> {
    if server.search_path.is_some() {
        return Err(UrlError::Twice { name: "search_path".to_owned() });
    }
    server.options.push(format!("-c {}", escaped(&format!("search_path={path}"))));
    server.search_path = Some(path);
    Ok(())
}

pub(super) fn timeout(server: &mut Server, parameter: &Parameter) -> Result<(), UrlError> {
    set_timeout(server, &parameter.name, &parameter.value)
}

fn set_timeout(server: &mut Server, name: &str, value: &str) -> Result<(), UrlError> {
    let time =
        time(value).ok_or_else(|| UrlError::value(name, "a time such as `500ms`, `5s` or `0`"))?;
    let place = if name == "lock_timeout" {
        &mut server.lock_timeout
    } else {
        &mut server.statement_timeout
    };
    if place.replace(time).is_some() {
        return Err(UrlError::Twice { name: name.to_owned() });
    }
    // For queries outside a run.
    server.options.push(format!("-c {name}={}", time.as_millis()));
    Ok(())
}

/// Parses a time as PostgreSQL's settings do: milliseconds, unless a unit follows.
fn time(text: &str) -> Option<Duration> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits)?;
    let number: u64 = number.parse().ok()?;
    let milliseconds = match unit.trim() {
        "us" => number.div_ceil(1000),
        "" | "ms" => number,
        "s" => number.checked_mul(1000)?,
        "min" => number.checked_mul(60_000)?,
        "h" => number.checked_mul(3_600_000)?,
        "d" => number.checked_mul(86_400_000)?,
        _ => return None,
    };
    // The server accepts no more.
    (milliseconds <= i32::MAX.unsigned_abs().into()).then(|| Duration::from_millis(milliseconds))
}

/// Splits words as the server does: at blanks that are not escaped with a backslash.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        if c.is_ascii_whitespace() {
            words.extend(word.take());
        } else {
            let c = if c == '\\' { characters.next().unwrap_or(c) } else { c };
            word.get_or_insert_default().push(c);
        }
    }
    words.extend(word);
    words
}

/// Escapes a word, so that the server reads it as one.
fn escaped(word: &str) -> String {
    let mut escaped = String::with_capacity(word.len());
    for c in word.chars() {
        if c == '\\' || c.is_ascii_whitespace() {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
