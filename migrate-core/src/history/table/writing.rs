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
    /// Writes a revision's row.
    pub(crate) fn insert(&self, entry: &Entry<'_>) -> String {
        let sequence = match entry.sequence {
            Some(number) => number.to_string(),
            None => format!("coalesce(max(sequence), 0) + 1 FROM {}", self.qualified()),
        };
        // A stamp is over as it is written.
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
        // The number comes last: where it is asked for, a table stands behind it.
        let all = self.described(entry).into_iter().chain(own).chain([("sequence", sequence)]);
        let (columns, values): (Vec<_>, Vec<_>) = all.unzip();
        format!(
            "INSERT INTO {} ({}) SELECT {}",
            self.qualified(),
            columns.join(", "),
            values.join(", "),
        )
    }

    /// What history keeps of a migration as it is now: the columns and their values.
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

    /// The same, as an `UPDATE` sets it.
    fn describing(&self, entry: &Entry<'_>) -> String {
        let set = self.described(entry).map(|(column, value)| format!("{column} = {value}"));
        set.join(", ")
    }

    /// Notes that a step failed and left what no journal accounts for: a revision that is whole or not is for a human to
    /// say. Its row may be there, and may have gone with its transaction.
    pub(crate) fn unaccounted(&self, entry: &Entry<'_>, reverting: bool) -> Vec<String> {
        let state = if reverting { State::Reverting } else { State::Failed };
        let noted = format!(
            "UPDATE {table} SET state = {state}, journal = NULL, finished_at = {now} WHERE {is}",
            table = self.qualified(),
            state = self.text(state.name()),
            now = self.now(),
            is = self.is(entry.key),
        );
        // Without a sequence number the table is asked for the next, and answers with one row whatever it holds.
        let missing = format!(
            "{} HAVING count(CASE WHEN {} THEN 1 END) = 0",
            self.insert(&Entry { sequence: None, ..entry.clone() }),
            self.is(entry.key)
        );
        if reverting { vec![noted] } else { vec![noted, missing] }
    }

    /// Journaled that `done` statements of a revision have ended well, and that what `begins` names is begun. `before` is an
    /// expression for what the catalog says now.
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

    /// Keeps what the statement of this number left in its session and no text tells; nothing where there is none such.
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

    /// Takes up a revision that an earlier run left unfinished, as it is now: what failed may have been edited.
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

    /// Notes how far an unfinished revision has come: `done` statements of `total`.
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

    /// Journaled a revision as applied, and logs it.
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

    /// Journaled that a revision's undoing has begun: once, for its row must say that it is applied.
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

    /// Logs that a revision was undone, and removes its row.
    pub(crate) fn finish_revert(&self, key: &RevisionKey) -> Vec<Finish> {
        let log = Finish::Log(self.log_from_history(LogEvent::Down, key, &self.elapsed()));
        let delete = format!("{} AND state = 'reverting'", self.delete(key));
        [log].into_iter().chain(self.hitting(&delete).into_iter().map(Finish::Row)).collect()
    }

    /// Whether a log row can answer with the duration it holds, as it is written.
    pub(crate) fn can_return(&self) -> bool {
        match self.dialect {
            Dialect::Postgres | Dialect::Sqlite => true,
            Dialect::Mysql => false,
        }
    }

    /// Makes the writing of a log row answer with the duration it holds.
    pub(crate) fn returning_duration(log: &str) -> String {
        format!("{log} RETURNING duration_ms")
    }

    /// Asks for the milliseconds that the last step took. The lock keeps other writers out.
    pub(crate) fn select_duration(&self) -> String {
        format!("SELECT duration_ms FROM {} ORDER BY id DESC LIMIT 1", self.qualify(&self.log))
    }

    /// Removes a revision's row with no undoing, and logs it.
    pub(crate) fn forget(&self, key: &RevisionKey, event: LogEvent, reason: &str) -> Claim {
        Claim { row: self.hitting(&self.delete(key)), log: self.log(event, key, reason) }
    }

    /// Takes over what an applied revision is now, and logs it.
    pub(crate) fn accept(&self, entry: &Entry<'_>, detail: &str) -> Claim {
        let row = self.hitting(&self.take_over(entry));
        Claim { row, log: self.log(LogEvent::Repair, entry.key, detail) }
    }

    /// Takes an unfinished revision as applied, as it is `now` if that is given, and logs it.
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

    /// Takes over what an applied revision is now.
    fn take_over(&self, entry: &Entry<'_>) -> String {
        format!(
            "UPDATE {table} SET kind = {kind}, {described} WHERE {is} AND state = 'applied'",
            table = self.qualified(),
            kind = self.text(entry.kind.name()),
            described = self.describing(entry),
            is = self.is(entry.key),
        )
    }

    /// Says how far an unfinished revision came, and logs it.
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

    /// Journaled a revision as failed after `done` statements; `journal` tells what may have been in flight. Nothing keeps
    /// what the marks have written, with `!` behind it if its last statement is known to have failed.
    /// A revision that is applied was not begun, or another run has finished it: then nothing changes.
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
