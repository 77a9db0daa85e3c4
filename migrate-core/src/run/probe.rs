//! Whether a statement that was in flight when its run ended took effect, as the catalog tells.
//!
//! `reading` says what of a statement the catalog can be asked about, `catalog` and `concurrent` hold the questions
//! as each engine understands them, and `verdict` judges the answers: all of that is pure. What is here asks.
//!
//! A server's answer to the statement settles more than any probe: one that was refused did not take effect, though it
//! may have left something to mend. Names are looked up as the session would, so what the migration has set for its
//! session, such as `search_path`, must be set again first.

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

/// Asks the catalog what became of `statement`. The run that sent it must be known to be gone. `before` is what its mark
/// has noted; nothing where an earlier version has marked it.
///
/// # Errors
///
/// When the database cannot be asked.
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

/// What a mark before `statement` would note of the catalog; for tests.
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

/// Takes a statement for done only if what has come has the definition it asks for. Where nothing tells that it came
/// with the statement, the definition must be known to be the same.
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

/// The session that still runs `statement`, in words; nothing if there is none, or none that may be seen.
///
/// # Errors
///
/// When the database cannot be asked.
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

/// Asks about all of them at once, and adds what was noted of the time before. What the engine's catalog cannot be asked
/// about is left out.
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
