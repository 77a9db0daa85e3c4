//! Where targets lead.

use crate::declare::migration::{Kind, Migration};
use crate::graph::target::{Resolved, Target, TargetError};
use crate::graph::{Graph, NodeId, NodeSet};

fn graph(migrations: impl IntoIterator<Item = Migration>) -> Graph {
    Graph::new(migrations).unwrap_or_else(|error| panic!("{error}"))
}

/// Returns 001 – 002 – 003 – 010, a branch `blue` 004 – 005 after 002, and data 006 after it.
fn forked() -> Graph {
    let numbers = ["001", "002", "003", "010"].map(Migration::new);
    let blue = ["004", "005"].map(|id| Migration::new(id).branch("blue"));
    let beside = Migration::new("006").kind(Kind::Data).after(["005"]);
    let fork =
        blue.into_iter().zip(["002", "004"]).map(|(migration, parent)| migration.after([parent]));
    graph(numbers.into_iter().chain(fork).chain([beside]))
}

/// `auth` 1 – 2, and `shop` 1 – 2 that needs `auth@2`.
fn two_crates() -> Graph {
    graph([
        Migration::new("1").in_crate("auth"),
        Migration::new("2").in_crate("auth"),
        Migration::new("1").in_crate("shop"),
        Migration::new("2").in_crate("shop").depends_on("auth@2"),
    ])
}

fn line() -> Graph {
    graph(["001", "002", "003"].map(Migration::new))
}

fn names(graph: &Graph, nodes: impl IntoIterator<Item = NodeId>) -> String {
    nodes.into_iter().map(|node| graph.reference(node).to_string()).collect::<Vec<_>>().join(" ")
}

fn resolve(graph: &Graph, applied: &[&str], text: &str) -> Result<String, TargetError> {
    let applied: NodeSet = applied.iter().flat_map(|id| graph.with_id(id)).collect();
    Ok(match text.parse::<Target>()?.resolve(graph, &applied)? {
        Resolved::Base(gone) => format!("base {}", names(graph, gone.iter())),
        Resolved::At(nodes) => names(graph, nodes),
        Resolved::Relative(steps, None) => format!("{steps:+}"),
        Resolved::Relative(steps, Some(scope)) => {
            format!("{steps:+} of {}", names(graph, scope.iter()))
        }
    })
}

#[track_caller]
fn leads(graph: &Graph, text: &str, expected: &str) {
    assert_eq!(
        resolve(graph, &[], text).unwrap_or_else(|error| panic!("{error}")),
        expected,
        "{text}"
    );
}

#[track_caller]
fn fails(graph: &Graph, text: &str, code: &str, message: &str) {
    let error = resolve(graph, &[], text).unwrap_err();
    assert_eq!((error.code(), error.to_string().as_str()), (code, message));
}

#[test]
fn words_lead_to_the_ends() {
    leads(&line(), "head", "003");
    leads(&line(), "heads", "003");
    leads(&line(), "base", "base 001 002 003");
    leads(&forked(), "heads", "005 010");
    leads(&two_crates(), "head", "auth@2 shop@2");
}

#[test]
fn several_heads_of_a_crate_are_named_with_the_ways_out() {
    fails(
        &forked(),
        "head",
        "multiple-heads",
        "`head` is ambiguous: there are 2 heads: `005`, `010`",
    );
    let hint = resolve(&forked(), &[], "head").unwrap_err().hint().unwrap();
    assert!(hint.contains("`migrate merge`") && hint.contains("`-r heads`"), "{hint}");
}

#[test]
fn current_is_what_is_applied_without_an_applied_child() {
    assert_eq!(
        resolve(&forked(), &["001", "002", "003", "004", "006"], "current").unwrap(),
        "003 004"
    );
    assert_eq!(resolve(&forked(), &[], "current").unwrap(), "");
    assert_eq!(resolve(&forked(), &["001", "002", "003", "004"], "blue@current").unwrap(), "004");
    assert_eq!(resolve(&line(), &["001"], "current+1").unwrap(), "002");
    assert_eq!(resolve(&line(), &[], "current+1").unwrap(), "001");
}

#[test]
fn ids_prefixes_and_labels_lead_to_a_revision() {
    leads(&forked(), "002", "002");
    leads(&forked(), "01", "010");
    leads(&forked(), "blue", "004");
    leads(&forked(), "006", "006");
    leads(&graph(["1", "10"].map(Migration::new)), "1", "1");
}

#[test]
fn an_ambiguous_prefix_lists_what_it_could_be() {
    fails(&line(), "00", "ambiguous-target", "`00` is ambiguous: it matches `001`, `002`, `003`");
    fails(
        &two_crates(),
        "1",
        "ambiguous-target",
        "`1` is ambiguous: it matches `auth@1`, `shop@1`",
    );
    leads(&two_crates(), "shop@1", "shop@1");
}

#[test]
fn an_unknown_name_brings_a_similar_one() {
    fails(&line(), "004", "unknown-revision", "there is no revision `004`");
    let hint =
        |graph: &Graph, text| resolve(graph, &[], text).unwrap_err().hint().unwrap_or_default();
    assert_eq!(hint(&line(), "2"), "did you mean `002`?");
    assert_eq!(hint(&line(), "haed"), "did you mean `head`?");
    assert_eq!(hint(&line(), "Head"), "did you mean `head`?");
    assert_eq!(hint(&forked(), "bluw"), "did you mean `blue`?");
    assert_eq!(hint(&forked(), "bluw@head"), "did you mean `blue`?");
    assert_eq!(hint(&two_crates(), "shop"), "did you mean `shop@head`?");
    assert_eq!(hint(&two_crates(), "shpo@head"), "did you mean `shop`?");
    fails(&forked(), "nope@head", "unknown-scope", "there is no crate, branch or revision `nope`");
}

#[test]
fn steps_from_here_are_left_to_the_plan() {
    leads(&line(), "+2", "+2");
    leads(&line(), "-1", "-1");
    leads(&forked(), "blue@+2", "+2 of 004 005 006");
    leads(&two_crates(), "shop@-1", "-1 of shop@1 shop@2");
}

#[test]
fn steps_from_there_follow_the_lineage() {
    leads(&forked(), "001+1", "002");
    leads(&forked(), "010-2", "002");
    leads(&line(), "head-2", "001");
    leads(&line(), "base+2", "002");
    leads(&two_crates(), "shop@head-1", "shop@1");
}

#[test]
fn a_step_with_several_ways_lists_them() {
    fails(
        &forked(),
        "002+1",
        "branch-point",
        "`002+1` is ambiguous: from `002` it could go to `003`, `004`",
    );
    leads(&forked(), "blue@002+1", "004");
    let merged = graph([
        Migration::new("1"),
        Migration::new("2").after(["1"]),
        Migration::new("3").after(["1"]),
        Migration::new("4").after(["2", "3"]),
    ]);
    fails(
        &merged,
        "head-1",
        "merge-point",
        "`head-1` is ambiguous: from the merge `4` it could go to `2`, `3`",
    );
    leads(&merged, "2@head-1", "2");
}

#[test]
fn a_step_too_far_says_how_far_one_can_go() {
    fails(&line(), "002+5", "too-far", "`002+5` goes too far: 5 steps up where there is 1");
    fails(&line(), "head-3", "too-far", "`head-3` goes too far: 3 steps down where there are 2");
    fails(&line(), "base-1", "too-far", "`base-1` goes too far: 1 step down where there are 0");
}

#[test]
fn one_crate_is_asked_for_where_steps_would_need_one() {
    fails(
        &two_crates(),
        "head-1",
        "several-crates",
        "`head-1` is ambiguous: there are 2 crates: `auth`, `shop`",
    );
    let hint = resolve(&two_crates(), &[], "head-1").unwrap_err().hint();
    assert_eq!(hint.unwrap(), "name one, such as `auth@head-1`");
}

#[test]
fn scopes_narrow_what_is_meant() {
    leads(&forked(), "blue@head", "005");
    leads(&forked(), "blue@heads", "005");
    leads(&forked(), "blue@base", "base 004 005 006");
    leads(&forked(), "blue@base+1", "004");
    leads(&forked(), "blue@005", "005");
    leads(&forked(), "003@head", "010");
    leads(&forked(), "runtime@heads", "005 010");
    leads(&two_crates(), "auth@head", "auth@2");
    // What needs a crate goes with it.
    leads(&two_crates(), "auth@base", "base auth@1 auth@2 shop@2");
    fails(&forked(), "blue@003", "unknown-revision", "there is no revision `003` in `blue`");
    fails(
        &forked(),
        "002@head",
        "multiple-heads",
        "`002@head` is ambiguous: there are 2 heads: `005`, `010`",
    );
    fails(
        &forked(),
        "006@head",
        "no-head",
        "`006@head` has no head, because it has no schema revisions",
    );
}
