//! Messages about pending data revisions, as text and JSON.

#[macro_use]
mod common;

use common::Project;
use migrate_core::{Kind, Migration};

/// Returns revisions that expand, backfill, contract.
fn change() -> Vec<Migration> {
    let schema = |rev: &'static str, sql: &'static str| {
        Migration::new(rev).description(sql.split_whitespace().next().unwrap_or_default()).up(sql)
    };
    vec![
        schema("010", "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT)").irreversible(),
        schema("011", "ALTER TABLE users ADD COLUMN mail TEXT").irreversible(),
        schema("012", "UPDATE users SET mail = email").kind(Kind::Data),
        schema("013", "ALTER TABLE users DROP COLUMN email").irreversible(),
    ]
}

#[test]
fn what_would_overtake_a_data_revision_is_refused_with_the_ways_out() {
    let project = Project::new(change());
    project.show("up -r 011");
    project.show("up");
    project.show("plan");
    project.show("up --format json -q");
    project.show("check");
    project.show("current");
    project.show("plan --production");
    project.show("up --sql -q --dialect sqlite");
    project.show("up -r 011 --format json -q");
    project.show("plan -r 011 --format json -q");
    check!(project);
}

#[test]
fn a_script_goes_on_from_the_data_revision_that_was_run() {
    let project = Project::new(change());
    let script = project.run("up --sql=012:013 --dialect sqlite");
    assert!(script.code == 0 && script.out.contains("DROP COLUMN email"), "{script}");
    let script = project.run("up --sql=013: --dialect sqlite");
    assert_eq!(script.code, 0, "{script}");
}

#[test]
fn a_range_within_a_branch_lists_that_branch() {
    let table = |rev: &'static str| {
        Migration::new(rev).up(format!("CREATE TABLE t{rev} (id INTEGER)")).irreversible()
    };
    let project = Project::new(vec![
        table("001"),
        table("002"),
        table("003").after(["001"]).branch("billing"),
        table("004").after(["003"]),
        table("005").after(["002"]),
    ]);
    assert_eq!(project.run("up -r heads").code, 0);
    for range in ["billing@base:billing@head", "billing@base:", ":billing@head", "001:billing@head"]
    {
        project.show(&format!("history -q -r {range}"));
    }
    check!(project);
}

#[test]
fn a_data_revision_that_was_skipped_is_found() {
    let project = Project::new(change());
    project.show("stamp 013");
    project.show("check");
    project.show("up");
    check!(project);
}
