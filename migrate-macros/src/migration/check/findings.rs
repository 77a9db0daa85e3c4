//! Reports the findings of rules.

use migrate_lint::{Finding, Settings, lint};
use migrate_sql::Level;

use super::{Check, place, shown};
use crate::config::Said;
use crate::diag::Diag;
use crate::migration::model::Turns;
use crate::text::Text;
use crate::warning::Warning;

impl Check<'_> {
    /// Reports the findings of rules in a text, as errors or warnings, depending on the settings.
    pub(super) fn findings(&mut self, text: &Text, sql: &str, subject: Turns, diag: &mut Diag) {
        let (dialects, settings) = (&self.config.dialects, self.settings());
        let said = dialects.gather(
            |dialect| lint(sql, subject.of(dialect), &settings).unwrap_or_default(),
            |finding| (finding.offset, finding.rule.id),
        );
        for Said { what: finding, by } in said {
            let rule = finding.rule.id;
            if self.is_waived(rule) {
                self.used.insert(rule.to_owned());
            } else if dialects.count(&by) {
                let (only, tokens) = (dialects.only(&by), text.shown(finding.offset));
                if finding.level == Level::Deny {
                    let message = message(text, sql, &finding, &only);
                    diag.error(tokens, format_args!("{rule}: {message}"));
                } else {
                    let (name, note) = (rule.replace('-', "_"), note(text, sql, &finding, &only));
                    self.warnings.push(Warning { name, note, tokens: tokens.clone() });
                }
            }
        }
    }

    /// Returns the crate's settings with waived rules enabled, to detect waivers that are not needed.
    fn settings(&self) -> Settings {
        let mut settings = self.config.lint.clone();
        for waiver in self.waivers {
            // `mixed` and `pending-data` are not rules.
            let _known = settings.set([(&waiver.rule, Level::Warn)]);
        }
        settings
    }
}

/// A warning comes back with every build, so it is short: what is wrong, where, and where the rest is told.
fn note(text: &Text, sql: &str, finding: &Finding, only: &str) -> String {
    let Finding { rule, offset, message, .. } = finding;
    let place = place(text, sql, *offset);
    format!("{only}{message}\n{place}; more: `migrate lint --explain {}`", rule.id)
}

/// What keeps the crate from being compiled also keeps `lint --explain` from being run, so it is told whole.
fn message(text: &Text, sql: &str, finding: &Finding, only: &str) -> String {
    let Finding { rule, offset, length, message, rewrite, .. } = finding;
    let place = shown(text, sql, *offset..offset + length);
    let waive = rule.id.replace('-', "_");
    let why = first_sentence(rule.why);
    format!(
        "{only}{message}\n{place}\nnote: {why}\nhelp: {rewrite}\n\
         help: where it is meant, say `waive({waive}, reason = \"…\")`"
    )
}

/// Returns the first sentence, which says the most.
fn first_sentence(sentences: &str) -> &str {
    let end = sentences.find(". ").map(|before| before + 1);
    end.and_then(|end| sentences.get(..end)).unwrap_or(sentences)
}
