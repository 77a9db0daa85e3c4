//! Code migrations.

use migrate_core::prelude::*;
use migrate_core::{
    Aftermath, DbErrorCause, Kind, Migration, Migrator, StepCause, StepError, Target, sqlx,
};

use crate::Database;
use crate::failure;
use crate::history::{applied, log};
use crate::migrations::{data, done, mixed, table, tables};

/// Returns a table, a code revision over it, and another table.
fn around(code: Migration) -> Vec<Migration> {
    let last = match code.changes() {
        Kind::Schema => table("3").after(["2"]),
        Kind::Data => table("3").after(["1"]).depends_on("2"),
    };
    vec![table("1"), code.after(["1"]), last]
}

async fn fail(database: &Database, code: Migration) -> StepError {
    let mut migrator = database.connect(around(code)).await;
    failure::step(migrator.production(Target::Head).await.expect_err("code that fails"))
}

async fn insert_and_read(db: &mut Db) -> Result<()> {
    let changed =
        db.execute("INSERT INTO t1 VALUES (1); INSERT INTO t1 VALUES (2), (3); -- done").await?;
    assert_eq!(changed, 3);
    let ids: Vec<Option<i64>> = db
        .fetch_all("SELECT id FROM t1 ORDER BY id")
        .await?
        .iter()
        .map(|row| row.get("id"))
        .collect();
    assert_eq!(ids, [Some(1), Some(2), Some(3)]);
    assert!(db.fetch_optional("SELECT id FROM t1 WHERE id > 9").await?.is_none());
    let last: i64 = db.fetch_value("SELECT max(id) FROM t1").await?;
    assert_eq!(last, 3);
    Ok(())
}

pub async fn runs_statements_and_queries_and_counts_them(database: &Database) {
    let mut migrator = database.connect(around(mixed("2").up(insert_and_read))).await;
    let report = migrator.up(Target::Head).await.expect("up");
    assert_eq!(done(&report), ["1", "2", "3"]);
    assert_eq!(report.done[1].statements, 5);
    assert_eq!(database.value::<i64>("SELECT count(*) FROM t1").await, 3);
}

async fn read_every_type(db: &mut Db) -> Result<()> {
    db.execute(
        "CREATE TABLE kinds (a BIGINT, b DOUBLE PRECISION, c VARCHAR(20), d BIGINT, e SMALLINT)",
    )
    .await?;
    db.execute("INSERT INTO kinds VALUES (9223372036854775807, 0.5, 'Ünïcödé ''x''', NULL, -3)")
        .await?;
    let row =
        db.fetch_optional("SELECT a, b, c, d, e, 7 AS f FROM kinds").await?.ok_or("no row")?;
    assert_eq!(row.get("a"), Some(i64::MAX));
    assert_eq!(row.get("b"), Some(0.5));
    assert_eq!(row.get("c"), Some("Ünïcödé 'x'".to_owned()));
    assert_eq!(row.get::<Option<i64>>("d"), Some(None));
    assert_eq!(row.get("e"), Some(-3_i64));
    assert_eq!(row.get::<i64>("f"), Some(7));
    assert_eq!(row.get::<i64>("nowhere"), None);
    assert_eq!(row.get::<bool>("a"), None);
    let sum: i64 = db.fetch_value("SELECT sum(e) FROM kinds").await?;
    assert_eq!(sum, -3);
    let none: Option<String> =
        db.fetch_value("SELECT c FROM kinds WHERE d IS NOT NULL UNION SELECT NULL").await?;
    assert_eq!(none, None);
    Ok(())
}

pub async fn reads_values_as_the_types_asked_for(database: &Database) {
    let mut migrator = database.connect(vec![mixed("1").up(read_every_type)]).await;
    migrator.up(Target::Head).await.expect("up");
}

async fn wrong_type(db: &mut Db) -> Result<()> {
    let _: i64 = db.fetch_value("SELECT 'seven'").await?;
    Ok(())
}

async fn no_row(db: &mut Db) -> Result<()> {
    let _: i64 = db.fetch_value("SELECT id FROM t1").await?;
    Ok(())
}

pub async fn a_value_that_is_not_there_or_no_such_type_is_an_error(database: &Database) {
    let failed = fail(database, Migration::new("2").up(wrong_type)).await;
    assert!(
        matches!(failed.cause, StepCause::Call(ref call) if matches!(call.cause, DbErrorCause::Mismatch { .. })),
        "{failed:?}"
    );
    assert_eq!(applied(database).await, ["1"]);
}

pub async fn a_query_without_a_row_is_an_error_where_a_value_is_asked_for(database: &Database) {
    let failed = fail(database, data("2", "").up(no_row)).await;
    assert!(
        matches!(failed.cause, StepCause::Call(ref call) if matches!(call.cause, DbErrorCause::NoRow)),
        "{failed:?}"
    );
    assert_eq!(failed.aftermath, Aftermath::RolledBack);
}

struct Tenants(Vec<i64>);

async fn insert_tenants(db: &mut Db) -> Result<()> {
    let tenants = db.state::<Tenants>()?.0.clone();
    for tenant in tenants {
        db.execute(&format!("INSERT INTO t1 VALUES ({tenant})")).await?;
    }
    Ok(())
}

pub async fn is_lent_the_applications_values(database: &Database) {
    let set = around(mixed("2").up(insert_tenants));
    let mut without = database.connect(set.clone()).await;
    let failed = failure::step(without.up(Target::Head).await.expect_err("no tenants"));
    assert!(
        std::error::Error::source(&failed).expect("a cause").to_string().contains("Tenants"),
        "{failed:?}"
    );
    assert_eq!(database.value::<i64>("SELECT count(*) FROM t1").await, 0);
    if database.dialect() == Dialect::Mysql {
        // It is not known whether the work of code is undone there.
        without.stamp("1".parse().expect("a target")).await.expect("stamp");
    }
    let mut migrator = database.attach(Migrator::new(set).with(Tenants(vec![4, 5]))).await;
    migrator.up(Target::Head).await.expect("up");
    assert_eq!(database.column::<i64>("SELECT id FROM t1 ORDER BY id").await, [4, 5]);
}

async fn insert_typed(db: &mut Db) -> Result<()> {
    let inserted = match db.dialect() {
        Dialect::Sqlite => sqlx::query("INSERT INTO t1 VALUES (?)")
            .bind(8_i64)
            .execute(db.sqlite()?)
            .await?
            .rows_affected(),
        Dialect::Postgres => sqlx::query("INSERT INTO t1 VALUES ($1)")
            .bind(8_i64)
            .execute(db.postgres()?)
            .await?
            .rows_affected(),
        Dialect::Mysql => sqlx::query("INSERT INTO t1 VALUES (?)")
            .bind(8_i64)
            .execute(db.mysql()?)
            .await?
            .rows_affected(),
    };
    assert_eq!(inserted, 1);
    Ok(())
}

async fn insert_typed_and_fail(db: &mut Db) -> Result<()> {
    insert_typed(db).await?;
    Err("no further".into())
}

pub async fn the_typed_connection_is_inside_the_transaction(database: &Database) {
    let failed = fail(database, data("2", "").up(insert_typed_and_fail)).await;
    assert_eq!(failed.aftermath, Aftermath::RolledBack);
    assert_eq!(database.value::<i64>("SELECT count(*) FROM t1").await, 0);
    let mut migrator = database.connect(around(data("2", "").up(insert_typed))).await;
    migrator.production(Target::Head).await.expect("production");
    assert_eq!(database.column::<i64>("SELECT id FROM t1").await, [8]);
}

async fn commit(db: &mut Db) -> Result<()> {
    db.execute("INSERT INTO t1 VALUES (1)").await?;
    db.execute("INSERT INTO t1 VALUES (2); COMMIT").await?;
    Ok(())
}

pub async fn may_not_end_its_transaction(database: &Database) {
    let failed = fail(database, data("2", "").up(commit)).await;
    assert!(
        matches!(failed.cause, StepCause::Call(ref call) if matches!(call.cause, DbErrorCause::Script(_))),
        "{failed:?}"
    );
    assert_eq!(database.value::<i64>("SELECT count(*) FROM t1").await, 0);
    assert_eq!(applied(database).await, ["1"]);
}

/// The line of the second call below.
const REFUSED_CALL: u32 = line!() + 4;

async fn refused_call(db: &mut Db) -> Result<()> {
    db.execute("INSERT INTO t1 VALUES (1)").await?;
    db.execute("INSERT INTO t1 VALUES (2);\n  INSERT INTO nowhere VALUES (1)").await?;
    Ok(())
}

pub async fn a_refused_call_is_told_with_its_place(database: &Database) {
    let failed = fail(database, data("2", "").up(refused_call)).await;
    assert_eq!(failed.key.id.as_str(), "2");
    assert_eq!(done(&failed.report), ["1"]);
    assert!(matches!(failed.cause, StepCause::Call(_)), "{failed:?}");
    let excerpt = failed.excerpt.expect("an excerpt");
    let (file, place) = excerpt.file.expect("a file");
    assert!(file.ends_with("code.rs"), "{file}");
    assert_eq!(u32::try_from(place.line), Ok(REFUSED_CALL));
    assert!(excerpt.line.contains("INSERT INTO nowhere"), "{excerpt:?}");
    assert_eq!(failed.aftermath, Aftermath::RolledBack);
    assert_eq!(database.value::<i64>("SELECT count(*) FROM t1").await, 0);
    assert_eq!(log(database).await, ["up 1", "failure 2"]);
}

async fn own_error(db: &mut Db) -> Result<()> {
    db.execute("INSERT INTO t1 VALUES (1)").await?;
    Err("the tenants are missing".into())
}

pub async fn an_error_of_its_own_is_handed_on(database: &Database) {
    let failed = fail(database, data("2", "").up(own_error)).await;
    let StepCause::Code(cause) = &failed.cause else { panic!("{failed:?}") };
    assert_eq!(cause.to_string(), "the tenants are missing");
    assert_eq!(failed.aftermath, Aftermath::RolledBack);
    assert_eq!(database.value::<i64>("SELECT count(*) FROM t1").await, 0);
}

async fn swallow(db: &mut Db) -> Result<()> {
    db.execute("INSERT INTO nowhere VALUES (1)").await.expect_err("no such table");
    Ok(())
}

/// On PostgreSQL the first error ends the transaction; the other engines continue.
pub async fn a_swallowed_refusal_is_to_blame_where_it_ended_the_transaction(database: &Database) {
    let mut migrator = database.connect(around(data("2", "").up(swallow))).await;
    let outcome = migrator.production(Target::Head).await;
    if database.dialect() == Dialect::Postgres {
        let failed = failure::step(outcome.expect_err("a transaction that is over"));
        assert_eq!(failed.database().and_then(|error| error.code.as_deref()), Some("42P01"));
        assert_eq!(applied(database).await, ["1"]);
    } else {
        assert_eq!(done(&outcome.expect("production")), ["1", "2", "3"]);
    }
}

async fn create_then_fail(db: &mut Db) -> Result<()> {
    db.execute("CREATE TABLE half (id BIGINT)").await?;
    Err("no further".into())
}

pub async fn a_schema_change_by_code_is_undone_where_the_engine_can(database: &Database) {
    let failed = fail(database, Migration::new("2").up(create_then_fail)).await;
    let half = database.dialect() == Dialect::Mysql;
    assert_eq!(
        failed.aftermath,
        if half { Aftermath::Half { done: 1 } } else { Aftermath::RolledBack }
    );
    assert_eq!(database.tables().await.contains(&"half".to_owned()), half);
    assert_eq!(database.tables().await.len(), if half { 2 } else { 1 });
}

async fn other_engine(db: &mut Db) -> Result<()> {
    match db.dialect() {
        Dialect::Sqlite => drop(db.postgres()?),
        Dialect::Postgres | Dialect::Mysql => drop(db.sqlite()?),
    }
    Ok(())
}

pub async fn asking_for_another_engine_is_an_error(database: &Database) {
    let failed = fail(database, data("2", "").up(other_engine)).await;
    let words = std::error::Error::source(&failed).expect("a cause").to_string();
    assert!(words.contains(database.dialect().name()), "{words}");
}

async fn slow_work(db: &mut Db) -> Result<()> {
    for id in 0..50 {
        db.execute(&format!("INSERT INTO t1 VALUES ({id})")).await?;
    }
    Ok(())
}

pub async fn code_between_plain_revisions_keeps_the_order(database: &Database) {
    let mut set = tables(["1", "2", "3", "4", "5"]);
    set[2] = mixed("3").up(slow_work).down("DELETE FROM t1");
    let mut migrator = database.connect(set).await;
    let report = migrator.up(Target::Head).await.expect("up");
    assert_eq!(done(&report), ["1", "2", "3", "4", "5"]);
    assert_eq!(report.done[2].statements, 50);
    assert_eq!(applied(database).await, ["1", "2", "3", "4", "5"]);
    assert_eq!(migrator.down(Target::Base).await.expect("down").done.len(), 5);
}

async fn delete_all(db: &mut Db) -> Result<()> {
    db.execute("DELETE FROM t1").await?;
    Ok(())
}

async fn add_column(db: &mut Db) -> Result<()> {
    db.execute("INSERT INTO t1 VALUES (1)").await?;
    db.execute("SELECT 1; ALTER TABLE t1 ADD COLUMN name TEXT").await?;
    Ok(())
}

/// A data migration that uses a temporary table.
async fn take_notes(db: &mut Db) -> Result<()> {
    db.execute("CREATE TEMPORARY TABLE notes (id BIGINT)").await?;
    db.execute("INSERT INTO notes VALUES (7)").await?;
    db.execute("INSERT INTO t1 SELECT id FROM notes").await?;
    if db.dialect() == Dialect::Mysql {
        // `DROP TABLE` would commit.
        db.execute("DROP TEMPORARY TABLE notes").await?;
    } else {
        db.execute("DROP TABLE notes").await?;
    }
    Ok(())
}

pub async fn what_its_kind_may_not_hold_is_refused_before_it_is_sent(database: &Database) {
    let cases = [
        (Migration::new("2").up(delete_all), "statement 1 is DML, `DELETE`, in a schema migration"),
        (data("2", "").up(add_column), "statement 2 is DDL, `ALTER TABLE`, in a data migration"),
    ];
    for (code, words) in cases {
        let failed = fail(database, code).await;
        let StepCause::Call(call) = &failed.cause else { panic!("{failed:?}") };
        assert_eq!(call.to_string(), words);
        assert!(matches!(call.cause, DbErrorCause::Script(ref fault) if fault.code() == "mixed"));
        let (file, _) = failed.excerpt.as_ref().expect("an excerpt").file.expect("a file");
        assert!(file.ends_with("code.rs"), "{file}");
        let hints = migrate_core::Error::from(migrate_core::RunError::from(failed)).hints();
        assert!(hints.iter().any(|hint| hint.contains("waive(mixed")), "{hints:?}");
        assert_eq!(database.value::<i64>("SELECT count(*) FROM t1").await, 0);
        if database.dialect() == Dialect::Mysql {
            // It is not known whether the work of code is undone there.
            let mut migrator = database.connect(vec![table("1"), Migration::new("2")]).await;
            migrator.stamp("1".parse().expect("a target")).await.expect("stamp");
        }
    }
}

pub async fn a_waiver_or_a_temporary_table_lets_it_pass(database: &Database) {
    let set = vec![
        table("1"),
        data("2", "").up(take_notes).after(["1"]),
        mixed("3").up(delete_all).after(["1"]).depends_on("2"),
    ];
    let mut migrator = database.connect(set).await;
    migrator.production("2".parse().expect("a target")).await.expect("production");
    assert_eq!(database.column::<i64>("SELECT id FROM t1").await, [7]);
    migrator.production(Target::Head).await.expect("production");
    assert_eq!(database.value::<i64>("SELECT count(*) FROM t1").await, 0);
}
