//! Order, edges, heads.

use super::*;

#[test]
fn numbers_follow_each_other_in_natural_order() {
    let graph = graph([schema("10"), schema("9"), schema("009.1"), schema("1")]);
    assert_eq!(ids(&graph, graph.order().iter().copied()), ["1", "9", "009.1", "10"]);
    assert_eq!(parents(&graph, "10"), ["009.1"]);
    assert!(parents(&graph, "1").is_empty());
}

#[test]
fn a_data_migration_is_no_default_parent_and_no_head() {
    let graph = graph([schema("1"), data("2"), schema("3"), data("4")]);
    assert_eq!(parents(&graph, "2"), ["1"]);
    assert_eq!(parents(&graph, "3"), ["1"]);
    assert_eq!(parents(&graph, "4"), ["3"]);
    assert_eq!(ids(&graph, graph.heads()), ["3"]);
    assert_eq!(ids(&graph, graph.bases()), ["1"]);
    assert!(!graph.is_branch_point(node(&graph, "1")));
}

#[test]
fn data_may_come_after_data() {
    let graph = graph([schema("1"), data("a").after(["1"]), data("b").after(["a"])]);
    assert_eq!(parents(&graph, "b"), ["a"]);
}

#[test]
fn a_dependency_orders_without_making_lineage() {
    let graph = graph([
        schema("1").in_crate("auth").depends_on("shop@2"),
        schema("1").in_crate("shop"),
        schema("2").in_crate("shop").depends_on("1"),
    ]);
    let names: Vec<_> =
        graph.order().iter().map(|&node| graph.migration(node).key().to_string()).collect();
    assert_eq!(names, ["shop@1", "shop@2", "auth@1"]);
    assert_eq!(graph.crates().collect::<Vec<_>>(), ["auth", "shop"]);
    let (base, last) = (graph.order()[0], graph.order()[2]);
    assert!(graph.parents(last).is_empty());
    assert_eq!(graph.dependencies(last), [graph.order()[1]]);
    assert_eq!(graph.heads_of("auth"), [last]);
    assert_eq!(graph.heads().len(), 2);
    assert_eq!(graph.ancestors([last]).len(), 3);
    assert_eq!(graph.descendants([base]).len(), 3);
    assert_eq!(graph.rank(last), 2);
}

#[test]
fn forks_and_merges_are_seen() {
    let graph = graph([
        schema("a").after([]),
        schema("b").after(["a"]),
        schema("c").after(["a"]),
        schema("d").after(["b", "c"]),
    ]);
    assert!(graph.is_branch_point(node(&graph, "a")));
    assert!(graph.is_merge(node(&graph, "d")));
    assert_eq!(ids(&graph, graph.children(node(&graph, "a")).iter().copied()), ["b", "c"]);
    assert_eq!(ids(&graph, graph.heads()), ["d"]);
}

#[test]
fn several_heads_are_no_fault() {
    let graph = graph([schema("1"), schema("2").after(["1"]), schema("3").after(["1"])]);
    assert_eq!(ids(&graph, graph.heads()), ["2", "3"]);
}

#[test]
fn declared_parents_may_be_higher() {
    let graph = graph([schema("1").after(["2"]), schema("2").after([])]);
    assert_eq!(ids(&graph, graph.order().iter().copied()), ["2", "1"]);
}

#[test]
fn revisions_are_found_by_crate_and_id() {
    let graph = graph([
        schema("1").in_crate("auth"),
        schema("1").in_crate("shop"),
        schema("10").in_crate("shop"),
    ]);
    let found = graph.find(&RevisionKey::new("shop", "10")).unwrap();
    assert_eq!(graph.migration(found).key().to_string(), "shop@10");
    assert_eq!(graph.find(&RevisionKey::new("auth", "10")), None);
    assert_eq!(graph.find(&RevisionKey::new("none", "1")), None);
}

#[test]
fn a_line_of_100_000_overflows_nothing() {
    // Each parent is higher than its child: the hardest case for branches.
    let many = (0..100_000_u32).map(|number| {
        let migration = Migration::new(number.to_string());
        if number == 99_999 {
            migration.after([]).branch("long")
        } else {
            migration.after_ids([(number + 1).to_string().into()])
        }
    });
    let graph = graph(many);
    assert_eq!(graph.branch(node(&graph, "0")), Some("long"));
    assert_eq!(graph.ancestors([node(&graph, "0")]).len(), 100_000);
    assert_eq!(ids(&graph, graph.heads()), ["0"]);
}

#[test]
fn as_many_faults_as_revisions_are_told_soon() {
    let many =
        (0..20_000_u32).map(|number| Migration::new(format!("r{number}")).after(["nowhere"]));
    let error = Graph::new(many).unwrap_err();
    assert_eq!(error.faults().len(), 20_000);
}
