//! The transaction around a group on SQLite: the file's write lock, foreign keys, and reading history again. Other engines do
//! not need it: they have a session lock, and each step has its own transaction.

use migrate_sql::Dialect;

use crate::declare::migration::Kind;
use crate::engine::connection::{DatabaseError, End, ErrorKind};
use crate::engine::holder::{Holder, HolderKind};
use crate::history::Mark;
use crate::history::store;
use crate::plan::{Mode, Step};
use crate::run::executor::foreign_keys::ForeignKeys;
use crate::run::executor::{Executor, RunError, Stop};
use crate::run::lock::LockError;

/// The transaction around a group.
pub(super) enum Transaction {
    /// None: the statements have their own transactions, or it is another engine.
    None,
    /// None, but foreign keys are switched off: rebuilding a table must not empty others.
    Keys(ForeignKeys),
    /// One transaction for the whole group.
    Whole(ForeignKeys),
}

/// How a transaction around a group ended.
pub(super) enum Ending {
    Committed,
    /// Rolled back, because of violated foreign keys.
    Violated(Vec<String>),
    /// Rolled back: the engine refused the commit.
    Refused(DatabaseError),
}

impl Executor<'_> {
    /// Begins the transaction around a group, if it needs one.
    pub(super) async fn begin(&mut self, steps: &[Step]) -> Result<Transaction, Stop> {
        if self.connection.dialect() != Dialect::Sqlite {
            return Ok(Transaction::None);
        }
        let marks = steps.iter().any(|step| step.mode == Mode::Journaled);
        let schema = steps.iter().any(|step| step.kind() == Kind::Schema);
        if marks {
            self.ready_tables().await?;
            let keys = ForeignKeys::relax(self.connection, schema).await;
            return keys.map(Transaction::Keys).map_err(|error| RunError::Session(error).into());
        }
        self.need_journal().await?;
        let mut keys =
            ForeignKeys::relax(self.connection, schema).await.map_err(RunError::Session)?;
        let begun = self.begin_locked(&mut keys, schema).await;
        match begun {
            Ok(()) => Ok(Transaction::Whole(keys)),
            Err(stop) => {
                // Ends what was begun. The first failure is the one to report.
                self.connection.execute("ROLLBACK").await.ok();
                keys.restore(self.connection).await.ok();
                Err(stop)
            }
        }
    }

    /// Makes sure that there is a rollback journal: without one, a failed statement would remain in part. It is on unless it
    /// was switched off.
    async fn need_journal(&mut self) -> Result<(), RunError> {
        let mode = "PRAGMA journal_mode";
        let is = |mode: Option<String>| mode.is_some_and(|mode| mode.eq_ignore_ascii_case("off"));
        if is(self.connection.fetch_value(mode).await.map_err(RunError::Session)?) {
            for mode in ["DELETE", "MEMORY"] {
                let set = format!("PRAGMA journal_mode = {mode}");
                if !is(self.connection.fetch_value(&set).await.map_err(RunError::Session)?) {
                    break;
                }
            }
        }
        Ok(())
    }

    async fn begin_locked(&mut self, keys: &mut ForeignKeys, schema: bool) -> Result<(), Stop> {
        self.take_write_lock("BEGIN IMMEDIATE").await?;
        self.ready_tables().await?;
        if self.read_mark().await? != self.run.mark {
            return Err(Stop::Stale);
        }
        keys.note(self.connection, schema).await.map_err(|error| RunError::Session(error).into())
    }

    pub(super) async fn ready_tables(&mut self) -> Result<(), RunError> {
        if self.run.tables_missing {
            store::create(self.connection, &self.table).await?;
        }
        if self.run.table_narrow {
            store::widen(self.connection, &self.table).await?;
        }
        Ok(())
    }

    async fn read_mark(&mut self) -> Result<Mark, Stop> {
        let mark = store::read_mark(self.connection, &self.table).await;
        mark.map_err(|error| RunError::History(error).into())
    }

    /// Runs a statement that another writer may block, and retries it until the time is up.
    async fn take_write_lock(&mut self, statement: &str) -> Result<(), Stop> {
        let mut waiting = self.watchdog.waiting(self.settings.wait);
        loop {
            match self.connection.execute(statement).await {
                Ok(()) => return Ok(()),
                Err(error) if error.kind == ErrorKind::LockTimeout => {
                    let held = waiting.wait_for(Holder::new(HolderKind::File), self.observer).await;
                    held.map_err(|error| self.watchdog.unless_stopped(error.into()))?;
                }
                Err(error) => return Err(LockError::Database(error).into()),
            }
        }
    }

    /// Ends the transaction around a group, and commits unless foreign keys are violated.
    pub(super) async fn commit(&mut self, transaction: &Transaction) -> Result<Ending, Stop> {
        let keys = match transaction {
            Transaction::None => return Ok(Ending::Committed),
            Transaction::Keys(keys) => {
                keys.restore(self.connection).await.map_err(RunError::Session)?;
                return Ok(Ending::Committed);
            }
            Transaction::Whole(keys) => keys,
        };
        let ending = self.try_commit(keys).await;
        if !matches!(ending, Ok(Ending::Committed)) {
            // A refused commit leaves the transaction open.
            self.connection.execute("ROLLBACK").await.ok();
        }
        keys.restore(self.connection).await.map_err(RunError::Session)?;
        ending
    }

    async fn try_commit(&mut self, keys: &ForeignKeys) -> Result<Ending, Stop> {
        let violations = keys.new_violations(self.connection).await.map_err(RunError::Session)?;
        if !violations.is_empty() {
            return Ok(Ending::Violated(violations));
        }
        let mark = self.read_mark().await?;
        match self.take_write_lock("COMMIT").await {
            Ok(()) => {
                self.run.mark = mark;
                self.run.tables_missing = false;
                self.run.table_narrow = false;
                Ok(Ending::Committed)
            }
            Err(Stop::Failed(RunError::Lock(LockError::Database(error)))) => {
                Ok(Ending::Refused(error))
            }
            Err(stop) => Err(stop),
        }
    }

    /// Rolls back the failed step, and keeps those before it in their transaction. Returns `false` if the engine has ended the
    /// transaction itself, and the whole group is rolled back.
    pub(super) async fn undo_step(&mut self, transaction: &Transaction) -> bool {
        let undo = match (transaction, self.connection.dialect()) {
            (Transaction::Whole(_), _) => "ROLLBACK TO _migrate_step;\nRELEASE _migrate_step",
            // There may be one: that of a statement and its journal entry.
            (Transaction::None | Transaction::Keys(_), Dialect::Sqlite) => {
                self.connection.execute("ROLLBACK").await.ok();
                return true;
            }
            (Transaction::None | Transaction::Keys(_), Dialect::Postgres | Dialect::Mysql) => {
                // The transaction of code is one that sqlx counts.
                if let Ok(true) = self.connection.end(End::Rollback, false).await {
                    return true;
                }
                "ROLLBACK"
            }
        };
        self.connection.execute(undo).await.is_ok()
    }

    /// Cleans up after a group whose transaction is gone.
    pub(super) async fn abandon(&mut self, transaction: &Transaction) {
        if let Transaction::Keys(keys) | Transaction::Whole(keys) = transaction {
            self.connection.execute("ROLLBACK").await.ok();
            keys.restore(self.connection).await.ok();
        }
    }
}
