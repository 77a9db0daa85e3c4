//! All rules, applied to one text.

use migrate_sql::{Direction, Level, SplitError, Subject};

use crate::catalogue::rules;
use crate::finding::Finding;
use crate::reading::Reading;
use crate::report::Report;
use crate::rule::{Group, Rule};
use crate::settings::Settings;
use crate::squawk;

/// What the rules find in a text, in its order.
///
/// # Errors
///
/// [`SplitError`] where the text cannot be cut into statements.
///
/// # Examples
///
/// ```
/// use migrate_lint::{Settings, lint};
/// use migrate_sql::{Dialect, Subject};
///
/// let sql = "DELETE FROM users";
/// let found = lint(sql, Subject::new(Dialect::Sqlite), &Settings::default())?;
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
    use migrate_sql::Dialect;

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
