//! Splits steps into groups that are sent together.

use std::ops::Range;

use crate::plan::{Mode, Step, Work};
use crate::sql::Dialect;

/// How much is sent together.
struct Most {
    steps: usize,
    /// The size of the SQL in bytes.
    bytes: usize,
}

impl Most {
    const fn of(dialect: Dialect) -> Self {
        match dialect {
            // A failure is only reported after its whole message, and a server limits the size of messages.
            Dialect::Postgres | Dialect::Mysql => Self { steps: 50, bytes: 64 * 1024 },
            // Nothing is sent, but each group is a commit, and each commit waits for the disk several times.
            Dialect::Sqlite => Self { steps: 1000, bytes: 1024 * 1024 },
        }
    }
}

/// A sequence of steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    /// Plain SQL steps that are sent together. Each still succeeds or fails on its own.
    Together(Range<usize>),
    /// A step that is sent on its own.
    Single(usize),
}

/// Splits `steps` into groups, in order and without gaps.
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

/// Returns whether a step can share a message. Except on MySQL, journaled steps need a message for each statement.
fn travels(step: &Step, dialect: Dialect) -> bool {
    let marks = step.mode == Mode::Journaled && dialect != Dialect::Mysql;
    if step.resume.is_some() {
        return false;
    }
    match &step.work {
        Work::Sql(script) => !marks && !script.leaves_traces() && !script.calls_procedure(),
        Work::Nothing => true,
        Work::Code(_) => false,
    }
}

/// Returns whether two steps may be in one group: on SQLite, foreign keys are off for schema steps and on for data steps,
/// and can only be switched between groups.
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::declare::migration::{Kind, Migration};
    use crate::graph::Graph;
    use crate::graph::target::Target;
    use crate::history::History;
    use crate::plan::{Context, Plan, Policies, Request};

    fn steps(migrations: Vec<Migration>, dialect: Dialect) -> Vec<Step> {
        let graph = Graph::new(migrations).expect("a graph");
        let context = Context { dialect, policies: Policies::default() };
        let request = Request::Production(Target::Heads);
        Plan::new(&request, &graph, &History::default(), context).expect("a plan").steps
    }

    /// Returns a revision of one of the kinds that are grouped differently.
    fn revision(number: usize, shape: u8, dialect: Dialect) -> Migration {
        let migration = Migration::new(format!("{number:04}"));
        match (shape, dialect) {
            (0, _) => migration.up("CREATE TABLE t (id BIGINT)"),
            (1, _) => migration.up(format!("SELECT '{}'", "x".repeat(20_000))),
            (2, _) => migration.kind(Kind::Data).up("UPDATE t SET id = 1"),
            (3, Dialect::Sqlite) => migration.up("PRAGMA legacy_alter_table = ON"),
            (3, _) => migration.up("SET lock_timeout = 1"),
            (4, Dialect::Postgres) => migration.transaction(false).up("VACUUM t"),
            _ => migration.up(async |_: &mut crate::Db| Ok::<(), crate::BoxError>(())),
        }
    }

    proptest! {
        #[test]
        fn groups_hold_every_step_once_and_in_order(
            shapes in prop::collection::vec(0_u8..6, 0..200),
            dialect in prop::sample::select(Dialect::ALL.to_vec()),
        ) {
            let migrations = shapes.iter().enumerate().map(|(n, shape)| revision(n, *shape, dialect)).collect();
            let steps = if shapes.is_empty() { Vec::new() } else { steps(migrations, dialect) };
            let mut next = 0;
            for group in groups(&steps, dialect) {
                let range = match group {
                    Group::Together(range) => range,
                    Group::Single(index) => index..index + 1,
                };
                prop_assert_eq!(range.start, next);
                prop_assert!(range.end > range.start);
                next = range.end;
                if range.len() > 1 {
                    prop_assert!(range.len() <= Most::of(dialect).steps);
                    prop_assert!(steps[range].iter().all(|step| travels(step, dialect)));
                }
            }
            prop_assert_eq!(next, steps.len());
        }
    }

    #[test]
    fn a_group_ends_at_its_most_steps() {
        let migrations = (0..120).map(|n| revision(n, 0, Dialect::Postgres)).collect();
        let groups = groups(&steps(migrations, Dialect::Postgres), Dialect::Postgres);
        assert_eq!(
            groups,
            [Group::Together(0..50), Group::Together(50..100), Group::Together(100..120)]
        );
    }

    #[test]
    fn on_sqlite_data_does_not_travel_with_schema() {
        let kinds = [0, 2, 2, 0].into_iter().enumerate();
        let migrations: Vec<Migration> =
            kinds.map(|(n, shape)| revision(n, shape, Dialect::Sqlite)).collect();
        let sqlite = groups(&steps(migrations.clone(), Dialect::Sqlite), Dialect::Sqlite);
        assert_eq!(sqlite.len(), 3, "{sqlite:?}");
        assert_eq!(groups(&steps(migrations, Dialect::Postgres), Dialect::Postgres).len(), 1);
    }
}
