//! Checks the SQL of migrations: faults and rules.

mod gathered;
mod leftovers;
mod settings;

use std::error::Error as StdError;

use migrate_core::{
    Body, DbError, DbErrorCause, Dialect, Direction, Down, Excerpt, Fault, Level, Migration,
    OfflineError, Origin, PENDING_DATA, Panicked, RevisionKey, Waiver, record,
};
use migrate_lint::parse::{self, Unknown};
use migrate_lint::{Finding, Settings, validate};

use self::gathered::Gathered;
pub(crate) use self::settings::Levels;

/// A finding in a migration.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// The name of the rule or the fault.
    pub(crate) code: &'static str,
    pub(crate) level: Level,
    /// What was found, and its effect.
    pub(crate) message: String,
    pub(crate) why: Option<&'static str>,
    /// What to do instead.
    pub(crate) help: Option<String>,
    pub(crate) key: RevisionKey,
    pub(crate) direction: Direction,
    pub(crate) statement: Option<usize>,
    /// The SQL; `None` for findings about the whole migration.
    pub(crate) excerpt: Option<Excerpt>,
    pub(crate) origin: Option<Origin>,
}

/// A body whose SQL is not known before it runs.
#[derive(Clone, Debug)]
pub(crate) struct Unseen {
    pub(crate) key: RevisionKey,
    pub(crate) direction: Direction,
    pub(crate) reason: String,
}

/// The result of checking a migration.
#[derive(Debug, Default)]
pub(crate) struct Inspected {
    pub(crate) found: Vec<Found>,
    pub(crate) unseen: Vec<Unseen>,
}

/// Checks migrations in some dialects.
#[derive(Clone, Debug)]
pub(crate) struct Inspector {
    pub(crate) settings: Settings,
    pub(crate) dialects: Vec<Dialect>,
    /// Whether only findings of all dialects count, as for a crate that declares none.
    pub(crate) all_agree: bool,
    /// Whether to run code, without a database, to see what it would send.
    pub(crate) runs_code: bool,
    /// Whether to report unused waivers. Not if some dialects are not checked, where a waiver may be needed.
    pub(crate) judges_waivers: bool,
}

/// One text of a migration.
#[derive(Clone, Copy, Debug)]
struct Text<'a> {
    migration: &'a Migration,
    dialect: Dialect,
    direction: Direction,
    sql: &'a str,
}

impl Inspector {
    /// Creates a check of SQL, without code, in these dialects, each of which counts; `declared` are those of the crate.
    pub(crate) fn new(settings: Settings, dialects: Vec<Dialect>, declared: &[Dialect]) -> Self {
        let judges_waivers = declared.iter().all(|dialect| dialects.contains(dialect));
        Self { settings, dialects, all_agree: false, runs_code: false, judges_waivers }
    }

    /// Checks all SQL of a migration, and applies its waivers.
    pub(crate) async fn migration(&self, migration: &Migration) -> Inspected {
        let settings = self.for_waivers(migration);
        let mut gathered = Gathered::default();
        let mut unseen = Vec::new();
        for (direction, body) in bodies(migration) {
            for dialect in self.dialects.iter().copied() {
                match self.sql(migration, body, dialect, direction).await {
                    Ok(sql) => {
                        let text = Text { migration, dialect, direction, sql: &sql };
                        let mut found = look(&text, &settings);
                        found.extend(leftovers::of(&text, body));
                        gathered.add(dialect, found);
                    }
                    Err(NoSql::Refused(found)) => gathered.add(dialect, vec![*found]),
                    Err(NoSql::Unseen(reason)) => {
                        unseen.push(Unseen { key: migration.key().clone(), direction, reason });
                    }
                }
            }
        }
        unseen.dedup_by(|a, b| a.direction == b.direction);
        let mut found = gathered.finish(&self.dialects, self.all_agree);
        let judged = self.judges_waivers && unseen.is_empty();
        let unused = if judged { unused(migration, &found) } else { Vec::new() };
        found.retain(|found| !is_waived(migration, found));
        found.extend(unused);
        Inspected { found, unseen }
    }

    /// Returns the findings of rules in one text, and applies waivers. Does not look for faults.
    pub(crate) fn rules(
        &self,
        migration: &Migration,
        dialect: Dialect,
        direction: Direction,
        sql: &str,
    ) -> Vec<Found> {
        let text = Text { migration, dialect, direction, sql };
        let found = by_rules(&text, &self.settings);
        found.into_iter().filter(|found| !is_waived(migration, found)).collect()
    }

    /// Returns the statements that no parser could read, so that they were hardly checked.
    pub(crate) fn unread(&self, migration: &Migration) -> Vec<Found> {
        let Body::Sql(body) = migration.up_body() else { return Vec::new() };
        let mut gathered = Gathered::default();
        for dialect in self.dialects.iter().copied().filter(|_| migration.is_parsed()) {
            // SQL that cannot be rendered is reported when it is checked.
            let Ok(sql) = body.render(dialect) else { continue };
            let text = Text { migration, dialect, direction: Direction::Up, sql: sql.text() };
            let unknown = parse::unknown(sql.text(), dialect);
            gathered.add(dialect, unknown.iter().map(|one| of_unknown(&text, one)).collect());
        }
        gathered.finish(&self.dialects, self.all_agree)
    }

    /// Returns the state that code would leave in its session and no server lists, and code that cannot be checked.
    pub(crate) async fn leftovers(&self, migration: &Migration) -> Inspected {
        let mut inspected = Inspected::default();
        let code = bodies(migration).filter(|(_, body)| matches!(body, Body::Code(_)));
        for (direction, body) in code {
            match self.sql(migration, body, Dialect::Mysql, direction).await {
                Ok(sql) => {
                    let text = Text { migration, dialect: Dialect::Mysql, direction, sql: &sql };
                    inspected.found.extend(leftovers::of(&text, body));
                }
                // A refused call is reported when the code is checked.
                Err(NoSql::Refused(_)) => {}
                Err(NoSql::Unseen(reason)) => {
                    let key = migration.key().clone();
                    inspected.unseen.push(Unseen { key, direction, reason });
                }
            }
        }
        inspected
    }

    async fn sql(
        &self,
        migration: &Migration,
        body: &Body,
        dialect: Dialect,
        direction: Direction,
    ) -> Result<String, NoSql> {
        match body {
            Body::Sql(sql) => match sql.render(dialect) {
                Ok(sql) => Ok(sql.text().to_owned()),
                Err(error) => Err(NoSql::Refused(Box::new(of_panic(migration, direction, &error)))),
            },
            Body::Code(_) if !self.runs_code => {
                Err(NoSql::Unseen("code is not run here".to_owned()))
            }
            Body::Code(code) => {
                let recorded = record(migration, code, dialect, direction).await;
                recorded.map_err(|error| NoSql::of(migration, direction, &error))
            }
        }
    }

    /// Returns the settings with waived rules enabled: a waiver may be for a rule that is off by default.
    fn for_waivers(&self, migration: &Migration) -> Settings {
        let mut settings = self.settings.clone();
        for waiver in migration.waivers() {
            if let Some(rule) = migrate_lint::rule(waiver.rule)
                && settings.level(rule) == Level::Allow
            {
                // The name is known.
                drop(settings.set([(rule.id, Level::Warn)]));
            }
        }
        settings
    }
}

/// Returns the bodies that the user wrote. A derived `down` undoes exactly `up`.
fn bodies(migration: &Migration) -> impl Iterator<Item = (Direction, &Body)> {
    let down = match migration.down_body() {
        Down::Body(body) => Some((Direction::Down, body)),
        Down::Derived(_) | Down::Irreversible | Down::Nothing => None,
    };
    [(Direction::Up, migration.up_body())].into_iter().chain(down)
}

fn look(text: &Text<'_>, settings: &Settings) -> Vec<Found> {
    let context = text.migration.context(text.dialect, text.direction);
    let faults = validate(text.sql, context).into_iter().map(|fault| of_fault(text, &fault));
    faults.chain(by_rules(text, settings)).collect()
}

fn by_rules(text: &Text<'_>, settings: &Settings) -> Vec<Found> {
    let context = text.migration.context(text.dialect, text.direction);
    // A text that cannot be split into statements has a fault of its own.
    let findings = migrate_lint::lint(text.sql, context, settings).unwrap_or_default();
    findings.into_iter().map(|finding| of_rule(text, finding)).collect()
}

fn of_fault(text: &Text<'_>, fault: &Fault) -> Found {
    let (migration, direction, at) = (text.migration, text.direction, fault.offset());
    let excerpt = Some(Excerpt::of_migration(migration, direction, text.sql, at..at));
    Found { excerpt, ..of_fault_in(migration, direction, fault) }
}

fn of_fault_in(migration: &Migration, direction: Direction, fault: &Fault) -> Found {
    Found {
        code: fault.code(),
        level: Level::Deny,
        message: fault.to_string(),
        why: None,
        help: fault.hint(),
        key: migration.key().clone(),
        direction,
        statement: fault.statement(),
        excerpt: None,
        origin: migration.origin(),
    }
}

fn of_panic(migration: &Migration, direction: Direction, error: &Panicked) -> Found {
    Found {
        code: "panicked",
        level: Level::Deny,
        message: format!("the function that returns the SQL panicked: {}", error.message),
        why: None,
        help: None,
        key: migration.key().clone(),
        direction,
        statement: None,
        excerpt: None,
        origin: migration.origin(),
    }
}

fn of_rule(text: &Text<'_>, finding: Finding) -> Found {
    let piece = finding.offset..finding.offset + finding.length;
    Found {
        code: finding.rule.id,
        level: finding.level,
        message: finding.message,
        why: Some(finding.rule.why),
        help: Some(finding.rewrite),
        key: text.migration.key().clone(),
        direction: text.direction,
        statement: Some(finding.statement),
        excerpt: Some(Excerpt::of_migration(text.migration, text.direction, text.sql, piece)),
        origin: text.migration.origin(),
    }
}

fn of_unknown(text: &Text<'_>, unknown: &Unknown) -> Found {
    let at = unknown.offset;
    Found {
        code: "not-parsed",
        level: Level::Warn,
        message: format!("statement {} was not parsed: {}", unknown.statement, unknown.message),
        why: None,
        help: Some("if it is correct, set `parse = false`".to_owned()),
        key: text.migration.key().clone(),
        direction: text.direction,
        statement: Some(unknown.statement),
        excerpt: Some(Excerpt::of_migration(text.migration, text.direction, text.sql, at..at)),
        origin: text.migration.origin(),
    }
}

/// The reason why a body has no SQL.
enum NoSql {
    /// A call of code was refused.
    Refused(Box<Found>),
    /// The SQL is not known before it runs.
    Unseen(String),
}

impl NoSql {
    fn of(migration: &Migration, direction: Direction, error: &OfflineError) -> Self {
        let OfflineError::Code { source, .. } = error else {
            return Self::Unseen("it reads from the database".to_owned());
        };
        match refused(migration, direction, source.as_ref()) {
            Some(found) => Self::Refused(Box::new(found)),
            None => Self::Unseen(format!("it fails without a database: {source}")),
        }
    }
}

/// Returns the fault because of which a call of code was refused.
fn refused(
    migration: &Migration,
    direction: Direction,
    error: &(dyn StdError + Send + Sync + 'static),
) -> Option<Found> {
    let call: &DbError = error.downcast_ref()?;
    let DbErrorCause::Script(fault) = &call.cause else { return None };
    let excerpt = Excerpt::of_call(migration, call);
    Some(Found { excerpt, ..of_fault_in(migration, direction, fault) })
}

/// Returns whether a finding is waived. `mixed` is the only fault that can be: SQL with another one would fail anyway.
fn is_waived(migration: &Migration, found: &Found) -> bool {
    let can_be = found.code == "mixed" || migrate_lint::rule(found.code).is_some();
    can_be && migration.waives(found.code)
}

/// Returns the unused waivers.
fn unused(migration: &Migration, found: &[Found]) -> Vec<Found> {
    let idle = |rule: &str| !found.iter().any(|found| found.code == rule.replace('_', "-"));
    // A refusal by the plan is not a finding in SQL.
    let of_plans = |waiver: &&Waiver| waiver.is_of(PENDING_DATA);
    let waivers =
        migration.waivers().iter().filter(|waiver| !of_plans(waiver) && idle(waiver.rule));
    waivers
        .map(|waiver| Found {
            code: "unused-waiver",
            level: Level::Warn,
            message: format!("`{}` is waived, but has no findings", waiver.rule),
            why: None,
            help: Some("remove the waiver".to_owned()),
            key: migration.key().clone(),
            direction: Direction::Up,
            statement: None,
            excerpt: None,
            origin: migration.origin(),
        })
        .collect()
}
