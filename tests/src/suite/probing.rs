//! Probing the catalog about a statement in flight, before and after it runs, for every form of statement.

use migrate_core::private::{Verdict, note, probe};
use migrate_core::{Connection, Dialect};

use crate::Database;
use crate::forms::{Form, MYSQL, Outcome, POSTGRES, SQLITE};

/// Returns what the mark before a statement records of the catalog.
pub(crate) async fn noted(connection: &mut Connection, sql: &str) -> Option<String> {
    note(connection, sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// Returns the verdict about a statement whose mark was written by an earlier version.
pub(crate) async fn asked(connection: &mut Connection, sql: &str) -> Verdict {
    asked_since(connection, sql, None).await
}

/// Returns the verdict about a statement, from the catalog and the record in its mark.
pub(crate) async fn asked_since(
    connection: &mut Connection,
    sql: &str,
    before: Option<&str>,
) -> Verdict {
    let dialect = connection.dialect();
    let statements = migrate_sql::split(sql, dialect).expect("a statement");
    let [statement] = &*statements else { panic!("{sql} is more than one statement") };
    probe(connection, statement, before).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

pub(crate) fn not_done() -> Verdict {
    Verdict::NotDone { mend: Vec::new() }
}

pub(crate) async fn run(connection: &mut Connection, sql: &str) {
    if let Err(error) = connection.query(sql).await {
        panic!("{sql}: {error}");
    }
}

fn forms(dialect: Dialect) -> &'static [Form] {
    match dialect {
        Dialect::Postgres => POSTGRES,
        Dialect::Mysql => MYSQL,
        Dialect::Sqlite => SQLITE,
    }
}

pub async fn every_form_is_judged_before_and_after(database: &Database) {
    for form in forms(database.dialect()) {
        // PostgreSQL is slow to create a database.
        if database.dialect() == Dialect::Postgres {
            let empty =
                "DROP SCHEMA IF EXISTS s CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public";
            database.query(empty).await;
            judge(form, database).await;
        } else {
            let fresh = Database::fresh(database.dialect()).await;
            judge(form, &fresh).await;
            fresh.drop().await;
        }
    }
}

async fn judge(form: &Form, database: &Database) {
    let mut connection = database.open().await;
    if !form.given.is_empty() {
        run(&mut connection, form.given).await;
    }
    let noted = noted(&mut connection, form.statement).await;
    let before = asked_since(&mut connection, form.statement, noted.as_deref()).await;
    run(&mut connection, form.statement).await;
    let after = asked_since(&mut connection, form.statement, noted.as_deref()).await;
    match form.outcome {
        Outcome::Seen => {
            assert_eq!(before, not_done(), "before {}", form.statement);
            assert_eq!(after, Verdict::Done, "after {}", form.statement);
        }
        Outcome::Repeatable => {
            assert_eq!(before, not_done(), "before {}", form.statement);
            assert_eq!(after, not_done(), "after {}", form.statement);
            run(&mut connection, form.statement).await;
        }
        Outcome::NotDoneOnly => {
            assert_eq!(before, not_done(), "before {}", form.statement);
            assert_unknown(&after, form);
        }
        Outcome::DoneOnly => {
            assert_unknown(&before, form);
            assert_eq!(after, Verdict::Done, "after {}", form.statement);
        }
        Outcome::Unseen => {
            assert_unknown(&before, form);
            assert_unknown(&after, form);
        }
    }
    connection.query(form.undo).await.expect("what is outside of the database is removed");
    connection.close().await.expect("a goodbye");
}

fn assert_unknown(verdict: &Verdict, form: &Form) {
    let told = matches!(verdict, Verdict::Unknown { seen } if !seen.is_empty());
    assert!(told, "{}: {verdict:?}", form.statement);
}

/// An object of the name exists, but it is not what the statement creates.
pub async fn what_agrees_with_neither_state_is_shown(database: &Database) {
    let mut connection = database.open().await;
    run(&mut connection, "CREATE TABLE a (b INT)").await;
    let verdict = asked(&mut connection, "CREATE TABLE a (b INT, c INT)").await;
    let seen = [
        "table `a`: expected, there",
        "column `b` of `a`: expected, there",
        "column `c` of `a`: expected, not there",
    ];
    assert_eq!(verdict, Verdict::Unknown { seen: seen.map(str::to_owned).to_vec() });
    let sql = "ALTER TABLE a RENAME COLUMN c TO b";
    assert_eq!(asked_since(&mut connection, sql, Some("10")).await, Verdict::Done);
    assert_eq!(asked_since(&mut connection, sql, Some("01")).await, not_done());
    // The catalog cannot tell whether the one ever existed, and whether the other is older.
    let verdict = asked(&mut connection, sql).await;
    assert!(matches!(verdict, Verdict::Unknown { .. }), "{verdict:?}");
    let verdict = asked(&mut connection, "ALTER TABLE a RENAME COLUMN c TO d").await;
    let seen =
        ["column `c` of `a`: expected to be gone, gone", "column `d` of `a`: expected, not there"];
    assert_eq!(verdict, Verdict::Unknown { seen: seen.map(str::to_owned).to_vec() });
}

/// A missing column proves nothing if the whole table is gone.
pub async fn a_part_of_what_is_not_there_tells_nothing(database: &Database) {
    let mut connection = database.open().await;
    for sql in ["ALTER TABLE a ADD COLUMN b INT", "ALTER TABLE a DROP COLUMN b"] {
        let verdict = asked(&mut connection, sql).await;
        let Verdict::Unknown { seen } = &verdict else { panic!("{sql}: {verdict:?}") };
        assert!(seen[0].ends_with("the catalog does not tell"), "{seen:?}");
    }
}

pub async fn names_are_read_and_asked_for_as_they_are(database: &Database) {
    let hostile = "it's; \"a\" `b` \\ -- é";
    let dialect = database.dialect();
    let quoted = migrate_core::quote::identifier(hostile, dialect);
    let mut connection = database.open().await;
    for statement in [
        format!("CREATE TABLE {quoted} ({quoted} INT)"),
        format!("ALTER TABLE {quoted} ADD COLUMN \n /* why */ Plain INT"),
        format!("CREATE INDEX i ON {quoted} ({quoted})"),
        format!("ALTER TABLE {quoted} RENAME TO other"),
    ] {
        let before = noted(&mut connection, &statement).await;
        let asked = asked_since(&mut connection, &statement, before.as_deref()).await;
        assert_eq!(asked, not_done(), "{statement}");
        run(&mut connection, &statement).await;
        let asked = asked_since(&mut connection, &statement, before.as_deref()).await;
        assert_eq!(asked, Verdict::Done, "{statement}");
    }
}
