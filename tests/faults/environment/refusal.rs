//! A run that fails because of its environment, as a user sees it.

use std::error::Error as _;

use migrate_core::{Error, Migrator, Target};
use migrate_tests::{Database, history};

use crate::check::Outcome;
use crate::environment::two;

/// The messages, and the state left behind.
pub(crate) struct Refusal {
    /// All messages, one line each; `None` if the run succeeded.
    told: Option<String>,
    /// The tables and revisions before and after.
    pictures: (Vec<String>, Vec<String>),
    /// The text that must not appear.
    secret: &'static str,
}

impl Refusal {
    /// Runs `up` with this URL; it must leave `database` unchanged.
    pub(crate) async fn of(database: &Database, url: &str, secret: &'static str) -> Self {
        let before = Self::picture(database).await;
        let ended = up(url).await;
        Self::from(ended, (before, Self::picture(database).await), secret)
    }

    pub(crate) fn from(
        ended: Result<(), Error>,
        pictures: (Vec<String>, Vec<String>),
        secret: &'static str,
    ) -> Self {
        Self { told: ended.err().map(|error| tell(&error)), pictures, secret }
    }

    /// Returns the tables, and the revisions in history.
    pub(crate) async fn picture(database: &Database) -> Vec<String> {
        let mut lines = database.all_tables().await;
        if lines.iter().any(|table| table == "_migrate_history") {
            let states = history::states(database).await;
            lines.extend(states.iter().map(|(revision, state)| format!("{revision} {state}")));
        }
        lines
    }

    /// Expects these words, no password, and no change.
    pub(crate) fn expect(self, words: &[&str]) -> Outcome {
        let mut outcome = Outcome { tried: 1, ..Outcome::default() };
        let Some(told) = self.told else {
            outcome.differences.push("was not refused".to_owned());
            return outcome;
        };
        for word in words.iter().filter(|word| !told.contains(**word)) {
            outcome.differences.push(format!("`{word}` is not told in: {told}"));
        }
        outcome.expect("the password is told", told.contains(self.secret), false);
        outcome.expect("left behind", self.pictures.1, self.pictures.0);
        outcome
    }
}

/// Expects `up` with this URL to apply everything that is missing.
pub(crate) async fn expect_through(database: &Database, url: &str, outcome: &mut Outcome) {
    if let Err(error) = up(url).await {
        outcome.differences.push(format!("the next run fails: {}", tell(&error)));
    }
    let applied = history::applied(database).await;
    outcome.expect("applied in the end", applied, vec!["1".to_owned(), "2".to_owned()]);
}

async fn up(url: &str) -> Result<(), Error> {
    let mut migrator = Migrator::new(two()).connect(url).await?;
    migrator.up(Target::Head).await?;
    migrator.close().await
}

/// Formats an error like the commands: the error, its causes, its hints.
fn tell(error: &Error) -> String {
    let mut lines = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        lines.push(error.to_string());
        cause = error.source();
    }
    lines.extend(error.hints().iter().map(|hint| format!("hint: {hint}")));
    lines.join(" / ")
}
