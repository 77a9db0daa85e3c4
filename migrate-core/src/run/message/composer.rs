//! Turns steps into messages.

use migrate_sql::{Dialect, Statement};

use crate::history::{
    Beginning, Entry, Finish, HistoryTable, LogEvent, State, StatementJournal, Undo, statement_hash,
};
use crate::plan::{Action, Correction, Mode, Step, Work};
use crate::run::message::frame::{HELD, HOLD};
use crate::run::message::{Message, Role, TransactionFrame};
use crate::run::probe::{self, engine};
use crate::run::settings::Timeouts;
use crate::sql::script::{Hold, Script, ScriptStatement};

/// Composes messages from steps.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Composer<'a> {
    pub(crate) table: &'a HistoryTable,
    pub(crate) timeouts: Timeouts,
    /// The sequence number before the first step's; `None` for scripts, which query the table.
    pub(crate) last_sequence: Option<i64>,
    pub(crate) frame: &'a TransactionFrame,
}

impl Composer<'_> {
    /// Returns one message for plain SQL steps that are sent together.
    pub(crate) fn together(&self, steps: &[Step]) -> Message {
        let mut message = Message::default();
        for (index, step) in steps.iter().enumerate() {
            let last = index + 1 == steps.len();
            match step.mode {
                Mode::Transaction => self.in_transaction(&mut message, index, step, last),
                Mode::Journaled => self.with_marks(&mut message, index, step),
            }
        }
        message
    }

    /// Returns the messages before and after a code migration's own statements.
    pub(crate) fn around_code(&self, step: &Step) -> (Message, Message) {
        let (mut before, mut after) = (Message::default(), Message::default());
        if step.mode == Mode::Transaction {
            self.open(&mut before, 0, true);
        }
        self.forget_counters(&mut before, 0, step);
        self.step_timeouts(&mut before, 0, step);
        match step.mode {
            Mode::Transaction => {
                self.record(&mut before, 0, step);
                // For a script, the code has been run already.
                if self.is_online() {
                    before.push(0, Role::Set, HOLD);
                    after.push(0, Role::Held, HELD);
                }
                self.finish(&mut after, 0, step);
            }
            Mode::Journaled => {
                self.bounded(&mut before, 0, |before| self.record(before, 0, step));
                self.finish_at_once(&mut after, 0, step);
            }
        }
        self.reset_timeouts(&mut after, 0, step);
        if step.mode == Mode::Transaction {
            self.close(&mut after, 0);
        }
        (before, after)
    }

    fn in_transaction(&self, message: &mut Message, index: usize, step: &Step, last: bool) {
        if let Work::Sql(script) = &step.work
            && let Some(guard) =
                engine::guard(script.statements().map(|one| one.text()), script.dialect())
        {
            message.push(index, Role::Guard, &guard);
        }
        self.open(message, index, last);
        self.forget_counters(message, index, step);
        self.step_timeouts(message, index, step);
        self.record(message, index, step);
        if let Work::Sql(script) = &step.work {
            for (number, statement) in script.statements().enumerate() {
                message.push(index, Role::Statement(number), statement.text());
            }
        }
        self.finish(message, index, step);
        self.reset_timeouts(message, index, step);
        self.close(message, index);
    }

    fn with_marks(&self, message: &mut Message, index: usize, step: &Step) {
        self.forget_counters(message, index, step);
        self.step_timeouts(message, index, step);
        for set in step.resume.iter().flat_map(|resume| &resume.restore) {
            // The settings of an earlier run are lost with its session, and names are resolved by them.
            message.push(index, Role::Set, set);
        }
        self.bounded(message, index, |message| self.record(message, index, step));
        match &step.work {
            Work::Sql(script) if !script.is_empty() => self.marked(message, index, step, script),
            Work::Sql(_) | Work::Code(_) | Work::Nothing => {
                self.finish_at_once(message, index, step);
            }
        }
        self.reset_timeouts(message, index, step);
    }

    /// Writes outside a step's transaction, in a separate transaction if that needs a beginning or an end.
    fn bounded(&self, message: &mut Message, index: usize, write: impl FnOnce(&mut Message)) {
        if !self.frame.need_transaction() {
            return write(message);
        }
        self.begin(message, index);
        write(message);
        self.commit(message, index);
    }

    /// Adds each statement and its journal entry: in one transaction if possible, otherwise the entry follows, which also
    /// starts the next statement. The entry of the last one is the end of the step.
    fn marked(&self, message: &mut Message, index: usize, step: &Step, script: &Script) {
        let kept = self.kept(step, script);
        let following = script.statements().skip(1).map(Some).chain([None]);
        let statements = script.statements().zip(following).enumerate().skip(step.already_done());
        for (number, (statement, next)) in statements {
            let held = statement.hold() == Hold::Together;
            if held {
                self.begin(message, index);
                self.borrowed_timeouts(message, index, step);
            }
            let waits = self.timeouts.without_limit(step, number).filter(|_| self.can_set(step));
            if let Some([wait, _]) = &waits {
                message.push(index, Role::Set, wait);
            }
            message.push(index, Role::Statement(number), statement.text());
            let kept = kept.get(number).and_then(Option::as_ref);
            let mark = |message: &mut Message| match next {
                Some(next) => {
                    if let Some(keep) = kept {
                        message.push(index, Role::Mark, keep);
                    }
                    let begins = format!(" {}", statement_hash(next.text(), self.table.dialect()));
                    let before = before(&next, self.table.dialect());
                    let mark = self.table.mark(step.key(), number + 1, &begins, before.as_deref());
                    message.mark(index, &mark);
                }
                None => self.finish(message, index, step),
            };
            match (held, next) {
                (true, _) => {
                    mark(message);
                    self.commit(message, index);
                }
                (false, Some(_)) => self.bounded(message, index, mark),
                (false, None) => self.finish_at_once(message, index, step),
            }
            if let Some([_, back]) = &waits {
                message.push(index, Role::Set, back);
            }
        }
        // An earlier run may have ended between the last statement and the end of the step.
        if step.already_done() >= script.len() {
            self.finish_at_once(message, index, step);
        }
    }

    /// Returns, for each statement that changes session state, the statement that keeps it.
    fn kept(&self, step: &Step, script: &Script) -> Vec<Option<String>> {
        let keep = |(index, statement): (usize, &Statement<'_>)| {
            self.table.keep(step.key(), index + 1, &statement.session())
        };
        script.split().iter().enumerate().map(keep).collect()
    }

    /// Adds the end of a step outside its transactions: row and log together, so that a killed run cannot leave a log without
    /// the event, or with it twice.
    fn finish_at_once(&self, message: &mut Message, index: usize, step: &Step) {
        self.begin(message, index);
        self.finish(message, index, step);
        self.commit(message, index);
    }

    fn begin(&self, message: &mut Message, index: usize) {
        // If the session has to be restored, the transaction is already begun, to read the session's settings.
        if self.frame.restore.is_none() {
            message.push(index, Role::Begin, self.frame.begin(self.table.dialect()));
        }
        for setting in self.frame.local.iter().flatten() {
            message.push(index, Role::Set, setting);
        }
    }

    fn commit(&self, message: &mut Message, index: usize) {
        if let Some(fence) = &self.frame.fence {
            message.push(index, Role::Fence, fence);
        }
        for setting in self.frame.restore.iter().flatten() {
            message.push(index, Role::Set, setting);
        }
        message.push(index, Role::Commit, "COMMIT");
    }

    fn open(&self, message: &mut Message, index: usize, last: bool) {
        match self.table.dialect() {
            Dialect::Postgres => {
                self.begin(message, index);
                if !last && self.last_sequence.is_some() {
                    // The last commit of a message waits for the disk, and includes all before it.
                    message.push(index, Role::Set, "SET LOCAL synchronous_commit = off");
                }
            }
            Dialect::Mysql => self.begin(message, index),
            Dialect::Sqlite => message.push(index, Role::Begin, "SAVEPOINT _migrate_step"),
        }
    }

    fn close(&self, message: &mut Message, index: usize) {
        match self.table.dialect() {
            Dialect::Postgres | Dialect::Mysql => self.commit(message, index),
            Dialect::Sqlite => message.push(index, Role::Commit, "RELEASE _migrate_step"),
        }
    }

    fn record(&self, message: &mut Message, index: usize, step: &Step) {
        match step.action {
            Action::Apply => {
                let begun = begun(step);
                let entry = self.entry(index, step, begun.as_ref());
                let row = match step.resume {
                    None => vec![self.table.insert(&entry)],
                    Some(_) => self.table.resume(&entry),
                };
                message.record(index, &row);
            }
            Action::Revert => {
                let (key, begun) = (step.key(), begun(step));
                let counts = (step.already_done(), step.statements());
                let row = match step.resume {
                    None => self.table.begin_revert(key, step.statements(), begun.as_ref()),
                    Some(_) => self.table.note_progress(key, counts, begun.as_ref()),
                };
                message.record(index, &row);
            }
            Action::Stamp => {
                let entry = self.entry(index, step, None);
                message.push(index, Role::Record, &self.table.insert(&entry));
                message.push(
                    index,
                    Role::Mark,
                    &self.table.log(LogEvent::Stamp, step.key(), "stamped"),
                );
            }
            Action::Forget => {
                let claim = self.table.forget(step.key(), LogEvent::Forget, "nothing to undo");
                message.claim(index, &claim);
            }
            Action::Unstamp => {
                message.claim(index, &self.table.forget(step.key(), LogEvent::Stamp, "removed"));
            }
            Action::Repair => match &step.correction {
                Some(Correction::Accept { detail }) => {
                    let entry = self.entry(index, step, None);
                    message.claim(index, &self.table.accept(&entry, detail));
                }
                Some(Correction::Settle { done, journal, detail }) => {
                    let claim = self.table.settle(step.key(), (*done, journal), detail);
                    message.claim(index, &claim);
                }
                Some(Correction::Applied { as_it_is, detail }) => {
                    let now = as_it_is.then(|| self.entry(index, step, None));
                    let claim = self.table.take_as_applied(step.key(), now.as_ref(), detail);
                    message.claim(index, &claim);
                }
                Some(Correction::Gone { detail }) => {
                    message.claim(index, &self.table.forget(step.key(), LogEvent::Repair, detail));
                }
                None => {}
            },
        }
    }

    fn entry<'s>(&self, index: usize, step: &'s Step, journal: Option<&'s Beginning>) -> Entry<'s> {
        let next = i64::try_from(index).unwrap_or(i64::MAX).saturating_add(1);
        Entry {
            key: step.key(),
            kind: step.kind(),
            sequence: self.last_sequence.map(|last| last.saturating_add(next)),
            description: step.migration.summary(),
            checksum: step
                .migration
                .checksum(self.table.dialect())
                // It was rendered for the plan.
                .ok()
                .flatten()
                .map(|(checksum, algorithm)| (checksum.to_string(), algorithm)),
            sql_up: step.sql_up.as_deref(),
            sql_down: step.sql_down.as_deref(),
            waivers: step.waivers.as_deref(),
            undo: Undo::of(step.migration.down_body()),
            state: if step.action == Action::Stamp { State::Applied } else { State::Started },
            statements_done: step.already_done(),
            statements_total: step.statements(),
            journal,
        }
    }

    /// Returns the statements for a step that failed without a journal of what it left.
    pub(crate) fn unaccounted(&self, step: &Step) -> Vec<String> {
        let mut entry = self.entry(0, step, None);
        entry.state = State::Failed;
        self.table.unaccounted(&entry, step.action == Action::Revert)
    }

    /// Returns whether the messages are sent. Scripts do not know the last sequence number.
    fn is_online(&self) -> bool {
        self.last_sequence.is_some()
    }

    fn finish(&self, message: &mut Message, index: usize, step: &Step) {
        let statements = match step.action {
            Action::Apply => self.table.finish(step.key(), step.statements()),
            Action::Revert => self.table.finish_revert(step.key()),
            Action::Forget | Action::Stamp | Action::Unstamp | Action::Repair => return,
        };
        // Results of a script are not read.
        let answers = self.is_online();
        for statement in statements {
            match statement {
                Finish::Log(log) if answers && self.table.can_return() => {
                    message.push(index, Role::Answer, &HistoryTable::returning_duration(&log));
                }
                Finish::Log(statement) | Finish::Row(statement) => {
                    message.push(index, Role::Mark, &statement);
                }
            }
        }
        if answers && !self.table.can_return() {
            message.push(index, Role::Answer, &self.table.select_duration());
        }
    }

    /// Resets counters that a step may see in its session: `currval`, `LAST_INSERT_ID()`.
    fn forget_counters(&self, message: &mut Message, index: usize, step: &Step) {
        let forget = match self.table.dialect() {
            Dialect::Postgres => "DISCARD SEQUENCES",
            Dialect::Mysql => "SET SESSION last_insert_id = 0",
            Dialect::Sqlite => return,
        };
        // A resumed step has its own counters.
        if step.leaves_traces() && step.resume.is_none() {
            message.push(index, Role::Set, forget);
        }
    }

    fn step_timeouts(&self, message: &mut Message, index: usize, step: &Step) {
        if !self.can_set(step) {
            return;
        }
        for setting in self.timeouts.for_step(step, self.table.dialect()) {
            message.push(index, Role::Set, &setting);
        }
    }

    /// Sets a step's own timeouts in one of its transactions, on a session that is not the run's own.
    fn borrowed_timeouts(&self, message: &mut Message, index: usize, step: &Step) {
        if self.frame.local.is_some() {
            for setting in Timeouts::for_step_transaction(step) {
                message.push(index, Role::Set, &setting);
            }
        }
    }

    /// Resets the timeouts after a step. Settings of a transaction end with it; those of the session must be reset.
    fn reset_timeouts(&self, message: &mut Message, index: usize, step: &Step) {
        if !self.can_set(step) {
            return;
        }
        for setting in self.timeouts.after_step(step, self.table.dialect()) {
            message.push(index, Role::Mark, &setting);
        }
    }

    /// Returns whether settings are possible: not outside a transaction, on a session that is not the run's own.
    fn can_set(&self, step: &Step) -> bool {
        self.frame.local.is_none() || step.mode == Mode::Transaction
    }
}

/// Returns the statements that are started with a step's row: those that are done, and the first to run.
fn begun(step: &Step) -> Option<Beginning> {
    if step.mode == Mode::Transaction {
        return None;
    }
    let mut journal = match (&step.resume, &step.work) {
        // The outcome of a call in flight is determined when the code makes it.
        (Some(resume), Work::Code(_)) => resume.journal.clone(),
        (Some(resume), Work::Sql(_) | Work::Nothing) => resume.journal.clone().first(resume.done),
        (None, _) => StatementJournal::default(),
    };
    let mut begun = Beginning { journal: StatementJournal::default(), before: None };
    if let Work::Sql(script) = &step.work
        && let Some(next) = script.statements().nth(step.already_done())
    {
        journal.push(statement_hash(next.text(), script.dialect()));
        begun.before = before(&next, script.dialect());
    }
    Some(Beginning { journal, ..begun })
}

/// Returns the expression for what to record of the catalog before a statement, to tell its effects from what existed.
fn before(statement: &ScriptStatement<'_>, dialect: Dialect) -> Option<String> {
    match statement.hold() {
        Hold::Alone => probe::before(statement.text(), dialect),
        // It is in one transaction with its journal entry, if its tables have transactions.
        Hold::Together => engine::note(statement.text(), dialect),
        Hold::Opaque => None,
    }
}

#[cfg(test)]
mod tests;
