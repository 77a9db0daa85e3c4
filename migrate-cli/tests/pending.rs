//! Data revisions that wait, as people and programs are told of them.

#[macro_use]
mod common;

use common::Project;
use migrate_core::{Kind, Migration};

/// Expand, backfill, contract.
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
    project.show("up -r 011 --format json -q");
    project.show("plan -r 011 --format json -q");
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
