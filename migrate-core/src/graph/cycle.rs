//! The shortest cycle of each strongly connected component.

use std::collections::VecDeque;

use crate::graph::edges::Edges;
use crate::graph::node::{NodeId, PerNode};

/// Finds the shortest cycle of each knot (strongly connected component), starting at its smallest node.
///
/// `needs` has the edges between nodes that could not be ordered. Only nodes on a cycle are searched more than once.
pub(super) fn shortest(nodes: usize, needs: &Edges) -> Vec<Vec<NodeId>> {
    let mut search = Search::new(nodes, needs);
    knots(nodes, needs).iter().filter_map(|knot| search.shortest_in(knot)).collect()
}

/// Returns the strongly connected components with at least two nodes, sorted.
fn knots(nodes: usize, needs: &Edges) -> Vec<Vec<NodeId>> {
    let back = needs.reversed();
    let mut taken = PerNode::filled(false, nodes);
    let mut knots = Vec::new();
    // Kosaraju: in reverse finishing order, a backward walk never leaves a component.
    for start in finished(nodes, needs).into_iter().rev() {
        if taken[start] {
            continue;
        }
        taken[start] = true;
        let (mut knot, mut open) = (Vec::new(), vec![start]);
        while let Some(node) = open.pop() {
            knot.push(node);
            for &next in back.of(node) {
                if !taken[next] {
                    taken[next] = true;
                    open.push(next);
                }
            }
        }
        if knot.len() > 1 {
            knot.sort_unstable();
            knots.push(knot);
        }
    }
    knots.sort_unstable();
    knots
}

/// Returns the nodes in the order in which a depth-first search finishes them.
fn finished(nodes: usize, needs: &Edges) -> Vec<NodeId> {
    let mut entered = PerNode::filled(false, nodes);
    let mut finished = Vec::with_capacity(nodes);
    for start in (0..nodes).map(NodeId::from_index) {
        if entered[start] {
            continue;
        }
        entered[start] = true;
        let mut path = vec![(start, needs.of(start).iter())];
        while let Some((node, rest)) = path.last_mut() {
            if let Some(&next) = rest.next() {
                if !entered[next] {
                    entered[next] = true;
                    path.push((next, needs.of(next).iter()));
                }
            } else {
                finished.push(*node);
                path.pop();
            }
        }
    }
    finished
}

/// Breadth-first searches that share their tables, so that many small components cost no more than a large one.
struct Search<'g> {
    needs: &'g Edges,
    /// The number of the component a node was last seen in; searches stay inside it.
    knot: PerNode<usize>,
    knots: usize,
    /// The number of the search that last visited a node, and the node before it.
    seen: PerNode<(usize, Option<NodeId>)>,
    walks: usize,
}

impl<'g> Search<'g> {
    fn new(nodes: usize, needs: &'g Edges) -> Self {
        let (knot, seen) = (PerNode::filled(0, nodes), PerNode::filled((0, None), nodes));
        Self { needs, knot, knots: 0, seen, walks: 0 }
    }

    fn shortest_in(&mut self, knot: &[NodeId]) -> Option<Vec<NodeId>> {
        self.knots += 1;
        for &node in knot {
            self.knot[node] = self.knots;
        }
        let mut best = None;
        for start in self.starts(knot) {
            let limit = best.as_ref().map_or(usize::MAX, Vec::len);
            best = self.through(start, limit).or(best);
        }
        best
    }

    /// Returns where searches have to start: a cycle contains a node with a choice, or is the whole component.
    fn starts(&self, knot: &[NodeId]) -> Vec<NodeId> {
        let choices = |&node: &NodeId| self.inside(node).take(2).count() > 1;
        let starts: Vec<NodeId> = knot.iter().copied().filter(choices).collect();
        if starts.is_empty() { knot.first().copied().into_iter().collect() } else { starts }
    }

    fn inside(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        self.needs.of(node).iter().copied().filter(move |&next| self.knot[next] == self.knots)
    }

    /// Returns the shortest cycle through `start` of fewer than `limit` nodes.
    fn through(&mut self, start: NodeId, limit: usize) -> Option<Vec<NodeId>> {
        self.walks += 1;
        let mut open = VecDeque::from([(start, 1)]);
        while let Some((node, length)) = open.pop_front() {
            if length >= limit {
                return None;
            }
            for &next in self.needs.of(node) {
                if next == start {
                    return Some(self.path_to(node, start));
                }
                if self.knot[next] == self.knots && self.seen[next].0 != self.walks {
                    self.seen[next] = (self.walks, Some(node));
                    open.push_back((next, length + 1));
                }
            }
        }
        None
    }

    fn path_to(&self, end: NodeId, start: NodeId) -> Vec<NodeId> {
        let mut path = vec![end];
        let mut node = end;
        while let (true, Some(before)) = (node != start, self.seen[node].1) {
            path.push(before);
            node = before;
        }
        path.reverse();
        let smallest = path
            .iter()
            .enumerate()
            .min_by_key(|(_, node)| **node)
            .map_or(0, |(position, _)| position);
        path.rotate_left(smallest);
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cycles(nodes: usize, pairs: &[(usize, usize)]) -> Vec<Vec<usize>> {
        let pairs =
            pairs.iter().map(|&(from, to)| (NodeId::from_index(from), NodeId::from_index(to)));
        let found = shortest(nodes, &Edges::new(nodes, pairs.collect()));
        found.iter().map(|cycle| cycle.iter().map(|node| node.index()).collect()).collect()
    }

    #[test]
    fn the_shortest_of_several_is_given() {
        // 0 → 1 → 2 → 3 → 0, and a short cut 3 → 2.
        assert_eq!(cycles(4, &[(0, 1), (1, 2), (2, 3), (3, 0), (3, 2)]), [[2, 3]]);
    }

    #[test]
    fn each_knot_gives_one_cycle() {
        let found = cycles(7, &[(0, 1), (1, 0), (2, 1), (3, 2), (4, 3), (5, 4), (4, 6), (6, 5)]);
        assert_eq!(found, [vec![0, 1], vec![4, 6, 5]]);
    }

    #[test]
    fn no_cycle_gives_nothing() {
        assert!(cycles(4, &[(1, 0), (2, 0), (3, 1), (3, 2)]).is_empty());
    }

    #[test]
    fn a_ring_of_100_000_is_found_in_one_walk() {
        let ring: Vec<_> = (0..100_000).map(|node| (node, (node + 1) % 100_000)).collect();
        assert_eq!(cycles(100_000, &ring)[0].len(), 100_000);
    }
}
