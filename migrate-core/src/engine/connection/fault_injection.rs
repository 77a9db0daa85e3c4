//! Fault injection between and inside statements, at places that tests cannot reach from outside. Compiled only for tests.

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use futures_core::future::BoxFuture;
use migrate_sql::{Dialect, split};

use crate::engine::connection::{Connection, DatabaseError, Driver, End, Ran, Row};

/// The action at the place. It may never return.
type Act = Box<dyn FnOnce() -> BoxFuture<'static, ()> + Send>;

/// When an injection happens, relative to its statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Everything before the statement has ended, and nothing more was sent.
    Before,
    /// The rest of its message was sent this long ago, and its answer was not awaited.
    Inside(Duration),
    /// The statement has ended, and nothing more was sent.
    After,
}

/// Something that happens at one of the statements that a connection is sent.
pub struct Injection {
    /// The statement, counted from 1 over all messages and queries.
    at: usize,
    moment: Moment,
    act: Option<Act>,
    seen: Counter,
}

impl fmt::Debug for Injection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Injection")
            .field("at", &self.at)
            .field("moment", &self.moment)
            .finish_non_exhaustive()
    }
}

/// Counts the statements that a connection was sent.
#[derive(Clone, Debug, Default)]
pub struct Counter(Arc<AtomicUsize>);

impl Counter {
    /// Returns the number so far.
    pub fn get(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    fn add(&self, statements: usize) -> usize {
        self.0.fetch_add(statements, Ordering::Relaxed)
    }
}

impl Injection {
    /// Creates an injection that does `act` at the statement `at`, from 1.
    pub fn new<F>(at: usize, moment: Moment, act: F) -> Self
    where
        F: FnOnce() -> BoxFuture<'static, ()> + Send + 'static,
    {
        Self { at, moment, act: Some(Box::new(act)), seen: Counter::default() }
    }

    /// Creates an injection that only counts.
    pub fn none() -> Self {
        Self { at: 0, moment: Moment::Before, act: None, seen: Counter::default() }
    }

    /// Returns the counter, which keeps counting once the injection is in place.
    pub fn counter(&self) -> Counter {
        self.seen.clone()
    }

    /// Returns the action, and which of the next statements it applies to, from 0. Returns it only once.
    fn meets(&mut self, statements: usize) -> Option<(usize, Act)> {
        let before = self.seen.add(statements);
        let index = self.at.checked_sub(before + 1).filter(|index| *index < statements)?;
        Some((index, self.act.take()?))
    }
}

impl Connection {
    /// Puts an injection between this connection and its driver.
    #[must_use]
    pub fn interpose(mut self, injection: Injection) -> Self {
        self.driver = self.driver.map(|inner| {
            let interposed: Box<dyn Driver> = Box::new(Interposed { inner, injection });
            interposed
        });
        self
    }
}

struct Interposed {
    inner: Box<dyn Driver>,
    injection: Injection,
}

impl Interposed {
    /// Runs what precedes the place, acts, and runs the rest. If the action returns, the driver does not notice.
    async fn run_with(&mut self, (before, rest): (&str, &str), act: Act) -> Ran {
        let mut ran = Ran { answers: Vec::new(), rows_affected: 0, outcome: Ok(()) };
        if !before.is_empty() {
            ran = self.inner.run(before).await;
        }
        if ran.outcome.is_err() {
            // The rest is never sent, but this is still the moment.
            act().await;
            return ran;
        }
        let last = match self.injection.moment {
            Moment::Inside(delay) if !rest.is_empty() => {
                tokio::join!(self.inner.run(rest), late(delay, act)).0
            }
            Moment::Before | Moment::Inside(_) | Moment::After => {
                act().await;
                if rest.is_empty() {
                    return ran;
                }
                self.inner.run(rest).await
            }
        };
        ran.answers.extend(last.answers);
        ran.rows_affected += last.rows_affected;
        ran.outcome = last.outcome;
        ran
    }
}

/// Acts after a delay. Polled after the message, which has been sent by then: a few statements fit into one write.
async fn late(delay: Duration, act: Act) {
    // The runtime's timer has a resolution of milliseconds, and a statement may take less.
    thread::sleep(delay);
    act().await;
}

impl Driver for Interposed {
    fn dialect(&self) -> Dialect {
        self.inner.dialect()
    }

    fn run<'a>(&'a mut self, message: &'a str) -> BoxFuture<'a, Ran> {
        Box::pin(async move {
            let starts = starts(message, self.dialect());
            let Some((index, act)) = self.injection.meets(starts.len()) else {
                return self.inner.run(message).await;
            };
            let index = if self.injection.moment == Moment::After { index + 1 } else { index };
            let place = possible(message, &starts, index, self.dialect());
            self.run_with(message.split_at(place), act).await
        })
    }

    fn fetch<'a>(&'a mut self, query: &'a str) -> BoxFuture<'a, Result<Vec<Row>, DatabaseError>> {
        Box::pin(async move {
            let Some((_, act)) = self.injection.meets(1) else {
                return self.inner.fetch(query).await;
            };
            match self.injection.moment {
                Moment::Before => {
                    act().await;
                    self.inner.fetch(query).await
                }
                Moment::Inside(delay) => tokio::join!(self.inner.fetch(query), late(delay, act)).0,
                Moment::After => {
                    let rows = self.inner.fetch(query).await;
                    act().await;
                    rows
                }
            }
        })
    }

    fn forget_statements(&mut self) -> BoxFuture<'_, Result<(), DatabaseError>> {
        self.inner.forget_statements()
    }

    /// Begins a transaction. The message is not split: an injection inside it happens before it.
    fn begin<'a>(&'a mut self, opening: &'a str) -> BoxFuture<'a, Result<(), DatabaseError>> {
        Box::pin(async move {
            let starts = starts(opening, self.dialect());
            let Some((index, act)) = self.injection.meets(starts.len()) else {
                return self.inner.begin(opening).await;
            };
            match self.injection.moment {
                Moment::After if index + 1 == starts.len() => {
                    let begun = self.inner.begin(opening).await;
                    act().await;
                    begun
                }
                Moment::Inside(delay) => {
                    tokio::join!(self.inner.begin(opening), late(delay, act)).0
                }
                Moment::Before | Moment::After => {
                    act().await;
                    self.inner.begin(opening).await
                }
            }
        })
    }

    fn end(&mut self, end: End, nested: bool) -> BoxFuture<'_, Result<bool, DatabaseError>> {
        Box::pin(async move {
            let Some((_, act)) = self.injection.meets(usize::from(end == End::Commit && !nested))
            else {
                return self.inner.end(end, nested).await;
            };
            match self.injection.moment {
                Moment::Before => {
                    act().await;
                    self.inner.end(end, nested).await
                }
                Moment::Inside(delay) => {
                    tokio::join!(self.inner.end(end, nested), late(delay, act)).0
                }
                Moment::After => {
                    let ended = self.inner.end(end, nested).await;
                    act().await;
                    ended
                }
            }
        })
    }

    fn close(self: Box<Self>) -> BoxFuture<'static, Result<(), DatabaseError>> {
        self.inner.close()
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self.inner.as_any()
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self.inner.into_any()
    }
}

/// Returns where each statement of a message begins. A text that cannot be split is one statement.
fn starts(message: &str, dialect: Dialect) -> Vec<usize> {
    match split(message, dialect) {
        Ok(statements) => statements.iter().map(migrate_sql::Statement::offset).collect(),
        Err(_) => vec![0],
    }
}

/// Returns where a message may be cut so that the statement with this index is the first of the rest.
///
/// PostgreSQL runs the statements of a message outside `BEGIN … COMMIT` in one transaction, and no client can end between
/// two of them. They are not split, so an injection among them happens before them all.
fn possible(message: &str, starts: &[usize], index: usize, dialect: Dialect) -> usize {
    let mut place = 0;
    let mut begun = dialect != Dialect::Postgres;
    for (number, start) in starts.iter().take(index).enumerate() {
        let end = starts.get(number + 1).copied().unwrap_or(message.len());
        let text = message.get(*start..end).unwrap_or_default();
        let words = text.trim_end_matches([';', '\n', ' ']);
        let is = |word: &str| words.eq_ignore_ascii_case(word);
        if is("BEGIN") {
            begun = true;
        } else if dialect == Dialect::Postgres && (is("COMMIT") || is("ROLLBACK")) {
            begun = false;
            place = end;
            continue;
        }
        if begun || index == starts.len() {
            place = end;
        }
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(message: &str, index: usize, dialect: Dialect) -> (&str, &str) {
        message.split_at(possible(message, &starts(message, dialect), index, dialect))
    }

    #[test]
    fn a_message_is_cut_before_the_statement() {
        for dialect in [Dialect::Mysql, Dialect::Sqlite] {
            assert_eq!(cut("a;\nb;\nc;\n", 0, dialect), ("", "a;\nb;\nc;\n"));
            assert_eq!(cut("a;\nb;\nc;\n", 2, dialect), ("a;\nb;\n", "c;\n"));
            assert_eq!(cut("a;\nb;\nc;\n", 3, dialect), ("a;\nb;\nc;\n", ""));
        }
    }

    #[test]
    fn statements_that_are_one_transaction_are_not_cut_apart() {
        let message = "BEGIN;\na;\nCOMMIT;\nb;\nc;\n";
        let postgres = |index| cut(message, index, Dialect::Postgres);
        assert_eq!(postgres(2), ("BEGIN;\na;\n", "COMMIT;\nb;\nc;\n"));
        assert_eq!(postgres(3), ("BEGIN;\na;\nCOMMIT;\n", "b;\nc;\n"));
        assert_eq!(postgres(4), ("BEGIN;\na;\nCOMMIT;\n", "b;\nc;\n"));
        assert_eq!(postgres(5), (message, ""));
    }

    #[test]
    fn statements_are_counted_over_messages() {
        let mut injection = Injection::new(3, Moment::Before, || Box::pin(async {}));
        assert!(injection.meets(2).is_none());
        assert_eq!(injection.meets(2).map(|(index, _)| index), Some(0));
        assert!(injection.meets(2).is_none());
        assert_eq!(injection.counter().get(), 6);
    }
}
