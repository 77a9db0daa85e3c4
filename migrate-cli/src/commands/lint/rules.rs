//! Lists and explains the rules.

use migrate_core::Level;
use migrate_lint::{Group, Rule, Settings};

use crate::error::{Exit, Outcome, Problem};
use crate::io::{ERROR, WARNING, paint};
use crate::json;
use crate::rendered;
use crate::session::Session;

/// The only fault that can be waived.
const MIXED: &str = "\
mixed (a fault, always denied)

Finds DDL in a data migration, and DML in a schema migration.

The two are undone, repeated and timed differently: a schema change must be quick and can be undone by its words, a change of \
rows can take long, be made in steps, and be lost.

Move it to a migration of the other kind, before or behind this one.

To suppress it: `waive(mixed, reason = \"…\")`";

/// Lists every rule by group, with its severity.
pub(super) fn list(session: &mut Session<'_>) -> Exit {
    let settings = settings(session);
    if session.printer.is_json() {
        let rules = migrate_lint::rules().iter().map(|rule| document(rule, &settings)).collect();
        session.printer.json(&json::Rules { rules });
        return Exit::DONE;
    }
    let color = session.printer.color;
    let longest = migrate_lint::rules().iter().map(|rule| rule.id.len()).max().unwrap_or_default();
    for group in Group::ALL {
        let mut rules = migrate_lint::rules().iter().filter(|rule| rule.group == group).peekable();
        if rules.peek().is_none() {
            continue;
        }
        session.printer.line(format_args!("{}:", group.name()));
        for rule in rules {
            let level = shown(settings.level(rule), color);
            session.printer.line(format_args!("  {level}  {:<longest$}  {}", rule.id, rule.finds));
        }
    }
    Exit::DONE
}

/// Explains one rule; the explanation may differ between dialects.
pub(super) fn explain(session: &mut Session<'_>, name: &str) -> Outcome {
    if name == "mixed" {
        session.printer.line(MIXED);
        return Ok(Exit::DONE);
    }
    let Some(rule) = migrate_lint::rule(name) else {
        let problem = Problem::usage("unknown-rule", format_args!("unknown rule `{name}`"));
        return Err(problem.hint("`migrate lint --rules` lists the rules").into());
    };
    let settings = settings(session);
    if session.printer.is_json() {
        session.printer.json(&document(rule, &settings));
        return Ok(Exit::DONE);
    }
    for rule in migrate_lint::rules().iter().filter(|same| same.id == rule.id) {
        let dialects: Vec<&str> = rule.dialects.iter().map(|dialect| dialect.name()).collect();
        let (id, group, level) = (rule.id, rule.group.name(), settings.level(rule));
        session.printer.line(format_args!(
            "{id} ({group}, {level}) on {}\n\nFinds {}.\n\n{}\n\n{}\n",
            dialects.join(", "),
            rule.finds,
            rule.why,
            rule.rewrite,
        ));
    }
    let waived = rule.id.replace('-', "_");
    session.printer.line(format_args!("To suppress it: `waive({waived}, reason = \"…\")`"));
    Ok(Exit::DONE)
}

/// Returns the settings, or the defaults if they are invalid: the user may be looking for the right name of a rule.
fn settings(session: &Session<'_>) -> Settings {
    match session.levels() {
        Ok(levels) => levels.settings,
        Err(error) => {
            session.printer.talk().say(rendered::text(&error, session.printer.talk().color));
            Settings::default()
        }
    }
}

fn document(rule: &Rule, settings: &Settings) -> json::Rule {
    json::Rule {
        rule: rule.id,
        group: rule.group.name(),
        level: settings.level(rule).name(),
        dialects: rule.dialects.iter().map(|dialect| dialect.name()).collect(),
        finds: rule.finds,
        why: rule.why,
        rewrite: rule.rewrite,
    }
}

fn shown(level: Level, color: bool) -> String {
    let padded = format!("{:<5}", level.name());
    match level {
        Level::Deny => paint(padded, ERROR, color),
        Level::Warn => paint(padded, WARNING, color),
        Level::Allow => padded,
    }
}
