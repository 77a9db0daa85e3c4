//! A history table with text that harms a terminal.
#![expect(clippy::expect_used, reason = "helpers of tests")]

mod common;

use common::{Project, Ran, table};
use migrate_core::{Dialect, Missing};
use migrate_sql::quote;

/// Moves the cursor, sets the title, uses colours (also ours), forges lines, and reverses the text direction.
const HOSTILE: &str = "a\u{1b}[2J\u{1b}[31m\u{1b}[33m\u{1b}]0;t\u{7}\u{9b}1m\r\nerror: forged\n\u{202e}b\u{2028}\u{7f}";

const COMMANDS: [&str; 12] = [
    "history",
    "history -v",
    "history --graph",
    "current",
    "current -v",
    "check",
    "plan",
    "up",
    "down",
    "down --from-history --plan -v",
    "down --from-history --yes=migrate.db",
    "repair",
];

fn write(project: &Project, sql: &str) {
    let url = format!("sqlite:{}", project.path().join("migrate.db").display());
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let url = url.parse().expect("a URL");
        let mut connection = migrate_core::open(&url, Missing::Fail).await.expect("a database");
        connection.query(sql).await.expect("a statement");
        connection.close().await.expect("a goodbye");
    });
}

fn text(value: &str) -> String {
    quote::literal(value, Dialect::Sqlite)
}

/// Returns a project whose history contains `HOSTILE` everywhere, also in a revision that the program does not know.
fn haunted() -> Project {
    let project = Project::new(vec![table("001", "users"), table("002", "orders")])
        .config("[policy]\nahead = 'warn'\nchecksum = 'warn'");
    assert_eq!(project.run("up -r 001").code, 0);
    let known = format!(
        "UPDATE _migrate_history SET description = {0}, applied_by = {0}, tool_version = {0}, started_at = {0}, \
         sql_up = {0}, checksum = 'x'",
        text(HOSTILE)
    );
    write(&project, &known);
    let unknown = format!(
        "INSERT INTO _migrate_history SELECT * FROM _migrate_history; \
         UPDATE _migrate_history SET revision = {0}, sql_down = 'DROP TABLE users; -- ' || {0} WHERE rowid = 2",
        text(HOSTILE)
    );
    write(&project, &unknown.replacen("SELECT *", &columns(), 1));
    project
}

/// Returns the columns that copy the row as another revision.
fn columns() -> String {
    "(crate, revision, kind, sequence, description, checksum, checksum_algorithm, sql_up, sql_down, state, \
     statements_done, statements_total, started_at, finished_at, duration_ms, applied_by, tool_version, layout) \
     SELECT crate, 'x', kind, 99, description, checksum, checksum_algorithm, sql_up, sql_down, state, \
     statements_done, statements_total, started_at, finished_at, duration_ms, applied_by, tool_version, layout"
        .to_owned()
}

fn assert_harmless(line: &str, Ran { code, out, err }: &Ran) {
    let shown = format!("{out}{err}");
    let coloured = line.contains("--color");
    for character in shown.chars() {
        let escape = coloured && character == '\u{1b}';
        assert!(
            !character.is_control() || matches!(character, '\n' | '\t') || escape,
            "`{line}` ({code}) says {character:?}:\n{shown:?}"
        );
        assert!(!matches!(character, '\u{202e}' | '\u{2028}'), "`{line}`:\n{shown:?}");
    }
    assert!(!shown.contains("\nerror: forged"), "`{line}`:\n{shown}");
    // Each colour that starts is ours, and ends: two of the hostile ones are like ours, and adjacent.
    assert!(
        !shown.contains("\u{1b}[31m\u{1b}[33m") && !shown.contains("\u{1b}[2J"),
        "`{line}`:\n{shown:?}"
    );
}

#[test]
fn what_history_holds_can_do_a_terminal_no_harm() {
    for command in COMMANDS {
        for color in ["", " --color always"] {
            let line = format!("{command}{color}");
            let ran = haunted().run(&line);
            assert_harmless(&line, &ran);
        }
    }
}

#[test]
fn it_is_shown_all_the_same() {
    let ran = haunted().run("history -v");
    assert!(ran.out.contains(r"a\u{1b}[2J"), "{ran}");
    assert!(ran.out.contains(r"\u{202e}b\u{2028}\u{7f}"), "{ran}");
    let ran = haunted().run("down --from-history --plan -v");
    assert!(ran.out.contains(r"-- a\u{1b}[2J"), "{ran}");
}

#[test]
fn a_document_holds_it_as_it_is() {
    let ran = haunted().run("history --format json -q");
    let document: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    let revisions = document["revisions"].as_array().expect("an array");
    assert!(revisions.iter().any(|revision| revision["revision"] == HOSTILE), "{ran}");
    assert!(!ran.out.contains('\u{1b}') && !ran.out.contains('\u{7f}'), "{ran}");
}

#[test]
fn what_a_server_says_can_do_a_terminal_no_harm() {
    let sql = format!("SELECT json({}); SELECT 1", text(HOSTILE));
    let name = quote::identifier(HOSTILE, Dialect::Sqlite);
    for sql in [sql, format!("DROP TABLE {name}"), format!("SELECT 1 {name} 2 'a")] {
        let migration = migrate_core::Migration::new("001")
            .description(HOSTILE)
            .kind(migrate_core::Kind::Schema)
            .up(format!("CREATE TABLE a (b); {sql}"))
            .down("");
        let project = Project::new(vec![migration]);
        for line in
            ["up", "up --color always", "plan -v", "lint", "check", "history", "up --format json"]
        {
            let ran = project.run(line);
            assert_harmless(line, &ran);
        }
    }
}

#[test]
fn a_script_is_left_as_it_is() {
    let sql = "CREATE TABLE a (b TEXT DEFAULT 'x\u{7}\u{202e}')";
    let migration = migrate_core::Migration::new("001").up(sql).down("");
    let ran = Project::new(vec![migration]).run("up --sql --dialect sqlite");
    assert!(ran.out.contains(sql), "{ran}");
}
