//! The statement journal of a code migration: a mark around each of its calls, and the way past those that an earlier
//! run made.

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

/// The account of one run of a code migration.
#[derive(Debug)]
pub(super) struct CodeJournal {
    table: HistoryTable,
    /// What stands at the ends of the run's transactions.
    frame: TransactionFrame,
    key: RevisionKey,
    /// What an earlier run began, and how much of it is done.
    earlier: StatementJournal,
    earlier_done: usize,
    /// What is begun by now, earlier runs included.
    journal: StatementJournal,
    done: usize,
    /// What keeps the values that the statement that was begun last leaves in the session.
    keep: Option<String>,
    /// How the statement that was begun last is held.
    hold: Hold,
    /// What was refused: whatever the code makes of it, it comes no further.
    refused: Option<DbErrorCause>,
    /// Whether it writes into a table that has no transactions.
    stays: bool,
    /// Whether the migration says itself how long its statements wait for locks, or the session is not the run's own.
    limited: bool,
    /// Waiting without limit, for the statement that was begun last.
    patience: Option<Patience>,
    /// What is still to be written behind what the journal holds in the database.
    unwritten: String,
    /// What was kept of the session of the earlier run, and what is known of this one.
    session: Session,
    /// How long to wait for an earlier run's statement to end.
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

    /// What an earlier run's journal says of the next call.
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
            // What failed may be written anew, and what could not fail halfway was not done.
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
                let seen = vec![format!("what it does is not tracked: `{}`", call.text)];
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
                        let seen = vec![format!("it is still being run by {holder}")];
                        Err(DbErrorCause::Undecided { statement: number, seen })
                    }
                    Settled::Unknown { seen } => {
                        Err(DbErrorCause::Undecided { statement: number, seen })
                    }
                }
            }
        }
    }

    /// Journaled the next call as begun, and with it those before as done. `begun` is what the journal says of it.
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
            // The mark is one with the statement: a failure leaves neither.
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

    /// Journaled a statement whose rows stay, whatever becomes of its transaction: the mark must be there before them.
    async fn mark_what_stays(&mut self, connection: &mut Connection) -> Result<(), DatabaseError> {
        self.stays = true;
        self.unwritten = format!("{}~{}", self.unwritten, engine::STAYS);
        let mark = self.table.mark(&self.key, self.done, &self.unwritten, None);
        self.write(connection, &mark).await?;
        self.unwritten.clear();
        connection.execute(&self.frame.opening(self.dialect())).await
    }

    /// Takes a statement that was in flight, and is now known not to be done, out of the journal.
    async fn forget_in_flight(&mut self, connection: &mut Connection) -> Result<(), DatabaseError> {
        // One that was found to be done is behind us, and stays.
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
            // It may be the fence that has failed.
            return written;
        }
        written.map_err(|error| displaced(error, self.dialect()))
    }
}

/// Says of a mark that has hit no row why that is.
fn displaced(error: DatabaseError, dialect: Dialect) -> DatabaseError {
    if is_miss(&error, dialect) {
        DatabaseError::new(ErrorKind::Other, StepCause::Displaced.to_string())
    } else {
        error
    }
}

/// A call as it is told, and known in the journal.
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
            // One that failed, and did not stop the code, is passed.
            self.done = self.journal.len();
            let hash = statement_hash(&shown(call), self.dialect());
            let replay = self.replay(connection, call, &hash).await;
            let replay = replay.inspect_err(|cause| self.refused = Some(cause.clone()))?;
            if !matches!(replay, Replay::Run) {
                // What history says of it stays; the next mark counts it.
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
                // The mark before the next call says it as well, and until then the catalog does.
                Hold::Alone => {
                    self.unwritten = noted;
                    if let Some(keep) = keep {
                        self.write(connection, &[keep]).await?;
                    }
                }
                // Nothing but the mark tells that it has ended.
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
            // The statement's own failure is what is told.
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
            // What committed inside may have done a part, and so may what could not be rolled back.
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
        // Until it is past what an earlier run began, that is what is known.
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
