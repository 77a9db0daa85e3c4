//! `lint`, and its findings in other commands.

#![expect(clippy::expect_used, reason = "a test's way to fail is to panic")]

mod common;

use std::fs;
use std::process::Command;

use common::{Project, Written, declared, table};
use migrate_core::__private::{Body, body, derived};
use migrate_core::prelude::*;
use migrate_core::{Kind, Migration, Waiver};

fn empty_users() -> &'static str {
    "DELETE FROM sessions\n    WHERE true;\n\n  DELETE FROM users"
}

fn users() -> Migration {
    let users = Written::new("src/r001_users.rs", "users", || {
        body("CREATE TABLE users (id INTEGER PRIMARY KEY);\nCREATE TABLE sessions (id INTEGER)")
    });
    declared("001", Kind::Schema, users)
}

/// Returns a table and, in a file, the deletion of all its rows.
fn careless() -> Vec<Migration> {
    let empty = Written::new("src/r002_empty.rs", "empty_users", || body(empty_users));
    vec![users(), declared("002", Kind::Data, empty)]
}

fn waiving(waivers: &'static [Waiver]) -> Vec<Migration> {
    let empty = Written::new("src/r002_empty.rs", "empty_users", || body(empty_users));
    vec![users(), declared("002", Kind::Data, Written { waivers, ..empty })]
}

const DENY: &str = "dialect = 'sqlite'\n[lint.rules]\nmissing-where = 'deny'";

#[test]
fn findings_of_pending_sql_are_shown_like_a_compilers() {
    let project = Project::new(careless());
    project.show("lint");
    assert!(!project.path().join("migrate.db").exists(), "a reading command creates nothing");
    project.show("production --database-url sqlite:migrate.db");
    project.show("lint");
    project.show("lint --all");
    check!(project);
}

#[test]
fn what_is_denied_is_the_answer_no() {
    let project = Project::new(careless()).config(DENY);
    project.show("lint -q --format json");
    project.show("up");
    project.show("check -q");
    project.show("check --format json -q");
    project.show("production --database-url sqlite:migrate.db");
    project.show("production --database-url sqlite:migrate.db --format json -q");
    project.show("current --format json");
    check!(project);
}

#[test]
fn an_environment_has_levels_of_its_own() {
    let config = "[env.live]\nurl = 'sqlite:live.db'\n[env.live.lint]\nmissing-where = 'deny'";
    let seen = || {
        let empty = Written::new("src/r002_empty.rs", "empty_users", || body(empty_users));
        vec![users(), declared("002", Kind::Data, Written { checked: true, ..empty })]
    };
    let project = Project::new(seen()).config(config);
    // Warnings of the compiler are not repeated.
    project.show("production --database-url sqlite:other.db");
    project.show("production --env live");
    project.show("lint --env live -q");
    check!(project);
}

#[test]
fn sql_that_no_parser_knows_is_found_unless_that_is_said() {
    let reindex = |rev| Migration::new(rev).up("REINDEX users").down("");
    let unknown = vec![table("001", "users"), reindex("002"), reindex("003").parse(false)];
    let project = Project::new(unknown).config("dialect = 'sqlite'");
    assert_eq!(project.run("up -r 001").code, 0);
    project.show("check -q");
    project.show("lint");
    check!(project);
}

#[test]
fn without_a_database_all_can_be_looked_at() {
    let project = Project::new(careless()).config("dialect = 'postgres'");
    project.show("lint");
    project.show("lint --all -q");
    check!(project);
}

#[test]
fn rules_that_are_not_there_are_refused() {
    let project = Project::new(careless()).config("[lint.rules]\nmissing-were = 'deny'");
    project.show("up");
    project.show("lint --explain missing-were");
    let rules = project.run("lint --rules");
    assert_eq!(rules.code, 0);
    assert!(rules.out.contains("missing-where"), "{rules}");
    assert!(rules.err.contains("missing-were"), "{rules}");
    check!(project);
}

#[test]
fn a_rule_is_explained() {
    let project = Project::new(careless()).config(DENY);
    project.show("lint --explain missing_where");
    let rules = project.run("lint --rules");
    let line = rules.out.lines().find(|line| line.contains(" missing-where ")).expect("a line");
    assert!(line.starts_with("  deny "), "{line}");
    let document = project.run("lint --rules --format json");
    let document: serde_json::Value = serde_json::from_str(&document.out).expect("JSON");
    let rules = document["rules"].as_array().expect("rules");
    assert_eq!(rules.len(), migrate_lint::rules().len());
    check!(project);
}

#[test]
fn findings_have_the_formats_of_code_hosts() {
    let project = Project::new(careless()).config(DENY);
    project.show("lint --all --format github");
    project.show("lint --all --format sarif -q");
    project.show("up --format sarif");
    check!(project);
}

#[test]
fn a_waiver_is_judged_where_all_dialects_are_looked_at() {
    const MYSQL: &[Waiver] = &[Waiver { rule: "unasserted-alter", reason: "it is small" }];
    let users = |up: fn() -> Body| {
        let of = Written { waivers: MYSQL, ..Written::new("src/r001_users.rs", "users", up) };
        vec![declared("001", Kind::Schema, of)]
    };
    let unused = |up, dialects: &str| {
        let project = Project::new(users(up)).config(&format!("dialect = {dialects}"));
        let lint = project.run("lint --all -q");
        assert_eq!(lint.code, 0, "{lint}");
        lint.out.contains("unused-waiver")
    };
    let alters = || body("ALTER TABLE users ADD COLUMN email TEXT");
    let creates = || body("CREATE TABLE users (id BIGINT PRIMARY KEY)");
    assert!(!unused(alters, "['sqlite', 'mysql']") && unused(creates, "['sqlite', 'mysql']"));
    let project = Project::new(users(creates)).config("dialect = ['sqlite', 'mysql']");
    assert!(!project.run("lint --all -q --dialect sqlite").out.contains("unused-waiver"));
}

#[test]
fn a_waiver_is_kept_in_history() {
    const ALL: &[Waiver] =
        &[Waiver { rule: "missing-where", reason: "the users are\n  made again" }];
    let project = Project::new(waiving(ALL)).config(DENY);
    project.show("lint -q");
    assert_eq!(project.run("production --database-url sqlite:migrate.db").code, 0);
    project.show("history -v -r 002:");
    project.show("show 002 -q --format json");
    // The waivers at the time of applying differ from the current ones.
    let project = project.with(careless());
    project.show("history -v -r 002:");
    check!(project);
}

#[test]
fn a_waiver_of_nothing_is_found() {
    const NONE: &[Waiver] = &[
        Waiver { rule: "missing-where", reason: "all of them" },
        Waiver { rule: "mixed", reason: "one step" },
    ];
    let project = Project::new(waiving(NONE));
    project.show("lint -q");
    assert_eq!(project.run("up").code, 0);
    project.show("check -q");
    check!(project);
}

#[test]
fn a_derived_down_is_marked() {
    let down = || derived(&[(Dialect::Sqlite, "DROP TABLE users")]);
    let users = Written::new("src/r001.rs", "users", || body("CREATE TABLE users (id INTEGER)"));
    let project = Project::new(vec![declared("001", Kind::Schema, Written { down, ..users })]);
    project.show("show 001 -q");
    project.show("show 001 -q --format json");
    project.show("up -q");
    project.show("down -q");
    check!(project);
}

#[test]
fn only_what_comes_after_a_revision_is_looked_at() {
    let clear = |rev, of: &str| {
        Migration::new(rev).kind(Kind::Data).up(format!("DELETE FROM {of}")).down("")
    };
    let project = Project::new(vec![
        table("001", "a"),
        table("002", "b"),
        clear("003", "a"),
        clear("004", "b"),
    ]);
    project.show("lint --since 002 --dialect postgres --dialect sqlite");
    project.show("lint --since 004 --dialect sqlite");
    project.show("lint --since nix --dialect sqlite");
    project.show("lint --since 003 --all");
    check!(project);
}

fn git(project: &Project, line: &str) {
    let identity = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"];
    let ran = Command::new("git")
        .arg("-C")
        .arg(project.path())
        .args(identity)
        .args(line.split_whitespace())
        .output()
        .expect("git");
    assert!(ran.status.success(), "{line}: {}", String::from_utf8_lossy(&ran.stderr));
}

#[test]
fn only_what_is_new_in_a_branch_is_looked_at() {
    let old = Written::new("src/r001_old.rs", "old", || body("DELETE FROM a"));
    let new = Written::new("src/r002_new.rs", "new", || body("DELETE FROM b"));
    let unsaved = Written::new("src/r003_unsaved.rs", "unsaved", || body("DELETE FROM c"));
    let project = Project::new(vec![
        declared("001", Kind::Data, old),
        declared("002", Kind::Data, new),
        declared("003", Kind::Data, unsaved),
    ])
    .config("dialect = 'postgres'");
    let write = |file: &str| fs::write(project.path().join(file), "").expect("written");
    project.show("lint --since-git main");
    fs::create_dir(project.path().join("src")).expect("a folder");
    git(&project, "init --quiet --initial-branch main");
    write("src/r001_old.rs");
    git(&project, "add .");
    git(&project, "commit --quiet -m old");
    git(&project, "switch --quiet -c feature");
    write("src/r002_new.rs");
    git(&project, "add .");
    git(&project, "commit --quiet -m new");
    write("src/r003_unsaved.rs");
    project.show("lint --since-git main --format github");
    project.show("lint --since-git nix");
    project.show("lint --since-git HEAD --format github");
    check!(project);
}

async fn reads(db: &mut Db) -> Result<()> {
    let _: i64 = db.fetch_value("SELECT count(*) FROM users").await?;
    Ok(())
}

async fn deletes(db: &mut Db) -> Result<()> {
    db.execute("DELETE FROM users").await?;
    Ok(())
}

#[test]
fn code_is_looked_at_as_far_as_it_runs_without_a_database() {
    let code = |rev| Migration::new(rev).kind(Kind::Data);
    let project = Project::new(vec![
        table("001", "users"),
        code("002").up(reads),
        code("003").up(deletes),
        Migration::new("004").up(deletes),
    ]);
    project.show("lint --all --dialect sqlite");
    project.show("lint --all --dialect sqlite --format json -q");
    let ran = project.run("up --database-url sqlite:migrate.db");
    assert_eq!(ran.code, 1, "{ran}");
    assert!(ran.err.contains("in a schema migration"), "{ran}");
    check!(project);
}

async fn sets_a_variable(db: &mut Db) -> Result<()> {
    db.execute("SET @a = 1").await?;
    Ok(())
}

#[test]
fn what_code_leaves_in_a_session_of_mysql_is_an_error() {
    let code = |rev: &'static str| Migration::new(rev).kind(Kind::Data);
    let set = vec![table("001", "users"), code("002").up(sets_a_variable), code("003").up(reads)];
    let project = Project::new(set).config("dialect = 'mysql'");
    for command in ["lint --all", "check"] {
        let shown = project.run(command);
        assert_eq!(shown.code, 3, "{shown}");
        let left = "the code leaves the user variable `@a` in its session";
        assert!(shown.out.contains(left) && shown.out.contains("002"), "{shown}");
        assert!(shown.err.contains("`003`"), "{shown}");
    }
}

#[test]
fn where_no_dialect_is_declared_only_what_all_say_counts() {
    let quoted = Migration::new("001").kind(Kind::Data).up("DELETE FROM \"a\"; DELETE FROM b");
    let renamed = Migration::new("002").kind(Kind::Data).up("REPLACE INTO a VALUES (1)");
    let project = Project::new(vec![quoted.clone(), renamed.clone()]);
    project.show("lint --all");
    let project = Project::new(vec![quoted, renamed]).config("dialect = ['postgres', 'mysql']");
    project.show("lint --all");
    check!(project);
}
