//! Checks a migration's SQL at compile time, in each of the crate's dialects.

#[cfg(feature = "lint")]
mod findings;

use std::collections::BTreeSet;
use std::ops::Range;

#[cfg(feature = "lint")]
use migrate_lint::validate;
#[cfg(not(feature = "lint"))]
use migrate_sql::validate;
use migrate_sql::{
    Dialect, Direction, Fault, Position, SqlContext, Underivable, Validator, reverse, split,
};
use proc_macro2::Ident;

use crate::config::{Config, Said};
use crate::diag::Diag;
use crate::excerpt::excerpt;
use crate::migration::model::Turns;
use crate::migration::model::Waiver;
use crate::rule::{MIXED, PENDING_DATA};
use crate::source::File;
use crate::text::Text;
use crate::warning::Warning;

/// The check of one migration.
pub(crate) struct Check<'a> {
    config: &'a Config,
    /// `None` if it is invalid: then no finding about the SQL would be reliable.
    subject: Option<Turns>,
    waivers: &'a [Waiver],
    /// The waived rules that have findings.
    used: BTreeSet<String>,
    /// Whether all of the SQL was seen and has no faults.
    complete: bool,
    warnings: Vec<Warning>,
}

/// The result of a check after all SQL is read.
pub(crate) struct Checked {
    pub(crate) warnings: Vec<Warning>,
    /// Whether all of the SQL was checked, by faults, parsers and rules, in all its dialects.
    pub(crate) complete: bool,
}

impl<'a> Check<'a> {
    pub(crate) fn new(config: &'a Config, subject: Option<Turns>, waivers: &'a [Waiver]) -> Self {
        let complete = subject.is_some();
        Self { config, subject, waivers, used: BTreeSet::new(), complete, warnings: Vec::new() }
    }

    /// Reports what is wrong with a text, if there is one. Returns whether it can run, as far as it is seen.
    pub(crate) fn text(
        &mut self,
        text: Option<&Text>,
        direction: Direction,
        diag: &mut Diag,
    ) -> bool {
        let sql = text.and_then(|text| Some((text, text.sql.as_deref()?)));
        let (Some((text, sql)), Some(subject)) = (sql, self.subject) else {
            self.complete = false;
            return true;
        };
        let subject = subject.going(direction);
        if self.faults(text, sql, subject, diag) {
            self.complete = false;
            return false;
        }
        #[cfg(feature = "lint")]
        self.findings(text, sql, subject, diag);
        true
    }

    /// Reports the faults of a text. Returns whether there were any.
    fn faults(&mut self, text: &Text, sql: &str, subject: Turns, diag: &mut Diag) -> bool {
        let dialects = &self.config.dialects;
        let said = dialects.gather(
            |dialect| self.faults_in(sql, subject.of(dialect)),
            |fault| (fault.offset(), fault.code()),
        );
        let mut faulty = false;
        for Said { what: fault, by } in said {
            if fault.code() == MIXED && self.is_waived(MIXED) {
                self.used.insert(MIXED.to_owned());
            } else if dialects.count(&by) {
                faulty = true;
                let place = word_at(sql, fault.offset());
                let place = shown(text, sql, place);
                let help = fault.hint().map(|hint| format!("\nhelp: {hint}")).unwrap_or_default();
                let message = format!("{}{fault}\n{place}{help}", dialects.only(&by));
                diag.error(text.shown(fault.offset()), message);
            }
        }
        faulty
    }

    fn faults_in(&self, sql: &str, subject: SqlContext) -> Vec<Fault> {
        let mut found = validate(sql, subject);
        if self.is_waived(MIXED) {
            // A `mixed` fault hides the other faults of its statement.
            let mut validator = Validator::new(subject).may_mix(true);
            let statements = split(sql, subject.dialect).unwrap_or_default();
            let numbered = statements.iter().zip(1..);
            found.extend(
                numbered.filter_map(|(statement, number)| validator.fault(statement, number)),
            );
        }
        found
    }

    fn is_waived(&self, rule: &str) -> bool {
        self.waivers.iter().any(|waiver| waiver.rule == rule)
    }

    /// Derives the SQL that undoes a text, in each dialect. If that is not possible, reports it at `function` and returns `None`.
    pub(crate) fn derive(
        &self,
        text: &Text,
        sql: &str,
        function: &Ident,
        diag: &mut Diag,
    ) -> Option<Vec<(Dialect, String)>> {
        let dialects = &self.config.dialects;
        let reversed = dialects.all().iter().map(|dialect| (*dialect, reverse(sql, *dialect)));
        let (derived, refused): (Vec<_>, Vec<_>) = reversed.partition(|(_, down)| down.is_ok());
        let Some((_, Err(first))) = refused.first() else {
            return Some(
                derived.into_iter().filter_map(|(of, down)| Some((of, down.ok()?))).collect(),
            );
        };
        let same = refused.iter().filter(|(_, other)| other.as_ref().err() == Some(first));
        let by: Vec<_> = same.map(|(dialect, _)| *dialect).collect();
        let offset = match first {
            Underivable::Statement { offset, .. } => *offset,
            Underivable::Incomplete(error) => error.offset(),
            _ => 0,
        };
        let place = shown(text, sql, word_at(sql, offset));
        let settings = if dialects.is_declared() || derived.is_empty() {
            ""
        } else {
            "; or name the crate's `dialect` in `migrate.toml`"
        };
        diag.error_with_help(
            function,
            format_args!("{NO_DOWN}\n{}{first}\n{place}", dialects.only(&by)),
            format_args!("{SAY_DOWN}{settings}"),
        );
        None
    }

    /// Returns the warnings, including those about unused waivers.
    pub(crate) fn finish(mut self) -> Checked {
        let unused = self.waivers.iter().filter(|waiver| {
            // Without the rules, only waivers that name no rule are known to be unused.
            // Pending data revisions are known only when there is a database.
            waiver.rule != PENDING_DATA
                && self.complete
                && !self.used.contains(&waiver.rule)
                && (cfg!(feature = "lint") || waiver.rule == MIXED)
        });
        self.warnings.extend(unused.map(|waiver| Warning {
            name: "unused_waiver".to_owned(),
            note: format!(
                "`{}` finds nothing in this migration's SQL\nhelp: remove the `waive(…)`",
                waiver.rule
            ),
            tokens: waiver.tokens.clone(),
        }));
        let complete =
            cfg!(feature = "lint") && self.complete && self.config.dialects.is_declared();
        Checked { warnings: self.warnings, complete }
    }
}

pub(crate) const NO_DOWN: &str = "a schema migration needs a `down`";
pub(crate) const SAY_DOWN: &str =
    "write `down = \"…\"` with SQL, `down = a_function`, or `down = irreversible`";

/// Shows a line of a text, under its location.
fn shown(text: &Text, sql: &str, range: Range<usize>) -> String {
    let title = place(text, sql, range.start);
    excerpt(sql, range, &title)
}

/// Returns the location of a byte of a text: in the SQL, and in the file.
fn place(text: &Text, sql: &str, offset: usize) -> String {
    let in_sql = Position::of(sql, offset);
    let (file, in_file) = match &text.source {
        Some(source) => (Some(&source.file), source.locate(sql, offset)),
        None => (None, None),
    };
    let Position { line, column } = in_sql;
    match (file, in_file) {
        (Some(File::Included(file)), _) => format!("{file}:{in_sql}"),
        (Some(File::Invoking), Some(in_file)) => {
            let mut tokens = text.shown(offset).clone().into_iter();
            let file = tokens.next().map(|token| token.span().file()).unwrap_or_default();
            format!("line {line}, column {column} of the SQL ({file}:{in_file})")
        }
        (Some(File::Invoking) | None, _) => format!("line {line}, column {column} of the SQL"),
    }
}

/// Returns the word that starts at a byte.
fn word_at(sql: &str, offset: usize) -> Range<usize> {
    let rest = sql.get(offset..).unwrap_or_default();
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let length = rest.find(|character| !is_word(character)).unwrap_or(rest.len());
    offset..offset + length
}
