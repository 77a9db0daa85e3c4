//! An undisturbed run, for comparison with others.

use migrate_tests::Database;

use crate::check::Outcome;
use crate::dump::Dump;
use crate::runner::{Ended, Runner};

/// The result of an undisturbed run.
pub(crate) struct Clean {
    dump: Dump,
    /// The steps that it reported, sorted.
    events: Vec<String>,
    /// The number of statements that it has sent.
    pub(crate) statements: usize,
}

impl Clean {
    /// Runs `plan` on a database that is created for it, and dropped.
    pub(crate) async fn of(database: Database, plan: &str) -> Self {
        let runner = Runner::new(database.url(), plan, "production");
        Self::by(&runner, database).await
    }

    /// Runs the runner on its database, which is created for it, and dropped.
    pub(crate) async fn by(runner: &Runner, database: Database) -> Self {
        let ended = runner.run().await;
        assert_eq!(ended.code(), Some(0), "fails though nothing disturbs it: {}", ended.told());
        let dump = Dump::of(&database).await;
        database.drop().await;
        Self { dump, events: events(&[&ended]), statements: ended.statements() }
    }

    /// Expects the database to be like that of the undisturbed run.
    pub(crate) async fn compare(&self, database: &Database, case: &str, outcome: &mut Outcome) {
        let difference = Dump::of(database).await.difference(&self.dump);
        outcome.differences.extend(difference.map(|difference| format!("{case}: {difference}")));
    }

    /// Expects a run to succeed, and the database to be like that of the undisturbed run.
    pub(crate) async fn finish(&self, runner: &Runner, database: &Database, case: &str) -> Outcome {
        let ended = runner.run().await;
        let resumed = Some(usize::from(ended.has_resumed()));
        let mut outcome = Outcome { tried: 1, resumed, ..Outcome::default() };
        if ended.code() == Some(0) {
            self.compare(database, case, &mut outcome).await;
        } else {
            outcome.differences.push(format!("{case}: the next run fails: {}", ended.told()));
        }
        outcome
    }

    /// Starts all runners at once, and expects them to end well and to have done everything once, together.
    pub(crate) async fn share(&self, runners: &[Runner], case: &str) -> Outcome {
        let running: Vec<_> = runners.iter().map(Runner::start).collect();
        let mut outcome = Outcome { tried: runners.len(), ..Outcome::default() };
        let mut all = Vec::new();
        for runner in running {
            let ended = runner.end().await;
            if ended.code() != Some(0) {
                outcome.differences.push(format!("{case}: a runner fails: {}", ended.told()));
            }
            all.push(ended);
        }
        let all: Vec<&Ended> = all.iter().collect();
        outcome.expect(case, events(&all), self.events.clone());
        outcome
    }
}

fn events(ended: &[&Ended]) -> Vec<String> {
    let said = ended.iter().flat_map(|ended| ended.said.lines());
    let mut events: Vec<String> =
        said.filter(|line| line.starts_with("done ")).map(str::to_owned).collect();
    events.sort_unstable();
    events
}
