//! The statement journal: which statements of a revision were begun, where no transaction holds them together.

use migrate_sql::{Checksum, Dialect};

/// What a mark notes before a statement that writes into a table without transactions.
pub(crate) const STAYS: &str = "x";

/// What a mark notes before a statement whose transaction holds all that it writes.
pub(crate) const HELD: &str = "o";

/// The statements of a half-done revision that were begun, in order. As text, a hash of each, parted by blanks; behind it
/// a `~` and what the catalog said before it ran, a `=` and the rows it changed, where code was told of them, and a `!` if
/// it is known to have failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatementJournal {
    begun: Vec<Begun>,
}

/// A statement that was begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Begun {
    pub(crate) hash: String,
    /// What the catalog said before it ran, as its mark has noted it; nothing where no mark did.
    pub(crate) before: Option<String>,
    /// The rows it changed, which code that runs again must be told as it was the first time.
    pub(crate) rows: Option<u64>,
    /// Whether it is known to have failed.
    pub(crate) failed: bool,
}

impl StatementJournal {
    pub(crate) fn parse(text: &str) -> Self {
        Self { begun: text.split_whitespace().map(Begun::parse).collect() }
    }

    pub(crate) fn begun(&self) -> &[Begun] {
        &self.begun
    }

    /// How many statements were begun.
    pub fn len(&self) -> usize {
        self.begun.len()
    }

    /// Whether no statement was begun.
    pub fn is_empty(&self) -> bool {
        self.begun.is_empty()
    }

    pub(crate) fn push(&mut self, hash: String) {
        self.begun.push(Begun { hash, before: None, rows: None, failed: false });
    }

    /// Notes what the catalog said before the last statement.
    pub(crate) fn note_before(&mut self, before: &str) {
        if let Some(last) = self.begun.last_mut() {
            last.before = Some(before.to_owned());
        }
    }

    /// Whether a part of the last statement may have stayed: it wrote into a table without transactions.
    pub(crate) fn may_stay(&self) -> bool {
        let last = self.begun.last();
        last.is_some_and(|last| last.before.as_deref() == Some(STAYS) && !last.failed)
    }

    /// Notes how many rows the last statement changed.
    pub(crate) fn note_rows(&mut self, rows: u64) {
        if let Some(last) = self.begun.last_mut() {
            last.rows = Some(rows);
        }
    }

    /// Notes that the last statement is known to have failed.
    pub(crate) fn note_failure(&mut self) {
        if let Some(last) = self.begun.last_mut() {
            last.failed = true;
        }
    }

    /// Adds what an earlier run began.
    pub(crate) fn extend(&mut self, begun: impl IntoIterator<Item = Begun>) {
        self.begun.extend(begun);
    }

    /// Forgets what was begun after the first `count`.
    #[must_use]
    pub(crate) fn first(mut self, count: usize) -> Self {
        self.begun.truncate(count);
        self
    }

    /// Takes all that was begun as done.
    #[must_use]
    pub(crate) fn all_done(mut self) -> Self {
        for begun in &mut self.begun {
            begun.failed = false;
        }
        self
    }

    /// As history keeps it.
    pub(crate) fn text(&self) -> String {
        self.begun.iter().map(Begun::text).collect::<Vec<_>>().join(" ")
    }
}

impl Begun {
    fn parse(word: &str) -> Self {
        let (word, failed) = match word.strip_suffix('!') {
            Some(word) => (word, true),
            None => (word, false),
        };
        let (word, rows) = match word.split_once('=') {
            Some((word, rows)) => (word, rows.parse().ok()),
            None => (word, None),
        };
        let (hash, before) = match word.split_once('~') {
            Some((hash, before)) => (hash, Some(before.to_owned())),
            None => (word, None),
        };
        Self { hash: hash.to_owned(), before, rows, failed }
    }

    fn text(&self) -> String {
        let before = self.before.as_ref().map(|before| format!("~{before}")).unwrap_or_default();
        let rows = self.rows.map(|rows| format!("={rows}")).unwrap_or_default();
        format!("{}{before}{rows}{}", self.hash, if self.failed { "!" } else { "" })
    }
}

/// What a statement is known by in the journal: half of its checksum, which white space and comments do not change.
pub fn statement_hash(text: &str, dialect: Dialect) -> String {
    Checksum::of_sql(text, dialect).to_string().chars().take(16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let mut journal = StatementJournal::default();
        journal.push(statement_hash("SELECT 1", Dialect::Mysql));
        journal.note_rows(3);
        journal.push(statement_hash("SELECT 2", Dialect::Mysql));
        journal.note_before("10-");
        journal.note_failure();
        assert!(journal.text().ends_with("~10-!"), "{}", journal.text());
        assert_eq!(StatementJournal::parse(&journal.text()), journal);
        assert_eq!(journal.clone().first(1).len(), 1);
        assert_eq!(StatementJournal::parse("").text(), "");
    }

    #[test]
    fn a_statement_is_known_by_its_tokens() {
        let of = |sql| statement_hash(sql, Dialect::Postgres);
        assert_eq!(of("SELECT 1"), of("SELECT\n  1 -- why"));
        assert_ne!(of("SELECT 1"), of("SELECT 2"));
        assert_eq!(of("SELECT 1").len(), 16);
    }
}
