//! Twice as many revisions take twice the work, and not four times: counted, because no clock is to be trusted.

use crate::api::status::{current, statuses};
use crate::declare::migration::Kind;
use crate::graph::steps::assert_linear;
use crate::plan::tests::{DIALECT, Database};
use crate::plan::{Request, out_of_order, overtakings};

use super::*;

fn id(number: usize) -> String {
    format!("{number:06}")
}

/// Schema and data revisions in turn.
fn release(size: usize) -> Vec<Migration> {
    let one = |number: usize| {
        let migration = Migration::new(id(number));
        if number.is_multiple_of(2) {
            let table = number - 1;
            migration.kind(Kind::Data).up(format!("UPDATE t{table} SET a = 1 WHERE a = 0"))
        } else {
            migration
                .up(format!("CREATE TABLE t{number} (a int); ALTER TABLE t{number} DROP COLUMN b"))
        }
    };
    (1..=size).map(one).collect()
}

/// Returns a base, and many children of it.
fn fan(size: usize) -> Vec<Migration> {
    let one = |number: usize| {
        Migration::new(id(number)).after(["000000"]).branch(format!("b{number}")).up("SELECT 1")
    };
    [Migration::new(id(0)).up("SELECT 1")].into_iter().chain((1..=size).map(one)).collect()
}

fn all_applied(migrations: Vec<Migration>) -> Database {
    let mut database = Database::new(migrations);
    database.applied = database.graph.order().to_vec();
    database
}

#[test]
fn a_graph_is_made_in_linear_time() {
    assert_linear("a line", |size| Graph::new(release(size)).map(drop));
    assert_linear("a fan", |size| Graph::new(fan(size)).map(drop));
}

#[test]
fn what_is_to_be_applied_is_planned_in_linear_time() {
    let plan = |migrations: Vec<Migration>, request: Request| {
        Database::new(migrations).plan(&request).expect("a plan").steps.len()
    };
    assert_linear("production", |size| plan(release(size), Request::Production(Target::Head)));
    assert_linear("up of schema alone", |size| {
        let schema = release(size).into_iter().filter(|one| one.changes() == Kind::Schema);
        plan(schema.collect(), Request::Up(Target::Head))
    });
    assert_linear("up to many heads", |size| plan(fan(size), Request::Up(Target::Heads)));
    assert_linear("production of many heads", |size| {
        plan(fan(size), Request::Production(Target::Heads))
    });
}

#[test]
fn what_is_applied_is_planned_in_linear_time() {
    let plan = |migrations: Vec<Migration>, request: Request| {
        all_applied(migrations).plan(&request).expect("a plan").steps.len()
    };
    assert_linear("nothing to do", |size| plan(release(size), Request::Production(Target::Head)));
    assert_linear("down", |size| {
        let undoable = release(size).into_iter().map(|one| one.down("SELECT 1"));
        plan(undoable.collect(), Request::Down(Target::Base))
    });
    assert_linear("stamp", |size| plan(release(size), Request::Stamp(Target::Base)));
}

#[test]
fn a_database_is_shown_in_linear_time() {
    let show = |database: Database| {
        let history = database.history();
        let shown = statuses(&database.graph, &history, Some(DIALECT));
        (shown, current(&database.graph, &history))
    };
    assert_linear("a line", |size| show(all_applied(release(size))));
    assert_linear("many heads", |size| show(all_applied(fan(size))));
    assert_linear("late revisions", |size| {
        // Every second revision was applied, so that all others come too late.
        let mut database = all_applied(release(size));
        let graph = &database.graph;
        database.applied.retain(|node| graph.rank(*node) % 4 == 2 || graph.rank(*node) + 1 == size);
        out_of_order(&database.graph, &database.history())
    });
}

#[test]
fn data_that_waits_is_found_in_linear_time() {
    assert_linear("nothing is taken from it", |size| {
        let database = Database::new(release(size));
        overtakings(&database.graph, &database.history(), DIALECT)
    });
}
