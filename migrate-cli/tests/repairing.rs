//! Repairing differences between history and program.
#![expect(clippy::expect_used, reason = "helpers of tests")]

mod common;

use common::{Project, Written, declared, shop, table};
use migrate_core::{Body, Checksum, Dialect, Down, IntoBody, Kind, Migration, Missing};

/// Changes the project's database without the tool.
fn tamper(project: &Project, sql: &str) {
    let url = format!("sqlite:{}", project.path().join("migrate.db").display());
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let url = url.parse().expect("a URL");
        let mut connection = migrate_core::open(&url, Missing::Fail).await.expect("a database");
        connection.query(sql).await.expect("a statement");
        connection.close().await.expect("a goodbye");
    });
}

fn orders(sql: fn() -> Body) -> Vec<Migration> {
    let down = || Down::Body("DROP TABLE orders".into_body());
    let written = Written { down, ..Written::new("src/r002_orders.rs", "create_orders", sql) };
    vec![table("001", "users").in_crate("shop"), declared("002", Kind::Schema, written)]
}

fn first() -> Vec<Migration> {
    orders(|| {
        "CREATE TABLE orders (\n  id INTEGER PRIMARY KEY,\n  buyer INTEGER,\n  note TEXT\n)"
            .into_body()
    })
}

fn edited() -> Vec<Migration> {
    orders(|| {
        "CREATE TABLE orders (\n  id INTEGER PRIMARY KEY,\n  buyer BIGINT NOT NULL,\n  note TEXT\n)"
            .into_body()
    })
}

#[test]
fn an_edit_is_shown_word_by_word_and_accepted_with_a_reason() {
    let project = Project::new(first());
    assert_eq!(project.run("up").code, 0);
    project.show("repair");
    let project = project.with(edited());
    project.show("up");
    project.show("up --format json -q");
    project.show("check");
    project.show("repair");
    project.show("repair --format json -q");
    project.show("repair --accept 002 --reason 'the column was altered by hand'");
    project.show("repair");
    project.show("up");
    check!(project);
}

#[test]
fn an_edit_is_shown_in_colour_without_marks() {
    let project = Project::new(first());
    assert_eq!(project.run("up").code, 0);
    let ran = project.with(edited()).run("repair --color always");
    assert!(ran.out.contains("\u{1b}[") && !ran.out.contains("[-"), "{ran}");
}

#[test]
fn a_word_needs_a_revision_and_a_reason() {
    let project = Project::new(first());
    assert_eq!(project.run("up").code, 0);
    project.show("repair --accept 002");
    project.show("repair --accept --reason why");
    project.show("repair 002 --done");
    project.show("repair 002 --reason why");
    project.show("repair 002 --done --not-done --reason why");
    project.show("repair 002 --accept --reason ' '");
    project.show("repair 002 --accept --reason why");
    project.show("repair 002 --done --reason why");
    project.show("repair nix --done --reason why");
    check!(project);
}

#[test]
fn unfinished_revisions_are_shown_with_the_command_that_resumes_them() {
    let body = || "CREATE TABLE orders (id INTEGER); CREATE VIEW v AS SELECT 1".into_body();
    let project = Project::new(orders(body));
    assert_eq!(project.run("up").code, 0);
    tamper(&project, "DROP VIEW v");
    let hash = |sql: &str| -> String {
        Checksum::of_sql(sql, Dialect::Sqlite).to_string().chars().take(16).collect()
    };
    let first = hash("CREATE TABLE orders (id INTEGER)");
    let both = format!("{first} {}", hash("CREATE VIEW v AS SELECT 1"));
    let begun = |journal: &str| {
        format!(
            "UPDATE _migrate_history SET state = 'started', statements_done = 1, journal = '{journal}' \
             WHERE revision = '002'"
        )
    };
    tamper(&project, &begun(&first));
    project.show("repair");
    project.show("repair 001");
    tamper(&project, &begun(&both));
    project.show("repair 002");
    project.show("repair --format json -q");
    project.show("repair 002 --not-done --reason 'looked'");
    tamper(&project, &begun(&format!("{both}!")));
    project.show("repair");
    let project = project.with(vec![table("001", "users").in_crate("shop")]);
    tamper(&project, &begun(&both));
    project.show("repair");
    project.show("repair 002 --done --reason 'looked' --format json -q");
    project.show("repair -q");
    check!(project);
}

#[test]
fn a_protected_environment_asks_before_history_is_changed() {
    let config = "[env.live]\nurl = 'sqlite:live.db'\nprotected = true";
    let project = Project::new(first()).config(config);
    assert_eq!(project.run("up --env live").code, 0);
    let project = project.with(edited());
    project.show("repair 002 --accept --reason why --env live");
    project.show("repair 002 --accept --reason why --env live --yes=live.db");
    check!(project);
}

/// Returns the revisions of a release that was rolled back.
fn newer() -> Vec<Migration> {
    let mut newer = shop();
    newer.push(table("005", "parcels").depends_on("003"));
    newer
}

#[test]
fn unknown_revisions_are_undone_from_history_if_the_database_is_named() {
    let project = Project::new(newer());
    assert_eq!(project.run("production --database-url sqlite:migrate.db").code, 0);
    let project = project.with(vec![table("001", "users")]);
    project.show("up");
    project.show("down --from-history --plan");
    project.show("down --from-history --plan --format json -q");
    project.show("down --from-history");
    project.show("down --from-history --yes=other");
    project.show("down --from-history -n 1 --yes=migrate.db");
    project.show("down --from-history -n 9");
    project.show("down --from-history -r 001");
    let project = project.typing("migrate.db");
    project.show("down --from-history");
    project.show("down --from-history");
    project.show("history -q");
    check!(project);
}

#[test]
fn what_history_cannot_undo_is_named() {
    let project = Project::new(vec![
        table("001", "users"),
        table("002", "orders").irreversible(),
        table("003", "parcels"),
    ]);
    assert_eq!(project.run("up").code, 0);
    let project = project.with(vec![table("001", "users")]);
    project.show("down --from-history --yes=migrate.db");
    let project = project.with(vec![table("001", "users"), table("003", "parcels")]);
    project.show("down --from-history --yes=migrate.db");
    check!(project);
}

#[test]
fn what_runs_out_of_order_is_told() {
    let late = || {
        vec![
            table("001", "users"),
            table("003", "orders").after(["001"]),
            table("002", "parcels").after(["001"]),
            Migration::new("004").after(["002", "003"]).description("join"),
        ]
    };
    let project = Project::new(vec![table("001", "users"), table("003", "orders").after(["001"])]);
    assert_eq!(project.run("up").code, 0);
    let project = project.with(late()).config("[policy]\nout_of_order = 'error'");
    project.show("check");
    project.show("up");
    let project = project.config("");
    project.show("check");
    project.show("plan --format json -q -r 002");
    project.show("up --format json");
    check!(project);
}
