//! The statement journal: which statements of a revision were started, where they do not run in one transaction.

use migrate_sql::{Checksum, Dialect};

use crate::db::shortened;
use crate::engine::connection::kept;

/// The note before a statement that writes to a table without transactions.
pub(crate) const STAYS: &str = "x";

/// The note before a statement that is completely transactional.
pub(crate) const HELD: &str = "o";

/// The statements of an unfinished revision that were started, in order. As text: a hash of each, separated by blanks, and
/// after it what is known about the statement: `~` and what the catalog showed before it ran, `=` and the number of rows it
/// changed, if that was reported to code, `:t` and the beginning of its text, `:a` and its result, `!` if it is known to
/// have failed, `*` if a person has recorded its outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatementJournal {
    begun: Vec<Begun>,
}

/// A statement that was started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Begun {
    pub(crate) hash: String,
    /// What the catalog showed before it ran; `None` where that was not recorded.
    pub(crate) before: Option<String>,
    /// The number of rows it changed, which must be reported to code again when that is resumed.
    pub(crate) rows: Option<u64>,
    /// The beginning of its text, for messages: kept for the first calls of code, whose text is not available otherwise.
    pub(crate) text: Option<String>,
    /// Its encoded result: kept for statements that change something and return rows, if it is short.
    pub(crate) answer: Option<String>,
    /// Whether it is known to have failed.
    pub(crate) failed: bool,
    /// Whether a person has recorded that it was applied, and no run has resumed since.
    pub(crate) said: bool,
}

/// The number of calls that are kept with their text: a journal is rewritten with each call.
const TEXTS: usize = 64;

impl StatementJournal {
    pub(crate) fn parse(text: &str) -> Self {
        Self { begun: text.split_whitespace().map(Begun::parse).collect() }
    }

    pub(crate) fn begun(&self) -> &[Begun] {
        &self.begun
    }

    /// Returns the number of statements that were started.
    pub fn len(&self) -> usize {
        self.begun.len()
    }

    /// Returns whether no statement was started.
    pub fn is_empty(&self) -> bool {
        self.begun.is_empty()
    }

    pub(crate) fn push(&mut self, hash: String) {
        self.begun.push(Begun { hash, ..Begun::default() });
    }

    /// Records what the catalog showed before the last statement.
    pub(crate) fn note_before(&mut self, before: &str) {
        if let Some(last) = self.begun.last_mut() {
            last.before = Some(before.to_owned());
        }
    }

    /// Returns whether a part of the last statement may remain, because it wrote to a table without transactions.
    pub(crate) fn may_stay(&self) -> bool {
        let last = self.begun.last();
        last.is_some_and(|last| last.before.as_deref() == Some(STAYS) && !last.failed)
    }

    /// Records that a call of code is started, with the beginning of its text while there is room, and returns its text in
    /// the journal.
    pub(crate) fn push_call(&mut self, hash: String, text: &str) -> String {
        let kept = (self.begun.len() < TEXTS).then(|| shortened(text));
        let begun = Begun { hash, text: kept, ..Begun::default() };
        let written = begun.text();
        self.begun.push(begun);
        written
    }

    /// Records the number of rows that the last statement changed, and its result, and returns their text in the journal.
    pub(crate) fn note_end(&mut self, rows: u64, answer: Option<String>) -> String {
        let Some(last) = self.begun.last_mut() else { return String::new() };
        let answered = answer.as_ref().map(|answer| format!(":a{answer}")).unwrap_or_default();
        (last.rows, last.answer) = (Some(rows), answer);
        format!("={rows}{answered}")
    }

    /// Records that the last statement failed.
    pub(crate) fn note_failure(&mut self) {
        if let Some(last) = self.begun.last_mut() {
            last.failed = true;
        }
    }

    /// Adds statements that an earlier run started.
    pub(crate) fn extend(&mut self, begun: impl IntoIterator<Item = Begun>) {
        self.begun.extend(begun);
    }

    /// Removes all but the first `count` statements.
    #[must_use]
    pub(crate) fn first(mut self, count: usize) -> Self {
        self.begun.truncate(count);
        self
    }

    /// Marks all started statements as done, because a person recorded that.
    #[must_use]
    pub(crate) fn all_done(mut self) -> Self {
        for begun in &mut self.begun {
            begun.failed = false;
        }
        if let Some(last) = self.begun.last_mut() {
            last.said = true;
        }
        self
    }

    /// Returns the journal of a run that resumes: without the marks of recorded outcomes.
    #[must_use]
    pub(crate) fn taken_up(mut self) -> Self {
        for begun in &mut self.begun {
            begun.said = false;
        }
        self
    }

    /// Returns whether a person has recorded the outcome of the last statement, and no run has resumed since.
    pub(crate) fn is_answered(&self) -> bool {
        self.begun.last().is_some_and(|last| last.said)
    }

    /// Returns the text for history.
    pub(crate) fn text(&self) -> String {
        self.begun.iter().map(Begun::text).collect::<Vec<_>>().join(" ")
    }
}

impl Begun {
    fn parse(word: &str) -> Self {
        let is_mark = |letter: char| matches!(letter, '~' | '=' | ':' | '!' | '*');
        let (hash, mut rest) = word.split_at(word.find(is_mark).unwrap_or(word.len()));
        let mut begun = Self { hash: hash.to_owned(), ..Self::default() };
        while let Some(mark) = rest.chars().next() {
            let behind = rest.get(1..).unwrap_or_default();
            let (value, next) = behind.split_at(behind.find(is_mark).unwrap_or(behind.len()));
            match mark {
                '~' => begun.before = Some(value.to_owned()),
                '=' => begun.rows = value.parse().ok(),
                '!' => begun.failed = true,
                '*' => begun.said = true,
                _ => match (value.get(..1), value.get(1..)) {
                    (Some("t"), Some(text)) => begun.text = kept::decode(text),
                    (Some("a"), Some(answer)) => begun.answer = Some(answer.to_owned()),
                    // Notes of later versions are ignored.
                    _ => {}
                },
            }
            rest = next;
        }
        begun
    }

    fn text(&self) -> String {
        let before = self.before.as_ref().map(|before| format!("~{before}")).unwrap_or_default();
        let rows = self.rows.map(|rows| format!("={rows}")).unwrap_or_default();
        let text = self.text.as_ref().map(|text| format!(":t{}", kept::encode(text)));
        let answer = self.answer.as_ref().map(|answer| format!(":a{answer}"));
        let (text, answer) = (text.unwrap_or_default(), answer.unwrap_or_default());
        let failed = if self.failed { "!" } else { "" };
        let said = if self.said { "*" } else { "" };
        format!("{}{before}{rows}{text}{answer}{failed}{said}", self.hash)
    }
}

/// Returns the hash of a statement in the journal: half of its checksum, which white space and comments do not change.
pub fn statement_hash(text: &str, dialect: Dialect) -> String {
    Checksum::of_sql(text, dialect).to_string().chars().take(16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let mut journal = StatementJournal::default();
        let hash = |sql| statement_hash(sql, Dialect::Mysql);
        journal.push(hash("SELECT 1"));
        assert_eq!(journal.note_end(3, None), "=3");
        let begun = journal.push_call(hash("SELECT 2"), "SELECT\n  'a = b: 100 %!*ü'");
        let ended = journal.note_end(0, Some("a;i1".to_owned()));
        // The order of the notes does not matter.
        assert_eq!(Begun::parse(&format!("{begun}{ended}")), journal.begun()[1]);
        assert_eq!(journal.begun()[1].text.as_deref(), Some("SELECT 'a = b: 100 %!*ü'"));
        journal.push(hash("SELECT 3"));
        journal.note_before("10-");
        journal.note_failure();
        assert!(journal.text().ends_with("~10-!"), "{}", journal.text());
        assert_eq!(StatementJournal::parse(&journal.text()), journal);
        let said = journal.clone().all_done();
        assert!(StatementJournal::parse(&said.text()).is_answered());
        assert!(!said.taken_up().is_answered());
        assert_eq!(journal.clone().first(1).len(), 1);
        assert_eq!(StatementJournal::parse("").text(), "");
    }

    #[test]
    fn what_a_later_version_notes_is_passed() {
        let begun = Begun::parse("0123456789abcdef=2:xunheard:tSELECT+1");
        assert_eq!((begun.hash.as_str(), begun.rows), ("0123456789abcdef", Some(2)));
        assert_eq!(begun.text.as_deref(), Some("SELECT 1"));
    }

    #[test]
    fn only_the_first_texts_are_kept_and_of_long_ones_the_beginning() {
        let mut journal = StatementJournal::default();
        for number in 0..=TEXTS {
            journal.push_call(number.to_string(), &"word ".repeat(100));
        }
        let texts: Vec<_> =
            journal.begun().iter().filter_map(|begun| begun.text.as_ref()).collect();
        assert_eq!(texts.len(), TEXTS);
        assert!(texts.iter().all(|text| text.ends_with('…')));
    }

    #[test]
    fn a_statement_is_known_by_its_tokens() {
        let of = |sql| statement_hash(sql, Dialect::Postgres);
        assert_eq!(of("SELECT 1"), of("SELECT\n  1 -- why"));
        assert_ne!(of("SELECT 1"), of("SELECT 2"));
        assert_eq!(of("SELECT 1").len(), 16);
    }
}
