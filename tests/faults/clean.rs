//! A run that nothing disturbs, and whether others have come to the same.

use migrate_tests::Database;

use crate::check::Outcome;
use crate::dump::Dump;
use crate::runner::{Ended, Runner};

/// What a run leaves that nothing disturbs.
pub(crate) struct Clean {
    dump: Dump,
    /// What it said it has done, in the order of the words.
    deeds: Vec<String>,
    /// How many statements it has sent.
    pub(crate) statements: usize,
}

impl Clean {
    /// Runs `plan` on a database that is made for it, and dropped.
    pub(crate) async fn of(database: Database, plan: &str) -> Self {
        let runner = Runner::new(database.url(), plan, "production");
        Self::by(&runner, database).await
    }

    /// Has the runner run on its database, which is made for it, and dropped.
    pub(crate) async fn by(runner: &Runner, database: Database) -> Self {
        let ended = runner.run().await;
        assert_eq!(ended.code(), Some(0), "fails though nothing disturbs it: {}", ended.told());
        let dump = Dump::of(&database).await;
        database.drop().await;
        Self { dump, deeds: deeds(&[&ended]), statements: ended.statements() }
    }

    /// Expects the database to be like the one that nothing has disturbed.
    pub(crate) async fn compare(&self, database: &Database, case: &str, outcome: &mut Outcome) {
        let difference = Dump::of(database).await.difference(&self.dump);
        outcome.differences.extend(difference.map(|difference| format!("{case}: {difference}")));
    }

    /// Expects a run to end well, and the database to be like the one that nothing has disturbed.
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
        outcome.expect(case, deeds(&all), self.deeds.clone());
        outcome
    }
}

fn deeds(ended: &[&Ended]) -> Vec<String> {
    let said = ended.iter().flat_map(|ended| ended.said.lines());
    let mut deeds: Vec<String> =
        said.filter(|line| line.starts_with("done ")).map(str::to_owned).collect();
    deeds.sort_unstable();
    deeds
}
