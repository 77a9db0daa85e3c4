//! The statement journal: which statements of a revision were begun, where no transaction holds them together.

use migrate_sql::{Checksum, Dialect};

use crate::db::shortened;
use crate::engine::connection::kept;

/// What a mark notes before a statement that writes into a table without transactions.
pub(crate) const STAYS: &str = "x";

/// What a mark notes before a statement whose transaction holds all that it writes.
pub(crate) const HELD: &str = "o";

/// The statements of an unfinished revision that were begun, in order. As text, a hash of each, separated by blanks; behind
/// it what is known of it: `~` and what the catalog said before it ran, `=` and the rows it changed, where code was told
/// of them, `:t` and the beginning of its text, `:a` and what it answered, `!` if it is known to have failed, `*` if a
/// human has said what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatementJournal {
    begun: Vec<Begun>,
}

/// A statement that was begun.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Begun {
    pub(crate) hash: String,
    /// What the catalog said before it ran, as its mark has noted it; nothing where no mark did.
    pub(crate) before: Option<String>,
    /// The rows it changed, which code that runs again must be told as it was the first time.
    pub(crate) rows: Option<u64>,
    /// The beginning of its text, for people: kept for the first calls of code, whose text is nowhere else.
    pub(crate) text: Option<String>,
    /// What it answered, as [`kept`] writes it: kept of what changes something and answers, if that is short.
    pub(crate) answer: Option<String>,
    /// Whether it is known to have failed.
    pub(crate) failed: bool,
    /// Whether a human has said that it took effect, and no run has gone on with it since.
    pub(crate) said: bool,
}

/// So many calls of code are kept with the beginning of their text: a journal is written again with each call.
const TEXTS: usize = 64;

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
        self.begun.push(Begun { hash, ..Begun::default() });
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

    /// Notes that a call of code is begun, with the beginning of its text as long as there is room; gives the call as
    /// the journal keeps it.
    pub(crate) fn push_call(&mut self, hash: String, text: &str) -> String {
        let kept = (self.begun.len() < TEXTS).then(|| shortened(text));
        let begun = Begun { hash, text: kept, ..Begun::default() };
        let written = begun.text();
        self.begun.push(begun);
        written
    }

    /// Notes how many rows the last statement changed, and what it answered; gives that as the journal keeps it.
    pub(crate) fn note_end(&mut self, rows: u64, answer: Option<String>) -> String {
        let Some(last) = self.begun.last_mut() else { return String::new() };
        let answered = answer.as_ref().map(|answer| format!(":a{answer}")).unwrap_or_default();
        (last.rows, last.answer) = (Some(rows), answer);
        format!("={rows}{answered}")
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

    /// Takes all that was begun as done, because a human said so.
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

    /// The journal of a run that goes on with it: what was said before is history.
    #[must_use]
    pub(crate) fn taken_up(mut self) -> Self {
        for begun in &mut self.begun {
            begun.said = false;
        }
        self
    }

    /// Whether a human has said what became of the last statement, and no run has gone on since.
    pub(crate) fn is_answered(&self) -> bool {
        self.begun.last().is_some_and(|last| last.said)
    }

    /// As history keeps it.
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
                    // What a later version notes besides says nothing here.
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
        let hash = |sql| statement_hash(sql, Dialect::Mysql);
        journal.push(hash("SELECT 1"));
        assert_eq!(journal.note_end(3, None), "=3");
        let begun = journal.push_call(hash("SELECT 2"), "SELECT\n  'a = b: 100 %!*ü'");
        let ended = journal.note_end(0, Some("a;i1".to_owned()));
        // The order of what is noted does not matter.
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
