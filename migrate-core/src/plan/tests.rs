//! What plans do, by example and by law.

mod growth;
mod laws;
mod lines;
mod overtaking;

use super::*;
use crate::declare::migration::Migration;
use crate::graph::{Graph, NodeId};
use crate::history::{History, HistoryRow, Kept};

const DIALECT: Dialect = Dialect::Postgres;

/// A database as plans see it: what is applied, in which order.
struct Database {
    graph: Graph,
    policies: Policies,
    applied: Vec<NodeId>,
}

impl Database {
    fn new(migrations: impl IntoIterator<Item = Migration>) -> Self {
        let graph = Graph::new(migrations).unwrap_or_else(|error| panic!("{error}"));
        Self { graph, policies: Policies::default(), applied: Vec::new() }
    }

    fn strict(mut self) -> Self {
        self.policies.out_of_order = Policy::Error;
        self
    }

    fn history(&self) -> History {
        let numbered = self.applied.iter().copied().zip(1..);
        History::new(
            numbered.map(|(node, sequence)| history_of(self.graph.migration(node), sequence)),
        )
    }

    fn plan(&self, request: &Request) -> Result<Plan, PlanError> {
        let context = Context { dialect: DIALECT, policies: self.policies };
        Plan::new(request, &self.graph, &self.history(), context)
    }

    /// Plans and runs; gives the ids of what was done.
    fn run(&mut self, request: &Request) -> Result<Vec<String>, PlanError> {
        let plan = self.plan(request)?;
        for step in &plan.steps {
            let node = self.graph.find(step.key()).expect("a revision of the graph");
            match step.action {
                Action::Apply | Action::Stamp => self.applied.push(node),
                Action::Revert | Action::Forget | Action::Unstamp => {
                    self.applied.retain(|other| *other != node);
                }
                Action::Repair => {}
            }
        }
        Ok(plan.steps.iter().map(|step| step.key().id.to_string()).collect())
    }

    fn up(&mut self, target: &str) -> Result<Vec<String>, PlanError> {
        self.run(&Request::Up(target.parse().expect("a target")))
    }

    fn production(&mut self, target: &str) -> Result<Vec<String>, PlanError> {
        self.run(&Request::Production(target.parse().expect("a target")))
    }

    fn down(&mut self, target: &str) -> Result<Vec<String>, PlanError> {
        self.run(&Request::Down(target.parse().expect("a target")))
    }
}

fn schema(id: &'static str) -> Migration {
    Migration::new(id).down("SELECT 1")
}

fn data(id: &'static str) -> Migration {
    Migration::new(id).kind(Kind::Data)
}

/// The row of an applied revision.
fn history_of(migration: &Migration, sequence: i64) -> (RevisionKey, HistoryRow) {
    let row = HistoryRow {
        kind: migration.changes(),
        sequence,
        description: String::new(),
        checksum: None,
        checksum_algorithm: None,
        state: State::Applied,
        statements_done: 0,
        statements_total: 0,
        journal: None,
        kept: Kept::default(),
        started_at: String::new(),
        duration: None,
        applied_by: String::new(),
        tool_version: String::new(),
        waivers: Vec::new(),
        undo: None,
        sql_down: None,
    };
    (migration.key().clone(), row)
}
