//! Labels and inheritance.

use super::*;

fn branch<'g>(graph: &'g Graph, id: &str) -> Option<&'g str> {
    graph.branch(node(graph, id))
}

#[test]
fn a_branch_begins_on_the_trunk_and_both_go_on() {
    let graph = graph([
        schema("1"),
        schema("2").branch("blue"),
        schema("3"),
        schema("4").branch("blue"),
        schema("5").branch("red"),
    ]);
    assert_eq!(parents(&graph, "2"), ["1"]);
    assert_eq!(parents(&graph, "3"), ["1"]);
    assert_eq!(parents(&graph, "4"), ["2"]);
    assert_eq!(parents(&graph, "5"), ["3"]);
    assert_eq!(branch(&graph, "3"), None);
    assert_eq!(graph.labelled("blue"), Some(node(&graph, "2")));
    assert_eq!(graph.labels().map(|(label, _)| label).collect::<Vec<_>>(), ["blue", "red"]);
}

#[test]
fn children_inherit_what_all_parents_share() {
    let graph = graph([
        schema("a").after([]).branch("blue"),
        schema("b").after(["a"]),
        schema("c").after(["a"]),
        schema("d").after(["b", "c"]),
        schema("e").after(["d"]).branch("red"),
        schema("f").after(["b", "e"]),
    ]);
    assert_eq!(
        ["b", "d", "e"].map(|id| branch(&graph, id)),
        [Some("blue"), Some("blue"), Some("red")]
    );
    assert_eq!(branch(&graph, "f"), None);
}

#[test]
fn without_a_trunk_the_only_branch_goes_on() {
    let graph = graph([schema("1").branch("blue"), schema("2"), schema("3")]);
    assert_eq!(parents(&graph, "3"), ["2"]);
    assert_eq!(branch(&graph, "3"), Some("blue"));
    assert_eq!(graph.labelled("blue"), Some(node(&graph, "1")));
}

#[test]
fn a_merge_back_goes_on_as_trunk() {
    let graph = graph([
        schema("1"),
        schema("2").branch("blue"),
        schema("3"),
        schema("4").after(["2", "3"]),
        schema("5"),
    ]);
    assert_eq!(parents(&graph, "5"), ["4"]);
    assert_eq!(branch(&graph, "5"), None);
}

#[test]
fn branches_without_anything_below_are_bases() {
    let graph =
        graph([schema("1").branch("blue"), schema("2").branch("red"), schema("3").branch("blue")]);
    assert_eq!(ids(&graph, graph.bases()), ["1", "2"]);
    assert_eq!(parents(&graph, "3"), ["1"]);
}

#[test]
fn a_label_may_be_repeated_along_its_line() {
    let graph = graph([
        schema("a").after([]).branch("blue"),
        schema("b").after(["a"]).branch("red"),
        schema("c").after(["b"]).branch("blue"),
    ]);
    assert_eq!(graph.labelled("blue"), Some(node(&graph, "a")));
}

#[test]
fn a_data_migration_beside_a_branch_does_not_begin_it() {
    let graph = graph([
        schema("1"),
        data("2").branch("blue"),
        schema("3").branch("blue"),
        data("4").branch("blue"),
    ]);
    assert_eq!(graph.labelled("blue"), Some(node(&graph, "3")));
    assert_eq!(parents(&graph, "4"), ["3"]);
}
