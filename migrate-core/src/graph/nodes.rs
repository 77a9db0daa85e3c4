//! The migrations, sorted, and lookups by name.

use std::cmp::Ordering;
use std::ops::Range;

use crate::declare::migration::{Kind, Migration};
use crate::graph::error::GraphFault;
use crate::graph::node::{NodeId, PerNode};
use crate::graph::reference::RevisionRef;

/// All migrations, sorted by crate and natural id.
#[derive(Clone, Debug)]
pub(super) struct Nodes {
    migrations: PerNode<Migration>,
    /// Sorted by crate, then by the id as text, so that ids and prefixes are found by binary search.
    by_text: Vec<NodeId>,
    /// The range of each crate's nodes, in both tables.
    crates: Vec<Range<usize>>,
}

impl Nodes {
    pub(super) fn new(migrations: impl IntoIterator<Item = Migration>) -> Self {
        let migrations = PerNode::new(sorted(migrations.into_iter().collect()));
        let mut by_text: Vec<NodeId> = migrations.ids().collect();
        let text = |&node: &NodeId| {
            let key = &migrations[node].key;
            (key.krate.as_ref(), key.id.as_str())
        };
        by_text.sort_unstable_by(|a, b| text(a).cmp(&text(b)));
        let crates = by_text
            .chunk_by(|&a, &b| migrations[a].key.krate == migrations[b].key.krate)
            .scan(0, |start, nodes| {
                let range = *start..*start + nodes.len();
                *start = range.end;
                Some(range)
            })
            .collect();
        Self { migrations, by_text, crates }
    }

    pub(super) fn len(&self) -> usize {
        self.migrations.len()
    }

    pub(super) fn ids(&self) -> impl DoubleEndedIterator<Item = NodeId> + use<> {
        self.migrations.ids()
    }

    pub(super) fn migration(&self, node: NodeId) -> &Migration {
        &self.migrations[node]
    }

    pub(super) fn is_schema(&self, node: NodeId) -> bool {
        self.migration(node).kind == Kind::Schema
    }

    pub(super) fn id(&self, node: NodeId) -> &str {
        self.migration(node).key.id.as_str()
    }

    pub(super) fn krate(&self, node: NodeId) -> &str {
        &self.migration(node).key.krate
    }

    /// Returns the crates, sorted, each with its nodes.
    pub(super) fn crates(&self) -> impl Iterator<Item = (&str, &[NodeId])> {
        self.crates.iter().filter_map(|range| {
            let nodes = self.by_text.get(range.clone())?;
            Some((self.krate(*nodes.first()?), nodes))
        })
    }

    /// Returns the nodes of a crate, sorted by the text of their ids.
    pub(super) fn of_crate(&self, krate: &str) -> &[NodeId] {
        let found = self.crates.binary_search_by(|range| {
            self.by_text
                .get(range.start)
                .map_or(Ordering::Less, |&first| self.krate(first).cmp(krate))
        });
        found
            .ok()
            .and_then(|place| self.crates.get(place))
            .and_then(|range| self.by_text.get(range.clone()))
            .unwrap_or_default()
    }

    pub(super) fn find(&self, krate: &str, id: &str) -> Option<NodeId> {
        self.find_among(self.of_crate(krate), id)
    }

    /// Finds an id among the nodes of a crate, as [`Nodes::of_crate`] returns them.
    pub(super) fn find_among(&self, nodes: &[NodeId], id: &str) -> Option<NodeId> {
        let place = nodes.binary_search_by(|&node| self.id(node).cmp(id)).ok()?;
        nodes.get(place).copied()
    }

    /// Returns the nodes of any crate whose ids begin with `prefix`, ascending.
    pub(super) fn with_prefix(&self, prefix: &str) -> Vec<NodeId> {
        let mut found = Vec::new();
        for (_, nodes) in self.crates() {
            let start = nodes.partition_point(|&node| self.id(node) < prefix);
            let rest = nodes.get(start..).unwrap_or_default();
            found
                .extend(rest.iter().copied().take_while(|&node| self.id(node).starts_with(prefix)));
        }
        found.sort_unstable();
        found
    }

    pub(super) fn reference(&self, node: NodeId) -> RevisionRef {
        let migration = self.migration(node);
        RevisionRef::new(migration.key.clone(), migration.origin, self.crates.len() > 1)
    }

    pub(super) fn references(&self, nodes: impl IntoIterator<Item = NodeId>) -> Vec<RevisionRef> {
        nodes.into_iter().map(|node| self.reference(node)).collect()
    }

    /// Finds the faults in the ids.
    pub(super) fn check(&self, faults: &mut Vec<GraphFault>) {
        if self.len() == 0 {
            faults.push(GraphFault::Empty);
        }
        let all: Vec<NodeId> = self.ids().collect();
        // Equal ids are adjacent, because only equal ids compare as equal.
        for same in all.chunk_by(|&a, &b| self.migration(a).key == self.migration(b).key) {
            let Some(&node) = same.first() else { continue };
            if same.len() > 1 {
                faults.push(GraphFault::Duplicate {
                    revisions: self.references(same.iter().copied()),
                });
            }
            if !self.migration(node).key.id.is_valid() {
                faults.push(GraphFault::InvalidId { revision: self.reference(node) });
            } else if is_reserved(self.id(node)) {
                faults.push(GraphFault::ReservedId { revision: self.reference(node) });
            }
        }
    }
}

/// Returns whether a word has another meaning as a target than a revision or a label.
pub(crate) fn is_reserved(word: &str) -> bool {
    matches!(word, "head" | "heads" | "base" | "current")
}

fn sorted(migrations: Vec<Migration>) -> Vec<Migration> {
    if migrations.is_sorted_by(|a, b| compare(a, b).is_le()) {
        return migrations;
    }
    // Migrations are large, so their indexes are sorted first.
    let mut places: Vec<(usize, &Migration)> = migrations.iter().enumerate().collect();
    places.sort_by(|(_, a), (_, b)| compare(a, b));
    let places: Vec<usize> = places.into_iter().map(|(place, _)| place).collect();
    let mut slots: Vec<Option<Migration>> = migrations.into_iter().map(Some).collect();
    places.into_iter().filter_map(|place| slots.get_mut(place)?.take()).collect()
}

/// Compares migrations. Duplicates are ordered by their place, so that messages do not depend on the input's order.
fn compare(a: &Migration, b: &Migration) -> Ordering {
    let place = |migration: &Migration| {
        migration.origin.map(|origin| (origin.file, origin.line, origin.function))
    };
    a.key.cmp(&b.key).then_with(|| place(a).cmp(&place(b)))
}
