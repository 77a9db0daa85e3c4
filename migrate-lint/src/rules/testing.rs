//! What the rules' tests have in common.

#![expect(clippy::string_slice, reason = "findings cover whole tokens")]

use crate::lint::lint;
use crate::rule::Finding;
use crate::rule::Rule;
use crate::settings::Settings;
use migrate_sql::{Dialect, Level, SqlContext};

/// The places that one rule finds in the text, as written there.
pub(super) fn found<'a>(rule: &Rule, sql: &'a str, context: SqlContext) -> Vec<&'a str> {
    found_for(rule, sql, context, None)
}

/// The same, for a server such as `mysql 8.0`.
pub(super) fn found_for<'a>(
    rule: &Rule,
    sql: &'a str,
    context: SqlContext,
    server: Option<&str>,
) -> Vec<&'a str> {
    findings(rule, sql, context, server)
        .iter()
        .map(|finding| &sql[finding.offset..finding.offset + finding.length])
        .collect()
}

fn findings(rule: &Rule, sql: &str, context: SqlContext, server: Option<&str>) -> Vec<Finding> {
    let servers = server.map(|server| server.parse().unwrap());
    let settings = Settings::new([(rule.id, Level::Warn)], servers).unwrap();
    let mut findings = lint(sql, context, &settings).unwrap();
    findings.retain(|finding| finding.rule.id == rule.id);
    findings
}

/// The same, as the `up` of a schema migration in a transaction.
pub(super) fn found_in<'a>(rule: &Rule, dialect: Dialect, sql: &'a str) -> Vec<&'a str> {
    found(rule, sql, SqlContext::new(dialect))
}

/// What one rule says instead, for a server such as `mysql 8.0`.
pub(super) fn advice(
    rule: &Rule,
    dialect: Dialect,
    sql: &str,
    server: Option<&str>,
) -> Vec<String> {
    findings(rule, sql, SqlContext::new(dialect), server)
        .into_iter()
        .map(|finding| finding.rewrite)
        .collect()
}

/// What one rule says is there.
pub(super) fn messages(rule: &Rule, dialect: Dialect, sql: &str) -> Vec<String> {
    findings(rule, sql, SqlContext::new(dialect), None)
        .into_iter()
        .map(|finding| finding.message)
        .collect()
}
