//! Steps cut into groups that travel together.

use std::ops::Range;

use crate::plan::{Mode, Step, Work};
use crate::sql::Dialect;

/// How much travels together.
struct Most {
    steps: usize,
    /// Of SQL.
    bytes: usize,
}

impl Most {
    const fn of(dialect: Dialect) -> Self {
        match dialect {
            // A failure is told only after the message that holds it, and a server has a limit for messages.
            Dialect::Postgres | Dialect::Mysql => Self { steps: 50, bytes: 64 * 1024 },
            // Nothing travels, but a group is a commit, and each one waits for the disk several times.
            Dialect::Sqlite => Self { steps: 1000, bytes: 1024 * 1024 },
        }
    }
}

/// A run of steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    /// Plain SQL steps that travel together; each still stands or falls alone.
    Together(Range<usize>),
    /// A step that needs the connection for itself.
    Single(usize),
}

/// Cuts `steps` into groups, in order and without a gap.
pub(crate) fn groups(steps: &[Step], dialect: Dialect) -> Vec<Group> {
    let most = Most::of(dialect);
    let mut groups: Vec<Group> = Vec::new();
    let mut bytes = 0;
    for (index, step) in steps.iter().enumerate() {
        if !travels(step, dialect) {
            groups.push(Group::Single(index));
            continue;
        }
        let size = size(step);
        bytes += size;
        match groups.last_mut() {
            Some(Group::Together(range))
                if range.len() < most.steps
                    && bytes <= most.bytes
                    && alike(steps.get(range.start), step, dialect) =>
            {
                range.end = index + 1;
            }
            _ => {
                groups.push(Group::Together(index..index + 1));
                bytes = size;
            }
        }
    }
    groups
}

/// Whether a step can share a message. Outside MySQL, marks need a message for each statement.
fn travels(step: &Step, dialect: Dialect) -> bool {
    let marks = step.mode == Mode::Marks && dialect != Dialect::Mysql;
    match &step.work {
        Work::Sql(script) => !marks && !script.sets_session() && !script.calls_procedure(),
        Work::Nothing => true,
        Work::Code(_) => false,
    }
}

/// On SQLite foreign keys are off for schema steps and on for data steps, and can be switched between groups only.
fn alike(first: Option<&Step>, step: &Step, dialect: Dialect) -> bool {
    dialect != Dialect::Sqlite || first.is_some_and(|first| first.kind() == step.kind())
}

fn size(step: &Step) -> usize {
    let kept =
        step.sql_up.as_ref().map_or(0, String::len) + step.sql_down.as_ref().map_or(0, String::len);
    match &step.work {
        Work::Sql(script) => script.text().len() + kept,
        Work::Code(_) | Work::Nothing => kept,
    }
}
