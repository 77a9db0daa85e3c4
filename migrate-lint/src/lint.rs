//! All rules, applied to one text.

use migrate_sql::{Direction, Level, SplitError, SqlContext};

use crate::registry::rules;
use crate::rule::Finding;
use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
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
/// use migrate_sql::{Dialect, SqlContext};
///
/// let sql = "DELETE FROM users";
/// let found = lint(sql, SqlContext::new(Dialect::Sqlite), &Settings::default())?;
/// assert_eq!(found[0].rule.id, "missing-where");
/// # Ok::<(), migrate_sql::SplitError>(())
/// ```
pub fn lint(
    sql: &str,
    context: SqlContext,
    settings: &Settings,
) -> Result<Vec<Finding>, SplitError> {
    let script = ParsedScript::new(sql, context, settings.server(context.dialect))?;
    let on = on(context, settings);
    let mut found = Vec::new();
    for (rule, level) in &on {
        if let Some(check) = rule.check {
            check(&script, &mut Report::new(&script, rule, *level, &mut found));
        }
    }
    squawk::lint(sql, &script, &on, &mut found);
    found.sort_by_key(|finding| (finding.offset, finding.rule.id));
    Ok(found)
}

/// The rules that look at a text, with their levels.
fn on(context: SqlContext, settings: &Settings) -> Vec<(&'static Rule, Level)> {
    rules()
        .iter()
        .filter(|rule| rule.dialects.contains(&context.dialect))
        .filter(|rule| match context.direction {
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

    fn ids(sql: &str, context: SqlContext) -> Vec<&'static str> {
        let found = lint(sql, context, &Settings::default()).unwrap();
        found.iter().map(|finding| finding.rule.id).collect()
    }

    #[test]
    fn a_down_may_drop_but_not_block() {
        let sql = "DROP TABLE a; DROP INDEX b";
        let up = SqlContext::new(Dialect::Postgres);
        let down = SqlContext { direction: Direction::Down, ..up };
        assert_eq!(ids(sql, up), ["ban-drop-table", "require-concurrent-index-deletion"]);
        assert_eq!(ids(sql, down), ["require-concurrent-index-deletion"]);
    }
}
