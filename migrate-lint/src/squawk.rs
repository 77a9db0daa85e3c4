//! squawk's rules for PostgreSQL, in our words.
//!
//! squawk parses the text and says where; what it means, what is new, and what to write instead is said here.

mod advice;
mod compatibility;
mod correctness;
mod data_loss;
mod design;
mod harmless;
mod locks;
mod parse;
mod place;
mod security;
mod strict;

use squawk_linter::{Linter, LinterSettings, Rule as Squawk, Version, Violation};

use self::{advice::Advice, place::Place};
use crate::rule::Finding;
use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::{Dialect, Level, Server};

/// One of squawk's rules as it is taken over.
#[derive(Debug)]
struct Taken {
    squawk: Squawk,
    id: &'static str,
    level: Level,
    finds: &'static str,
    why: &'static str,
    rewrite: &'static str,
    /// What is said of a place, unless `tell` knows better.
    message: &'static str,
    tell: Option<Tell>,
}

/// Says in the statement's own words what a place deserves, if they are understood.
type Tell = fn(&Place<'_, '_>) -> Option<Advice>;

/// What is taken over. Left out is what the runner refuses or does itself: `transaction-nesting` and
/// `ban-uncommitted-transaction` (no migration holds transaction control),
/// `ban-concurrent-index-creation-in-transaction` (a fault before anything runs), `require-timeout-settings`
/// (another name for two others) and `unused-ignore` (squawk's own comments count for nothing here).
const TAKEN: [(Group, &[Taken]); 8] = [
    (Group::Correctness, correctness::TAKEN),
    (Group::Locks, locks::TAKEN),
    (Group::DataLoss, data_loss::TAKEN),
    (Group::Rows, correctness::ROWS),
    (Group::Compatibility, compatibility::TAKEN),
    (Group::Compatibility, strict::TAKEN),
    (Group::Security, security::TAKEN),
    (Group::Design, design::TAKEN),
];

/// What is taken over, as rules like ours.
pub(super) fn rules() -> impl Iterator<Item = Rule> {
    TAKEN.into_iter().flat_map(|(group, taken)| taken.iter().map(move |taken| taken.rule(group)))
}

impl Taken {
    const fn rule(&self, group: Group) -> Rule {
        Rule {
            id: self.id,
            group,
            level: self.level,
            dialects: &[Dialect::Postgres],
            finds: self.finds,
            why: self.why,
            rewrite: self.rewrite,
            check: None,
        }
    }

    fn tell(&self, place: &Place<'_, '_>) -> Advice {
        let exact = self.tell.and_then(|tell| tell(place));
        exact.unwrap_or_else(|| Advice::new(self.message, self.rewrite))
    }
}

/// A rule that is on.
#[derive(Debug)]
struct On {
    taken: &'static Taken,
    rule: &'static Rule,
    level: Level,
}

/// Adds what squawk finds by the rules that are on. A text that does not parse has faults instead.
pub(super) fn lint(
    sql: &str,
    script: &ParsedScript<'_>,
    on: &[(&'static Rule, Level)],
    found: &mut Vec<Finding>,
) {
    if script.context.dialect != Dialect::Postgres || !script.context.parse {
        return;
    }
    let all = || TAKEN.iter().flat_map(|(_, taken)| taken.iter());
    let on: Vec<_> = on
        .iter()
        .filter(|(rule, _)| rule.check.is_none())
        .filter_map(|(rule, level)| {
            let taken = all().find(|taken| taken.id == rule.id)?;
            Some(On { taken, rule, level: *level })
        })
        .collect();
    for violation in violations(sql, script, &on) {
        report(&violation, script, &on, found);
    }
}

fn violations(sql: &str, script: &ParsedScript<'_>, on: &[On]) -> Vec<Violation> {
    let rules: Vec<_> = on
        .iter()
        .map(|on| on.taken.squawk)
        // In a transaction nothing is left half done that a second run could find.
        .filter(|rule| !(script.context.transaction && *rule == Squawk::PreferRobustStmts))
        .collect();
    if rules.is_empty() {
        return Vec::new();
    }
    let settings = LinterSettings {
        pg_version: version(script.server),
        // squawk takes every table that the transaction creates for new, also where `IF NOT EXISTS` found an old
        // one; `Place::is_new` knows better.
        assume_in_transaction: false,
    };
    parse::parsed(sql, script, move |file, text| {
        let mut linter = Linter::from(rules);
        linter.settings = settings;
        linter.lint(file, text)
    })
    .unwrap_or_default()
}

fn version(server: Option<Server>) -> Version {
    let [major, minor, patch] = server.map(Server::version).unwrap_or_default();
    match server {
        Some(_) => format!("{major}.{minor}.{patch}").parse().unwrap_or_default(),
        None => Version::default(),
    }
}

fn report(violation: &Violation, script: &ParsedScript<'_>, on: &[On], found: &mut Vec<Finding>) {
    let Some(on) = on.iter().find(|on| on.taken.squawk == violation.code) else { return };
    let Some(place) = Place::new(script, violation.text_range.into()) else { return };
    // What is new has no rows and no users; what is badly named or typed stays so.
    let spares_new = !matches!(on.rule.group, Group::Correctness | Group::Design);
    if spares_new && place.is_new() || harmless::is_harmless(on.taken.squawk, &place) {
        return;
    }
    let advice = on.taken.tell(&place);
    let mut report = Report::new(script, on.rule, on.level, found);
    report.instead(place.read, place.span.clone(), advice.message, advice.rewrite);
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
