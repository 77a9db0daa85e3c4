//! What the rules' tests have in common.

#![expect(clippy::string_slice, reason = "findings cover whole tokens")]

use crate::{
    Dialect, Level, Subject,
    lint::{self, Rule, Settings},
};

/// The places that one rule finds in the text, as written there.
pub(super) fn found<'a>(rule: &Rule, sql: &'a str, subject: Subject) -> Vec<&'a str> {
    found_for(rule, sql, subject, None)
}

/// The same, for a server such as `mysql 8.0`.
pub(super) fn found_for<'a>(
    rule: &Rule,
    sql: &'a str,
    subject: Subject,
    server: Option<&str>,
) -> Vec<&'a str> {
    let servers = server.map(|server| server.parse().unwrap());
    let settings = Settings::new([(rule.id, Level::Warn)], servers).unwrap();
    let findings = lint::lint(sql, subject, &settings).unwrap();
    findings
        .iter()
        .filter(|finding| finding.rule.id == rule.id)
        .map(|finding| &sql[finding.offset..finding.offset + finding.length])
        .collect()
}

/// The same, as the `up` of a schema migration in a transaction.
pub(super) fn found_in<'a>(rule: &Rule, dialect: Dialect, sql: &'a str) -> Vec<&'a str> {
    found(rule, sql, Subject::new(dialect))
}
