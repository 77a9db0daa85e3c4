//! Session state that statements of an unfinished revision depend on, kept in history: the next run restores it.

use std::collections::BTreeMap;

use migrate_sql::{Dialect, Session, SessionState, quote};

/// The values, by the number of the statement that set them (from 1) and by name: `@old_sql_mode`, `search_path`.
///
/// As text, each is one word: `1:@old_sql_mode=s414E5349`. A value is `n` and a number, `ON` or `OFF`, `s` and the UTF-8 of a
/// text in hexadecimal, or `-` for NULL. Names are also in hexadecimal if they contain more than letters, digits, `_` and `.`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    values: BTreeMap<(usize, String), Value>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Null,
    Number(String),
    Text(String),
}

impl Kept {
    pub(crate) fn parse(text: &str) -> Self {
        Self { values: text.split_whitespace().filter_map(entry).collect() }
    }

    /// Returns the statement that restores a value as the statement with this number left it; `None` where it was not kept.
    pub(crate) fn set_again(
        &self,
        number: usize,
        state: &SessionState,
        dialect: Dialect,
    ) -> Option<String> {
        let value = self.values.get(&(number, name(state)?))?;
        let literal = match value {
            Value::Null => "NULL".to_owned(),
            Value::Number(number) => number.clone(),
            Value::Text(text) => quote::literal(text, dialect),
        };
        match dialect {
            Dialect::Postgres => {
                let SessionState::Setting(name) = state else { return None };
                let name = quote::literal(name, dialect);
                Some(format!("SELECT pg_catalog.set_config({name}, {literal}, false)"))
            }
            Dialect::Mysql => Some(format!("SET {} = {literal}", variable(state)?)),
            Dialect::Sqlite => None,
        }
    }
}

/// Returns the expression for the values to keep after the statement with this number; `None` on engines that need none.
pub(crate) fn words_of(number: usize, session: &Session, dialect: Dialect) -> Option<String> {
    let words: Vec<String> =
        session.kept().filter_map(|state| word_of(number, state, dialect)).collect();
    if words.is_empty() {
        return None;
    }
    Some(match dialect {
        Dialect::Mysql => format!("concat({})", words.join(", ")),
        Dialect::Postgres | Dialect::Sqlite => words.join(" || "),
    })
}

fn word_of(number: usize, state: &SessionState, dialect: Dialect) -> Option<String> {
    let label = quote::literal(&format!(" {number}:{}=", name(state)?), dialect);
    match dialect {
        Dialect::Mysql => {
            let value = variable(state)?;
            // Values that are not text have the collation `binary`.
            Some(format!(
                "{label}, CASE WHEN {value} IS NULL THEN '-' WHEN collation({value}) = 'binary' THEN concat('n', {value}) \
                 ELSE concat('s', hex(convert({value} USING utf8mb4))) END"
            ))
        }
        Dialect::Postgres => {
            let SessionState::Setting(name) = state else { return None };
            let name = quote::literal(name, dialect);
            Some(format!(
                "{label} || coalesce('s' || pg_catalog.encode(pg_catalog.convert_to(\
                 pg_catalog.current_setting({name}, true), 'UTF8'), 'hex'), '-')"
            ))
        }
        Dialect::Sqlite => None,
    }
}

/// Returns the name under which a value is kept; `None` where it cannot be queried.
fn name(state: &SessionState) -> Option<String> {
    let plain = |name: &str| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        if name.chars().all(is_plain) { name.to_owned() } else { format!("x{}", hex(name)) }
    };
    match state {
        SessionState::Setting(name) => Some(plain(name)),
        SessionState::Variable(name) => Some(format!("@{}", plain(name))),
        SessionState::Settings
        | SessionState::Temporary(_)
        | SessionState::Prepared(_)
        | SessionState::Cursor(_)
        | SessionState::Generated
        | SessionState::Counted => None,
    }
}

/// Returns the variable as MySQL writes it.
fn variable(state: &SessionState) -> Option<String> {
    let quoted = |name: &str| quote::identifier(name, Dialect::Mysql);
    match state {
        SessionState::Setting(name) => {
            let parts: Vec<String> = name.split('.').map(quoted).collect();
            Some(format!("@@session.{}", parts.join(".")))
        }
        SessionState::Variable(name) => Some(format!("@{}", quoted(name))),
        SessionState::Settings
        | SessionState::Temporary(_)
        | SessionState::Prepared(_)
        | SessionState::Cursor(_)
        | SessionState::Generated
        | SessionState::Counted => None,
    }
}

fn entry(word: &str) -> Option<((usize, String), Value)> {
    let (number, rest) = word.split_once(':')?;
    let (name, value) = rest.split_once('=')?;
    let value = if value == "-" {
        Value::Null
    } else if let Some(number) = value.strip_prefix('n') {
        // A boolean setting has no number.
        let is_number = number.parse::<f64>().is_ok() || matches!(number, "ON" | "OFF");
        is_number.then(|| Value::Number(number.to_owned()))?
    } else {
        Value::Text(unhex(value.strip_prefix('s')?)?)
    };
    Some(((number.parse().ok()?, name.to_owned()), value))
}

fn hex(text: &str) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
    text.bytes().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn unhex(digits: &str) -> Option<String> {
    let byte = |index| u8::from_str_radix(digits.get(index..index + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..digits.len()).step_by(2).map(byte).collect();
    String::from_utf8(bytes?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_set_again() {
        let kept = Kept::parse(" 1:@old=s414E5349 1:@n=n-1.5 2:a.b=- 3:@x6120=s 4:@bad=n1;DROP");
        let set = |number, state| kept.set_again(number, &state, Dialect::Mysql);
        let variable = |name: &str| SessionState::Variable(name.to_owned());
        assert_eq!(set(1, variable("old")).as_deref(), Some("SET @`old` = 'ANSI'"));
        assert_eq!(set(1, variable("n")).as_deref(), Some("SET @`n` = -1.5"));
        let setting = SessionState::Setting("a.b".to_owned());
        assert_eq!(set(2, setting).as_deref(), Some("SET @@session.`a`.`b` = NULL"));
        assert_eq!(set(3, variable("a ")).as_deref(), Some("SET @`a ` = ''"));
        assert_eq!(set(4, variable("bad")), None);
        assert_eq!(set(2, variable("old")), None);
    }
}
