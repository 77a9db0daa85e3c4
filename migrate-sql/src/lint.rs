//! Rules about what SQL does to a database in use, beyond whether it is right.
//!
//! A [`Rule`] says what it finds, why that is dangerous and what to write instead; [`lint`] applies all that
//! are not switched off by [`Settings`] to one text. A rule sees the text alone, how it is run and which server
//! it is for, so what a migration makes itself is known to be empty and unused; what was there before is not.

mod catalogue;
mod finding;
#[cfg(test)]
mod laws;
mod lock;
#[cfg(test)]
mod manual;
mod names;
mod reading;
mod report;
mod rule;
mod rules;
mod settings;
mod squawk;

pub use self::{
    catalogue::{rule, rules},
    finding::Finding,
    rule::{Group, Rule},
    settings::{Settings, UnknownRule},
};

use self::{reading::Reading, report::Report};
use crate::{Direction, Level, SplitError, Subject};

/// What the rules find in a text, in its order.
///
/// # Errors
///
/// [`SplitError`] where the text cannot be cut into statements.
///
/// # Examples
///
/// ```
/// use migrate_sql::{Dialect, Subject, lint};
///
/// let sql = "DELETE FROM users";
/// let found = lint::lint(sql, Subject::new(Dialect::Sqlite), &lint::Settings::default())?;
/// assert_eq!(found[0].rule.id, "missing-where");
/// # Ok::<(), migrate_sql::SplitError>(())
/// ```
pub fn lint(sql: &str, subject: Subject, settings: &Settings) -> Result<Vec<Finding>, SplitError> {
    let reading = Reading::new(sql, subject, settings.server(subject.dialect))?;
    let on = on(subject, settings);
    let mut found = Vec::new();
    for (rule, level) in &on {
        if let Some(check) = rule.check {
            check(&reading, &mut Report::new(&reading, rule, *level, &mut found));
        }
    }
    squawk::lint(sql, &reading, &on, &mut found);
    found.sort_by_key(|finding| (finding.offset, finding.rule.id));
    Ok(found)
}

/// The rules that look at a text, with their levels.
fn on(subject: Subject, settings: &Settings) -> Vec<(&'static Rule, Level)> {
    rules()
        .iter()
        .filter(|rule| rule.dialects.contains(&subject.dialect))
        .filter(|rule| match subject.direction {
            Direction::Up => true,
            // Undoing drops what was made: only what fails and what blocks is worth a word.
            Direction::Down => matches!(rule.group, Group::Correctness | Group::Locks),
        })
        .map(|rule| (rule, settings.level(rule)))
        .filter(|(_, level)| *level != Level::Allow)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dialect;

    fn ids(sql: &str, subject: Subject) -> Vec<&'static str> {
        let found = lint(sql, subject, &Settings::default()).unwrap();
        found.iter().map(|finding| finding.rule.id).collect()
    }

    #[test]
    fn a_down_may_drop_but_not_block() {
        let sql = "DROP TABLE a; DROP INDEX b";
        let up = Subject::new(Dialect::Postgres);
        let down = Subject { direction: Direction::Down, ..up };
        assert_eq!(ids(sql, up), ["ban-drop-table", "require-concurrent-index-deletion"]);
        assert_eq!(ids(sql, down), ["require-concurrent-index-deletion"]);
    }
}
