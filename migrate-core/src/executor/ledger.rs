//! The statement journal of a code migration: a mark around each of its statements, and the way past those that an
//! earlier run did.

use std::time::Duration;

use futures_core::future::BoxFuture;
use migrate_sql::Dialect;

use crate::connection::{Connection, DatabaseError, ErrorKind};
use crate::db::{DbErrorCause, Ledger, Passage};
use crate::executor::StepCause;
use crate::executor::borrowed::is_fence;
use crate::executor::doubt::{self, Settled};
use crate::executor::patience::Patience;
use crate::executor::restoring::Session;
use crate::history::{HistoryTable, StatementJournal, is_miss, statement_hash};
use crate::lock::Waiting;
use crate::message::Bounds;
use crate::plan::Step;
use crate::probe::{self, engine};
use crate::revision::RevisionKey;
use crate::script::{Hold, ScriptStatement};
use crate::stop::StopHandle;

/// The account of one run of a code migration.
#[derive(Debug)]
pub(super) struct CodeLedger {
    table: HistoryTable,
    /// What stands at the ends of the run's transactions.
    bounds: Bounds,
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

impl CodeLedger {
    pub(super) fn new(
        (table, bounds): (HistoryTable, Bounds),
        step: &Step,
        (wait, handle): (Duration, Option<StopHandle>),
    ) -> Self {
        let (earlier, earlier_done, kept) = match &step.resume {
            Some(resume) => (resume.journal.clone(), resume.done, resume.kept.clone()),
            None => (StatementJournal::default(), 0, None),
        };
        let limited = step.lock_timeout().is_some() || bounds.local.is_some();
        Self {
            table,
            bounds,
            key: step.key().clone(),
            earlier,
            earlier_done,
            journal: StatementJournal::default(),
            done: 0,
            keep: None,
            hold: Hold::Together,
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

    /// What an earlier run's journal says of the next statement.
    async fn passage(
        &self,
        connection: &mut Connection,
        statement: ScriptStatement<'_>,
        hash: &str,
    ) -> Result<Passage, DbErrorCause> {
        let Some(begun) = self.earlier.begun().get(self.done) else { return Ok(Passage::Through) };
        let number = self.done + 1;
        let known = self.done < self.earlier_done;
        if begun.hash != hash {
            // What failed may be written anew, and what could not fail halfway was not done.
            let stays = begun.before.as_deref() == Some(engine::STAYS);
            let held = statement.hold() == Hold::Together && !stays;
            let free = !known && (begun.failed || held);
            let diverged = DbErrorCause::Diverged { statement: number };
            return if free { Ok(Passage::Through) } else { Err(diverged) };
        }
        match (known, begun.failed) {
            (true, true) => Ok(Passage::Again),
            (true, false) => Ok(Passage::Over(begun.rows.unwrap_or(0))),
            (false, failed) => {
                let before = begun.before.as_deref();
                let (text, hold) = (statement.text(), statement.hold());
                let stays = doubt::may_stay(connection, text, hold, before).await;
                if !failed && stays.map_err(DbErrorCause::Database)? {
                    let seen = vec![doubt::STAYS.to_owned()];
                    return Err(DbErrorCause::Undecided { statement: number, seen });
                }
                let doubt = doubt::Doubt {
                    text: statement.text(),
                    failed: begun.failed,
                    same: true,
                    before,
                };
                let waiting = Waiting::new(self.wait, self.stop.clone());
                let settled = doubt::settle(connection, doubt, waiting).await;
                match settled.map_err(DbErrorCause::Database)? {
                    Settled::Done => Ok(Passage::Over(0)),
                    Settled::NotDone => Ok(Passage::Through),
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

    /// Marks the next statement as begun, and with it those before as done.
    async fn mark_begun(
        &mut self,
        connection: &mut Connection,
        statement: ScriptStatement<'_>,
        hash: &str,
    ) -> Result<(), DatabaseError> {
        self.unwritten = format!("{} {hash}", self.unwritten);
        let before = match self.hold {
            Hold::Alone => probe::before(statement.text(), self.dialect()),
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
                let opening = self.bounds.opening(self.dialect());
                let mark = mark.join(";\n");
                let Some(guard) = engine::guard([statement.text()], self.dialect()) else {
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

    /// Marks a statement whose rows stay, whatever becomes of its transaction: the mark must be there before them.
    async fn mark_what_stays(&mut self, connection: &mut Connection) -> Result<(), DatabaseError> {
        self.stays = true;
        self.unwritten = format!("{}~{}", self.unwritten, engine::STAYS);
        let mark = self.table.mark(&self.key, self.done, &self.unwritten, None);
        self.write(connection, &mark).await?;
        self.unwritten.clear();
        connection.execute(&self.bounds.opening(self.dialect())).await
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
        let written = connection.execute(&self.bounds.around(statements, self.dialect())).await;
        if self.bounds.need_transaction() {
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

impl Ledger for CodeLedger {
    fn begin<'a>(
        &'a mut self,
        connection: &'a mut Connection,
        statement: ScriptStatement<'a>,
    ) -> BoxFuture<'a, Result<Passage, DbErrorCause>> {
        Box::pin(async move {
            // One that failed, and did not stop the code, is passed.
            self.done = self.journal.len();
            let hash = statement_hash(statement.text(), self.dialect());
            let passage = self.passage(connection, statement, &hash).await?;
            if let Passage::Over(_) | Passage::Again = passage {
                // What history says of it stays; the next mark counts it.
                let begun = self.earlier.begun().get(self.done).cloned();
                self.journal.extend(begun);
                self.done += 1;
                let restored = self.session.restore(connection, statement, self.done).await;
                restored.map_err(DbErrorCause::Database)?;
                return Ok(passage);
            }
            let keep = self.session.enter(statement, self.dialect(), self.earlier_done)?;
            self.keep = self.table.keep(&self.key, self.done + 1, &keep);
            self.forget_in_flight(connection).await.map_err(DbErrorCause::Database)?;
            self.hold = statement.hold();
            self.stays = false;
            let marked = self.mark_begun(connection, statement, &hash).await;
            marked.map_err(DbErrorCause::Database)?;
            if statement.must_wait() && !self.limited {
                let patience = Patience::begin(connection).await;
                self.patience = patience.map_err(DbErrorCause::Database)?;
            }
            self.journal.push(hash);
            Ok(Passage::Through)
        })
    }

    fn end<'a>(
        &'a mut self,
        connection: &'a mut Connection,
        rows: u64,
    ) -> BoxFuture<'a, Result<(), DatabaseError>> {
        Box::pin(async move {
            if let Some(patience) = self.patience.take() {
                patience.end(connection).await?;
            }
            self.journal.note_rows(rows);
            self.done += 1;
            let noted = format!("={rows}");
            if self.hold == Hold::Together {
                let mark = self.table.mark(&self.key, self.done, &noted, None);
                let (mark, closing) = (mark.join(";\n"), self.bounds.closing());
                let keep = self.keep.take().map(|keep| format!("{keep};\n")).unwrap_or_default();
                connection.execute(&format!("{keep}{mark};\n{closing}")).await?;
                self.unwritten.clear();
            } else {
                self.unwritten = noted;
                if let Some(keep) = self.keep.take() {
                    self.write(connection, &[keep]).await?;
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
                known = !self.stays || !doubt::could_not_roll_back(connection).await;
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
        self.session.may_run(query, self.dialect(), self.earlier_done)
    }

    fn account(&self) -> (usize, String) {
        // Until it is past what an earlier run began, that is what is known.
        if self.done < self.earlier.len() {
            return (self.earlier_done, self.earlier.text());
        }
        (self.done, self.journal.text())
    }

    fn missed(&self) -> Option<usize> {
        (self.done < self.earlier_done).then_some(self.done + 1)
    }
}
