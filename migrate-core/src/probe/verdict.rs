//! Judging what the catalog answers.

use migrate_sql::Dialect;

use super::thing::Fact;

/// What became of a statement that may or may not have taken effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It took effect.
    Done,
    /// It did not, or it may be run again whatever became of it. What it left behind is to be mended first.
    NotDone {
        /// Statements that remove what is left of it, such as an invalid index.
        mend: Vec<String>,
    },
    /// It took effect in part. It cannot be run again, and is done once the rest is.
    Begun {
        /// Statements that do what is left to do.
        rest: Vec<String>,
    },
    /// Only a human can tell.
    Unknown {
        /// What would be there if it had taken effect, and what is: a line each.
        seen: Vec<String>,
    },
}

/// What a statement leads to expect, and what is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answered {
    pub(super) fact: Fact,
    /// Nothing where the catalog does not tell.
    pub(super) is_there: Option<bool>,
}

impl Answered {
    fn holds(&self) -> Option<bool> {
        self.is_there.map(|is_there| is_there == self.fact.there)
    }

    fn line(&self) -> String {
        let expected = if self.fact.there { "expected" } else { "expected to be gone" };
        let is = match (self.fact.there, self.is_there) {
            (true, Some(true)) => "there",
            (true, Some(false)) => "not there",
            (false, Some(true)) => "still there",
            (false, Some(false)) => "gone",
            (_, None) => "the catalog does not tell",
        };
        format!("{}: {expected}, {is}", self.fact.thing)
    }
}

/// Nothing is there to go by.
pub(super) fn silent(words: &str) -> Verdict {
    Verdict::Unknown { seen: vec![format!("`{words}`: nothing in the catalog tells")] }
}

/// Judges a statement that takes effect as a whole.
pub(super) fn whole(answered: &[Answered], words: &str) -> Verdict {
    if answered.is_empty() {
        return silent(words);
    }
    let told: Vec<bool> = answered.iter().filter_map(Answered::holds).collect();
    match (told.contains(&true), told.contains(&false)) {
        // What is not told of could be what did not come to be.
        (true, false) if told.len() == answered.len() => Verdict::Done,
        (false, true) => Verdict::NotDone { mend: Vec::new() },
        (_, _) => Verdict::Unknown { seen: answered.iter().map(Answered::line).collect() },
    }
}

/// Judges a `DROP` of several things that go one after the other. `words` are those of their kind.
pub(super) fn one_by_one(answered: &[Answered], words: &str, dialect: Dialect) -> Verdict {
    let told: Vec<bool> = answered.iter().filter_map(Answered::holds).collect();
    if told.len() < answered.len() || told.is_empty() {
        return Verdict::Unknown { seen: answered.iter().map(Answered::line).collect() };
    }
    let left = answered.iter().filter(|answered| answered.is_there == Some(true));
    let left: Vec<String> = left.map(|left| left.fact.thing.place.sql(dialect)).collect();
    if left.is_empty() {
        Verdict::Done
    } else if left.len() == answered.len() {
        Verdict::NotDone { mend: Vec::new() }
    } else {
        Verdict::Begun { rest: vec![format!("DROP {words} {}", left.join(", "))] }
    }
}
