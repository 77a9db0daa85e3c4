//! One row of the table: a check and its outcome.

use std::pin::Pin;

/// The function of a check.
type Run = Box<dyn FnOnce() -> Pin<Box<dyn Future<Output = Outcome> + Send>> + Send>;

/// A check: trials that must end as if nothing had happened.
pub(crate) struct Check {
    /// The engine, or the proxy before it, as shown in the table.
    pub(crate) engine: &'static str,
    /// The name of the check.
    pub(crate) name: String,
    run: Run,
}

impl Check {
    /// Creates a row. A check may panic if it cannot continue: that is a difference, too.
    pub(crate) fn new<F, R>(engine: &'static str, name: impl Into<String>, run: F) -> Self
    where
        F: FnOnce() -> R + Send + 'static,
        R: Future<Output = Outcome> + Send + 'static,
    {
        Self { engine, name: name.into(), run: Box::new(|| Box::pin(run())) }
    }
}

/// The outcome of a check.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// The number of trials: kills, ended connections, runners.
    pub(crate) tried: usize,
    /// How many of these left a revision unfinished that the next run resumed; `None` if the check is about something else.
    pub(crate) resumed: Option<usize>,
    /// The differences, one line each, with everything needed to reproduce them.
    pub(crate) differences: Vec<String>,
    /// A short note for the reader.
    pub(crate) note: String,
}

impl Outcome {
    /// Runs a check.
    pub(crate) async fn of(check: Check) -> Self {
        match tokio::spawn((check.run)()).await {
            Ok(outcome) => outcome,
            Err(error) => Self { differences: vec![error.to_string()], ..Self::default() },
        }
    }

    /// Returns whether there were trials and none of them differs.
    pub(crate) fn holds(&self) -> bool {
        self.tried > 0 && self.differences.is_empty()
    }

    /// Adds another outcome of the same check.
    pub(crate) fn add(&mut self, other: Self) {
        self.tried += other.tried;
        if let Some(resumed) = other.resumed {
            *self.resumed.get_or_insert(0) += resumed;
        }
        self.differences.extend(other.differences);
    }

    /// Expects `found` to be `wanted`; `what` describes it.
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
