//! Which revisions belong to a target, upwards and downwards.

use super::*;

/// 001, data 002, 003, data 004, and data 005 that hangs on 001.
fn release() -> Vec<Migration> {
    vec![schema("001"), data("002"), schema("003"), data("004"), data("005").after(["001"])]
}

#[test]
fn production_to_a_revision_runs_nothing_that_comes_after_it() {
    let mut database = Database::new(release()).strict();
    assert_eq!(database.production("001").unwrap(), ["001"]);
    assert_eq!(database.production("003").unwrap(), ["002", "003"]);
    assert_eq!(database.production("004").unwrap(), ["004"]);
    assert_eq!(database.production("head").unwrap(), ["005"]);
}

#[test]
fn what_a_release_made_is_never_out_of_order_afterwards() {
    for first in ["001", "002", "003", "004", "005", "+1", "+3"] {
        let mut database = Database::new(release()).strict();
        database.production(first).unwrap();
        database.production("head").unwrap_or_else(|error| panic!("{first}: {error}"));
        assert_eq!(database.applied.len(), 5, "{first}");
    }
    // As an earlier version left it.
    let mut database = Database::new(release()).strict();
    database.applied = ["001", "002", "005"].map(|id| database.graph.with_id(id)[0]).to_vec();
    assert_eq!(database.production("head").unwrap(), ["003", "004"]);
}

#[test]
fn ids_that_are_no_numbers_come_in_the_order_of_their_parents() {
    let all = [
        schema("p").after([]),
        data("f").after(["p"]),
        schema("a").after(["p"]),
        data("b").after(["a"]),
    ];
    let mut database = Database::new(all).strict();
    assert_eq!(database.production("a").unwrap(), ["p", "a", "f"]);
    assert_eq!(database.production("head").unwrap(), ["b"]);
}

/// Returns 1 – a1 – a2, and billing b1 – b2 after a1; data after both, and `note`, which only depends on b1.
fn branches() -> Vec<Migration> {
    vec![
        schema("1").after([]),
        schema("a1").after(["1"]),
        schema("a2").after(["a1"]),
        data("ad").after(["a2"]),
        schema("b1").after(["a1"]).branch("billing"),
        schema("b2").after(["b1"]),
        data("bd").after(["b2"]),
        schema("note").after([]).branch("notes").depends_on("b1"),
    ]
}

#[test]
fn down_with_a_label_undoes_what_rests_on_that_branch() {
    for (target, undone) in [
        ("billing@a1", vec!["note", "bd", "b2", "b1"]),
        ("billing@1", vec!["note", "bd", "b2", "b1"]),
        ("billing@base", vec!["note", "bd", "b2", "b1"]),
        ("billing@head-1", vec!["bd", "b2"]),
        ("billing@head-2", vec!["note", "bd", "b2", "b1"]),
        ("billing@b1", vec!["bd", "b2"]),
        ("billing@-1", vec!["bd", "b2"]),
        ("b1", vec!["bd", "b2"]),
        ("a1", vec!["note", "bd", "b2", "b1", "ad", "a2"]),
        ("notes@base", vec!["note"]),
    ] {
        let mut database = Database::new(branches());
        database.production("heads").unwrap();
        let mut done = database.down(target).unwrap_or_else(|error| panic!("{target}: {error}"));
        let mut undone = undone;
        done.sort_unstable();
        undone.sort_unstable();
        assert_eq!(done, undone, "{target}");
    }
}

#[test]
fn a_release_of_a_branch_runs_the_data_of_that_branch() {
    let mut database = Database::new(branches());
    assert_eq!(database.production("billing@head").unwrap(), ["1", "a1", "b1", "b2", "bd"]);
    assert_eq!(database.production("a2").unwrap(), ["a2"]);
    assert_eq!(database.production("heads").unwrap(), ["ad", "note"]);
}

#[test]
fn a_stamp_with_a_label_leaves_other_branches() {
    let mut database = Database::new(branches());
    database.production("heads").unwrap();
    let stamp = Request::Stamp("billing@a1".parse().unwrap());
    let mut gone = database.run(&stamp).unwrap();
    gone.sort_unstable();
    assert_eq!(gone, ["b1", "b2", "bd", "note"]);
}

#[test]
fn down_keeps_what_only_depends_on_its_target() {
    let all = || {
        [
            schema("001").in_crate("billing"),
            schema("002").in_crate("billing"),
            schema("001").in_crate("shop").depends_on("billing@001"),
        ]
    };
    for target in ["billing@001", "billing@-1", "billing@head-1"] {
        let mut database = Database::new(all());
        database.up("head").unwrap();
        assert_eq!(database.down(target).unwrap(), ["002"], "{target}");
    }
    let mut database = Database::new(all());
    database.up("head").unwrap();
    assert_eq!(database.down("billing@base").unwrap().len(), 3, "what depends on it goes first");
}

#[test]
fn policy_refuses_to_leave_what_it_would_refuse_afterwards() {
    let fork = || [schema("1").after([]), schema("2").after(["1"]), schema("3").after(["1"])];
    let mut database = Database::new(fork()).strict();
    let refused = database.up("3").unwrap_err();
    assert_eq!(refused.code(), "leaves-out-of-order", "{refused}");
    assert_eq!(database.up("2").unwrap(), ["1", "2"]);
    assert_eq!(database.up("heads").unwrap(), ["3"]);
    let mut lenient = Database::new(fork());
    assert_eq!(lenient.up("3").unwrap(), ["1", "3"]);
}

#[test]
fn what_was_undone_may_be_done_again_whatever_came_meanwhile() {
    let all =
        [schema("001"), data("002").depends_on("003"), schema("003"), data("005").after(["001"])];
    let mut database = Database::new(all).strict();
    database.production("head").unwrap();
    database.down("001").unwrap();
    assert_eq!(database.production("head").unwrap(), ["003", "002"]);
}
