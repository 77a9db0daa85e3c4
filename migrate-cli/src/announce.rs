//! Announces what will be undone: by the command, if it asks for confirmation, or by the run, once its plan is made under the
//! lock.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use migrate_core::{Plan, Request, Step, Work};

use crate::escape::value;
use crate::io::Talk;
use crate::titles::{titled, written};

/// Whether a run announces what it will undo.
#[derive(Clone, Debug, Default)]
pub(crate) struct Announcing(Arc<AtomicBool>);

impl Announcing {
    /// Makes the run announce its plan, because nobody was shown one before.
    pub(crate) fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_on(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Prints what a plan undoes, and the SQL of history for revisions that are not in this program.
pub(crate) fn announce(talk: &Talk, plan: &Plan, several: bool) {
    for step in &plan.steps {
        let name = written(step.key(), several);
        let what = titled(&value(&name), step.migration.summary());
        talk.say(format_args!("will {} {what}", step.action.name()));
    }
    if matches!(plan.request, Request::DownFromHistory(_)) {
        for step in &plan.steps {
            show_sql(talk, step);
        }
    }
}

fn show_sql(talk: &Talk, step: &Step) {
    let Work::Sql(script) = &step.work else { return };
    let lines: Vec<String> =
        script.text().trim().lines().map(|line| format!("    {}", value(line))).collect();
    talk.say(format_args!(
        "\nSQL of `{}`, from history:\n{}",
        value(&step.key().to_string()),
        lines.join("\n")
    ));
}
