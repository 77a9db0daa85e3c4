//! Every fault, its words and its advice.

use super::*;
use crate::declare::migration::Origin;

/// The migration as declared in `src/m.rs`.
fn at(line: u32, mut migration: Migration) -> Migration {
    migration.origin = Some(Origin { file: "src/m.rs", line, function: "f" });
    migration
}

fn fault(migrations: impl IntoIterator<Item = Migration>) -> (&'static str, String, String) {
    let error = Graph::new(migrations).unwrap_err();
    let [fault] = error.faults() else { panic!("{error}") };
    (fault.code(), error.to_string(), fault.hint().unwrap_or_default())
}

#[test]
fn no_migrations() {
    let (code, text, hint) = fault([]);
    assert_eq!((code, text.as_str()), ("no-migrations", "there are no migrations"));
    assert!(hint.contains("use my_migrations as _;"), "{hint}");
}

#[test]
fn an_invalid_id() {
    let (code, text, _) = fault([at(3, schema("add-email").after([]))]);
    assert_eq!(
        (code, text.as_str()),
        ("invalid-revision", "`add-email` is not a revision id (src/m.rs:3)")
    );
}

#[test]
fn an_id_that_is_a_target_word() {
    assert_eq!(fault([schema("head").after([])]).0, "reserved-revision");
}

#[test]
fn a_duplicate_with_both_places_in_either_order() {
    let both = [at(3, schema("1")), at(9, schema("1"))];
    let (code, text, _) = fault(both.clone());
    assert_eq!(code, "duplicate-revision");
    assert_eq!(text, "revision `1` is declared 2 times (src/m.rs:3, src/m.rs:9)");
    assert_eq!(fault(both.into_iter().rev()).1, text);
}

#[test]
fn the_same_id_in_two_crates_is_none() {
    graph([schema("1").in_crate("auth"), schema("1").in_crate("shop")]);
}

#[test]
fn a_missing_parent_with_a_similar_one() {
    let (code, text, hint) =
        fault([schema("create_user").after([]), at(4, schema("b").after(["create_users"]))]);
    assert_eq!(code, "missing-parent");
    assert_eq!(
        text,
        "revision `b` comes after `create_users`, which does not exist in its crate (src/m.rs:4)"
    );
    assert_eq!(hint, "did you mean `create_user`?");
}

#[test]
fn a_parent_in_another_crate_belongs_into_depends_on() {
    let (_, _, hint) =
        fault([schema("1").in_crate("auth"), schema("1").in_crate("shop").after(["auth@1"])]);
    assert_eq!(hint, "name a revision of another crate in `depends_on = \"auth@1\"`");
}

#[test]
fn a_missing_dependency_is_looked_for_in_other_crates() {
    let (code, text, hint) =
        fault([schema("001").in_crate("auth"), schema("2").in_crate("shop").depends_on("001")]);
    assert_eq!(code, "missing-dependency");
    assert_eq!(text, "revision `shop@2` depends on `001`, which does not exist");
    assert_eq!(hint, "did you mean `auth@001`?");
}

#[test]
fn a_dependency_on_a_crate_that_is_not_linked() {
    let (code, text, hint) = fault([schema("2").depends_on("my-auth@1")]);
    assert_eq!(code, "missing-crate");
    assert_eq!(
        text,
        "revision `2` depends on `my-auth@1`, but crate `my-auth` has no migrations here"
    );
    assert!(hint.contains("use my_auth as _;"), "{hint}");
    let (_, _, hint) = fault([
        schema("1").in_crate("auth"),
        schema("2").in_crate("shop").depends_on("atuh@1").after([]),
    ]);
    assert_eq!(hint, "did you mean `auth@1`?");
}

#[test]
fn a_name_does_not_tell_its_parent() {
    assert_eq!(fault([schema("add_email")]).0, "undeclared-parent");
}

#[test]
fn a_number_between_two_branches_does_not_tell_its_parent() {
    let (code, text, _) =
        fault([schema("1").branch("red"), schema("2").branch("blue"), schema("3")]);
    assert_eq!(code, "undeclared-branch");
    assert_eq!(text, "revision `3` could continue several branches: `blue`, `red`");
}

#[test]
fn a_schema_revision_after_data() {
    let (code, text, hint) = fault([schema("1"), data("2"), schema("3").after(["2"])]);
    assert_eq!(code, "data-parent");
    assert_eq!(text, "revision `3` comes after `2`, which is a data migration");
    assert!(hint.contains("depends_on = \"2\""), "{hint}");
}

#[test]
fn a_revision_that_needs_itself() {
    assert_eq!(fault([schema("1").after(["1"])]).0, "self-parent");
    assert_eq!(fault([schema("1").depends_on("1")]).0, "self-dependency");
}

#[test]
fn the_shortest_cycle_is_printed() {
    let (code, text, _) = fault([
        schema("001"),
        at(3, schema("003").after(["005"])),
        schema("004").after(["003"]),
        at(5, schema("005").after(["004"]).depends_on("003")),
        schema("006").after(["005"]),
    ]);
    assert_eq!(code, "cycle");
    assert_eq!(text, "cycle: `003` → `005` → `003` (src/m.rs:3, src/m.rs:5)");
}

#[test]
fn a_default_parent_can_close_a_cycle() {
    let (code, text, _) = fault([schema("1"), schema("2").after(["3"]), schema("3")]);
    assert_eq!((code, text.as_str()), ("cycle", "cycle: `2` → `3` → `2`"));
}

#[test]
fn a_cycle_across_crates_is_found() {
    let (_, text, _) = fault([
        schema("1").in_crate("auth").depends_on("shop@1"),
        schema("1").in_crate("shop").depends_on("auth@1"),
    ]);
    assert_eq!(text, "cycle: `auth@1` → `shop@1` → `auth@1`");
}

#[test]
fn one_long_cycle_is_found_soon_and_told_briefly() {
    let many = (0..100_000_u32).map(|number| {
        let migration = Migration::new(number.to_string());
        if number == 0 { migration.depends_on("99999") } else { migration }
    });
    let (_, text, _) = fault(many);
    assert!(text.starts_with("cycle: `0` → `99999` → `99998`"), "{text}");
    assert!(text.len() < 400, "{text}");
}

#[test]
fn a_label_shares_its_name_with_nothing() {
    assert_eq!(fault([schema("1").in_crate("shop").branch("shop")]).0, "label-is-crate");
    assert_eq!(fault([schema("1"), schema("2").branch("1")]).0, "label-is-revision");
    for label in ["base", "a@b", "a-1", "-a", ""] {
        assert_eq!(fault([schema("1").branch(label)]).0, "invalid-label", "{label}");
    }
    graph([schema("1").branch("feature-x")]);
}

#[test]
fn a_label_names_one_branch() {
    let (code, text, _) = fault([
        at(1, schema("a").after([])),
        at(2, schema("b").after(["a"]).branch("blue")),
        at(3, schema("c").after(["a"]).branch("blue")),
    ]);
    assert_eq!(code, "label-twice");
    assert_eq!(
        text,
        "branch label `blue` is declared by `b` (src/m.rs:2) and by `c` (src/m.rs:3), which does not descend from it"
    );
}

#[test]
fn all_faults_of_a_stage_are_told_and_each_advice_once() {
    let error = Graph::new([schema("b"), schema("a"), schema("1").after(["zzzzzz"])]).unwrap_err();
    assert_eq!(
        error.faults().iter().map(GraphFault::code).collect::<Vec<_>>(),
        ["missing-parent", "undeclared-parent", "undeclared-parent"]
    );
    assert_eq!(error.hints().len(), 1);
    assert_eq!(
        error.to_string(),
        "the revisions have 3 faults:\n\
         - revision `1` comes after `zzzzzz`, which does not exist in its crate\n\
         - revision `a` has no `after`, and its id is not a number\n\
         - revision `b` has no `after`, and its id is not a number"
    );
}
