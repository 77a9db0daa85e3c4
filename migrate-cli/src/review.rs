//! Reviews a plan before it runs: checks SQL that the compiler did not see, or not with the levels of this environment.

mod refused;

use migrate_core::{Action, BoxError, Dialect, Direction, Level, Plan, Step, Work};

pub(crate) use self::refused::Refused;
use crate::inspect::{Found, Inspector, Levels};
use crate::io::Talk;
use crate::report;

/// Checks the steps to be applied: refuses denied findings and prints warnings.
pub(crate) fn new(
    levels: Levels,
    dialect: Dialect,
    talk: Talk,
) -> impl Fn(&Plan) -> Result<(), BoxError> + Send + Sync {
    let of_environment = levels.of_environment;
    let inspector = Inspector::new(levels.settings, vec![dialect], &[]);
    move |plan| {
        let mut denied = Vec::new();
        for step in plan.steps.iter().filter(|step| step.action == Action::Apply) {
            let unseen = !step.migration.is_checked();
            if !unseen && !of_environment {
                continue;
            }
            for found in look(&inspector, dialect, step) {
                match found.level {
                    Level::Deny => denied.push(found),
                    Level::Warn if unseen => talk.say(report::warning(&found, talk.color)),
                    Level::Warn | Level::Allow => {}
                }
            }
        }
        let more = denied.len().saturating_sub(1);
        match denied.into_iter().next() {
            None => Ok(()),
            Some(found) => Err(Box::new(Refused { found, more })),
        }
    }
}

fn look(inspector: &Inspector, dialect: Dialect, step: &Step) -> Vec<Found> {
    match &step.work {
        Work::Sql(script) => {
            inspector.rules(&step.migration, dialect, Direction::Up, script.text())
        }
        // What code sends is known only when it runs.
        Work::Code(_) | Work::Nothing | _ => Vec::new(),
    }
}
