//! Evaluates the results from the catalog.

use migrate_sql::Dialect;

use super::thing::Fact;

/// The outcome of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was applied.
    Done,
    /// It was not applied, or may run again in any case. Its leftovers have to be removed first.
    NotDone {
        /// Statements that remove leftovers, such as an invalid index.
        mend: Vec<String>,
    },
    /// It was applied in part. It cannot run again, and is done once the rest is.
    Begun {
        /// Statements that do the rest.
        rest: Vec<String>,
    },
    /// Only a person can determine the outcome.
    Unknown {
        /// What the catalog would show if it had been applied, and what it shows: one per line.
        seen: Vec<String>,
    },
}

/// An expected fact, and what the catalog shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answered {
    pub(super) fact: Fact,
    /// Whether the object exists; `None` where the catalog does not tell.
    pub(super) is_there: Option<bool>,
    /// Whether the object existed before; `None` where the catalog did not tell, or was not asked.
    pub(super) was_there: Option<bool>,
}

impl Answered {
    fn holds(&self) -> Option<bool> {
        self.is_there.map(|is_there| is_there == self.fact.there)
    }

    /// Returns whether the fact was already true before the statement, which was then refused.
    fn held(&self) -> bool {
        self.was_there == Some(self.fact.there)
    }

    fn has_changed(&self) -> bool {
        self.was_there == Some(!self.fact.there) && self.holds() == Some(true)
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
        let was = if self.held() { ", as it was before" } else { "" };
        format!("{}: {expected}, {is}{was}", self.fact.thing)
    }
}

/// Returns an unknown outcome, with what is expected and what exists.
pub(super) fn unknown(answered: &[Answered]) -> Verdict {
    Verdict::Unknown { seen: answered.iter().map(Answered::line).collect() }
}

/// Returns an unknown outcome without any facts.
pub(super) fn silent(words: &str) -> Verdict {
    Verdict::Unknown { seen: vec![format!("`{words}`: the catalog does not tell")] }
}

/// What is known about the state before a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Past {
    /// The journal recorded it.
    Noted,
    /// An earlier version wrote the journal, and did not record it.
    Unnoted,
}

/// Evaluates an atomic statement. For `Done`, the definition still has to be compared.
pub(super) fn whole(answered: &[Answered], past: Past, words: &str) -> Verdict {
    if answered.is_empty() {
        return silent(words);
    }
    let not_done = Verdict::NotDone { mend: Vec::new() };
    let told: Vec<bool> = answered.iter().filter_map(Answered::holds).collect();
    let all_told = told.len() == answered.len();
    match (told.contains(&true), told.contains(&false)) {
        (false, true) => not_done,
        // An unknown fact could be the one that is not true.
        (true, false) if all_told => match past {
            Past::Unnoted => Verdict::Done,
            // The object that blocked it exists as before.
            Past::Noted if answered.iter().any(Answered::held) => {
                let has_changed = answered.iter().any(Answered::has_changed);
                if has_changed { unknown(answered) } else { not_done }
            }
            Past::Noted if answered.iter().any(Answered::has_changed) => Verdict::Done,
            // Everything that existed is gone.
            Past::Noted if answered.iter().all(|answered| !answered.fact.there) => Verdict::Done,
            Past::Noted => unknown(answered),
        },
        (_, _) if all_told && past == Past::Noted && is_as_it_was(answered) => not_done,
        (_, _) => unknown(answered),
    }
}

/// Returns whether nothing has changed. Parts of what the statement would create were not recorded, and do not count.
fn is_as_it_was(answered: &[Answered]) -> bool {
    let mut noted = answered.iter().filter(|answered| answered.was_there.is_some()).peekable();
    noted.peek().is_some() && noted.all(|answered| answered.was_there == answered.is_there)
}

/// Evaluates a `DROP` of several objects that are dropped one after the other. `words` are those of their kind.
pub(super) fn one_by_one(answered: &[Answered], words: &str, dialect: Dialect) -> Verdict {
    let told: Vec<bool> = answered.iter().filter_map(Answered::holds).collect();
    if told.len() < answered.len() || told.is_empty() {
        return unknown(answered);
    }
    // If one of them did not exist, the statement was refused.
    if answered.iter().any(Answered::held) {
        return Verdict::NotDone { mend: Vec::new() };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::probe::place::Place;
    use crate::run::probe::thing::{Thing, What};

    fn answered(there: bool, was_there: Option<bool>, is_there: Option<bool>) -> Answered {
        let thing = Thing::new(What::Table, Place::bare("a".to_owned()));
        let fact = if there { Fact::there(thing) } else { Fact::gone(thing) };
        Answered { fact, is_there, was_there }
    }

    fn word(answered: &[Answered], past: Past) -> &'static str {
        match whole(answered, past, "") {
            Verdict::Done => "done",
            Verdict::NotDone { .. } => "not done",
            Verdict::Begun { .. } => "begun",
            Verdict::Unknown { .. } => "unknown",
        }
    }

    #[test]
    fn done_needs_the_change() {
        let (yes, no) = (Some(true), Some(false));
        for (there, was, is, found) in [
            (true, no, yes, "done"),
            (true, yes, yes, "not done"),
            (true, no, no, "not done"),
            (true, None, yes, "unknown"),
            (false, yes, no, "done"),
            (false, no, no, "not done"),
            (false, yes, yes, "not done"),
            (false, yes, None, "unknown"),
            (false, None, no, "done"),
        ] {
            let one = [answered(there, was, is)];
            assert_eq!(word(&one, Past::Noted), found, "{there} {was:?} {is:?}");
        }
        assert_eq!(word(&[answered(true, None, yes)], Past::Unnoted), "done");
    }

    #[test]
    fn what_was_there_in_part_is_unknown_once_the_rest_has_come() {
        let (yes, no) = (Some(true), Some(false));
        let came = [answered(true, yes, yes), answered(true, no, yes)];
        assert_eq!(word(&came, Past::Noted), "unknown");
        let stayed = [answered(true, yes, yes), answered(true, no, no)];
        assert_eq!(word(&stayed, Past::Noted), "not done");
        assert_eq!(word(&stayed, Past::Unnoted), "unknown");
    }
}
