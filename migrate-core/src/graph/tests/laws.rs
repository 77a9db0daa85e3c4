//! What holds for any set of migrations.

use std::collections::BTreeMap;

use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::*;
use crate::declare::migration::After;

/// All that can be seen of the outcome.
fn seen(migrations: Vec<Migration>) -> Result<Vec<String>, GraphError> {
    let graph = Graph::new(migrations)?;
    let all = graph.order().iter().map(|&node| {
        let (key, branch) = (graph.migration(node).key(), graph.branch(node));
        format!("{key} {branch:?} {:?} {:?}", graph.parents(node), graph.dependencies(node))
    });
    Ok(all.chain(graph.labels().map(|label| format!("{label:?}"))).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_order_of_the_input_does_not_show(
        (given, shuffled) in migrations().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle()))
    ) {
        prop_assert_eq!(seen(given), seen(shuffled));
    }

    #[test]
    fn the_order_respects_every_edge(all in migrations()) {
        let Ok(graph) = Graph::new(all) else { return Ok(()) };
        prop_assert_eq!(graph.order().len(), graph.len());
        for (rank, &node) in graph.order().iter().enumerate() {
            prop_assert_eq!(graph.rank(node), rank);
            for &needed in graph.parents(node).iter().chain(graph.dependencies(node)) {
                prop_assert!(graph.rank(needed) < rank);
            }
        }
    }

    #[test]
    fn ties_go_to_the_smaller(all in migrations()) {
        let Ok(graph) = Graph::new(all) else { return Ok(()) };
        for pair in graph.order().windows(2) {
            let waits = graph.parents(pair[1]).contains(&pair[0]) || graph.dependencies(pair[1]).contains(&pair[0]);
            prop_assert!(waits || pair[0] < pair[1]);
        }
    }

    #[test]
    fn ancestors_and_descendants_are_inverse(all in migrations()) {
        let Ok(graph) = Graph::new(all) else { return Ok(()) };
        for &low in graph.order() {
            let below = graph.descendants([low]);
            for &high in graph.order() {
                prop_assert_eq!(below.contains(high), graph.ancestors([high]).contains(low));
            }
        }
    }

    #[test]
    fn a_branch_is_declared_or_shared_by_all_parents(all in migrations()) {
        let Ok(graph) = Graph::new(all) else { return Ok(()) };
        for &node in graph.order() {
            let parents = graph.parents(node);
            let shared = parents.first().and_then(|&first| graph.branch(first));
            let shared = shared.filter(|_| parents.iter().all(|&parent| graph.branch(parent) == shared));
            prop_assert_eq!(graph.branch(node), graph.migration(node).branch.as_deref().or(shared));
        }
    }

    #[test]
    fn a_cycle_is_told_as_edges_that_exist(all in migrations()) {
        let Err(error) = Graph::new(all.clone()) else { return Ok(()) };
        for fault in error.faults() {
            let GraphFault::Cycle { revisions } = fault else { continue };
            prop_assert!(revisions.len() > 1);
            prop_assert_eq!(revisions.iter().min_by_key(|revision| revision.key().clone()), revisions.first());
            for pair in revisions.windows(2) {
                let from = all.iter().find(|migration| migration.key() == pair[0].key()).unwrap();
                let to = pair[1].key();
                let declared = match &from.after {
                    After::Default => true,
                    After::Revisions(parents) => parents.contains(&to.id),
                };
                prop_assert!(declared || from.depends_on.iter().flatten().any(|one| *one == to.to_string()));
            }
        }
    }
}

#[test]
fn the_laws_are_tried_on_graphs_and_on_faults() {
    let mut runner = TestRunner::deterministic();
    let mut codes = BTreeMap::new();
    for _ in 0..1_000 {
        let all = migrations().new_tree(&mut runner).unwrap().current();
        let code = Graph::new(all).map_or_else(|error| error.faults()[0].code(), |_| "graph");
        *codes.entry(code).or_insert(0) += 1;
    }
    assert!(codes["graph"] > 400, "{codes:?}");
    assert!(codes["cycle"] > 10 && codes["label-twice"] > 10, "{codes:?}");
}
