//! Revisions that fail: what remains, what is reported, and how to continue.

use migrate_core::{Aftermath, Dialect, Fault, Migration, PlanError, State, StepError, Target};

use crate::Database;
use crate::failure;
use crate::history::{applied, log, states};
use crate::migrations::{data, done, mixed, names, table, tables};

/// Returns ten tables; the revision `number` also has `statement`.
fn ten_with(number: usize, statement: &str) -> Vec<Migration> {
    (1..=10)
        .map(|index| {
            let rev = format!("{index:02}");
            let extra = if index == number { format!(";\n  {statement}") } else { String::new() };
            mixed(&rev)
                .up(format!("CREATE TABLE t{rev} (id BIGINT PRIMARY KEY){extra}"))
                .down(format!("DROP TABLE t{rev}"))
        })
        .collect()
}

/// Runs ten revisions of which one fails: those before it stay, and only the failed one is undone where DDL can be.
async fn fail_at(database: &Database, number: usize, statement: &str) -> StepError {
    let mut migrator = database.connect(ten_with(number, statement)).await;
    let failed =
        failure::step(migrator.up(Target::Head).await.expect_err("a statement that fails"));
    let before: Vec<String> = (1..number).map(|index| format!("{index:02}")).collect();
    assert_eq!(failed.key.id.as_str(), format!("{number:02}"));
    assert_eq!((failed.statement, failed.statements), (Some(2), 2));
    assert_eq!(done(&failed.report), before);
    assert_eq!(applied(database).await, before);
    let half = database.dialect() == Dialect::Mysql;
    assert_eq!(
        failed.aftermath,
        if half { Aftermath::Half { done: 1 } } else { Aftermath::RolledBack }
    );
    assert_eq!(database.tables().await.len(), if half { number } else { number - 1 });
    let failures: Vec<String> =
        log(database).await.into_iter().filter(|line| line.starts_with("failure")).collect();
    assert_eq!(failures, [format!("failure {number:02}")]);
    failed
}

pub async fn a_refused_statement_leaves_what_came_before_it(database: &Database) {
    let failed = fail_at(database, 5, "INSERT INTO nowhere VALUES (1)").await;
    let excerpt = failed.excerpt.expect("an excerpt");
    assert_eq!(
        (excerpt.line.as_str(), excerpt.in_sql.line),
        ("  INSERT INTO nowhere VALUES (1)", 2)
    );
    let exact = database.dialect() != Dialect::Mysql;
    assert_eq!((excerpt.exact, excerpt.in_sql.column), (exact, if exact { 15 } else { 3 }));
}

pub async fn a_refused_statement_in_the_first_of_ten_leaves_nothing(database: &Database) {
    fail_at(database, 1, "INSERT INTO nowhere VALUES (1)").await;
}

pub async fn a_refused_statement_in_the_last_of_ten_leaves_nine(database: &Database) {
    fail_at(database, 10, "INSERT INTO nowhere VALUES (1)").await;
}

pub async fn a_syntax_error_in_the_first_of_ten_is_placed(database: &Database) {
    let failed = fail_at(database, 1, "CREATE TABEL x (id BIGINT)").await;
    assert_placed(&failed);
}

pub async fn a_syntax_error_in_the_middle_of_ten_is_placed(database: &Database) {
    let failed = fail_at(database, 6, "CREATE TABEL x (id BIGINT)").await;
    assert_placed(&failed);
}

pub async fn a_syntax_error_in_the_last_of_ten_is_placed(database: &Database) {
    let failed = fail_at(database, 10, "CREATE TABEL x (id BIGINT)").await;
    assert_placed(&failed);
}

fn assert_placed(failed: &StepError) {
    let excerpt = failed.excerpt.as_ref().expect("an excerpt");
    assert_eq!(
        (excerpt.in_sql.line, excerpt.in_sql.column, excerpt.exact),
        (2, 10, true),
        "{excerpt:?}"
    );
    assert_eq!(excerpt.line, "  CREATE TABEL x (id BIGINT)");
}

pub async fn a_place_is_counted_in_characters(database: &Database) {
    let sql = "CREATE TABLE first (id BIGINT);\n/* é🧪 */ CREATE TABEL second (id BIGINT)";
    let mut migrator = database.connect(vec![table("1"), Migration::new("2").up(sql)]).await;
    let failed = failure::step(migrator.up(Target::Head).await.expect_err("a syntax error"));
    let excerpt = failed.excerpt.expect("an excerpt");
    assert_eq!((excerpt.in_sql.line, excerpt.in_sql.column), (2, 17), "{excerpt:?}");
}

pub async fn up_goes_on_once_the_failing_revision_is_corrected(database: &Database) {
    let failed = fail_at(database, 5, "INSERT INTO nowhere VALUES (1)").await;
    let mut corrected = database.connect(ten_with(0, "")).await;
    assert!(failed.hint().contains("run `migrate up` again"), "{}", failed.hint());
    corrected.up(Target::Head).await.expect("up");
    assert_eq!(applied(database).await.len(), 10);
    assert_eq!(database.tables().await.len(), 10);
}

pub async fn a_failing_way_down_leaves_what_was_undone_before_it(database: &Database) {
    let mut set = tables(["1", "2", "3", "4"]);
    set[1] = Migration::new("2").up("CREATE TABLE t2 (id BIGINT)").down("DROP TABLE nowhere");
    let mut migrator = database.connect(set).await;
    migrator.up(Target::Head).await.expect("up");
    let failed =
        failure::step(migrator.down(Target::Base).await.expect_err("a table that is not there"));
    assert_eq!(failed.key.id.as_str(), "2");
    assert_eq!(done(&failed.report), ["4", "3"]);
    assert_eq!(database.tables().await, names(["1", "2"]));
    let expected = if database.dialect() == Dialect::Mysql { "reverting" } else { "applied" };
    assert_eq!(states(database).await[1], ("2".to_owned(), expected.to_owned()));
}

pub async fn rows_are_changed_by_all_statements_of_a_revision_or_by_none(database: &Database) {
    let set = vec![
        table("1"),
        mixed("2")
            .up("INSERT INTO t1 VALUES (1); INSERT INTO t1 VALUES (2); INSERT INTO t1 VALUES (1)"),
    ];
    let mut migrator = database.connect(set).await;
    let failed =
        failure::step(migrator.up(Target::Head).await.expect_err("a key that is there already"));
    assert_eq!((failed.statement, failed.aftermath), (Some(3), Aftermath::RolledBack));
    assert!(failed.database().is_some());
    assert_eq!(database.value::<i64>("SELECT count(*) FROM t1").await, 0);
    assert_eq!(applied(database).await, ["1"]);
}

pub async fn a_change_of_rows_that_fails_among_others_fails_alone(database: &Database) {
    let set = vec![
        table("1"),
        data("2", "INSERT INTO t1 VALUES (1)"),
        data("3", "INSERT INTO t1 VALUES (2); INSERT INTO t1 VALUES (1)"),
        data("4", "INSERT INTO t1 VALUES (3)").after(["1"]),
    ];
    let mut migrator = database.connect(set).await;
    let failed = failure::step(
        migrator.production(Target::Head).await.expect_err("a key that is there already"),
    );
    assert_eq!(failed.key.id.as_str(), "3");
    assert_eq!(database.column::<i64>("SELECT id FROM t1").await, [1]);
    assert_eq!(done(&failed.report), applied(database).await);
}

/// Such a body is refused before the first revision of the plan runs, which could have been applied.
pub async fn a_body_that_cannot_be_sent_stops_the_plan_before_it_begins(database: &Database) {
    let mut bodies = vec![
        "COMMIT",
        "BEGIN; SELECT 1; COMMIT",
        "SELECT 1; ROLLBACK",
        "/* sly */ commit -- all",
        "SAVEPOINT x",
        "INSERT INTO t1 VALUES ('1)",
        "SELECT 1 /* and",
    ];
    if database.dialect() == Dialect::Postgres {
        bodies.extend([
            "COPY t1 FROM STDIN",
            "SELECT $tag$ 1",
            "START TRANSACTION",
            "END",
            "ABORT",
        ]);
    }
    for body in bodies {
        let mut migrator = database.connect(vec![table("1"), Migration::new("2").up(body)]).await;
        let refused = failure::plan(migrator.up(Target::Head).await.expect_err(body));
        assert!(
            matches!(refused, PlanError::Script(ref fault) if fault.key.id.as_str() == "2"),
            "{body}: {refused:?}"
        );
    }
    assert_eq!(database.all_tables().await, [""; 0]);
}

pub async fn transaction_control_is_told_with_its_place(database: &Database) {
    let mut migrator = database.connect(vec![Migration::new("1").up("SELECT 1;\n  COMMIT")]).await;
    let refused = failure::plan(migrator.up(Target::Head).await.expect_err("a COMMIT"));
    let PlanError::Script(fault) = refused else { panic!("{refused:?}") };
    let excerpt = &fault.excerpt;
    assert_eq!(
        (excerpt.line.as_str(), excerpt.in_sql.line, excerpt.in_sql.column),
        ("  COMMIT", 2, 3)
    );
    assert!(matches!(fault.error, Fault::TransactionControl { statement: 2, .. }), "{fault:?}");
}

pub async fn the_error_tells_what_to_do(database: &Database) {
    let mut migrator = database.connect(ten_with(2, "INSERT INTO nowhere VALUES (1)")).await;
    let error = migrator.up(Target::Head).await.expect_err("a statement that fails");
    assert_eq!(error.code(), "step");
    assert_eq!(error.revision().map(|key| key.id.as_str()), Some("02"));
    assert!(error.to_string().contains("`runtime@02` failed at statement 2 of 2"), "{error}");
    assert!(error.hints().iter().any(|hint| hint.contains("migrate ")), "{:?}", error.hints());
    let source = std::error::Error::source(&error).expect("a cause");
    assert!(source.to_string().contains("nowhere"), "{source}");
    assert_eq!(failure::step(error).action.name(), "apply");
    let history = migrator.read_history().await.expect("history");
    let state = history.rows().find(|(key, _)| key.id.as_str() == "02").map(|(_, row)| row.state);
    assert_eq!(state, (database.dialect() == Dialect::Mysql).then_some(State::Failed));
}

pub async fn what_its_kind_may_not_hold_stops_the_plan_before_it_begins(database: &Database) {
    let bodies = [
        (Migration::new("2").up("UPDATE t1 SET id = 2 WHERE id = 1"), "mixed"),
        (data("2", "SELECT 1; DROP TABLE t1"), "mixed"),
        (Migration::new("2").up("CRAETE TABLE t2 (id BIGINT)"), "unknown-word"),
    ];
    for (migration, code) in bodies {
        let mut migrator = database.connect(vec![table("1"), migration]).await;
        let error = migrator.production(Target::Head).await.expect_err(code);
        assert_eq!(error.code(), code);
        let refused = failure::plan(error);
        let PlanError::Script(fault) = &refused else { panic!("{refused:?}") };
        assert_eq!(fault.key.id.as_str(), "2");
        assert!(refused.hint().is_some(), "{refused:?}");
    }
    assert_eq!(database.all_tables().await, [""; 0]);
}
