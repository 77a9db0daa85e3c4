//! The plan that was shown and confirmed is the plan that runs, and only on a database that the migrations are for.

mod common;

use common::{Project, Ran, shop, table};
use migrate_core::Migration;

const PROTECTED: &str = "[env.live]\nprotected = true";

/// Returns a project with a protected database at its head, and a user at a terminal.
fn live(migrations: Vec<Migration>) -> Project {
    let project = Project::new(migrations).config(PROTECTED).variable("MIGRATE_ENV", "live");
    let url = format!("sqlite:{}", project.path().join("live.db").display());
    let project = project.variable("DATABASE_URL", &url);
    assert_eq!(project.run("up").code, 0);
    project.typing("live.db\n")
}

fn assert_changed(ran: &Ran) {
    assert_eq!(ran.code, 1, "{ran}");
    assert!(
        ran.err.contains("history has changed since the plan was made: nothing was done"),
        "{ran}"
    );
    assert!(ran.err.contains("hint: run the command again"), "{ran}");
}

#[test]
fn what_somebody_else_undid_while_the_question_waited_is_not_replaced() {
    let project = live(shop()).meanwhile("down --yes=live.db");
    let ran = project.run("down");
    assert!(ran.err.contains("will revert 004") && !ran.err.contains("reverted"), "{ran}");
    assert_changed(&ran);
    assert!(project.run("current").out.starts_with("002"), "004 alone is undone");
}

#[test]
fn what_somebody_else_applied_while_the_question_waited_is_not_undone() {
    let project = live(vec![table("001", "users"), table("002", "orders")]);
    assert_eq!(project.run("down --yes=live.db").code, 0);
    let project = project.meanwhile("up");
    assert_changed(&project.run("down -r base"));
    assert!(project.run("current").out.starts_with("002"), "nothing is undone");
}

#[test]
fn a_stamp_and_an_undoing_from_history_are_what_was_shown() {
    let project = live(shop()).meanwhile("down --yes=live.db");
    assert_changed(&project.run("stamp 001"));
    let project = live(shop()).with(vec![table("001", "users")]);
    let project = project.meanwhile("down --from-history -n 1 --yes=live.db");
    let ran = project.run("down --from-history -n 2");
    assert!(ran.err.contains("from history"), "{ran}");
    assert_changed(&ran);
}

#[test]
fn nobody_else_nothing_changed() {
    let project = live(shop());
    let ran = project.run("down");
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(ran.err.matches("will revert 004").count(), 1, "{ran}");
    let ran = project.run("stamp base");
    assert_eq!(ran.code, 0, "{ran}");
    assert!(ran.err.contains("is protected"), "{ran}");
}

#[test]
fn a_run_that_asks_nothing_says_what_it_undoes_once() {
    let project = Project::new(shop());
    assert_eq!(project.run("up").code, 0);
    let ran = project.run("down -n 2");
    assert_eq!(ran.code, 0, "{ran}");
    let said: Vec<&str> = ran.err.lines().filter(|line| line.contains("revert")).collect();
    let verbs: Vec<&str> = said.iter().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(verbs, ["will", "will", "reverted", "reverted"], "{ran}");
}

#[test]
fn a_file_that_is_not_there_has_nothing_to_undo() {
    let ran = Project::new(shop()).run("down");
    assert_eq!(ran.code, 1, "{ran}");
}

#[test]
fn a_database_of_another_kind_is_refused_by_every_command_that_uses_it() {
    let project = Project::new(shop()).config("dialect = ['postgres', 'mysql']");
    for line in ["up", "down", "production", "stamp 001", "current", "plan", "check"] {
        let ran = project.run(&format!("{line} --database-url sqlite:other.db"));
        assert_eq!(ran.code, 1, "{line}: {ran}");
        assert!(
            ran.err.contains("are written for postgres and mysql, but this database is sqlite"),
            "{line}: {ran}"
        );
        assert!(ran.err.contains("`migrate.toml`"), "{line}: {ran}");
        assert!(!project.path().join("other.db").exists(), "{line}");
    }
    let script = project.run("up --sql --dialect sqlite");
    assert!(script.code == 1 && script.out.is_empty(), "{script}");
    let json = project.run("up --database-url sqlite:other.db --format json");
    assert!(json.out.contains("\"code\": \"dialect\""), "{json}");
}
