//! Resumes steps that an earlier run left unfinished.

use std::time::Duration;

use migrate_sql::split;

use crate::engine::connection::DatabaseError;
use crate::engine::holder::{Holder, HolderKind};
use crate::history::{before_retry, restoring, statement_hash};
use crate::plan::{Action, PlanError, Resume, Step, Work};
use crate::run::executor::in_flight::{self, InFlight, Settled};
use crate::run::executor::{Executor, RunError, SessionSnapshot, Stop, Undecided};
use crate::run::lock::LockError;
use crate::run::observer::Event;
use crate::sql::script::{Hold, Script, hold};

impl Executor<'_> {
    /// Determines where to resume an unfinished step.
    pub(super) async fn resumed(&mut self, step: &Step) -> Result<Step, Stop> {
        let mut step = step.clone();
        let rerun = step.resume.as_ref().is_some_and(|resume| resume.rerun);
        if let (Work::Sql(script), Some(resume), true) = (&step.work, &step.resume, rerun) {
            self.clear_for_rerun(&step, script, resume).await?;
        } else if let (Work::Sql(script), Some(resume)) = (&step.work, &step.resume) {
            let done = self.known_done(&step, script, resume).await?;
            let journal = resume.journal.clone().first(done);
            let restore = restored(&step, script, resume, done)?;
            step.resume = Some(Resume { restore, ..Resume::after(done, journal) });
        }
        if rerun {
            step.resume = Some(Resume::from_start());
        }
        let total = match &step.work {
            Work::Sql(script) => Some(script.len()),
            Work::Code(_) | Work::Nothing => None,
        };
        // Only the end of the step may be left to do.
        let next =
            total.map_or(step.already_done() + 1, |total| total.min(step.already_done() + 1));
        self.observer.on(Event::Resuming { key: step.key(), statement: next, total });
        Ok(step)
    }

    /// Waits for a session that still runs the statement in flight, and removes leftovers that would block running it again.
    async fn clear_for_rerun(
        &mut self,
        step: &Step,
        script: &Script,
        resume: &Resume,
    ) -> Result<(), Stop> {
        let Some(begun) = resume.journal.begun().get(resume.done) else { return Ok(()) };
        let now = script.statements().nth(resume.done).map(|statement| statement.text());
        let now = now.filter(|now| statement_hash(now, script.dialect()) == begun.hash);
        let then = match now {
            Some(now) => Some(now.to_owned()),
            None => self.statement_then(step, resume.done, &begun.hash).await?,
        };
        let Some(text) = &then else { return Ok(()) };
        if was_held(text, script) || only_sets_session(text, script) {
            return Ok(());
        }
        let before = begun.before.as_deref();
        let in_flight = InFlight { text, failed: begun.failed, same: now.is_some(), before };
        match self.settle_doubt(script, resume, in_flight).await.map_err(RunError::Session)? {
            Settled::NotDone | Settled::Done | Settled::Unknown { .. } => Ok(()),
            Settled::Running { holder, waited } => Err(self.still_held(holder, waited)),
        }
    }

    /// Ends a run that has waited too long for another session's statement.
    fn still_held(&self, holder: String, waited: Duration) -> Stop {
        let kind = HolderKind::Session(self.connection.dialect());
        let holder = Box::new(Holder { state: Some(holder), ..Holder::new(kind) });
        let held = LockError::Held { holder, waited };
        self.watchdog.unless_stopped(held.into()).into()
    }

    /// Returns the number of finished statements, including the one in flight if it was applied.
    async fn known_done(
        &mut self,
        step: &Step,
        script: &Script,
        resume: &Resume,
    ) -> Result<usize, Stop> {
        let Some(begun) = resume.journal.begun().get(resume.done) else { return Ok(resume.done) };
        let now = script.statements().nth(resume.done).map(|statement| statement.text());
        let same = now.is_some_and(|now| statement_hash(now, script.dialect()) == begun.hash);
        let then = match now.filter(|_| same) {
            Some(now) => Some(now.to_owned()),
            None => self.statement_then(step, resume.done, &begun.hash).await?,
        };
        let undecided = |seen: Vec<String>| {
            let text = then.clone().or_else(|| now.map(str::to_owned)).unwrap_or_default();
            let statement = resume.done + 1;
            let (key, total) = (step.key().clone(), script.len());
            RunError::Undecided(Box::new(Undecided { key, statement, total, text, seen }))
        };
        let Some(text) = &then else {
            let gone =
                "it was edited afterwards, and history has not kept its earlier text".to_owned();
            return Err(undecided(vec![gone]).into());
        };
        if only_sets_session(text, script) {
            return Ok(resume.done);
        }
        if was_held(text, script) {
            let before = begun.before.as_deref();
            let stays = in_flight::may_stay(self.connection, text, Hold::Together, before).await;
            // An earlier version did not check the server's warning after a rollback.
            let known = begun.failed && before.is_some();
            if stays.map_err(RunError::Session)? && !known {
                return Err(undecided(vec![in_flight::STAYS.to_owned()]).into());
            }
            return Ok(resume.done);
        }
        let in_flight =
            InFlight { text, failed: begun.failed, same, before: begun.before.as_deref() };
        match self.settle_doubt(script, resume, in_flight).await.map_err(RunError::Session)? {
            Settled::NotDone => Ok(resume.done),
            Settled::Done if same => Ok(resume.done + 1),
            Settled::Done => Err(RunError::Plan(PlanError::Diverged {
                key: step.key().clone(),
                direction: step.direction(),
                statement: resume.done + 1,
                then: then.clone(),
                now: now.map(str::to_owned),
            })
            .into()),
            Settled::Running { holder, waited } => Err(self.still_held(holder, waited)),
            Settled::Unknown { seen } => Err(undecided(seen).into()),
        }
    }

    /// Asks the catalog, in a session with the same settings as when the statement was started.
    async fn settle_doubt(
        &mut self,
        script: &Script,
        resume: &Resume,
        in_flight: InFlight<'_>,
    ) -> Result<Settled, DatabaseError> {
        let kept = resume.kept.as_ref();
        let settings = kept.map(|kept| restoring(&script.split(), resume.done, kept));
        let settings = settings.and_then(Result::ok).unwrap_or_default();
        if settings.is_empty() {
            let waiting = self.watchdog.waiting(self.settings.wait);
            return in_flight::settle(self.connection, in_flight, waiting).await;
        }
        let snapshot = SessionSnapshot::read(self.connection).await?;
        for setting in settings {
            self.connection.execute(&setting).await?;
        }
        let waiting = self.watchdog.waiting(self.settings.wait);
        let settled = in_flight::settle(self.connection, in_flight, waiting).await;
        let restored = snapshot.restore(self.connection).await;
        settled.and_then(|settled| restored.map(|()| settled))
    }

    /// Returns the statement with this index as it was run, from the SQL kept in history.
    async fn statement_then(
        &mut self,
        step: &Step,
        index: usize,
        hash: &str,
    ) -> Result<Option<String>, Stop> {
        let rows =
            self.connection.fetch(&self.table.by_role(&self.table.select_sql(step.key()))).await;
        let rows = rows.map_err(RunError::Session)?;
        let column = usize::from(step.action == Action::Revert);
        let text = rows.first().and_then(|row| row.at::<Option<String>>(column)).flatten();
        let dialect = self.connection.dialect();
        let found = text.and_then(|text| {
            let statements = split(&text, dialect).ok()?;
            statements.get(index).map(|statement| statement.text().to_owned())
        });
        Ok(found.filter(|text| statement_hash(text, dialect) == hash))
    }
}

/// Returns the statements that restore the session as it was after the first `done` statements.
fn restored(
    step: &Step,
    script: &Script,
    resume: &Resume,
    done: usize,
) -> Result<Vec<String>, RunError> {
    let statements = script.split();
    let Some(kept) = &resume.kept else {
        // It is the same session, in which the failed statement may have changed variables that it relies on.
        return Ok(before_retry(&statements, done).unwrap_or_default());
    };
    let restored = restoring(&statements, done, kept);
    restored.map_err(|lost| {
        let (key, lost) = (step.key().clone(), Box::new(lost));
        RunError::Plan(PlanError::SessionLost { key, lost })
    })
}

/// Returns whether the statement was in one transaction with its journal entry, and was therefore not applied.
fn was_held(text: &str, script: &Script) -> bool {
    let statements = split(text, script.dialect()).unwrap_or_default();
    statements.first().is_some_and(|statement| hold(statement) == Hold::Together)
}

/// Returns whether the statement only set state of the session that has ended.
fn only_sets_session(text: &str, script: &Script) -> bool {
    let statements = split(text, script.dialect()).unwrap_or_default();
    statements.first().is_some_and(|statement| statement.session().is_repeatable())
}
