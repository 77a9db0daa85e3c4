//! The statement journal of a code migration: records each of its calls, and skips those that an earlier run made.

use std::time::Duration;

use futures_core::future::BoxFuture;
use migrate_sql::Dialect;

use crate::db::{Call, CallJournal, DbErrorCause, Done, Replay};
use crate::declare::revision::RevisionKey;
use crate::engine::connection::{Connection, DatabaseError, ErrorKind};
use crate::history::{HistoryTable, StatementJournal, is_miss, statement_hash};
use crate::plan::Step;
use crate::run::executor::StepCause;
use crate::run::executor::borrowed::is_fence;
use crate::run::executor::in_flight::{self, Settled};
use crate::run::executor::patience::Patience;
use crate::run::executor::restoring::Session;
use crate::run::lock::Waiting;
use crate::run::message::TransactionFrame;
use crate::run::probe::{self, engine};
use crate::run::stop::StopHandle;
use crate::sql::script::{Hold, ScriptStatement};

/// The journal of one run of a code migration.
#[derive(Debug)]
pub(super) struct CodeJournal {
    table: HistoryTable,
    /// The beginning and end of the run's transactions.
    frame: TransactionFrame,
    key: RevisionKey,
    /// The calls that an earlier run started, and how many of them are done.
    earlier: StatementJournal,
    earlier_done: usize,
    /// The calls started by now, including those of earlier runs.
    journal: StatementJournal,
    done: usize,
    /// The statement that keeps the session state after the last started one.
    keep: Option<String>,
    /// How the last started statement and its entry are kept consistent.
    hold: Hold,
    /// The first refusal: the code can make no further calls, even if it ignores it.
    refused: Option<DbErrorCause>,
    /// Whether the last started statement writes to a table without transactions.
    stays: bool,
    /// Whether the migration sets its own limit for waiting for locks, or the session is not the run's own.
    limited: bool,
    /// Set while the last started statement waits for locks without limit.
    patience: Option<Patience>,
    /// What still has to be appended to the journal in the database.
    unwritten: String,
    /// The kept session state of the earlier run, and the state of this one.
    session: Session,
    /// How long to wait for the end of an earlier run's statement.
    wait: Duration,
    stop: Option<StopHandle>,
}

impl CodeJournal {
    pub(super) fn new(
        (table, frame): (HistoryTable, TransactionFrame),
        step: &Step,
        (wait, handle): (Duration, Option<StopHandle>),
    ) -> Self {
        let (earlier, earlier_done, kept) = match &step.resume {
            Some(resume) => (resume.journal.clone(), resume.done, resume.kept.clone()),
            None => (StatementJournal::default(), 0, None),
        };
        let limited = step.lock_timeout().is_some() || frame.local.is_some();
        Self {
            table,
            frame,
            key: step.key().clone(),
            earlier,
            earlier_done,
            journal: StatementJournal::default(),
            done: 0,
            keep: None,
            hold: Hold::Together,
            refused: None,
            stays: false,
            limited,
            patience: None,
            unwritten: String::new(),
            session: Session::new(kept.unwrap_or_default()),
            wait,
            stop: handle,
        }
    }

    fn dialect(&self) -> Dialect {
        self.table.dialect()
    }

    /// Returns how to handle the next call, according to an earlier run's journal.
    async fn replay(
        &self,
        connection: &mut Connection,
        call: Call<'_>,
        hash: &str,
    ) -> Result<Replay, DbErrorCause> {
        let Some(begun) = self.earlier.begun().get(self.done) else { return Ok(Replay::Run) };
        let number = self.done + 1;
        let known = self.done < self.earlier_done;
        if begun.hash != hash {
            // A failed statement may have been edited, and an atomic one was not applied.
            let stays = begun.before.as_deref() == Some(engine::STAYS);
            let free = !known && (begun.failed || (call.hold == Hold::Together && !stays));
            return if free {
                Ok(Replay::Run)
            } else {
                let now = Some(shown(call));
                Err(DbErrorCause::Diverged { statement: number, then: begun.text.clone(), now })
            };
        }
        match (known, begun.failed) {
            (true, true) => Ok(Replay::Retry),
            (true, false) => Ok(Replay::Skip(Done {
                rows: begun.rows.unwrap_or(0),
                answer: begun.answer.clone(),
            })),
            (false, _) if !call.tracked => {
                let seen = vec![format!("the call is not tracked: `{}`", call.text)];
                Err(DbErrorCause::Undecided { statement: number, seen })
            }
            (false, failed) => {
                let before = begun.before.as_deref();
                let stays = in_flight::may_stay(connection, call.text, call.hold, before).await;
                if !failed && stays.map_err(DbErrorCause::Database)? {
                    let seen = vec![in_flight::STAYS.to_owned()];
                    return Err(DbErrorCause::Undecided { statement: number, seen });
                }
                let in_flight = in_flight::InFlight { text: call.text, failed, same: true, before };
                let waiting = Waiting::new(self.wait, self.stop.clone());
                let settled = in_flight::settle(connection, in_flight, waiting).await;
                match settled.map_err(DbErrorCause::Database)? {
                    Settled::Done => Ok(Replay::Skip(Done::default())),
                    Settled::NotDone => Ok(Replay::Run),
                    Settled::Running { holder, .. } => {
                        let seen = vec![format!("{holder} is still running it")];
                        Err(DbErrorCause::Undecided { statement: number, seen })
                    }
                    Settled::Unknown { seen } => {
                        Err(DbErrorCause::Undecided { statement: number, seen })
                    }
                }
            }
        }
    }

    /// Records the next call as started, and those before it as done. `begun` is its text in the journal.
    async fn mark_begun(
        &mut self,
        connection: &mut Connection,
        call: Call<'_>,
        begun: &str,
    ) -> Result<(), DatabaseError> {
        self.unwritten = format!("{} {begun}", self.unwritten);
        let before = match self.hold {
            Hold::Alone => probe::before(call.text, self.dialect()),
            Hold::Together | Hold::Opaque => None,
        };
        let mark = self.table.mark(&self.key, self.done, &self.unwritten, before.as_deref());
        match self.hold {
            Hold::Alone | Hold::Opaque => {
                self.write(connection, &mark).await?;
                self.unwritten.clear();
                Ok(())
            }
            // The entry is in one transaction with the statement: a failure leaves neither.
            Hold::Together => {
                let opening = self.frame.opening(self.dialect());
                let mark = mark.join(";\n");
                let Some(guard) = engine::guard([call.text], self.dialect()) else {
                    let marked = connection.execute(&format!("{opening}{mark}")).await;
                    return marked.map_err(|error| displaced(error, self.dialect()));
                };
                let ran = connection.run(&format!("{guard};\n{opening}{mark}")).await;
                match ran.outcome {
                    Err(error) if ran.answers.is_empty() && is_fence(&error) => {
                        self.mark_what_stays(connection).await
                    }
                    outcome => outcome.map_err(|error| displaced(error, self.dialect())),
                }
            }
        }
    }

    /// Records a statement whose rows remain even if its transaction is rolled back: the entry must be written first.
    async fn mark_what_stays(&mut self, connection: &mut Connection) -> Result<(), DatabaseError> {
        self.stays = true;
        self.unwritten = format!("{}~{}", self.unwritten, engine::STAYS);
        let mark = self.table.mark(&self.key, self.done, &self.unwritten, None);
        self.write(connection, &mark).await?;
        self.unwritten.clear();
        connection.execute(&self.frame.opening(self.dialect())).await
    }

    /// Removes a statement that was in flight, and is now known not to be applied, from the journal.
    async fn forget_in_flight(&mut self, connection: &mut Connection) -> Result<(), DatabaseError> {
        // One that was found to be applied remains.
        if self.done < self.earlier_done || self.earlier.len() <= self.done {
            return Ok(());
        }
        self.earlier = std::mem::take(&mut self.earlier).first(self.earlier_done);
        let begun = self.earlier.clone().into();
        let forgotten = self.table.note_progress(&self.key, (self.done, 0), Some(&begun));
        self.write(connection, &forgotten).await
    }

    /// Writes to history between statements.
    async fn write(
        &self,
        connection: &mut Connection,
        statements: &[String],
    ) -> Result<(), DatabaseError> {
        let written = connection.execute(&self.frame.around(statements, self.dialect())).await;
        if self.frame.need_transaction() {
            if written.is_err() {
                connection.execute("ROLLBACK").await.ok();
            }
            // The fence may have failed.
            return written;
        }
        written.map_err(|error| displaced(error, self.dialect()))
    }
}

/// Explains the error of an entry that changed no row.
fn displaced(error: DatabaseError, dialect: Dialect) -> DatabaseError {
    if is_miss(&error, dialect) {
        DatabaseError::new(ErrorKind::Other, StepCause::Displaced.to_string())
    } else {
        error
    }
}

/// Returns a call as text, for messages and for the journal.
fn shown(call: Call<'_>) -> String {
    if call.tracked { call.text.to_owned() } else { format!("untracked: {}", call.text) }
}

impl CallJournal for CodeJournal {
    fn begin<'a>(
        &'a mut self,
        connection: &'a mut Connection,
        call: Call<'a>,
    ) -> BoxFuture<'a, Result<Replay, DbErrorCause>> {
        Box::pin(async move {
            if let Some(refused) = &self.refused {
                return Err(refused.clone());
            }
            // Skips a failed call that did not stop the code.
            self.done = self.journal.len();
            let hash = statement_hash(&shown(call), self.dialect());
            let replay = self.replay(connection, call, &hash).await;
            let replay = replay.inspect_err(|cause| self.refused = Some(cause.clone()))?;
            if !matches!(replay, Replay::Run) {
                // Its entry in history remains; the next one counts it.
                let begun = self.earlier.begun().get(self.done).cloned();
                self.journal.extend(begun);
                self.done += 1;
                if call.tracked {
                    let restored = self.session.restore(connection, call.text, self.done).await;
                    restored.map_err(DbErrorCause::Database)?;
                }
                return Ok(replay);
            }
            self.keep = None;
            if call.tracked {
                let entered = self.session.enter(call.text, self.dialect(), self.earlier_done);
                let left = entered.inspect_err(|cause| self.refused = Some(cause.clone()))?;
                self.keep = self.table.keep(&self.key, self.done + 1, &left);
            }
            self.forget_in_flight(connection).await.map_err(DbErrorCause::Database)?;
            self.hold = call.hold;
            self.stays = false;
            let begun = self.journal.push_call(hash, &shown(call));
            let marked = self.mark_begun(connection, call, &begun).await;
            if marked.is_err() {
                self.journal = std::mem::take(&mut self.journal).first(self.done);
            }
            marked.map_err(DbErrorCause::Database)?;
            if call.must_wait && !self.limited {
                let patience = Patience::begin(connection).await;
                self.patience = patience.map_err(DbErrorCause::Database)?;
            }
            Ok(Replay::Run)
        })
    }

    fn end<'a>(
        &'a mut self,
        connection: &'a mut Connection,
        done: Done,
    ) -> BoxFuture<'a, Result<(), DatabaseError>> {
        Box::pin(async move {
            if let Some(patience) = self.patience.take() {
                patience.end(connection).await?;
            }
            let noted = self.journal.note_end(done.rows, done.answer);
            self.done += 1;
            let keep = self.keep.take();
            match self.hold {
                Hold::Together => {
                    let mark = self.table.mark(&self.key, self.done, &noted, None).join(";\n");
                    let keep = keep.map(|keep| format!("{keep};\n")).unwrap_or_default();
                    let closing = self.frame.closing();
                    connection.execute(&format!("{keep}{mark};\n{closing}")).await?;
                    self.unwritten.clear();
                }
                // The entry before the next call records it, too, and until then the catalog shows it.
                Hold::Alone => {
                    self.unwritten = noted;
                    if let Some(keep) = keep {
                        self.write(connection, &[keep]).await?;
                    }
                }
                // Only the entry tells that it has ended.
                Hold::Opaque => {
                    let mark = self.table.mark(&self.key, self.done, &noted, None);
                    let written: Vec<String> = keep.into_iter().chain(mark).collect();
                    self.write(connection, &written).await?;
                    self.unwritten.clear();
                }
            }
            Ok(())
        })
    }

    fn fail<'a>(&'a mut self, connection: &'a mut Connection) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            // The failure of the statement itself is reported.
            let mut known = self.hold != Hold::Opaque;
            if self.hold == Hold::Together {
                connection.execute("ROLLBACK").await.ok();
                known = !self.stays || !in_flight::could_not_roll_back(connection).await;
            }
            if let Some(patience) = self.patience.take() {
                patience.end(connection).await.ok();
            }
            if self.stays {
                self.journal.note_before(engine::STAYS);
            }
            // A statement that commits internally, or could not be rolled back, may be applied in part.
            if known {
                self.journal.note_failure();
                self.unwritten.push('!');
            }
        })
    }

    fn may_read(&self, query: ScriptStatement<'_>) -> Result<(), DbErrorCause> {
        self.session.may_run(query.text(), self.dialect(), self.earlier_done)
    }

    fn account(&self) -> (usize, String) {
        // Until all calls of an earlier run are passed, its journal is what is known.
        if self.done < self.earlier.len() {
            return (self.earlier_done, self.earlier.text());
        }
        (self.done, self.journal.text())
    }

    fn past(&self) -> usize {
        self.done
    }

    fn missed(&self) -> Option<DbErrorCause> {
        if self.done >= self.earlier_done {
            return None;
        }
        let then = self.earlier.begun().get(self.done).and_then(|begun| begun.text.clone());
        Some(DbErrorCause::Diverged { statement: self.done + 1, then, now: None })
    }
}
