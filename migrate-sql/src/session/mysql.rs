//! What statements of MySQL and MariaDB leave in their session.

mod assignment;

use std::cell::RefCell;

use self::assignment::assignments;
use super::variables::{Sigil, unquoted};
use super::{Draft, SessionState, Source};
use crate::statement::Reader;
use crate::statement::transaction::is_compound;
use crate::text::{Token, TokenKind};

pub(super) fn read(words: Reader<'_>) -> Draft {
    if is_compound(words.clone()) {
        return compound(words);
    }
    let mut rest = words.clone();
    match rest.keyword().as_str() {
        "SET" if rest.eat("STATEMENT") => {
            if rest.eat_until("FOR") {
                read(rest)
            } else {
                Draft::default()
            }
        }
        "SET" => assignments(&mut rest),
        "USE" => Draft::sole().with(setting("database"), Source::Text),
        "PREPARE" => prepare(rest),
        "EXECUTE" => execute(rest),
        "DEALLOCATE" => deallocate(rest),
        "DROP" if rest.clone().eat("PREPARE") => deallocate(rest),
        "DROP" => drop(rest),
        "CREATE" if is_routine(rest.clone()) => Draft::default(),
        "CREATE" => create(rest, variables(words)),
        "HANDLER" => handler(rest, variables(words)),
        "CALL" => call(words),
        _ => variables(words),
    }
}

fn setting(name: &str) -> SessionState {
    SessionState::Setting(name.to_owned())
}

/// Reads a name, the last part of one that is qualified.
pub(super) fn name(words: &mut Reader<'_>) -> Option<String> {
    let mut name = words.next().filter(is_name)?;
    while words.eat_mark(".") {
        name = words.next().filter(is_name)?;
    }
    Some(unquoted(name.text()).to_lowercase())
}

fn is_name(token: &Token<'_>) -> bool {
    matches!(token.kind(), TokenKind::Word | TokenKind::QuotedIdentifier | TokenKind::Number)
}

fn prepare(mut words: Reader<'_>) -> Draft {
    let name = name(&mut words);
    let mut draft = Draft { sole: true, ..variables(words) };
    if let Some(name) = name {
        draft.set(SessionState::Prepared(name), Source::Lost);
    }
    draft
}

fn execute(mut words: Reader<'_>) -> Draft {
    let name = if words.eat("IMMEDIATE") { None } else { name(&mut words) };
    let mut draft = Draft { opaque: true, ..variables(words) };
    if let Some(name) = name {
        draft.need(SessionState::Prepared(name));
    }
    draft
}

fn deallocate(mut words: Reader<'_>) -> Draft {
    words.eat("PREPARE");
    let mut draft = Draft::sole();
    if let Some(name) = name(&mut words) {
        draft.need(SessionState::Prepared(name.clone()));
        draft.end(SessionState::Prepared(name));
    }
    draft
}

/// Whether it only stores code, which others run later.
fn is_routine(mut words: Reader<'_>) -> bool {
    const ROUTINES: &[&str] = &["EVENT", "FUNCTION", "PACKAGE", "PROCEDURE", "TRIGGER"];
    const OTHERS: &[&str] = &["DATABASE", "INDEX", "SCHEMA", "SEQUENCE", "TABLE", "USER", "VIEW"];
    let kind = words.find(|token| token.is_any_word(ROUTINES) || token.is_any_word(OTHERS));
    kind.is_some_and(|kind| kind.is_any_word(ROUTINES))
}

fn create(mut words: Reader<'_>, mut draft: Draft) -> Draft {
    words.eat_all(&["OR", "REPLACE"]);
    if !words.eat("TEMPORARY") {
        return draft;
    }
    words.eat_any(&["TABLE", "SEQUENCE"]);
    words.eat_all(&["IF", "NOT", "EXISTS"]);
    if let Some(name) = name(&mut words) {
        draft.set(SessionState::Temporary(name), Source::Lost);
    }
    draft
}

/// `DROP TEMPORARY TABLE IF EXISTS` does no harm where there is none, all others would fail or drop another table.
fn drop(mut words: Reader<'_>) -> Draft {
    let mut draft = Draft::default();
    let temporary = words.eat("TEMPORARY");
    if words.eat_any(&["TABLE", "TABLES", "SEQUENCE"]) {
        draft.heeds_absence = words.eat_all(&["IF", "EXISTS"]) && temporary;
        while let Some(name) = name(&mut words) {
            draft.end(SessionState::Temporary(name));
            words.eat_mark(",");
        }
    }
    draft
}

/// `HANDLER t OPEN AS h`, `HANDLER h READ …`, `HANDLER h CLOSE`
fn handler(mut words: Reader<'_>, mut draft: Draft) -> Draft {
    let Some(table) = name(&mut words) else { return draft };
    if words.eat("OPEN") {
        words.eat("AS");
        let alias = name(&mut words).unwrap_or(table);
        draft.set(SessionState::Cursor(alias), Source::Lost);
    } else {
        draft.need(SessionState::Cursor(table.clone()));
        if words.eat("CLOSE") {
            draft.end(SessionState::Cursor(table));
        }
    }
    draft
}

/// What a procedure is given may be set by it.
fn call(words: Reader<'_>) -> Draft {
    let mut draft = Draft { opaque: true, ..variables(words.clone()) };
    for state in found(words).into_iter().map(|(state, _)| state) {
        draft.set(state, Source::Lost);
    }
    draft
}

/// Variables that are read, and those that a query or an expression sets: `INTO @a`, `@a := 1`.
fn variables(words: Reader<'_>) -> Draft {
    let mut draft = Draft::default();
    for (state, use_of) in found(words) {
        match use_of {
            Use::Read => draft.need(state),
            Use::Set => draft.set(state, Source::Lost),
            Use::Assigned => {}
        }
    }
    draft
}

enum Use {
    Read,
    /// By a query or an expression.
    Set,
    /// By a `SET` within a compound statement.
    Assigned,
}

fn found(mut words: Reader<'_>) -> Vec<(SessionState, Use)> {
    let mut found = Vec::new();
    // Whether variables are listed behind `INTO`, and whether a target of `SET` may come.
    let (mut into, mut target) = (false, false);
    let mut end = None;
    while let Some(token) = words.next() {
        // What stands right behind a name is a host's: `DEFINER = root@localhost`.
        let behind = end.replace(token.end()) == Some(token.start());
        let variable = if behind { None } else { variable(&token, &mut words) };
        let Some(variable) = variable else {
            if !is_name(&token) && token.kind() != TokenKind::String {
                end = None;
            }
            into = token.is_word("INTO") || (into && token.is_mark(","));
            target = token.is_any_word(&["SET", "SESSION", "LOCAL"]) || token.is_mark(",");
            continue;
        };
        let use_of = match words.peek() {
            Some(next) if next.is_mark("=") && target => Use::Assigned,
            Some(next) if next.is_mark(":=") && target => Use::Assigned,
            Some(next) if next.is_mark(":=") => Use::Set,
            Some(_) | None if into => Use::Set,
            Some(_) | None => Use::Read,
        };
        target = false;
        found.push((SessionState::Variable(variable), use_of));
    }
    found
}

/// The user variable that begins with this token.
fn variable(token: &Token<'_>, words: &mut Reader<'_>) -> Option<String> {
    let sigil = if let Some(sigil) = Sigil::of(token) {
        sigil
    } else {
        let quoted = Sigil::quoted(token, &words.peek()?)?;
        words.next();
        quoted
    };
    match sigil {
        Sigil::Variable(name) => Some(name),
        Sigil::Session(_) | Sigil::Global => None,
    }
}

/// A compound statement: whatever stands in it may be run or not.
fn compound(words: Reader<'_>) -> Draft {
    let declared = declared(words.clone());
    let draft = RefCell::new(variables(words.clone()));
    words.any_inner(|inner| {
        let mut draft = draft.borrow_mut();
        let mut rest = inner.clone();
        match rest.keyword().as_str() {
            "SET" => {
                for (state, source) in assignments(&mut rest).into_set() {
                    let local =
                        matches!(&state, SessionState::Setting(name) if declared.contains(name));
                    if !local {
                        draft.set(state, source);
                    }
                }
            }
            "CALL" => draft.opaque = true,
            "EXECUTE" => {
                draft.opaque = true;
                if !rest.eat("IMMEDIATE")
                    && let Some(name) = name(&mut rest)
                {
                    draft.need(SessionState::Prepared(name));
                }
            }
            "PREPARE" => {
                if let Some(name) = name(&mut rest) {
                    draft.set(SessionState::Prepared(name), Source::Lost);
                }
            }
            "CREATE" => *draft = create(rest, std::mem::take(&mut *draft)),
            _ => {}
        }
        None::<()>
    });
    let mut draft = draft.into_inner();
    draft.forget_own_needs(|state| matches!(state, SessionState::Prepared(_)));
    draft
}

/// What a compound statement declares for itself, and every other word there: none of them is a setting.
fn declared(mut words: Reader<'_>) -> Vec<String> {
    let mut declared = Vec::new();
    while let Some(token) = words.next() {
        if token.is_word("FOR") {
            declared.extend(name(&mut words));
        } else if token.is_word("DECLARE") {
            let names = words.by_ref().take_while(|token| !token.is_mark(";"));
            declared.extend(names.map(|name| unquoted(name.text()).to_lowercase()));
        }
    }
    declared
}
