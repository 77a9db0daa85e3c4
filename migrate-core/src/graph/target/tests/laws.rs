//! What holds for any target in any graph.

use proptest::prelude::*;

use crate::graph::target::{Resolved, Target, TargetRange};
use crate::graph::tests::migrations;
use crate::graph::{Graph, NodeSet};

fn place() -> impl Strategy<Value = Target> {
    prop_oneof![
        Just(Target::Head),
        Just(Target::Heads),
        Just(Target::Base),
        Just(Target::Current),
        "[a-z0-9_.]([a-z0-9_.-]{0,5}[a-z_.])?"
            .prop_filter("words mean something else", |text| !["head", "heads", "base", "current"]
                .contains(&text.as_str()))
            .prop_map(Target::Revision),
    ]
}

fn steps() -> impl Strategy<Value = i32> {
    any::<i32>().prop_filter("no steps are none", |steps| *steps != 0)
}

fn target() -> impl Strategy<Value = Target> {
    let inner = prop_oneof![
        place(),
        steps().prop_map(Target::Relative),
        (place(), steps()).prop_map(|(from, steps)| Target::Offset(Box::new(from), steps)),
    ];
    (prop::option::of("[a-z][a-z0-9_-]{0,6}"), inner).prop_map(|(scope, inner)| match scope {
        Some(scope) => Target::Within(scope, Box::new(inner)),
        None => inner,
    })
}

proptest! {
    #[test]
    fn what_is_shown_is_read_back(target in target()) {
        prop_assert_eq!(target.to_string().parse(), Ok(target));
    }

    #[test]
    fn what_is_shown_of_a_range_is_read_back(from in prop::option::of(target()), to in prop::option::of(target())) {
        let range = TargetRange { from, to };
        prop_assert_eq!(range.to_string().parse(), Ok(range));
    }

    #[test]
    fn what_is_read_is_shown_as_written(text in "[a-c@+0-9_.-]{0,7}") {
        if let Ok(target) = text.parse::<Target>() {
            // Only the number may have been written with more zeros.
            prop_assert_eq!(target.to_string().parse(), Ok(target));
        }
    }

    #[test]
    fn a_prefix_leads_to_the_only_revision_that_has_it(all in migrations(), prefix in "[0-9]{1,2}") {
        let Ok(graph) = Graph::new(all) else { return Ok(()) };
        let id = |node| graph.migration(node).id().as_str();
        let matching = |keep: &dyn Fn(&str) -> bool| {
            let mut nodes: Vec<_> = graph.order().iter().copied().filter(|&node| keep(id(node))).collect();
            nodes.sort_unstable();
            nodes
        };
        let exact = matching(&|id| id == prefix);
        let expected = if exact.is_empty() { matching(&|id| id.starts_with(&prefix)) } else { exact };
        match Target::Revision(prefix).resolve(&graph, &NodeSet::new()) {
            Ok(resolved) => prop_assert_eq!(resolved, Resolved::At(expected)),
            Err(error) => {
                let code = if expected.is_empty() { "unknown-revision" } else { "ambiguous-target" };
                prop_assert!(expected.len() != 1);
                prop_assert_eq!(error.code(), code);
            }
        }
    }

    #[test]
    fn a_revision_is_found_by_crate_and_id(all in migrations()) {
        let Ok(graph) = Graph::new(all) else { return Ok(()) };
        for &node in graph.order() {
            let target: Target = graph.migration(node).key().to_string().parse().unwrap();
            prop_assert_eq!(target.resolve(&graph, &NodeSet::new()), Ok(Resolved::At(vec![node])));
        }
    }

    #[test]
    fn any_target_in_any_graph_gives_an_answer_or_words(all in migrations(), target in target(), applied in 0_usize..9) {
        let Ok(graph) = Graph::new(all) else { return Ok(()) };
        let applied: NodeSet = graph.order().iter().copied().take(applied).collect();
        if let Err(error) = target.resolve(&graph, &applied) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
