//! Commands that change a database.

mod common;

use common::{Project, shop, table};
use migrate_core::Migration;

#[test]
fn up_applies_the_schema_and_says_each_step() {
    let project = Project::new(shop());
    project.show("up");
    project.show("up");
    project.show("current -v");
    check!(project);
}

#[test]
fn up_stops_where_it_is_told() {
    let project = Project::new(shop());
    project.show("up -r +1");
    project.show("up -r 002 --format json -q");
    project.show("up -r 003");
    project.show("up -r nix");
    project.show("up -r a@b@c");
    check!(project);
}

#[test]
fn down_says_what_will_be_undone_and_leaves_the_target() {
    let project = Project::new(shop());
    assert_eq!(project.run("up").code, 0);
    project.show("down");
    project.show("down -r base --plan");
    project.show("down -r -2 --format json -q");
    project.show("down");
    project.show("down -n 2 -r 001");
    check!(project);
}

#[test]
fn production_needs_a_named_database() {
    let project = Project::new(shop());
    project.show("production");
    let url = format!("sqlite:{}", project.path().join("shop.db").display());
    let project = project.variable("DATABASE_URL", &url);
    project.show("production --plan");
    project.show("production");
    check!(project);
}

#[test]
fn a_plan_shows_what_up_would_do() {
    let project = Project::new(shop());
    project.show("plan -v");
    project.show("plan -r 001 --format json");
    assert!(!project.path().join("migrate.db").exists(), "a plan reads");
    check!(project);
}

#[test]
fn a_failure_is_told_like_a_compilers() {
    let faulty = Migration::new("002")
        .description("faulty")
        .waive("mixed", "the engine is to find the fault")
        .up("CREATE TABLE a (id INTEGER);\nINSERT INTOO a\n  VALUES (1)")
        .down("DROP TABLE a");
    let project = Project::new(vec![table("001", "users"), faulty]);
    project.show("up");
    project.show("up --format json -q");
    project.show("current");
    check!(project);
}

#[test]
fn a_body_that_cannot_be_sent_is_refused_before_anything_runs() {
    let open =
        Migration::new("002").up("CREATE TABLE a (name TEXT DEFAULT 'x)").down("DROP TABLE a");
    let project = Project::new(vec![table("001", "users"), open]);
    project.show("up");
    let commits =
        Migration::new("002").up("CREATE TABLE a (id INTEGER);\nCOMMIT").down("DROP TABLE a");
    let project = project.with(vec![table("001", "users"), commits]);
    project.show("up");
    check!(project);
}

#[test]
fn a_stamp_writes_history_only() {
    let project = Project::new(shop());
    project.show("stamp 002");
    project.show("current");
    project.show("stamp base --plan");
    project.show("stamp head --format json -q");
    check!(project);
}

const PROTECTED: &str = "[env.live]\nprotected = true";

#[test]
fn a_protected_environment_must_be_named() {
    let project = Project::new(shop()).config(PROTECTED).variable("MIGRATE_ENV", "live");
    project.show("up");
    let url = format!("sqlite:{}", project.path().join("live.db").display());
    let project = project.variable("DATABASE_URL", &url);
    assert_eq!(project.run("up").code, 0);
    project.show("down");
    project.show("down --yes");
    project.show("down --yes=other.db");
    project.show("down --yes=live.db");
    let project = project.typing("no\n");
    project.show("down");
    let project = project.typing("live.db\n");
    project.show("down");
    check!(project);
}

#[test]
fn a_script_is_printed_without_a_connection() {
    let project = Project::new(shop());
    project.show("up --sql");
    let script = project.run("up --sql=001:002 --dialect postgres");
    assert_eq!(script.code, 0);
    assert!(
        script.out.contains("CREATE TABLE orders") && !script.out.contains("CREATE TABLE users"),
        "{script}"
    );
    assert!(script.out.starts_with("\\set ON_ERROR_STOP on"), "{script}");
    project.show("down --sql --dialect sqlite");
    assert!(!project.path().join("migrate.db").exists());
    let url = "postgres://u:secret@localhost:1/shop";
    let down = project.run(&format!("down --sql=002:001 --database-url {url}"));
    assert!(down.out.contains("DROP TABLE orders") && !down.out.contains("secret"), "{down}");
    check!(project);
}

#[test]
fn passwords_are_never_shown() {
    let project = Project::new(shop());
    let failed = project.run("up --database-url postgres://u:secret@localhost:1/shop");
    assert_eq!(failed.code, 1);
    assert!(
        !failed.to_string().contains("secret") && failed.err.contains("u:***@localhost:1"),
        "{failed}"
    );
    let json = project.run("up --database-url postgres://u:secret@localhost:1/shop --format json");
    assert!(
        !json.to_string().contains("secret") && json.out.contains("\"code\": \"connect\""),
        "{json}"
    );
    let usage = project.run("up postgres://u:secret@localhost:1/shop");
    assert!(!usage.to_string().contains("secret") && usage.code == 2, "{usage}");
    let wrong = project.run("up --database-url oracle://u:secret@h/d");
    assert!(!wrong.to_string().contains("secret") && wrong.code == 2, "{wrong}");
}

#[test]
fn the_lock_is_shown_and_nothing_is_made() {
    let project = Project::new(shop());
    project.show("lock");
    assert!(!project.path().join("migrate.db").exists());
    assert_eq!(project.run("up --lock lease").code, 0);
    project.show("lock");
    project.show("lock --format json -q");
    project.show("lock --release");
    check!(project);
}
