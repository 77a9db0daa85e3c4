//! Determines from the catalog whether a statement that was in flight when its run ended was applied.
//!
//! `reading` determines what the catalog can tell about a statement, `catalog` and `concurrent` contain the queries of each
//! engine, and `verdict` evaluates the results. Only this file queries the database.
//!
//! The server's own answer to the statement is more reliable than any probe: a refused statement was not applied, though it
//! may have left something to clean up. Names are resolved as in the session, so its settings, such as `search_path`, must be
//! restored first.

mod before;
mod catalog;
mod concurrent;
mod definition;
pub(crate) mod engine;
mod place;
mod reading;
mod running;
mod thing;
mod verdict;

use migrate_sql::Statement;

pub(crate) use self::before::before;
use self::concurrent::Concurrent;
use self::definition::Match;
use self::reading::Reading;
use self::thing::{Fact, Thing};
pub use self::verdict::Verdict;
use self::verdict::{Answered, Past};
use crate::engine::connection::{Connection, DatabaseError};

/// Determines the outcome of `statement` from the catalog. The run that sent it must be known to be gone. `before` is what the
/// journal recorded before it; `None` if an earlier version wrote the journal.
///
/// # Errors
///
/// If the query fails.
pub async fn probe(
    connection: &mut Connection,
    statement: &Statement<'_>,
    before: Option<&str>,
) -> Result<Verdict, DatabaseError> {
    match Reading::of(statement) {
        Reading::Repeatable => Ok(Verdict::NotDone { mend: Vec::new() }),
        Reading::Silent => Ok(verdict::silent(&statement.words())),
        Reading::Atomic { facts, only_if } => {
            if let Some(thing) = only_if
                && is_gone(connection, thing).await?
            {
                return Ok(Verdict::NotDone { mend: Vec::new() });
            }
            let (answered, past) = ask_about(connection, facts, before).await?;
            match verdict::whole(&answered, past, &statement.words()) {
                Verdict::Done => confirm(connection, statement, &answered, past).await,
                verdict @ (Verdict::NotDone { .. }
                | Verdict::Begun { .. }
                | Verdict::Unknown { .. }) => Ok(verdict),
            }
        }
        Reading::OneByOne { words, things } => {
            let facts = things.into_iter().map(Fact::gone).collect();
            let (answered, _) = ask_about(connection, facts, before).await?;
            Ok(verdict::one_by_one(&answered, words, statement.dialect()))
        }
        Reading::Concurrent(concurrent) => judge(connection, &concurrent, statement, before).await,
    }
}

/// Returns what the journal would record before `statement`; for tests.
#[doc(hidden)]
pub async fn note(
    connection: &mut Connection,
    statement: &str,
) -> Result<Option<String>, DatabaseError> {
    match before(statement, connection.dialect()) {
        Some(expression) => connection.fetch_value(&format!("SELECT {expression}")).await,
        None => Ok(None),
    }
}

/// Accepts a statement as applied only if the new object has the requested definition. If the object may be older than the
/// statement, the definition must be known to be the same.
async fn confirm(
    connection: &mut Connection,
    statement: &Statement<'_>,
    answered: &[Answered],
    past: Past,
) -> Result<Verdict, DatabaseError> {
    if !answered.iter().any(|answered| answered.fact.there) {
        return Ok(Verdict::Done);
    }
    let (found, seen) = definition::compare(connection, statement).await?;
    Ok(match (found, past) {
        (Match::Same, _) | (Match::Untold, Past::Noted) => Verdict::Done,
        (Match::Differs, _) => Verdict::Unknown { seen },
        (Match::Untold, Past::Unnoted) => verdict::unknown(answered),
    })
}

/// Returns a description of the session that is still running `statement`; `None` if none is visible.
///
/// # Errors
///
/// If the query fails.
pub async fn still_running(
    connection: &mut Connection,
    statement: &str,
) -> Result<Option<String>, DatabaseError> {
    let dialect = connection.dialect();
    let Some(query) = running::query(dialect) else { return Ok(None) };
    let rows = connection.fetch(query).await?;
    let sessions = rows.iter().filter_map(running::Session::read);
    Ok(sessions
        .filter(|session| session.runs(statement, dialect))
        .map(|session| session.to_string())
        .next())
}

/// Queries all facts at once, and adds what was recorded before. Facts that the engine's catalog cannot show are omitted.
async fn ask_about(
    connection: &mut Connection,
    facts: Vec<Fact>,
    before: Option<&str>,
) -> Result<(Vec<Answered>, Past), DatabaseError> {
    let noted = before::noted(&facts, connection.dialect());
    let was = before.and_then(|text| before::read(text, &noted));
    let past = if was.is_some() { Past::Noted } else { Past::Unnoted };
    let mut answered = ask(connection, facts).await?;
    for (fact, was) in noted.iter().zip(was.into_iter().flatten()) {
        for answered in answered.iter_mut().filter(|answered| answered.fact == *fact) {
            answered.was_there = was;
        }
    }
    Ok((answered, past))
}

async fn ask(
    connection: &mut Connection,
    facts: Vec<Fact>,
) -> Result<Vec<Answered>, DatabaseError> {
    let dialect = connection.dialect();
    let question = |fact: Fact| catalog::question(&fact, dialect).map(|asked| (fact, asked));
    let (facts, questions): (Vec<Fact>, Vec<String>) =
        facts.into_iter().filter_map(question).unzip();
    if questions.is_empty() {
        return Ok(Vec::new());
    }
    let rows = connection.fetch(&format!("SELECT {}", questions.join(", "))).await?;
    let answer = |index| rows.first().and_then(|row| row.at::<Option<bool>>(index)).flatten();
    Ok(facts
        .into_iter()
        .enumerate()
        .map(|(index, fact)| Answered { is_there: answer(index), fact, was_there: None })
        .collect())
}

async fn is_gone(connection: &mut Connection, thing: Thing) -> Result<bool, DatabaseError> {
    let answered = ask(connection, vec![Fact::gone(thing)]).await?;
    Ok(answered.first().is_some_and(|answered| answered.is_there == Some(false)))
}

async fn judge(
    connection: &mut Connection,
    concurrent: &Concurrent,
    statement: &Statement<'_>,
    before: Option<&str>,
) -> Result<Verdict, DatabaseError> {
    let rows = connection.fetch(&concurrent.query()).await?;
    Ok(concurrent.judge(&rows, statement.text(), before))
}
