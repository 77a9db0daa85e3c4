//! One row of the table: what is tried, and what came of it.

use std::pin::Pin;

/// What a check does when its turn comes.
type Run = Box<dyn FnOnce() -> Pin<Box<dyn Future<Output = Outcome> + Send>> + Send>;

/// Something that is tried, many times perhaps, and must end as if nothing had happened.
pub(crate) struct Check {
    /// The engine, or what stands before it: a word as it is written in the table.
    pub(crate) engine: &'static str,
    /// What is tried.
    pub(crate) name: String,
    run: Run,
}

impl Check {
    /// A row. A check may panic where it cannot go on: that is a difference, too.
    pub(crate) fn new<F, R>(engine: &'static str, name: impl Into<String>, run: F) -> Self
    where
        F: FnOnce() -> R + Send + 'static,
        R: Future<Output = Outcome> + Send + 'static,
    {
        Self { engine, name: name.into(), run: Box::new(|| Box::pin(run())) }
    }
}

/// What came of a check.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// How often it was tried: kills, connections ended, runners.
    pub(crate) tried: usize,
    /// How many of these left something unfinished that the next run went on with; nothing where that is not the question.
    pub(crate) resumed: Option<usize>,
    /// What was not as it should be, a line each, with all that is needed to see it again.
    pub(crate) differences: Vec<String>,
    /// What else is worth a reader's while, in a few words.
    pub(crate) note: String,
}

impl Outcome {
    /// Runs a check to its end.
    pub(crate) async fn of(check: Check) -> Self {
        match tokio::spawn((check.run)()).await {
            Ok(outcome) => outcome,
            Err(error) => Self { differences: vec![error.to_string()], ..Self::default() },
        }
    }

    /// Something was tried, and all of it held.
    pub(crate) fn holds(&self) -> bool {
        self.tried > 0 && self.differences.is_empty()
    }

    /// Takes another outcome of the same check in.
    pub(crate) fn add(&mut self, other: Self) {
        self.tried += other.tried;
        if let Some(resumed) = other.resumed {
            *self.resumed.get_or_insert(0) += resumed;
        }
        self.differences.extend(other.differences);
    }

    /// Expects `found` to be `wanted`, `what` being the words for it.
    #[expect(clippy::needless_pass_by_value, reason = "what is compared is made for it")]
    pub(crate) fn expect<T: PartialEq + std::fmt::Debug>(
        &mut self,
        what: &str,
        found: T,
        wanted: T,
    ) {
        if found != wanted {
            self.differences.push(format!("{what}: {found:?} instead of {wanted:?}"));
        }
    }
}
