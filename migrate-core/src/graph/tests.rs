//! What the graph promises, by example and by law.

mod branches;
mod faults;
mod laws;
mod shape;

use proptest::prelude::*;

use super::*;
use crate::declare::migration::{Kind, Migration};

/// A schema revision of the crate `runtime`.
fn schema(id: &'static str) -> Migration {
    Migration::new(id)
}

fn data(id: &'static str) -> Migration {
    Migration::new(id).kind(Kind::Data)
}

/// A graph that has to be one.
fn graph(migrations: impl IntoIterator<Item = Migration>) -> Graph {
    Graph::new(migrations).unwrap_or_else(|error| panic!("{error}"))
}

/// The revision of that id, in whatever crate.
fn node(graph: &Graph, id: &str) -> NodeId {
    graph.with_id(id)[0]
}

fn ids(graph: &Graph, nodes: impl IntoIterator<Item = NodeId>) -> Vec<&str> {
    nodes.into_iter().map(|node| graph.migration(node).id().as_str()).collect()
}

fn parents<'g>(graph: &'g Graph, id: &str) -> Vec<&'g str> {
    ids(graph, graph.parents(node(graph, id)).iter().copied())
}

/// What one migration of a made-up set says; numbers are places among those it may name, wrapped round.
#[derive(Clone, Debug)]
struct Sketch {
    in_shop: bool,
    is_data: bool,
    branch: Option<&'static str>,
    after: Option<Vec<usize>>,
    depends_on: Vec<usize>,
    /// One in many names what comes later, or an id that is taken.
    goes_wrong: bool,
}

fn sketch() -> impl Strategy<Value = Sketch> {
    let after = prop::option::weighted(0.4, prop::collection::vec(0_usize..100, 0..3));
    let branch = prop::option::weighted(0.15, prop::sample::select(vec!["blue", "red"]));
    let flags = (prop::bool::weighted(0.6), prop::bool::weighted(0.2), prop::bool::weighted(0.04));
    (flags, branch, after, prop::collection::vec(0_usize..100, 0..2)).prop_map(
        |((in_shop, is_data, goes_wrong), branch, after, depends_on)| {
            let branch = branch.filter(|_| in_shop);
            Sketch { in_shop, is_data, branch, after, depends_on, goes_wrong }
        },
    )
}

/// Sets of migrations, most of them graphs: merges, branches, dependencies, data, two crates, now and then a fault.
pub(crate) fn migrations() -> impl Strategy<Value = Vec<Migration>> {
    prop::collection::vec(sketch(), 1..16).prop_map(|all| {
        all.iter().enumerate().map(|(place, sketch)| build(&all, place, sketch)).collect()
    })
}

fn build(all: &[Sketch], place: usize, sketch: &Sketch) -> Migration {
    let krate = |sketch: &Sketch| if sketch.in_shop { "shop" } else { "auth" };
    let known = if sketch.goes_wrong { all } else { &all[..place] };
    let parents: Vec<usize> = (0..known.len())
        .filter(|&other| {
            known[other].in_shop == sketch.in_shop && (sketch.is_data || !known[other].is_data)
        })
        .collect();
    let id = if sketch.goes_wrong && place.is_multiple_of(3) { place / 2 } else { place };
    let mut migration = Migration::new(id.to_string()).in_crate(krate(sketch));
    if let Some(after) = &sketch.after {
        let parents = after
            .iter()
            .filter(|_| !parents.is_empty())
            .map(|number| parents[number % parents.len()]);
        migration = migration.after_ids(parents.map(|parent| parent.to_string().into()));
    }
    for number in sketch.depends_on.iter().filter(|_| !known.is_empty()) {
        let other = number % known.len();
        migration = migration.depends_on(format!("{}@{other}", krate(&known[other])));
    }
    if let Some(branch) = sketch.branch {
        migration = migration.branch(branch);
    }
    if sketch.is_data { migration.kind(Kind::Data) } else { migration }
}
