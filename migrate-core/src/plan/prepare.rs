//! Turns a revision and an action into a step that is ready to run.

use std::borrow::Cow;

use migrate_sql::{Direction, Fault};

use crate::declare::body::{Body, Down};
use crate::declare::excerpt::Excerpt;
use crate::declare::migration::{Kind, Migration};
use crate::declare::panicked::Panicked;
use crate::history::Waived;
use crate::plan::{Action, Mode, PlanError, ScriptFault, Step, Work};
use crate::sql::Dialect;
use crate::sql::script::Script;

/// The placeholder that `create` writes in place of the SQL. A revision that still has it is not applied.
pub const UNWRITTEN: &str = "-- write the SQL here";

/// Returns a step that applies `migration`.
pub(super) fn apply(migration: &Migration, dialect: Dialect) -> Result<Step, PlanError> {
    let work = work(migration, Direction::Up, &migration.up, dialect)?;
    if let Work::Sql(script) = &work
        && script.text().trim() == UNWRITTEN
    {
        let (key, origin) = (migration.key.clone(), migration.origin);
        return Err(PlanError::Unwritten { key, origin });
    }
    step(migration, Action::Apply, work, dialect)
}

/// Returns a step that undoes `migration`, or only removes its history row where it has no `down`.
pub(super) fn undo(migration: &Migration, dialect: Dialect) -> Result<Step, PlanError> {
    let work = match &migration.down {
        Down::Body(body) => work(migration, Direction::Down, body, dialect)?,
        Down::Derived(derived) => {
            let key = || migration.key.clone();
            let text = derived.text(dialect);
            let text = text.ok_or_else(|| PlanError::NotDerived { key: key(), dialect })?;
            script(migration, Direction::Down, text.into(), dialect)?
        }
        Down::Nothing | Down::Irreversible => {
            return in_history(migration, Action::Forget, dialect);
        }
    };
    step(migration, Action::Revert, work, dialect)
}

/// Returns a step that only changes history.
pub(super) fn in_history(
    migration: &Migration,
    action: Action,
    dialect: Dialect,
) -> Result<Step, PlanError> {
    let (sql_up, sql_down) = match action {
        Action::Stamp | Action::Repair => texts(migration, dialect)?,
        Action::Apply | Action::Revert | Action::Forget | Action::Unstamp => (None, None),
    };
    Ok(Step {
        action,
        migration: migration.clone(),
        work: Work::Nothing,
        mode: Mode::Transaction,
        sql_up,
        sql_down,
        waivers: Waived::write(&migration.waivers),
        resume: None,
        correction: None,
    })
}

fn work(
    migration: &Migration,
    direction: Direction,
    body: &Body,
    dialect: Dialect,
) -> Result<Work, PlanError> {
    match body {
        Body::Code(code) => Ok(Work::Code(code.clone())),
        Body::Sql(sql) => {
            let sql = sql.render(dialect).map_err(|error| panicked(migration, direction, error))?;
            script(migration, direction, sql.into_text(), dialect)
        }
    }
}

fn script(
    migration: &Migration,
    direction: Direction,
    text: Cow<'static, str>,
    dialect: Dialect,
) -> Result<Work, PlanError> {
    let mut validator = migration.validator(dialect, direction);
    let shown = text.clone();
    Script::new(text, &mut validator)
        .map(Work::Sql)
        .map_err(|fault| refused(migration, direction, &shown, fault))
}

fn refused(migration: &Migration, direction: Direction, text: &str, error: Fault) -> PlanError {
    let at = error.offset();
    let excerpt = Excerpt::of_migration(migration, direction, text, at..at);
    PlanError::Script(Box::new(ScriptFault { key: migration.key.clone(), error, excerpt }))
}

pub(super) fn panicked(migration: &Migration, direction: Direction, error: Panicked) -> PlanError {
    PlanError::Panicked {
        key: migration.key.clone(),
        direction,
        origin: migration.origin,
        source: error,
    }
}

fn step(
    migration: &Migration,
    action: Action,
    work: Work,
    dialect: Dialect,
) -> Result<Step, PlanError> {
    let mode = mode(migration, &work, dialect);
    let (sql_up, sql_down) = match action {
        Action::Apply => texts(migration, dialect)?,
        Action::Revert | Action::Forget | Action::Stamp | Action::Unstamp | Action::Repair => {
            (None, None)
        }
    };
    let waivers = Waived::write(&migration.waivers);
    Ok(Step {
        action,
        migration: migration.clone(),
        work,
        mode,
        sql_up,
        sql_down,
        waivers,
        resume: None,
        correction: None,
    })
}

fn mode(migration: &Migration, work: &Work, dialect: Dialect) -> Mode {
    let marks = match work {
        Work::Nothing => false,
        // What code will run is not known in advance: DDL in a schema migration would end MySQL's transaction.
        Work::Code(_) if dialect == Dialect::Mysql && migration.kind == Kind::Schema => true,
        Work::Code(_) => !migration.transaction.on(dialect),
        Work::Sql(script) => !migration.transaction.on(dialect) || script.leaves_transaction(),
    };
    if marks { Mode::Journaled } else { Mode::Transaction }
}

/// Returns the SQL to keep in history, for programs that no longer have it.
fn texts(
    migration: &Migration,
    dialect: Dialect,
) -> Result<(Option<String>, Option<String>), PlanError> {
    let text = |direction| {
        let text = migration.sql(direction, dialect);
        text.map_err(|error| panicked(migration, direction, error))
    };
    Ok((text(Direction::Up)?, text(Direction::Down)?))
}
