//! Commands that read.

mod common;

use common::{Project, merged, shop, table};
use migrate_core::Migration;

#[test]
fn current_prints_nothing_while_nothing_is_applied() {
    let project = Project::new(shop());
    project.show("current");
    project.show("current --check-heads -q");
    project.show("current --format json -q");
    assert!(!project.path().join("migrate.db").exists(), "a reading command creates nothing");
    check!(project);
}

#[test]
fn current_names_the_head() {
    let project = Project::new(shop());
    assert_eq!(project.run("up").code, 0);
    project.show("current");
    project.show("current --check-heads");
    project.show("current --format json -q");
    assert_eq!(project.run("down").code, 0);
    project.show("current --check-heads");
    check!(project);
}

#[test]
fn history_is_newest_first() {
    let project = Project::new(merged());
    assert_eq!(project.run("up -r 003").code, 0);
    project.show("history");
    project.show("history -r 002:004 -q");
    project.show("history -v -r :001");
    project.show("history -r current: -q");
    project.show("history -r +1: -q");
    project.show("history -r nix -q");
    project.show("history --format json -r :001 -q");
    check!(project);
}

#[test]
fn history_is_drawn_with_branches_and_merges() {
    let project = Project::new(merged());
    assert_eq!(project.run("up -r 002").code, 0);
    project.show("history --graph -q");
    let project = Project::new(shop());
    project.show("history --graph -q");
    check!(project);
}

#[test]
fn without_a_database_history_shows_the_graph() {
    let project = Project::new(shop()).config("dialect = 'postgres'");
    project.show("history -r head:");
    project.show("up");
    check!(project);
}

#[test]
fn heads_and_branches() {
    let mut migrations = merged();
    migrations.truncate(3);
    let project = Project::new(migrations);
    project.show("heads");
    project.show("heads --format json");
    project.show("branches");
    project.show("branches --format json");
    project.show("up");
    check!(project);
}

#[test]
fn show_tells_all_of_a_revision() {
    let project = Project::new(shop());
    project.show("show 004 -q");
    project.show("show 00 -q");
    project.show("show 003 --format json -q");
    check!(project);
}

#[test]
fn the_graph_has_four_formats() {
    let project = Project::new(merged());
    project.show("graph");
    project.show("graph --format mermaid");
    project.show("graph --format dot");
    project.show("up --format dot");
    check!(project);
}

#[test]
fn check_finds_what_is_wrong() {
    let project = Project::new(shop());
    project.show("check");
    project.show("check --database-url sqlite:missing.db");
    assert_eq!(project.run("up -r 001").code, 0);
    project.show("check");
    assert_eq!(project.run("up").code, 0);
    project.show("check");
    project.show("check --format json");

    let mut edited = shop();
    edited.truncate(1);
    edited.push(table("002", "others"));
    let project = project.with(edited);
    project.show("check");
    project.show("check --format json -q");
    check!(project);
}

#[test]
fn check_finds_faults_of_the_graph() {
    let project = Project::new(vec![table("001", "a"), table("001", "b"), Migration::new("x")]);
    project.show("check");
    project.show("up --format json");
    let heads = vec![table("001", "a"), table("002", "b"), table("003", "c").after(["001"])];
    let project = project.with(heads);
    project.show("check");
    check!(project);
}

#[test]
fn usage_faults_are_documents_too() {
    let project = Project::new(shop());
    project.show("upp");
    project.show("upp --format json");
    project.show("up --lock-timeout 5 --format=json");
    project.show("up --env live");
    check!(project);
}
