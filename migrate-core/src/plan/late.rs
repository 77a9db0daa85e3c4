//! Pending revisions that applied ones have overtaken.

use std::collections::BTreeMap;

use crate::declare::migration::Kind;
use crate::declare::revision::RevisionKey;
use crate::graph::{Graph, NodeId, NodeSet};
use crate::history::History;
use crate::plan::before::schema_parents;
use crate::plan::{Context, Notice, PlanError, Policy, applied_nodes};

/// Returns the pending revisions that come before applied ones of their crate, kind and branch.
pub fn out_of_order(graph: &Graph, history: &History) -> Vec<Notice> {
    let lines = Lines::new(graph, history);
    let applied = applied_nodes(graph, history);
    let pending = graph.order().iter().copied().filter(|node| !applied.contains(*node));
    lines.late(pending).into_iter().map(|(key, applied)| notice(graph, key, applied)).collect()
}

/// Applies the policy to planned revisions that are out of order, and to those that the plan would leave out of order.
pub(super) fn judge(
    graph: &Graph,
    history: &History,
    planned: &[NodeId],
    kinds: &[Kind],
    context: Context,
) -> Result<Vec<Notice>, PlanError> {
    let lines = Lines::new(graph, history);
    let late = lines.late(planned.iter().copied());
    match context.policies.out_of_order {
        Policy::Off => Ok(Vec::new()),
        Policy::Warn => {
            Ok(late.into_iter().map(|(key, applied)| notice(graph, key, applied)).collect())
        }
        Policy::Error => {
            if let Some((late, applied)) = late.first() {
                let key = |node: NodeId| graph.migration(node).key.clone();
                return Err(PlanError::OutOfOrder { key: key(*late), applied: key(*applied) });
            }
            let mut then = lines.clone();
            then.add(planned);
            refuse_leaving(&lines, &then, kinds).map(|()| Vec::new())
        }
    }
}

/// Refuses to undo what the policy would refuse to apply again.
pub(super) fn judge_undone(
    graph: &Graph,
    history: &History,
    undone: &[NodeId],
    context: Context,
) -> Result<(), PlanError> {
    if context.policies.out_of_order != Policy::Error {
        return Ok(());
    }
    let lines = Lines::new(graph, history);
    let mut then = lines.clone();
    then.remove(undone);
    refuse_leaving(&lines, &then, &[Kind::Schema, Kind::Data])
}

/// Refuses a plan whose result the next run would refuse.
fn refuse_leaving(now: &Lines<'_>, then: &Lines<'_>, kinds: &[Kind]) -> Result<(), PlanError> {
    let graph = now.graph;
    let left = |lines: &Lines<'_>| {
        let left = graph
            .order()
            .iter()
            .copied()
            .filter(|node| kinds.contains(&graph.migration(*node).kind) && !lines.holds(*node));
        lines.late(left)
    };
    let before: NodeSet = left(now).into_iter().map(|(late, _)| late).collect();
    let key = |node: NodeId| graph.migration(node).key.clone();
    match left(then).into_iter().find(|(late, _)| !before.contains(*late)) {
        Some((late, applied)) => {
            Err(PlanError::LeavesOutOfOrder { key: key(late), applied: key(applied) })
        }
        None => Ok(()),
    }
}

fn notice(graph: &Graph, late: NodeId, applied: NodeId) -> Notice {
    let key = |node: NodeId| -> RevisionKey { graph.migration(node).key.clone() };
    Notice::OutOfOrder { key: key(late), applied: key(applied) }
}

/// The revisions of one crate, kind and branch, which are applied in order.
type Line<'g> = (&'g str, Kind, Option<&'g str>);

/// The applied revisions of each line, and when they were applied.
#[derive(Clone)]
struct Lines<'g> {
    graph: &'g Graph,
    /// For each node, its position in the order of application.
    sequences: BTreeMap<NodeId, i64>,
    /// The applied revisions of each line, in the graph's order.
    applied: BTreeMap<Line<'g>, Vec<NodeId>>,
}

impl<'g> Lines<'g> {
    fn new(graph: &'g Graph, history: &History) -> Self {
        let rows = history.rows().filter_map(|(key, row)| Some((graph.find(key)?, row.sequence)));
        let mut lines = Self { graph, sequences: rows.collect(), applied: BTreeMap::new() };
        lines.sort();
        lines
    }

    /// Adds revisions as applied after all others, in this order.
    fn add(&mut self, nodes: &[NodeId]) {
        let last = self.sequences.values().copied().max().unwrap_or(0);
        self.sequences.extend(nodes.iter().copied().zip(last + 1..));
        self.sort();
    }

    fn remove(&mut self, nodes: &[NodeId]) {
        let gone: NodeSet = nodes.iter().copied().collect();
        self.sequences.retain(|node, _| !gone.contains(*node));
        self.sort();
    }

    fn sort(&mut self) {
        let mut nodes: Vec<NodeId> = self.sequences.keys().copied().collect();
        nodes.sort_by_key(|node| self.graph.rank(*node));
        self.applied.clear();
        for node in nodes {
            self.applied.entry(self.line(node)).or_default().push(node);
        }
    }

    fn holds(&self, node: NodeId) -> bool {
        self.sequences.contains_key(&node)
    }

    fn line(&self, node: NodeId) -> Line<'g> {
        let migration = self.graph.migration(node);
        (&migration.key.krate, migration.kind, self.graph.branch(node))
    }

    /// Returns each of `nodes` that comes before an applied one of its line, with the last such one.
    fn late(&self, nodes: impl IntoIterator<Item = NodeId>) -> Vec<(NodeId, NodeId)> {
        let mut lineage = LastLineage::new(self.graph);
        nodes.into_iter().filter_map(|node| Some((node, self.later(node, &mut lineage)?))).collect()
    }

    /// Returns the last applied revision of its line that it should have come before.
    fn later(&self, node: NodeId, lineage: &mut LastLineage<'_>) -> Option<NodeId> {
        let rank = |node: NodeId| self.graph.rank(node);
        let behind = |other: &&NodeId| rank(**other) > rank(node);
        let line = self.applied.get(&self.line(node))?;
        line.last().filter(|last| behind(last))?;
        let since = self.ready_since(node)?;
        // A data revision is not part of the line itself: only those further up the same line come after it.
        let parents =
            if self.graph.is_schema(node) { Vec::new() } else { schema_parents(self.graph, node) };
        let mut after = |other: NodeId| {
            let sequence = self.sequences.get(&other);
            sequence.is_some_and(|sequence| *sequence > since)
                && (parents.is_empty() || {
                    let above = lineage.of(other);
                    parents.iter().all(|parent| above.contains(*parent))
                })
        };
        line.iter().rev().take_while(behind).copied().find(|other| after(*other))
    }

    /// Returns when all that it needs was applied; `None` if it is not. Revisions applied before that did not overtake it.
    fn ready_since(&self, node: NodeId) -> Option<i64> {
        let needs = self.graph.parents(node).iter().chain(self.graph.dependencies(node));
        let applied: Option<Vec<i64>> =
            needs.map(|needed| self.sequences.get(needed).copied()).collect();
        Some(applied?.into_iter().max().unwrap_or(0))
    }
}

/// What the revision that was asked about last comes after: of one line it is the same for most that are late.
struct LastLineage<'g> {
    graph: &'g Graph,
    last: Option<(NodeId, NodeSet)>,
}

impl<'g> LastLineage<'g> {
    fn new(graph: &'g Graph) -> Self {
        Self { graph, last: None }
    }

    /// Returns the revision and its ancestors by `after`.
    fn of(&mut self, node: NodeId) -> &NodeSet {
        let known = self.last.take().filter(|(known, _)| *known == node);
        let (_, lineage) =
            self.last.insert(known.unwrap_or_else(|| (node, self.graph.lineage_above(node))));
        lineage
    }
}
