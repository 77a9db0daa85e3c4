//! A revision and an action made into a step that is ready to run.

use crate::body::{Body, Down};
use crate::excerpt::{Excerpt, Sent};
use crate::migration::{Kind, Migration};
use crate::plan::{Action, Mode, PlanError, ScriptFault, Step, Work};
use crate::script::{Script, ScriptError};
use crate::sql::{Dialect, SqlSource};

/// A step that applies `migration`.
pub(super) fn apply(migration: &Migration, dialect: Dialect) -> Result<Step, PlanError> {
    let work = work(migration, &migration.up, migration.up_source.as_ref(), dialect)?;
    step(migration, Action::Apply, work, dialect)
}

/// A step that undoes `migration` by `body`.
pub(super) fn revert(
    migration: &Migration,
    body: &Body,
    dialect: Dialect,
) -> Result<Step, PlanError> {
    let work = work(migration, body, migration.down_source.as_ref(), dialect)?;
    step(migration, Action::Revert, work, dialect)
}

/// A step that only changes history.
pub(super) fn in_history(migration: &Migration, action: Action, dialect: Dialect) -> Step {
    let (sql_up, sql_down) = match action {
        Action::Stamp => texts(migration, dialect),
        Action::Apply | Action::Revert | Action::Forget | Action::Unstamp => (None, None),
    };
    Step {
        action,
        migration: migration.clone(),
        work: Work::Nothing,
        mode: Mode::Transaction,
        sql_up,
        sql_down,
    }
}

fn work(
    migration: &Migration,
    body: &Body,
    source: Option<&SqlSource>,
    dialect: Dialect,
) -> Result<Work, PlanError> {
    match body {
        Body::Code(code) => Ok(Work::Code(code.clone())),
        Body::Sql(sql) => {
            let text = sql.render(dialect).into_text();
            match Script::new(text.clone(), dialect) {
                Ok(script) => Ok(Work::Sql(script)),
                Err(error) => Err(refused(migration, &text, source, error)),
            }
        }
    }
}

fn refused(
    migration: &Migration,
    text: &str,
    source: Option<&SqlSource>,
    error: ScriptError,
) -> PlanError {
    let sent =
        Sent { text, offset: 0, statement: text, source, origin: migration.origin, caller: None };
    let excerpt = Excerpt::at(&sent, Some(error.offset()));
    PlanError::Script(Box::new(ScriptFault { key: migration.key.clone(), error, excerpt }))
}

fn step(
    migration: &Migration,
    action: Action,
    work: Work,
    dialect: Dialect,
) -> Result<Step, PlanError> {
    let mode = mode(migration, &work, dialect)?;
    let (sql_up, sql_down) = match action {
        Action::Apply => texts(migration, dialect),
        Action::Revert | Action::Forget | Action::Stamp | Action::Unstamp => (None, None),
    };
    Ok(Step { action, migration: migration.clone(), work, mode, sql_up, sql_down })
}

fn mode(migration: &Migration, work: &Work, dialect: Dialect) -> Result<Mode, PlanError> {
    match work {
        Work::Nothing => Ok(Mode::Transaction),
        // What code will run is not known: a schema migration's DDL would end MySQL's transaction.
        Work::Code(_) if dialect == Dialect::Mysql && migration.kind == Kind::Schema => {
            Ok(Mode::Marks)
        }
        Work::Code(_) => Ok(if migration.transaction { Mode::Transaction } else { Mode::Marks }),
        Work::Sql(script) => match script.forbids_transaction() {
            Some((statement, words)) if migration.transaction => {
                Err(PlanError::NeedsNoTransaction {
                    key: migration.key.clone(),
                    origin: migration.origin,
                    statement,
                    words,
                })
            }
            Some(_) => Ok(Mode::Marks),
            None if script.commits_implicitly() => Ok(Mode::Marks),
            None => Ok(Mode::Transaction),
        },
    }
}

/// The SQL kept in history, for a program that no longer has it.
fn texts(migration: &Migration, dialect: Dialect) -> (Option<String>, Option<String>) {
    let text = |body: &Body| match body {
        Body::Sql(sql) => Some(sql.render(dialect).into_text().into_owned()),
        Body::Code(_) => None,
    };
    let down = match &migration.down {
        Down::Body(body) | Down::Derived(body) => text(body),
        Down::Irreversible | Down::Nothing => None,
    };
    (text(&migration.up), down)
}
