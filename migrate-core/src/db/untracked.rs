//! Work that the statement journal cannot record.

use std::error::Error as StdError;
use std::future::Future;
use std::panic::Location;

use crate::db::call_journal::{Call, Done, Replay};
use crate::db::{Db, DbError, DbErrorCause, Session};

impl Db {
    /// Runs work that the statement journal cannot record as one call: with a typed connection, another service, a file.
    ///
    /// Where a migration does not run in a transaction (schema code on MySQL and MariaDB, `transaction = false`), its calls
    /// are recorded in a journal, and a run that resumes skips those that are done. Inside `work` nothing is recorded: if the
    /// run ends there, or `work` fails, its outcome is unknown and must be recorded (`migrate repair REVISION --done` or
    /// `--not-done`) before the next run. Keep `work` small. In a transaction this only runs `work`.
    ///
    /// ```
    /// # #[cfg(feature = "postgres")]
    /// # mod example {
    /// use migrate_core::prelude::*;
    /// use migrate_core::sqlx;
    ///
    /// async fn import_countries(db: &mut Db) -> Result<()> {
    ///     db.execute("CREATE TABLE IF NOT EXISTS countries (code TEXT PRIMARY KEY)").await?;
    ///     let codes = vec!["DE", "NO", "PT"];
    ///     db.untracked("binds an array", async |db| {
    ///         sqlx::query("INSERT INTO countries SELECT unnest($1::text[])")
    ///             .bind(&codes)
    ///             .execute(db.postgres()?)
    ///             .await?;
    ///         Ok(())
    ///     })
    ///     .await?;
    ///     Ok(())
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The error of a call in `work`, or [`DbErrorCause::Untracked`] with any other error of `work`. Always fails offline,
    /// where `work` cannot be recorded.
    #[track_caller]
    pub fn untracked<'a, F>(
        &'a mut self,
        why: &'a str,
        work: F,
    ) -> impl Future<Output = Result<(), DbError>> + use<'a, F>
    where
        F: AsyncFnOnce(&mut Self) -> Result<(), Box<dyn StdError + Send + Sync>> + 'a,
    {
        let caller = Location::caller();
        async move {
            let outcome = self.untracked_from(why, work).await;
            self.remember(outcome.map_err(|error| error.at(caller)))
        }
    }

    async fn untracked_from<F>(&mut self, why: &str, work: F) -> Result<(), DbError>
    where
        F: AsyncFnOnce(&mut Self) -> Result<(), Box<dyn StdError + Send + Sync>>,
    {
        self.went_on |= self.failure.is_some();
        let failed = |error| DbError::untracked(why, error);
        match (&mut self.session, &mut self.journal) {
            (Session::Recording(_), _) => return Err(DbError::typed_offline()),
            (Session::Live(connection), Some(journal)) if !self.untracked => {
                let replay = journal.begin(connection, Call::untracked(why)).await;
                match replay.map_err(|cause| DbError::new(cause, None))? {
                    Replay::Skip(_) => return Ok(()),
                    Replay::Run | Replay::Retry => {}
                }
            }
            (Session::Live(_), _) => return work(self).await.map_err(failed),
        }
        self.untracked = true;
        let outcome = work(self).await;
        self.untracked = false;
        self.statements += 1;
        let (Session::Live(connection), Some(journal)) = (&mut self.session, &mut self.journal)
        else {
            return outcome.map_err(failed);
        };
        match outcome {
            Ok(()) => {
                let ended = journal.end(connection, Done::default()).await;
                ended.map_err(|error| DbError::new(DbErrorCause::Database(error), None))
            }
            Err(error) => {
                journal.fail(connection).await;
                Err(failed(error))
            }
        }
    }
}
