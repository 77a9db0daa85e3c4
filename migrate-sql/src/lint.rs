//! Rules about what SQL does to a database in use, beyond whether it is right.
//!
//! A [`Rule`] says what it finds, why that is dangerous and what to write instead; [`lint`] applies all that
//! are not switched off by [`Settings`] to one text. A rule sees the text alone, how it is run and which server
//! it is for, so what a migration makes itself is known to be empty and unused; what was there before is not.

mod catalogue;
mod finding;
#[cfg(test)]
mod laws;
mod reading;
mod report;
mod rule;
mod rules;
mod settings;

pub use self::{
    catalogue::{rule, rules},
    finding::Finding,
    rule::{Group, Rule},
    settings::{Settings, UnknownRule},
};

use self::{reading::Reading, report::Report};
use crate::{Level, SplitError, Subject};

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
    let mut found = Vec::new();
    for rule in rules() {
        let level = settings.level(rule);
        if level == Level::Allow || !rule.dialects.contains(&subject.dialect) {
            continue;
        }
        if let Some(check) = rule.check {
            check(&reading, &mut Report::new(&reading, rule, level, &mut found));
        }
    }
    found.sort_by_key(|finding| (finding.offset, finding.rule.id));
    Ok(found)
}
