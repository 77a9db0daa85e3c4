//! Restores, in a new session, the state that the finished statements of an unfinished revision left in theirs.

use migrate_sql::{Lost, SessionState, SessionTrack, Statement};

use crate::history::kept::Kept;

/// Returns the statements to run in a new session before the one after the first `done`: those that only set session state,
/// and those that restore kept values.
///
/// # Errors
///
/// The first remaining statement that needs state which cannot be restored in a new session.
pub(crate) fn restoring(
    statements: &[Statement<'_>],
    done: usize,
    kept: &Kept,
) -> Result<Vec<String>, Lost> {
    let mut track = SessionTrack::default();
    let mut restoring = Vec::new();
    for (index, statement) in statements.iter().enumerate() {
        let session = statement.session();
        if index >= done {
            if let Some(lost) = track.lost(statement, &session, done) {
                return Err(lost);
            }
            track.add(&session);
            continue;
        }
        track.add(&session);
        if session.resets() {
            restoring.clear();
        }
        if session.is_repeatable() {
            restoring.push(statement.text().to_owned());
        }
        for state in session.kept() {
            match kept.set_again(index + 1, state, statement.dialect()) {
                Some(set) => restoring.push(set),
                // Earlier versions kept no values: repeating the statement is the best approximation.
                None if session.is_repeatable() => {}
                None => track.lose(state),
            }
        }
    }
    Ok(restoring)
}

/// Returns the statements that restore variables before the statement after the first `done` is retried in the same
/// session: those that it relies on and may have changed before it failed. `None` where that is not possible.
pub(crate) fn before_retry(statements: &[Statement<'_>], done: usize) -> Option<Vec<String>> {
    // After the last statement, only the end has to be recorded.
    let Some(failed) = statements.get(done) else { return Some(Vec::new()) };
    let failed = failed.session();
    if failed.is_repeatable() {
        return Some(Vec::new());
    }
    let changed = failed.changes().iter().map(|change| &change.state);
    let counted_on = changed.filter(|state| failed.needs().contains(state));
    let mut again = Vec::new();
    for variable in counted_on.filter(|state| matches!(state, SessionState::Variable(_))) {
        let setter = statements.iter().take(done).rev().find_map(|statement| {
            let session = statement.session();
            let sets = session.changes().iter().any(|change| change.state == *variable);
            sets.then_some((statement, session))
        });
        let (statement, session) = setter?;
        if !session.is_repeatable() || session.kept().next().is_some() {
            return None;
        }
        again.push(statement.text().to_owned());
    }
    Some(again)
}
