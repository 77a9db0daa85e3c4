//! The statements that change a revision's row.

use migrate_sql::{Dialect, Session};

use crate::declare::revision::RevisionKey;
use crate::history::kept::words_of;
use crate::history::table::columns::DOWN_KIND;
use crate::history::table::{
    Beginning, Claim, Entry, Finish, HistoryTable, LAYOUT, LogEvent, TOOL,
};
use crate::history::{State, StatementJournal};

impl HistoryTable {
    /// Returns the statement that writes a revision's row.
    pub(crate) fn insert(&self, entry: &Entry<'_>) -> String {
        let sequence = match entry.sequence {
            Some(number) => number.to_string(),
            None => format!("coalesce(max(sequence), 0) + 1 FROM {}", self.qualified()),
        };
        // A stamp is finished as soon as it is written.
        let finished_at = if entry.state == State::Applied { self.now() } else { "NULL" };
        let own = [
            ("crate", self.text(&entry.key.krate)),
            ("revision", self.text(entry.key.id.as_str())),
            ("kind", self.text(entry.kind.name())),
            ("state", self.text(entry.state.name())),
            ("statements_done", entry.statements_done.to_string()),
            ("statements_total", entry.statements_total.to_string()),
            ("journal", self.journal(entry.journal)),
            ("started_at", self.now().to_owned()),
            ("finished_at", finished_at.to_owned()),
            ("applied_by", self.actor()),
            ("tool_version", self.text(TOOL)),
            ("layout", LAYOUT.to_string()),
        ];
        // The number comes last, because its expression may end with a FROM clause.
        let all = self.described(entry).into_iter().chain(own).chain([("sequence", sequence)]);
        let (columns, values): (Vec<_>, Vec<_>) = all.unzip();
        format!(
            "INSERT INTO {} ({}) SELECT {}",
            self.qualified(),
            columns.join(", "),
            values.join(", "),
        )
    }

    /// Returns the columns, with their values, that describe the current migration.
    fn described(&self, entry: &Entry<'_>) -> [(&'static str, String); 7] {
        let (checksum, algorithm) = match &entry.checksum {
            Some((checksum, algorithm)) => (Some(checksum.as_str()), Some(*algorithm)),
            None => (None, None),
        };
        [
            ("description", self.text(entry.description)),
            ("checksum", self.optional(checksum)),
            ("checksum_algorithm", self.optional(algorithm)),
            ("sql_up", self.optional(entry.sql_up)),
            ("sql_down", self.optional(entry.sql_down)),
            (DOWN_KIND, self.text(entry.undo.name())),
            ("waivers", self.optional(entry.waivers)),
        ]
    }

    /// Returns the same for an `UPDATE`.
    fn describing(&self, entry: &Entry<'_>) -> String {
        let set = self.described(entry).map(|(column, value)| format!("{column} = {value}"));
        set.join(", ")
    }

    /// Returns the statements that record a failed step without a journal, whose outcome a person has to determine. Its row
    /// may exist, or may have been rolled back with its transaction.
    pub(crate) fn unaccounted(&self, entry: &Entry<'_>, reverting: bool) -> Vec<String> {
        let state = if reverting { State::Reverting } else { State::Failed };
        let noted = format!(
            "UPDATE {table} SET state = {state}, journal = NULL, finished_at = {now} WHERE {is}",
            table = self.qualified(),
            state = self.text(state.name()),
            now = self.now(),
            is = self.is(entry.key),
        );
        // Without a sequence number the next one is computed, in one row whatever the table contains.
        let missing = format!(
            "{} HAVING count(CASE WHEN {} THEN 1 END) = 0",
            self.insert(&Entry { sequence: None, ..entry.clone() }),
            self.is(entry.key)
        );
        if reverting { vec![noted] } else { vec![noted, missing] }
    }

    /// Returns the statement that records `done` statements as successful, and starts the one that `begins` names. `before`
    /// is an expression for what the catalog shows now.
    pub(crate) fn mark(
        &self,
        key: &RevisionKey,
        done: usize,
        begins: &str,
        before: Option<&str>,
    ) -> Vec<String> {
        let begun = self.noting(begins, before);
        let journal = match self.dialect {
            _ if begins.is_empty() => String::new(),
            Dialect::Mysql => format!(", journal = concat(coalesce(journal, ''), {begun})"),
            Dialect::Postgres | Dialect::Sqlite => {
                format!(", journal = coalesce(journal, '') || {begun}")
            }
        };
        self.hitting(&format!(
            "UPDATE {} SET statements_done = {done}{journal} WHERE {} AND state IN ('started', 'reverting')",
            self.qualified(),
            self.is(key)
        ))
    }

    /// Returns the statement that keeps the session state after the statement with this number; `None` where it needs none.
    pub(crate) fn keep(
        &self,
        key: &RevisionKey,
        number: usize,
        session: &Session,
    ) -> Option<String> {
        let words = words_of(number, session, self.dialect)?;
        let session = match self.dialect {
            Dialect::Mysql => format!("concat(coalesce(session, ''), {words})"),
            Dialect::Postgres | Dialect::Sqlite => format!("coalesce(session, '') || {words}"),
        };
        Some(format!("UPDATE {} SET session = {session} WHERE {}", self.qualified(), self.is(key)))
    }

    /// Returns the statements that resume an unfinished revision with its current text: the failed part may have been
    /// edited.
    pub(crate) fn resume(&self, entry: &Entry<'_>) -> Vec<String> {
        self.hitting(&format!(
            "UPDATE {table} SET {described}, state = 'started', statements_done = {done}, statements_total = {total}, \
             journal = {journal} WHERE {is} AND state IN ('started', 'failed')",
            table = self.qualified(),
            described = self.describing(entry),
            done = entry.statements_done,
            total = entry.statements_total,
            journal = self.journal(entry.journal),
            is = self.is(entry.key),
        ))
    }

    /// Returns the statement that records the progress of an unfinished revision: `done` statements of `total`.
    pub(crate) fn note_progress(
        &self,
        key: &RevisionKey,
        (done, total): (usize, usize),
        journal: Option<&Beginning>,
    ) -> Vec<String> {
        self.hitting(&format!(
            "UPDATE {table} SET statements_done = {done}, statements_total = {total}, journal = {journal} \
             WHERE {is} AND state <> 'applied'",
            table = self.qualified(),
            journal = self.journal(journal),
            is = self.is(key),
        ))
    }

    /// Returns the statements that mark a revision as applied, and log it.
    pub(crate) fn finish(&self, key: &RevisionKey, done: usize) -> Vec<Finish> {
        let finish = format!(
            "UPDATE {table} SET state = 'applied', statements_done = {done}, journal = NULL, session = NULL, finished_at = {now}, \
             duration_ms = {elapsed} WHERE {is} AND state = 'started'",
            table = self.qualified(),
            now = self.now(),
            elapsed = self.elapsed(),
            is = self.is(key),
        );
        let log = Finish::Log(self.log_from_history(LogEvent::Up, key, "duration_ms"));
        self.hitting(&finish).into_iter().map(Finish::Row).chain([log]).collect()
    }

    /// Returns the statements that record the start of undoing a revision. They fail unless it is applied.
    pub(crate) fn begin_revert(
        &self,
        key: &RevisionKey,
        statements: usize,
        journal: Option<&Beginning>,
    ) -> Vec<String> {
        self.hitting(&format!(
            "UPDATE {table} SET state = 'reverting', statements_done = 0, statements_total = {statements}, \
             journal = {journal}, session = NULL, started_at = {now} WHERE {is} AND state = 'applied'",
            journal = self.journal(journal),
            table = self.qualified(),
            now = self.now(),
            is = self.is(key),
        ))
    }

    /// Returns the statements that log a revision as undone, and remove its row.
    pub(crate) fn finish_revert(&self, key: &RevisionKey) -> Vec<Finish> {
        let log = Finish::Log(self.log_from_history(LogEvent::Down, key, &self.elapsed()));
        let delete = format!("{} AND state = 'reverting'", self.delete(key));
        [log].into_iter().chain(self.hitting(&delete).into_iter().map(Finish::Row)).collect()
    }

    /// Returns whether inserting a log row can return its duration.
    pub(crate) fn can_return(&self) -> bool {
        match self.dialect {
            Dialect::Postgres | Dialect::Sqlite => true,
            Dialect::Mysql => false,
        }
    }

    /// Makes the insertion of a log row return its duration.
    pub(crate) fn returning_duration(log: &str) -> String {
        format!("{log} RETURNING duration_ms")
    }

    /// Returns the query for the duration of the last step in milliseconds. The lock keeps other writers out.
    pub(crate) fn select_duration(&self) -> String {
        format!("SELECT duration_ms FROM {} ORDER BY id DESC LIMIT 1", self.qualify(&self.log))
    }

    /// Returns the statements that remove a revision's row without undoing it, and log it.
    pub(crate) fn forget(&self, key: &RevisionKey, event: LogEvent, reason: &str) -> Claim {
        Claim { row: self.hitting(&self.delete(key)), log: self.log(event, key, reason) }
    }

    /// Returns the statements that update the row of an applied revision to its current text, and log it.
    pub(crate) fn accept(&self, entry: &Entry<'_>, detail: &str) -> Claim {
        let row = self.hitting(&self.take_over(entry));
        Claim { row, log: self.log(LogEvent::Repair, entry.key, detail) }
    }

    /// Returns the statements that mark an unfinished revision as applied, with its current text if `now` is given, and log
    /// it.
    pub(crate) fn take_as_applied(
        &self,
        key: &RevisionKey,
        now: Option<&Entry<'_>>,
        detail: &str,
    ) -> Claim {
        let take = format!(
            "UPDATE {table} SET state = 'applied', statements_done = CASE WHEN statements_total > 0 THEN statements_total \
             ELSE statements_done END, journal = NULL, session = NULL, finished_at = {finished} \
             WHERE {is} AND state <> 'applied'",
            table = self.qualified(),
            finished = self.now(),
            is = self.is(key),
        );
        let taken_over = now.map(|entry| self.take_over(entry));
        let row = self.hitting(&take).into_iter().chain(taken_over).collect();
        Claim { row, log: self.log(LogEvent::Repair, key, detail) }
    }

    /// Returns the statement that updates the row of an applied revision to its current text.
    fn take_over(&self, entry: &Entry<'_>) -> String {
        format!(
            "UPDATE {table} SET kind = {kind}, {described} WHERE {is} AND state = 'applied'",
            table = self.qualified(),
            kind = self.text(entry.kind.name()),
            described = self.describing(entry),
            is = self.is(entry.key),
        )
    }

    /// Returns the statements that correct the progress of an unfinished revision, and log it.
    pub(crate) fn settle(
        &self,
        key: &RevisionKey,
        at: (usize, &StatementJournal),
        detail: &str,
    ) -> Claim {
        let (done, journal) = at;
        let settle = format!(
            "UPDATE {table} SET state = CASE state WHEN 'reverting' THEN state ELSE 'failed' END, \
             statements_done = {done}, journal = {journal} WHERE {is} AND state <> 'applied'",
            table = self.qualified(),
            journal = self.text(&journal.text()),
            is = self.is(key),
        );
        Claim { row: self.hitting(&settle), log: self.log(LogEvent::Repair, key, detail) }
    }

    /// Returns the statements that mark a revision as failed after `done` statements. `journal` replaces the journal; `None`
    /// keeps it, with `!` appended if its last statement is known to have failed.
    /// An applied revision is not changed: it was not started, or another run has finished it.
    pub(crate) fn fail(
        &self,
        key: &RevisionKey,
        (done, failed): (usize, bool),
        journal: Option<&StatementJournal>,
    ) -> String {
        let journal = match (journal, self.dialect) {
            (Some(journal), _) => self.text(&journal.text()),
            (None, _) if !failed => "journal".to_owned(),
            (None, Dialect::Mysql) => "concat(journal, '!')".to_owned(),
            (None, Dialect::Postgres | Dialect::Sqlite) => "journal || '!'".to_owned(),
        };
        format!(
            "UPDATE {table} SET state = CASE state WHEN 'reverting' THEN state ELSE 'failed' END, \
             statements_done = {done}, journal = {journal}, finished_at = {now} WHERE {is} AND state <> 'applied'",
            table = self.qualified(),
            now = self.now(),
            is = self.is(key),
        )
    }

    fn delete(&self, key: &RevisionKey) -> String {
        format!("DELETE FROM {} WHERE {}", self.qualified(), self.is(key))
    }
}
