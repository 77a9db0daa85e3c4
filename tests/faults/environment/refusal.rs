//! A run that the surroundings refuse, as a user sees it.

use std::error::Error as _;

use migrate_core::{Error, Migrator, Target};
use migrate_tests::{Database, history};

use crate::check::Outcome;
use crate::environment::two;

/// What was said, and what was left.
pub(crate) struct Refusal {
    /// All that is told, a line each; nothing when the run was not refused.
    told: Option<String>,
    /// The tables and revisions before and after.
    pictures: (Vec<String>, Vec<String>),
    /// What may not be told.
    secret: &'static str,
}

impl Refusal {
    /// What `up` by this URL is told, `database` being what it must leave alone.
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

    /// The tables that are there, and how far history has come.
    pub(crate) async fn picture(database: &Database) -> Vec<String> {
        let mut lines = database.all_tables().await;
        if lines.iter().any(|table| table == "_migrate_history") {
            let states = history::states(database).await;
            lines.extend(states.iter().map(|(revision, state)| format!("{revision} {state}")));
        }
        lines
    }

    /// Expects these words and no password, and that nothing has changed.
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

/// Expects `up` by this URL to apply what is missing, however much that is.
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

/// As the commands tell it: the error, its causes, its hints.
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
