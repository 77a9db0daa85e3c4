//! Whether a statement that was in flight when its run ended took effect, as the catalog tells.
//!
//! `reading` says what of a statement the catalog can be asked about, `catalog` and `concurrent` hold the questions
//! as each engine understands them, and `verdict` judges the answers: all of that is pure. What is here asks.
//!
//! A server's answer to the statement settles more than any probe: one that was refused did not take effect, though it
//! may have left something to mend. Names are looked up as the session would, so what the migration has set for its
//! session, such as `search_path`, must be set again first.

mod catalog;
mod concurrent;
mod place;
mod reading;
mod running;
mod thing;
mod verdict;

use migrate_sql::Statement;

use self::concurrent::Concurrent;
use self::reading::Reading;
use self::thing::{Fact, Thing};
use self::verdict::Answered;
pub use self::verdict::Verdict;
use crate::connection::{Connection, DatabaseError};

/// Asks the catalog what became of `statement`. The run that sent it must be known to be gone.
///
/// # Errors
///
/// When the database cannot be asked.
pub async fn probe(
    connection: &mut Connection,
    statement: &Statement<'_>,
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
            let answered = ask(connection, facts).await?;
            Ok(verdict::whole(&answered, &statement.words()))
        }
        Reading::OneByOne { words, things } => {
            let facts = things.into_iter().map(Fact::gone).collect();
            let answered = ask(connection, facts).await?;
            Ok(verdict::one_by_one(&answered, words, statement.dialect()))
        }
        Reading::Concurrent(concurrent) => judge(connection, &concurrent).await,
    }
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

/// Asks about all of them at once. What the engine's catalog cannot be asked about is left out.
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
        .map(|(index, fact)| Answered { is_there: answer(index), fact })
        .collect())
}

async fn is_gone(connection: &mut Connection, thing: Thing) -> Result<bool, DatabaseError> {
    let answered = ask(connection, vec![Fact::gone(thing)]).await?;
    Ok(answered.first().is_some_and(|answered| answered.is_there == Some(false)))
}

async fn judge(
    connection: &mut Connection,
    concurrent: &Concurrent,
) -> Result<Verdict, DatabaseError> {
    let rows = connection.fetch(&concurrent.query()).await?;
    Ok(concurrent.judge(&rows))
}
