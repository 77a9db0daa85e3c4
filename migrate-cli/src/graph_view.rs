//! Draws the revision graph as text, newest first.

use migrate_core::{Graph, NodeId, NodeSet};

/// A row of the drawing: a revision with its place, or a row in between that only moves lines.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// The drawn lines.
    pub(crate) lines: String,
    /// The revision on this row, if there is one.
    pub(crate) node: Option<NodeId>,
}

/// Draws the revisions of `shown` in this order; each must come before its parents.
pub(crate) fn draw(graph: &Graph, shown: &[NodeId]) -> Vec<Row> {
    let drawn: NodeSet = shown.iter().copied().collect();
    let mut drawing = Drawing::default();
    for node in shown {
        let parents: Vec<NodeId> =
            graph.parents(*node).iter().copied().filter(|parent| drawn.contains(*parent)).collect();
        drawing.revision(*node, &parents);
    }
    drawing.rows
}

#[derive(Default)]
struct Drawing {
    /// The revision that each line leads down to.
    columns: Vec<NodeId>,
    rows: Vec<Row>,
}

impl Drawing {
    fn revision(&mut self, node: NodeId, parents: &[NodeId]) {
        let column = self.column_of(node);
        let marks = (0..self.columns.len())
            .map(|place| (place * 2, if place == column { '*' } else { '|' }));
        let lines = line(marks);
        self.rows.push(Row { lines, node: Some(node) });
        match parents.split_first() {
            None => self.end(column),
            Some((first, others)) => {
                if let Some(place) = self.columns.get_mut(column) {
                    *place = *first;
                }
                // The last is opened first, because each opens next to the line that it leaves.
                others.iter().rev().for_each(|parent| self.open(column, *parent));
            }
        }
    }

    /// Returns the column of a revision. If several lines lead to it, joins them first.
    fn column_of(&mut self, node: NodeId) -> usize {
        let Some(column) = self.columns.iter().position(|next| *next == node) else {
            self.columns.push(node);
            return self.columns.len() - 1;
        };
        while let Some(other) =
            self.columns.iter().rposition(|next| *next == node).filter(|other| *other > column)
        {
            self.join(other, column);
        }
        column
    }

    /// Moves the line at `from` over to the line at `to`, left of it.
    fn join(&mut self, from: usize, to: usize) {
        self.columns.remove(from);
        let moved = (from..self.columns.len()).map(|place| (place * 2 + 1, '/'));
        let kept = (0..from).map(|place| (place * 2, '|'));
        self.between(kept.chain([(from * 2 - 1, '/')]).chain(moved));
        for step in (to..from - 1).rev() {
            let kept = (0..self.columns.len()).map(|place| (place * 2, '|'));
            self.between(kept.chain([(step * 2 + 1, '/')]));
        }
    }

    /// Opens a line to `parent` right of `column`.
    fn open(&mut self, column: usize, parent: NodeId) {
        let kept = (0..=column).map(|place| (place * 2, '|'));
        let moved = (column..self.columns.len()).map(|place| (place * 2 + 1, '\\'));
        self.between(kept.chain(moved));
        self.columns.insert(column + 1, parent);
    }

    /// Ends the line at `column`; those right of it move up.
    fn end(&mut self, column: usize) {
        self.columns.remove(column);
        if column < self.columns.len() {
            let kept = (0..column).map(|place| (place * 2, '|'));
            let moved = (column..self.columns.len()).map(|place| (place * 2 + 1, '/'));
            self.between(kept.chain(moved));
        }
    }

    fn between(&mut self, marks: impl Iterator<Item = (usize, char)>) {
        self.rows.push(Row { lines: line(marks), node: None });
    }
}

/// Returns a row of characters at these places.
fn line(marks: impl Iterator<Item = (usize, char)>) -> String {
    let mut marks: Vec<(usize, char)> = marks.collect();
    marks.sort_unstable();
    let mut text = String::new();
    let mut width = 0;
    for (place, mark) in marks {
        text.extend(std::iter::repeat_n(' ', place.saturating_sub(width)));
        text.push(mark);
        width = place + 1;
    }
    text
}

#[cfg(test)]
mod tests {
    use migrate_core::Migration;

    use super::*;

    fn drawn(revisions: &[(&'static str, &[&'static str])]) -> String {
        let migration = |(id, after): &(&'static str, &[&'static str])| {
            Migration::new(*id).after_ids(after.iter().map(|parent| (*parent).into()))
        };
        let graph = Graph::new(revisions.iter().map(migration)).expect("no faults");
        let newest_first: Vec<NodeId> = graph.order().iter().rev().copied().collect();
        let rows = draw(&graph, &newest_first);
        let text = |row: &Row| match row.node {
            Some(node) => format!("{} {}", row.lines, graph.migration(node).id()),
            None => row.lines.clone(),
        };
        rows.iter().map(text).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_line_is_a_line() {
        insta::assert_snapshot!(drawn(&[("1", &[]), ("2", &["1"]), ("3", &["2"])]), @r"
        * 3
        * 2
        * 1
        ");
    }

    #[test]
    fn a_merge_opens_and_a_branch_point_joins() {
        let diamond: &[(_, &[_])] = &[("1", &[]), ("2", &["1"]), ("3", &["1"]), ("4", &["2", "3"])];
        insta::assert_snapshot!(drawn(diamond), @r"
        * 4
        |\
        | * 3
        * | 2
        |/
        * 1
        ");
    }

    #[test]
    fn heads_stand_side_by_side() {
        let heads: &[(_, &[_])] = &[("1", &[]), ("2", &["1"]), ("3", &["1"]), ("4", &["2"])];
        insta::assert_snapshot!(drawn(heads), @r"
        * 4
        | * 3
        * | 2
        |/
        * 1
        ");
    }

    #[test]
    fn bases_of_their_own_end_before_the_others() {
        let bases: &[(_, &[_])] = &[("1", &[]), ("2", &[]), ("3", &["2"]), ("4", &["1", "3"])];
        insta::assert_snapshot!(drawn(bases), @r"
        * 4
        |\
        | * 3
        | * 2
        * 1
        ");
    }

    #[test]
    fn three_parents_open_three_lines_and_lines_cross() {
        let many: &[(_, &[_])] = &[
            ("1", &[]),
            ("2", &["1"]),
            ("3", &["1"]),
            ("4", &["1"]),
            ("5", &["2", "3", "4"]),
            ("6", &["3"]),
            ("7", &["5", "6"]),
        ];
        insta::assert_snapshot!(drawn(many), @r"
        * 7
        |\
        | * 6
        * | 5
        |\ \
        |\ \ \
        | | * | 4
        | | |/
        | |/|
        | * | 3
        * | | 2
        | |/
        |/|
        |/
        * 1
        ");
    }
}
