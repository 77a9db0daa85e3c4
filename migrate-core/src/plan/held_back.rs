//! Schema revisions that destroy or narrow what earlier, still pending data revisions use.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use migrate_sql::Direction;
use migrate_sql::impact::{Narrowing, Relation, Ties, Touched, narrowings, touched};

use crate::declare::migration::Migration;
use crate::graph::{Graph, NodeId, NodeSet};
use crate::history::{History, State};
use crate::plan::before::Before;
use crate::plan::overtaking::Overtaking;
use crate::plan::{Notice, PlanError, Step, Work};
use crate::sql::Dialect;

/// Returns the schema revisions, applied or pending, that overtake pending data revisions. Does not read the database.
pub fn overtakings(graph: &Graph, history: &History, dialect: Dialect) -> Vec<Overtaking> {
    let applied: NodeSet = history
        .rows()
        .filter(|(_, row)| row.state == State::Applied)
        .filter_map(|(key, _)| graph.find(key))
        .collect();
    let judge = Judge::new(graph, &applied, dialect);
    let schema = graph.order().iter().copied().filter(|node| graph.is_schema(*node));
    schema.flat_map(|node| judge.overtaken_by(node, None, &judge.pending)).collect()
}

/// Refuses a plan that destroys or narrows what a data revision uses before that has run. Returns the notices, about
/// revisions whose statements are not known in advance.
pub(super) fn refuse(
    graph: &Graph,
    applied: &NodeSet,
    steps: &[Step],
    dialect: Dialect,
) -> Result<Vec<Notice>, PlanError> {
    let judge = Judge::new(graph, applied, dialect);
    if judge.pending.is_empty() {
        return Ok(Vec::new());
    }
    let (mut waiting, mut found) = (judge.pending.clone(), Vec::new());
    for step in steps {
        let Some(node) = graph.find(step.key()) else { continue };
        // A started revision is better finished than left.
        if graph.is_schema(node) && step.resume.is_none() {
            let text = match &step.work {
                Work::Sql(script) => Some(script.text()),
                Work::Code(_) | Work::Nothing => None,
            };
            found.extend(judge.overtaken_by(node, text, &waiting));
        } else if !graph.is_schema(node) {
            waiting.remove(&node);
        }
    }
    let (seen, unseen): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|overtaking| overtaking.does.is_some());
    if !seen.is_empty() {
        return Err(PlanError::PendingData { revisions: seen });
    }
    let mut notices: Vec<Notice> = Vec::new();
    for Overtaking { schema, data, .. } in unseen {
        match notices.last_mut() {
            Some(Notice::UnseenChange { key, data: before }) if *key == schema => before.push(data),
            _ => notices.push(Notice::UnseenChange { key: schema, data: vec![data] }),
        }
    }
    Ok(notices)
}

/// Compares schema revisions with what pending data revisions use.
struct Judge<'g> {
    graph: &'g Graph,
    applied: &'g NodeSet,
    dialect: Dialect,
    /// The pending data revisions.
    pending: BTreeSet<NodeId>,
    /// Computed when the first schema revision needs it.
    known: OnceCell<Known>,
}

/// What is known about the SQL of the whole graph.
struct Known {
    /// What each pending data revision uses.
    touched: BTreeMap<NodeId, Touched>,
    /// The tables that schema revisions create, with those revisions.
    made: Vec<(Relation, NodeId)>,
}

impl<'g> Judge<'g> {
    fn new(graph: &'g Graph, applied: &'g NodeSet, dialect: Dialect) -> Self {
        let is_pending = |node: &NodeId| !graph.is_schema(*node) && !applied.contains(*node);
        let pending = graph.order().iter().copied().filter(is_pending).collect();
        Self { graph, applied, dialect, pending, known: OnceCell::new() }
    }

    /// Returns the revisions in `waiting` that a schema revision overtakes. Its SQL is `text`, or is rendered.
    fn overtaken_by(
        &self,
        schema: NodeId,
        text: Option<&str>,
        waiting: &BTreeSet<NodeId>,
    ) -> Vec<Overtaking> {
        let migration = self.graph.migration(schema);
        if migration.ignores_pending_data() || waiting.is_empty() {
            return Vec::new();
        }
        let (narrowings, unseen) = match text {
            Some(text) => self.read(text),
            None => match text_of(migration, self.dialect) {
                Some(text) => self.read(&text),
                None => (Vec::new(), true),
            },
        };
        // Most revisions take nothing from anybody.
        if narrowings.is_empty() && !unseen {
            return Vec::new();
        }
        let candidates: Vec<NodeId> =
            waiting.iter().copied().filter(|data| self.may_precede(*data, schema)).collect();
        let concerned = |data: &NodeId| narrowings.iter().any(|one| self.touches(one, *data));
        if candidates.is_empty() || !unseen && !candidates.iter().any(concerned) {
            return Vec::new();
        }
        let (before, needed) = (Before::new(self.graph, schema), self.graph.ancestors([schema]));
        let earlier =
            candidates.into_iter().filter(|data| !needed.contains(*data) && before.holds(*data));
        let judged = earlier.filter_map(|data| {
            let narrowing =
                narrowings.iter().find(|narrowing| self.concerns(narrowing, data, &needed));
            (narrowing.is_some() || unseen).then(|| Overtaking {
                schema: migration.key.clone(),
                data: self.graph.migration(data).key.clone(),
                does: narrowing.map(|narrowing| narrowing.words().to_owned()),
                applied: self.applied.contains(schema),
                depends: migration.depends_on.as_ref().is_some_and(|all| !all.is_empty()),
            })
        });
        judged.collect()
    }

    /// Returns whether `data` may come before `schema`, as far as that is cheap to know.
    fn may_precede(&self, data: NodeId, schema: NodeId) -> bool {
        let [one, other] = [data, schema].map(|node| &self.graph.migration(node).key);
        let numbers = one.id.is_number() && other.id.is_number();
        one.krate == other.krate && (data < schema || !numbers)
    }

    fn touches(&self, narrowing: &Narrowing, data: NodeId) -> bool {
        self.known().touched.get(&data).is_some_and(|touched| narrowing.concerns(touched))
    }

    fn read(&self, text: &str) -> (Vec<Narrowing>, bool) {
        let found = narrowings(text, self.dialect);
        (found.list, found.unseen)
    }

    fn concerns(&self, narrowing: &Narrowing, data: NodeId, needed: &NodeSet) -> bool {
        let known = self.known();
        let Some(touched) = known.touched.get(&data) else { return false };
        narrowing.concerns(touched)
            && !(touched.may_touch_anything()
                && narrowing.relation().is_some_and(|table| self.is_newer(table, data, needed)))
    }

    /// Returns whether a table is only created after a data revision, which therefore does not use it.
    fn is_newer(&self, table: &Relation, data: NodeId, needed: &NodeSet) -> bool {
        let made = self.known().made.iter().filter(|(made, _)| made.may_be(table));
        let mut makers = made.map(|(_, maker)| *maker).peekable();
        makers.peek().is_some()
            && makers
                .all(|maker| needed.contains(maker) && Before::new(self.graph, maker).holds(data))
    }

    fn known(&self) -> &Known {
        self.known.get_or_init(|| {
            let (mut ties, mut made) = (Ties::default(), Vec::new());
            for node in
                self.graph.order().iter().copied().filter(|node| self.graph.is_schema(*node))
            {
                if let Some(text) = text_of(self.graph.migration(node), self.dialect) {
                    ties.read(&text, self.dialect);
                    made.extend(
                        narrowings(&text, self.dialect).made.into_iter().map(|one| (one, node)),
                    );
                }
            }
            let touched = self.pending.iter().map(|node| {
                let text = text_of(self.graph.migration(*node), self.dialect);
                let mut of_node =
                    text.map_or_else(Touched::anything, |text| touched(&text, self.dialect));
                of_node.follow(&ties);
                (*node, of_node)
            });
            Known { touched: touched.collect(), made }
        })
    }
}

/// Returns the SQL of a revision; `None` for code, or where it cannot be rendered.
fn text_of(migration: &Migration, dialect: Dialect) -> Option<String> {
    migration.sql(Direction::Up, dialect).ok().flatten()
}
