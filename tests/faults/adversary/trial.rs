//! One trial: a random plan, faults, and the runs that recover from them.

use fastrand::Rng;
use migrate_core::Dialect;
use migrate_tests::Database;

use crate::adversary::human::Human;
use crate::adversary::plan::{FIRST, PREFIX, RandomPlan};
use crate::adversary::trouble::Trouble;
use crate::adversary::truth;
use crate::check::Outcome;
use crate::dump::Dump;
use crate::kill::nobody_left;
use crate::runner::{Ended, Runner};

/// The number of runs after which an unfinished trial counts as a dead end.
const MOST_RUNS: usize = 12;
/// The maximum number of consecutive runs with a fault.
const MOST_TROUBLES: usize = 3;

/// The result of a trial.
#[derive(Debug)]
pub(crate) struct Trial {
    pub(crate) outcome: Outcome,
    /// The plan was refused before anything ran.
    pub(crate) refused: bool,
    /// How often a human had to decide.
    pub(crate) decided: usize,
}

/// Runs the trial of this seed.
pub(crate) async fn run(seed: u64, dialect: Dialect, restarts: bool) -> Trial {
    let plan = RandomPlan::of(seed, dialect);
    let mut rng = Rng::with_seed(seed ^ 0x5eed);
    let down = plan.is_reversible() && rng.u8(0..3) == 0;
    let course = Course { seed, dialect, plan, down, restarts };
    let mut trial = Trial {
        outcome: Outcome { tried: 1, resumed: Some(0), ..Outcome::default() },
        refused: false,
        decided: 0,
    };
    if let Some((clean, statements)) = course.clean(&mut trial).await {
        course.troubled(&mut trial, &mut rng, (&clean, statements)).await;
    }
    if !trial.outcome.differences.is_empty() {
        let revisions =
            course.plan.revisions.iter().filter(|revision| revision.id.as_str() > FIRST);
        let revisions: Vec<String> = revisions.map(ToString::to_string).collect();
        trial.outcome.differences.push(format!("the plan was {}", revisions.join(" | ")));
    }
    for difference in &mut trial.outcome.differences {
        *difference = format!("seed {seed}: {difference}");
    }
    trial
}

/// The course of a trial.
pub(crate) struct Course {
    seed: u64,
    dialect: Dialect,
    pub(crate) plan: RandomPlan,
    /// Whether the plan is undone, rather than applied.
    down: bool,
    restarts: bool,
}

impl Course {
    pub(crate) fn runner(&self, database: &Database, request: &str) -> Runner {
        let plan = format!("{PREFIX}{}", self.seed);
        Runner::new(database.url(), &plan, request).wait(20).lock_timeout(1)
    }

    /// Returns the run under test.
    fn tried(&self, database: &Database) -> Runner {
        if self.down {
            self.runner(database, "down").to(FIRST)
        } else {
            self.runner(database, "production")
        }
    }

    /// Creates a database with the first revisions.
    async fn begin(&self) -> Database {
        let database = Database::fresh(self.dialect).await;
        let ended = self.runner(&database, "production").to(FIRST).run().await;
        assert_eq!(ended.code(), Some(0), "the first revisions: {}", ended.told());
        nobody_left(&database).await;
        database
    }

    /// Returns the state after an undisturbed run and its number of statements, or `None` if the plan is refused.
    async fn clean(&self, trial: &mut Trial) -> Option<(Dump, usize)> {
        let database = self.begin().await;
        let mut ended = self.without_trouble("production", &database, trial).await;
        if self.down && ended.as_ref().is_some_and(|ended| ended.code() == Some(0)) {
            ended = self.without_trouble("down", &database, trial).await;
        }
        let dump = Dump::of(&database).await;
        database.drop().await;
        ended.map(|ended| (dump, ended.statements()))
    }

    /// Runs, and expects to end well or to be refused before anything ran; nothing where it is refused.
    async fn without_trouble(
        &self,
        request: &str,
        database: &Database,
        trial: &mut Trial,
    ) -> Option<Ended> {
        let before = Dump::of(database).await;
        let runner = self.runner(database, request);
        let ended = if request == "down" { runner.to(FIRST) } else { runner }.run().await;
        nobody_left(database).await;
        let untruths = truth::untruths(&self.plan, database).await;
        let differences = &mut trial.outcome.differences;
        differences.extend(untruths.into_iter().map(|line| format!("without trouble: {line}")));
        if ended.code() == Some(0) {
            return Some(ended);
        }
        trial.refused = true;
        let told = ended.told();
        if let Some(difference) = Dump::of(database).await.difference(&before) {
            differences.push(format!("fails without trouble: {told}; {difference}"));
        } else if !ended.complained.contains("hint: ") {
            differences.push(format!("refused without advice: {told}"));
        }
        None
    }

    /// Injects faults until the run succeeds, and compares the state with that of an undisturbed run.
    async fn troubled(
        &self,
        trial: &mut Trial,
        rng: &mut Rng,
        (clean, statements): (&Dump, usize),
    ) {
        let database = self.begin().await;
        let mut human = Human::new(self);
        if self.down {
            let up = self.runner(&database, "production").run().await;
            assert_eq!(up.code(), Some(0), "what is to be undone: {}", up.told());
            nobody_left(&database).await;
        } else {
            human.obstruct(&database).await;
        }
        let troubles = rng.usize(1..=MOST_TROUBLES);
        let mut verdict = Some("a dead end".to_owned());
        for number in 0..MOST_RUNS {
            let statements = (number < troubles).then_some(statements);
            let trouble = self.trouble(rng, statements);
            let ended = trouble.befall(self.tried(&database), &database).await;
            nobody_left(&database).await;
            human.story.push(format!("{trouble:?} -> {}", ended.told()));
            *trial.outcome.resumed.get_or_insert(0) += usize::from(ended.has_resumed());
            let found = self.judge(&ended, &database, clean).await;
            let goes_on = found.is_none() && human.helps(&ended, trouble, &database, rng).await;
            verdict = found.unwrap_or(verdict);
            if !goes_on {
                break;
            }
        }
        trial.decided = human.decided;
        let story = human.story.join(" | ");
        trial
            .outcome
            .differences
            .extend(verdict.map(|verdict| format!("{verdict}; after {story}")));
        nobody_left(&database).await;
        database.drop().await;
    }

    fn trouble(&self, rng: &mut Rng, statements: Option<usize>) -> Trouble {
        let trouble = Trouble::random(rng, self.dialect, statements);
        if self.restarts { trouble.of_the_server() } else { trouble }
    }

    /// What a run has come to: nothing while it is not at its end, and what differs where it is.
    async fn judge(
        &self,
        ended: &Ended,
        database: &Database,
        clean: &Dump,
    ) -> Option<Option<String>> {
        let untruths = truth::untruths(&self.plan, database).await;
        if !untruths.is_empty() {
            return Some(Some(untruths.join("; ")));
        }
        if ended.code() == Some(0) {
            return Some(Dump::of(database).await.difference(clean));
        }
        None
    }
}
