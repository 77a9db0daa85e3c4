//! What statements of PostgreSQL leave in their session.

mod set_config;

use std::cell::RefCell;

use self::set_config::{configured, is_configuring};
use super::mysql::name;
use super::{Draft, SessionState, Source};
use crate::statement::Reader;
use crate::statement::setting::is_set_config;
use crate::text::{Dialect, Token};

pub(super) fn read(words: Reader<'_>) -> Draft {
    let mut rest = words.clone();
    match rest.keyword().as_str() {
        "SET" => set(&mut rest),
        "RESET" => reset(&mut rest),
        "DISCARD" => discard(rest),
        "LISTEN" | "UNLISTEN" | "LOAD" => {
            let what = words.map(|token| token.text().to_lowercase()).collect::<Vec<_>>();
            Draft::sole().with(SessionState::Setting(what.join(" ")), Source::Text)
        }
        "PREPARE" => {
            let name = name(&mut rest);
            let set = |name| Draft::sole().with(SessionState::Prepared(name), Source::Lost);
            name.map(set).unwrap_or_default()
        }
        "DEALLOCATE" => deallocate(rest),
        "DECLARE" => declare(rest),
        "FETCH" | "MOVE" | "CLOSE" => cursor(rest),
        "CREATE" => create(rest, executed(words)),
        "DROP" => drop(rest),
        "DO" => block(rest),
        "CALL" => Draft { opaque: true, ..configured(words) },
        "SELECT" if is_configuring(words.clone()) => Draft { sole: true, ..configured(words) },
        _ => into(words.clone(), executed(words)),
    }
}

/// `SET` for the session. What is set for a transaction ends with that of the statement and its mark.
fn set(words: &mut Reader<'_>) -> Draft {
    if words.eat_any(&["CONSTRAINTS", "LOCAL", "TRANSACTION"]) {
        return Draft::sole();
    }
    if words.clone().eat("SESSION")
        && !words.clone().eat_all(&["SESSION", "AUTHORIZATION"])
        && !words.clone().eat_all(&["SESSION", "CHARACTERISTICS"])
    {
        words.next();
    }
    let of_words = [
        "AUTHORIZATION",
        "CATALOG",
        "CHARACTERISTICS",
        "NAMES",
        "ROLE",
        "SCHEMA",
        "SEED",
        "SESSION",
        "TIME",
        "XML",
    ];
    if let Some(word) = words.peek().filter(|word| word.is_any_word(&of_words)) {
        // What it sets has another name, and the text says all of it.
        let state = SessionState::Setting(format!("set {}", word.text().to_lowercase()));
        return Draft::sole().with(state, Source::Text);
    }
    let Some(name) = setting(words) else { return Draft::default() };
    words.next();
    let source = if words.eat("DEFAULT") { Source::Server } else { Source::Text };
    Draft::sole().with(SessionState::Setting(name), source)
}

/// The name of a setting, with its prefix.
fn setting(words: &mut Reader<'_>) -> Option<String> {
    let mut name = words.next()?.text().trim_matches('"').to_lowercase();
    while words.eat_mark(".") {
        name = format!("{name}.{}", words.next()?.text().trim_matches('"').to_lowercase());
    }
    Some(name)
}

fn reset(words: &mut Reader<'_>) -> Draft {
    let whole =
        words.peek().is_none_or(|word| word.is_any_word(&["ALL", "ROLE", "SESSION", "TIME"]));
    match setting(words) {
        Some(name) if whole => {
            Draft::sole().with(SessionState::Setting(format!("reset {name}")), Source::Text)
        }
        Some(name) => Draft::sole().with(SessionState::Setting(name), Source::Server),
        None => Draft::default(),
    }
}

fn discard(mut words: Reader<'_>) -> Draft {
    let all = words.eat("ALL");
    Draft { resets: all, sole: true, ..Draft::default() }
}

fn deallocate(mut words: Reader<'_>) -> Draft {
    words.eat("PREPARE");
    let mut draft = Draft::sole();
    if !words.clone().eat("ALL")
        && let Some(name) = name(&mut words)
    {
        draft.need(SessionState::Prepared(name.clone()));
        draft.end(SessionState::Prepared(name));
    }
    draft
}

/// A cursor that is not `WITH HOLD` ends with the transaction of the statement and its mark.
fn declare(mut words: Reader<'_>) -> Draft {
    let name = name(&mut words);
    let held = words.eat_until("WITH") && words.eat("HOLD");
    match name {
        Some(name) if held => Draft::default().with(SessionState::Cursor(name), Source::Lost),
        Some(_) | None => Draft::default(),
    }
}

/// `FETCH 5 FROM c`, `MOVE NEXT c`, `CLOSE c`: the name comes last.
fn cursor(words: Reader<'_>) -> Draft {
    let mut draft = Draft::default();
    if let Some(last) = words.last().filter(|last| !last.is_word("ALL")) {
        draft.need(SessionState::Cursor(last.text().trim_matches('"').to_lowercase()));
    }
    draft
}

/// Whatever executes a prepared statement, or sets something by a function: `EXECUTE`, `EXPLAIN EXECUTE`, `CREATE
/// TABLE … AS EXECUTE`.
fn executed(words: Reader<'_>) -> Draft {
    let mut draft = configured(words.clone());
    let mut rest = words;
    let begins =
        rest.peek().is_some_and(|word| word.is_any_word(&["EXECUTE", "EXPLAIN", "CREATE"]));
    if begins
        && rest.eat_until("EXECUTE")
        && !rest.peek().is_some_and(|word| word.is_any_word(&["FUNCTION", "PROCEDURE"]))
        && let Some(name) = name(&mut rest)
    {
        draft.need(SessionState::Prepared(name));
    }
    draft
}

fn create(mut words: Reader<'_>, mut draft: Draft) -> Draft {
    words.eat_all(&["OR", "REPLACE"]);
    words.eat_any(&["LOCAL", "GLOBAL"]);
    let mut temporary = words.eat_any(&["TEMP", "TEMPORARY"]);
    words.eat("UNLOGGED");
    words.eat("RECURSIVE");
    words.eat_any(&["TABLE", "VIEW", "SEQUENCE", "FUNCTION", "PROCEDURE", "TYPE", "DOMAIN"]);
    words.eat_all(&["IF", "NOT", "EXISTS"]);
    temporary |= words.peek().is_some_and(|token| is_temporary_schema(&token));
    if !temporary || drops_at_commit(words.clone()) {
        return draft;
    }
    if let Some(name) = name(&mut words) {
        draft.set(SessionState::Temporary(name), Source::Lost);
    }
    draft
}

/// `ON COMMIT DROP`: it ends with the transaction of the statement and its mark.
fn drops_at_commit(mut words: Reader<'_>) -> bool {
    words.eat_until("COMMIT") && words.eat("DROP")
}

fn is_temporary_schema(token: &Token<'_>) -> bool {
    token.text().trim_matches('"').eq_ignore_ascii_case("pg_temp")
}

/// `SELECT … INTO TEMP a FROM …`
fn into(mut words: Reader<'_>, mut draft: Draft) -> Draft {
    if words.peek().is_some_and(|word| word.is_any_word(&["SELECT", "WITH"]))
        && words.eat_until("INTO")
        && (words.eat_any(&["TEMP", "TEMPORARY"])
            || words.eat_all(&["LOCAL", "TEMP"])
            || words.peek().is_some_and(|token| is_temporary_schema(&token)))
    {
        words.eat("TABLE");
        if let Some(name) = name(&mut words) {
            draft.set(SessionState::Temporary(name), Source::Lost);
        }
    }
    draft
}

/// `DROP TABLE IF EXISTS pg_temp.a` does no harm where there is none.
fn drop(mut words: Reader<'_>) -> Draft {
    let mut draft = Draft::default();
    if words.eat_any(&["TABLE", "VIEW", "SEQUENCE"]) {
        let absent = words.eat_all(&["IF", "EXISTS"]);
        draft.heeds_absence =
            absent && words.peek().is_some_and(|token| is_temporary_schema(&token));
        while let Some(name) = name(&mut words) {
            draft.end(SessionState::Temporary(name));
            words.eat_mark(",");
        }
    }
    draft
}

/// A `DO` block: read as if it were SQL.
fn block(mut words: Reader<'_>) -> Draft {
    let Some(body) = words.find_map(|token| token.inside()) else { return Draft::default() };
    let words = Reader::of(body, Dialect::Postgres);
    let draft = RefCell::new(configured(words.clone()));
    words.any_inner(|inner| {
        let mut rest = inner.clone();
        let mut draft = draft.borrow_mut();
        let found = match rest.keyword().as_str() {
            "SET" => set(&mut rest),
            "RESET" => reset(&mut rest),
            "CREATE" => create(rest, Draft::default()),
            _ => return None::<()>,
        };
        for (state, source) in found.into_set() {
            draft.set(state, source);
        }
        None
    });
    draft.into_inner()
}
