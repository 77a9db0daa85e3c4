//! What holds for any plan in any graph.

use proptest::prelude::*;

use super::*;
use crate::graph::NodeSet;
use crate::graph::target::Resolved;
use crate::graph::tests::migrations;

/// What is asked for: a command, and the place of its target among the revisions.
fn requests() -> impl Strategy<Value = Vec<(u8, usize, u8)>> {
    prop::collection::vec((0_u8..4, 0_usize..16, 0_u8..4), 1..6)
}

fn database(all: Vec<Migration>) -> Option<Database> {
    let all = all.into_iter().map(|one| one.down("SELECT 1"));
    let graph = Graph::new(all).ok()?;
    Some(Database { graph, policies: Policies::default(), applied: Vec::new() }.strict())
}

/// A target that names a revision, perhaps within its crate or the branch it is on.
fn target(graph: &Graph, place: usize, form: u8) -> Target {
    let node = graph.order()[place % graph.len()];
    let (key, branch) = (graph.migration(node).key(), graph.branch(node));
    let text = match (form, branch) {
        (0, Some(branch)) => format!("{branch}@{}", key.id),
        (1, Some(branch)) => format!("{branch}@base"),
        (1, None) => format!("{}@base", key.krate),
        (2, _) => format!("{}@-1", key.krate),
        _ => key.to_string(),
    };
    text.parse().expect("a target")
}

fn request(graph: &Graph, (command, place, form): (u8, usize, u8)) -> Request {
    let target = |form| target(graph, place, form);
    match command {
        0 => Request::Up(target(3)),
        1 => Request::Production(target(3)),
        2 => Request::Production(Target::Heads),
        _ => Request::Down(target(form)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn what_runs_make_is_never_refused_as_out_of_order(all in migrations(), asked in requests()) {
        let Some(mut database) = database(all) else { return Ok(()) };
        for one in asked {
            let request = request(&database.graph, one);
            let _outcome = database.run(&request);
            let release = database.plan(&Request::Production(Target::Heads));
            prop_assert!(release.is_ok(), "after {request:?}: {}", release.unwrap_err());
        }
    }

    #[test]
    fn what_is_applied_has_all_it_needs(all in migrations(), asked in requests()) {
        let Some(mut database) = database(all) else { return Ok(()) };
        for one in asked {
            let request = request(&database.graph, one);
            let _outcome = database.run(&request);
            let applied: NodeSet = database.applied.iter().copied().collect();
            let needed = database.graph.ancestors(applied.iter());
            prop_assert!(needed.iter().all(|node| applied.contains(node)), "{request:?}");
        }
    }

    #[test]
    fn down_undoes_only_what_rests_on_what_comes_after(all in migrations(), place in 0_usize..16, form in 0_u8..4) {
        let Some(mut database) = database(all) else { return Ok(()) };
        database.run(&Request::Production(Target::Heads)).unwrap();
        let before = database.applied.clone();
        let target = target(&database.graph, place, form);
        let graph = &database.graph;
        let applied: NodeSet = before.iter().copied().collect();
        let (Ok(resolved), Ok(members)) = (target.resolve(graph, &applied), target.members(graph)) else { return Ok(()) };
        let own = |node: &NodeId| members.as_ref().is_none_or(|members| members.contains(*node));
        let after: Vec<NodeId> = match resolved {
            Resolved::At(kept) => {
                kept.iter().flat_map(|node| below(graph, *node)).filter(own).collect()
            }
            Resolved::Base(_) | Resolved::Relative(..) => {
                graph.order().iter().copied().filter(own).collect()
            }
        };
        let may_go = graph.descendants(after);
        if database.run(&Request::Down(target)).is_err() { return Ok(()) }
        let stay: NodeSet = database.applied.iter().copied().collect();
        for node in before.into_iter().filter(|node| !stay.contains(*node)) {
            prop_assert!(may_go.contains(node));
        }
    }

    #[test]
    fn production_to_a_revision_runs_nothing_that_rests_on_it(all in migrations(), place in 0_usize..16) {
        let Some(mut database) = database(all) else { return Ok(()) };
        let goal = database.graph.order()[place % database.graph.len()];
        let target = target(&database.graph, place, 3);
        if database.run(&Request::Production(target)).is_err() { return Ok(()) }
        let above = database.graph.descendants([goal]);
        for node in database.applied {
            prop_assert!(node == goal || !above.contains(node));
        }
    }
}
