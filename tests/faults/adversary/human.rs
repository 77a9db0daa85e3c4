//! The human after a failed run: removes obstacles, or records the outcome of a statement.

use fastrand::Rng;
use migrate_tests::Database;

use crate::adversary::trial::Course;
use crate::adversary::trouble::Trouble;
use crate::adversary::truth;
use crate::runner::Ended;

pub(crate) struct Human<'a> {
    course: &'a Course,
    obstructed: bool,
    /// How often a decision was needed.
    pub(crate) decided: usize,
    /// What has happened so far: one entry per run or command.
    pub(crate) story: Vec<String>,
}

impl<'a> Human<'a> {
    pub(crate) fn new(course: &'a Course) -> Self {
        Self { course, obstructed: false, decided: 0, story: Vec::new() }
    }

    /// Creates objects that will be obstacles.
    pub(crate) async fn obstruct(&mut self, database: &Database) {
        for obstacle in &self.course.plan.obstacles {
            database.query(&obstacle.put).await;
            self.obstructed = true;
        }
    }

    /// Does what a run's message asks for. Returns whether the next run can continue.
    pub(crate) async fn helps(
        &mut self,
        ended: &Ended,
        trouble: Trouble,
        database: &Database,
        rng: &mut Rng,
    ) -> bool {
        if ended.complained.contains("repair") {
            return self.decide(database).await;
        }
        // A human who does not look just runs it again.
        if trouble.excuses() && rng.bool() {
            return true;
        }
        let was_obstructed = std::mem::take(&mut self.obstructed);
        if was_obstructed {
            for obstacle in &self.course.plan.obstacles {
                database.query(&obstacle.remove).await;
            }
            self.story.push("the obstacles are removed".to_owned());
        }
        was_obstructed || trouble.excuses()
    }

    /// Looks at the database, and makes the decision that only a human can make.
    async fn decide(&mut self, database: &Database) -> bool {
        let rows = truth::rows(database).await;
        let unfinished = rows.iter().find(|(_, row)| row.state != "applied");
        let Some((id, row)) = unfinished else { return false };
        let revision = self.course.plan.revisions.iter().find(|revision| revision.id == *id);
        let undone = row.state == "reverting";
        let statement = revision.and_then(|revision| {
            if undone {
                revision.undoing().nth(row.done)
            } else {
                revision.statements.get(row.done)
            }
        });
        let mut answer = if undone { "done" } else { "not-done" };
        if let Some(statement) = statement {
            match truth::took_effect(statement, database).await {
                Some(true) => answer = if undone { "not-done" } else { "done" },
                Some(false) => {}
                None => {
                    for change in &statement.changes {
                        change.undo(database).await;
                    }
                }
            }
        }
        self.decided += 1;
        let repaired = self.course.runner(database, "repair").to(id).answer(answer).run().await;
        self.story.push(format!("repair {id} {answer} -> {}", repaired.told()));
        repaired.code() == Some(0)
    }
}
