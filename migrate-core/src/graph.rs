//! The revision graph. It does not depend on the order in which migrations are linked.

mod branch;
mod closure;
mod cycle;
mod dependencies;
mod edges;
mod error;
mod hint;
mod labels;
mod lineage;
mod node;
mod nodes;
mod reference;
mod set;
mod similar;
#[cfg(test)]
pub(crate) mod steps;
pub(crate) mod target;
#[cfg(test)]
pub(crate) mod tests;
mod topology;

pub use self::error::{GraphError, GraphFault};
pub use self::node::NodeId;
pub use self::reference::RevisionRef;
pub use self::set::NodeSet;

pub(crate) use self::hint::did_you_mean;
pub(crate) use self::labels::is_word;
pub(crate) use self::reference::list;
pub(crate) use self::similar::similar;

use self::edges::Edges;
use self::labels::{LabelId, Labels, Line};
use self::lineage::Lineage;
use self::node::PerNode;
use self::nodes::Nodes;
use self::topology::Needs;
use crate::declare::migration::Migration;
use crate::declare::revision::RevisionKey;

/// The revisions of one or more crates, and the relations between them.
///
/// `after` defines parents and children. `depends_on` only defines an order.
///
/// # Examples
///
/// ```
/// use migrate_core::{Graph, Migration};
///
/// let graph = Graph::new([Migration::new("010"), Migration::new("009"), Migration::new("1")])?;
/// let ids: Vec<_> = graph.order().iter().map(|&node| graph.migration(node).id().as_str()).collect();
/// assert_eq!(ids, ["1", "009", "010"]);
/// # Ok::<(), migrate_core::GraphError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Graph {
    nodes: Nodes,
    labels: Labels,
    parents: Edges,
    children: Edges,
    dependencies: Edges,
    dependents: Edges,
    branches: PerNode<Option<LabelId>>,
    order: Vec<NodeId>,
    ranks: PerNode<usize>,
}

impl Graph {
    /// Builds the graph of the migrations.
    ///
    /// # Errors
    ///
    /// All faults of the first stage that finds any: ids and labels, then references, then cycles, then the beginnings of
    /// branches.
    pub fn new(migrations: impl IntoIterator<Item = Migration>) -> Result<Self, GraphError> {
        // Graphs do not share rendered SQL.
        let nodes = Nodes::new(migrations.into_iter().map(Migration::apart));
        let mut labels = Labels::new(&nodes);
        let mut faults = Vec::new();
        nodes.check(&mut faults);
        labels.check(&nodes, &mut faults);
        GraphError::check(std::mem::take(&mut faults))?;

        let Lineage { parents, branches } = Lineage::new(&nodes, &labels, &mut faults);
        let dependencies = dependencies::resolve(&nodes, &mut faults);
        GraphError::check(std::mem::take(&mut faults))?;

        let (children, dependents) = (parents.reversed(), dependencies.reversed());
        let needs = Needs {
            parents: &parents,
            dependencies: &dependencies,
            children: &children,
            dependents: &dependents,
        };
        let order = topology::sort(nodes.len(), needs);
        GraphError::check(cycles(&nodes, needs, &order))?;

        let line =
            Line { order: &order, parents: &parents, children: &children, branches: &branches };
        labels.settle(&nodes, &line, &mut faults);
        GraphError::check(faults)?;

        let mut ranks = PerNode::filled(0, nodes.len());
        for (rank, &node) in order.iter().enumerate() {
            ranks[node] = rank;
        }
        Ok(Self {
            nodes,
            labels,
            parents,
            children,
            dependencies,
            dependents,
            branches,
            order,
            ranks,
        })
    }

    /// Returns the number of revisions.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Returns whether there are no revisions; never `true`, because [`Graph::new`] refuses an empty set.
    pub fn is_empty(&self) -> bool {
        self.nodes.len() == 0
    }

    /// Returns the migration of a revision.
    ///
    /// # Panics
    ///
    /// If `node` comes from another, larger graph. The other methods that take one node panic then, too.
    pub fn migration(&self, node: NodeId) -> &Migration {
        #[cfg(test)]
        steps::count();
        self.nodes.migration(node)
    }

    /// Forgets the rendered SQL of all migrations, because a run begins.
    pub(crate) fn forget_rendered(&self) {
        for node in &self.order {
            self.migration(*node).forget_rendered();
        }
    }

    /// Finds a revision by its crate and id.
    pub fn find(&self, key: &RevisionKey) -> Option<NodeId> {
        self.nodes.find(&key.krate, key.id.as_str())
    }

    /// Returns all revisions, each after those it needs. Ties are broken by crate and natural order of the ids.
    pub fn order(&self) -> &[NodeId] {
        &self.order
    }

    /// Returns the revision's position in [`Graph::order`].
    pub fn rank(&self, node: NodeId) -> usize {
        self.ranks[node]
    }

    /// Returns the parents, declared or by default: none for a base, several for a merge.
    pub fn parents(&self, node: NodeId) -> &[NodeId] {
        self.parents.of(node)
    }

    /// Returns the children.
    pub fn children(&self, node: NodeId) -> &[NodeId] {
        self.children.of(node)
    }

    /// Returns the revisions in its `depends_on`.
    pub fn dependencies(&self, node: NodeId) -> &[NodeId] {
        self.dependencies.of(node)
    }

    /// Returns the revisions whose `depends_on` names this one.
    pub fn dependents(&self, node: NodeId) -> &[NodeId] {
        self.dependents.of(node)
    }

    /// Returns the label of its branch: the declared one, or the one that all its parents share.
    pub fn branch(&self, node: NodeId) -> Option<&str> {
        self.labels.name(self.branches[node]?)
    }

    /// Returns the branch labels, sorted, each with the first revision of its branch.
    pub fn labels(&self) -> impl Iterator<Item = (&str, NodeId)> {
        self.labels.iter()
    }

    /// Returns the first revision of a branch.
    pub fn labelled(&self, label: &str) -> Option<NodeId> {
        self.labels.start(label)
    }

    /// Returns the names of the crates, sorted.
    pub fn crates(&self) -> impl Iterator<Item = &str> {
        self.nodes.crates().map(|(krate, _)| krate)
    }

    /// Returns the revisions of a crate; none if the crate is not known.
    pub fn of_crate(&self, krate: &str) -> NodeSet {
        self.nodes.of_crate(krate).iter().copied().collect()
    }

    /// Returns the schema revisions without a parent, in order.
    pub fn bases(&self) -> Vec<NodeId> {
        self.schema_in_order(|node| self.parents(node).is_empty())
    }

    /// Returns the schema revisions without a schema child, of all crates, in order.
    pub fn heads(&self) -> Vec<NodeId> {
        self.schema_in_order(|node| self.schema_children(node).next().is_none())
    }

    /// Returns the heads of one crate, in order.
    pub fn heads_of(&self, krate: &str) -> Vec<NodeId> {
        let mut heads = self.heads();
        heads.retain(|&node| self.nodes.krate(node) == krate);
        heads
    }

    /// Returns whether it has several parents.
    pub fn is_merge(&self, node: NodeId) -> bool {
        self.parents(node).len() > 1
    }

    /// Returns whether it has several schema children.
    pub fn is_branch_point(&self, node: NodeId) -> bool {
        self.schema_children(node).nth(1).is_some()
    }

    /// Returns the given revisions and all that they need, through parents and dependencies.
    pub fn ancestors(&self, from: impl IntoIterator<Item = NodeId>) -> NodeSet {
        closure::reach(from, &[&self.parents, &self.dependencies])
    }

    /// Returns the given revisions and all that need them, through children and dependents.
    pub fn descendants(&self, from: impl IntoIterator<Item = NodeId>) -> NodeSet {
        closure::reach(from, &[&self.children, &self.dependents])
    }

    /// Returns the revision's name for messages: with its crate only if there are several.
    pub fn reference(&self, node: NodeId) -> RevisionRef {
        self.nodes.reference(node)
    }
}

/// Lookups for targets.
impl Graph {
    pub(crate) fn references(&self, nodes: Vec<NodeId>) -> Vec<RevisionRef> {
        nodes.into_iter().map(|node| self.reference(node)).collect()
    }

    pub(crate) fn is_schema(&self, node: NodeId) -> bool {
        self.nodes.is_schema(node)
    }

    pub(crate) fn schema_children(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        self.children(node).iter().copied().filter(|&child| self.is_schema(child))
    }

    /// Returns the revision and its descendants by `after`.
    pub(crate) fn lineage_below(&self, node: NodeId) -> NodeSet {
        closure::reach([node], &[&self.children])
    }

    /// Returns the revision and its ancestors by `after`.
    pub(crate) fn lineage_above(&self, node: NodeId) -> NodeSet {
        closure::reach([node], &[&self.parents])
    }

    /// Returns the revisions of any crate with exactly this id, ascending.
    pub(crate) fn with_id(&self, id: &str) -> Vec<NodeId> {
        self.nodes
            .crates()
            .filter_map(|(_, of_crate)| self.nodes.find_among(of_crate, id))
            .collect()
    }

    /// Returns the revisions of any crate whose ids begin with `prefix`, ascending.
    pub(crate) fn with_prefix(&self, prefix: &str) -> Vec<NodeId> {
        self.nodes.with_prefix(prefix)
    }

    fn schema_in_order(&self, keep: impl Fn(NodeId) -> bool) -> Vec<NodeId> {
        self.order.iter().copied().filter(|&node| self.is_schema(node) && keep(node)).collect()
    }
}

/// Returns a fault for each strongly connected component among the nodes that could not be ordered.
fn cycles(nodes: &Nodes, needs: Needs<'_>, order: &[NodeId]) -> Vec<GraphFault> {
    if order.len() == nodes.len() {
        return Vec::new();
    }
    let mut open = PerNode::filled(true, nodes.len());
    for &node in order {
        open[node] = false;
    }
    let pairs = needs
        .parents
        .pairs()
        .chain(needs.dependencies.pairs())
        .filter(|&(from, to)| open[from] && open[to]);
    let stuck = Edges::new(nodes.len(), pairs.collect());
    let cycles = cycle::shortest(nodes.len(), &stuck);
    cycles
        .into_iter()
        .map(|cycle| GraphFault::Cycle { revisions: nodes.references(cycle) })
        .collect()
}
