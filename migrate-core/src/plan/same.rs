//! Compares plans, so that only the plan that was shown runs.

use std::collections::BTreeSet;

use crate::declare::revision::RevisionKey;
use crate::plan::{Plan, Step, Work};

/// A revision and an action. No plan contains the same pair twice.
pub(crate) type StepName<'a> = (&'a RevisionKey, &'static str);

impl Plan {
    /// Returns whether both plans do the same: the same steps in the same order, each with the same text and starting at
    /// the same statement.
    pub fn does_the_same(&self, other: &Self) -> bool {
        self.is_left_of(other, &BTreeSet::new())
    }

    /// Returns whether this plan is the rest of `whole` after these of its steps.
    pub(crate) fn is_left_of(&self, whole: &Self, done: &BTreeSet<StepName<'_>>) -> bool {
        let left = whole.steps.iter().filter(|step| !done.contains(&step.name()));
        self.steps.len() + done.len() == whole.steps.len()
            && self.steps.iter().zip(left).all(|(step, other)| step.does_the_same(other))
    }
}

impl Step {
    fn name(&self) -> StepName<'_> {
        (self.key(), self.action.name())
    }

    fn does_the_same(&self, other: &Self) -> bool {
        let same_work = match (&self.work, &other.work) {
            (Work::Sql(script), Work::Sql(other)) => script.text() == other.text(),
            (Work::Code(_), Work::Code(_)) => {
                self.migration.code_checksum == other.migration.code_checksum
            }
            (Work::Nothing, Work::Nothing) => true,
            (Work::Sql(_) | Work::Code(_) | Work::Nothing, _) => false,
        };
        same_work
            && self.key() == other.key()
            && (self.action, self.mode) == (other.action, other.mode)
            && (&self.sql_up, &self.sql_down) == (&other.sql_up, &other.sql_down)
            && self.waivers == other.waivers
            && self.resume == other.resume
            && self.correction == other.correction
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declare::migration::Migration;
    use crate::graph::Graph;
    use crate::graph::target::Target;
    use crate::history::History;
    use crate::plan::{Context, Policies, Request};
    use crate::sql::Dialect;

    fn plan(texts: &[&str]) -> Plan {
        let numbered = texts.iter().zip(1..);
        let set = numbered.map(|(text, n)| Migration::new(format!("{n}")).up((*text).to_owned()));
        let graph = Graph::new(set).expect("a graph");
        let context = Context { dialect: Dialect::Sqlite, policies: Policies::default() };
        let request = Request::Up(Target::Head);
        Plan::new(&request, &graph, &History::default(), context).expect("a plan")
    }

    #[test]
    fn plans_of_the_same_texts_do_the_same() {
        assert!(plan(&["SELECT 1", "SELECT 2"]).does_the_same(&plan(&["SELECT 1", "SELECT 2"])));
    }

    #[test]
    fn another_text_or_another_number_of_steps_is_another_plan() {
        let one = plan(&["SELECT 1", "SELECT 2"]);
        assert!(!one.does_the_same(&plan(&["SELECT 1", "SELECT 3"])));
        assert!(!one.does_the_same(&plan(&["SELECT 1"])));
        assert!(!plan(&["SELECT 1"]).does_the_same(&one));
    }

    #[test]
    fn what_is_left_is_all_but_what_is_done() {
        let whole = plan(&["SELECT 1", "SELECT 2"]);
        let mut left = whole.clone();
        let first = left.steps.remove(0);
        assert!(left.is_left_of(&whole, &BTreeSet::from([first.name()])));
        assert!(!left.is_left_of(&whole, &BTreeSet::from([left.steps[0].name()])));
        assert!(!left.is_left_of(&whole, &BTreeSet::new()));
    }
}
