//! The sqlx connection that code receives: it stays within the migration's transaction, whatever the code does.

use std::error::Error as StdError;

use migrate_core::prelude::*;
use migrate_core::sqlx::{self, Connection as _, raw_sql};
use migrate_core::{
    Aftermath, Migration, Migrator, PlanError, Request, StepCause, StepError, Target,
};

use crate::history::{applied, states};
use crate::migrations::{data, done, table};
use crate::{Database, failure};

/// Runs one statement on the lent connection.
async fn raw(db: &mut Db, sql: &'static str) -> Result<()> {
    match db.dialect() {
        Dialect::Sqlite => raw_sql(sql).execute(db.sqlite()?).await.map(|_| ())?,
        Dialect::Postgres => raw_sql(sql).execute(db.postgres()?).await.map(|_| ())?,
        Dialect::Mysql => raw_sql(sql).execute(db.mysql()?).await.map(|_| ())?,
    }
    Ok(())
}

/// Runs a statement in a transaction of sqlx's, and ends that.
async fn within(db: &mut Db, sql: &'static str, commit: bool) -> Result<()> {
    macro_rules! transaction {
        ($connection:expr) => {{
            let mut transaction = $connection.begin().await?;
            raw_sql(sql).execute(&mut *transaction).await?;
            // A dropped transaction is rolled back.
            if commit { transaction.commit().await? } else { drop(transaction) }
        }};
    }
    match db.dialect() {
        Dialect::Sqlite => transaction!(db.sqlite()?),
        Dialect::Postgres => transaction!(db.postgres()?),
        Dialect::Mysql => transaction!(db.mysql()?),
    }
    Ok(())
}

fn set(code: Migration) -> Vec<Migration> {
    vec![table("1"), code, table("3").after(["1"]).depends_on("2")]
}

async fn production(database: &Database, code: Migration) -> Result<Vec<String>, StepError> {
    let mut migrator = database.connect(set(code.after(["1"]))).await;
    match migrator.production(Target::Head).await {
        Ok(report) => Ok(done(&report).into_iter().map(str::to_owned).collect()),
        Err(error) => Err(failure::step(error)),
    }
}

async fn ids(database: &Database) -> Vec<i64> {
    database.column("SELECT id FROM t1 ORDER BY id").await
}

async fn begin_and_commit(db: &mut Db) -> Result<()> {
    db.execute("INSERT INTO t1 VALUES (1)").await?;
    within(db, "INSERT INTO t1 VALUES (2)", true).await?;
    within(db, "INSERT INTO t1 VALUES (3)", true).await?;
    db.execute("INSERT INTO t1 VALUES (4)").await?;
    Ok(())
}

async fn begin_commit_and_fail(db: &mut Db) -> Result<()> {
    begin_and_commit(db).await?;
    Err("no further".into())
}

pub async fn begin_on_the_lent_connection_is_a_savepoint(database: &Database) {
    let failed = production(database, data("2", "").up(begin_commit_and_fail)).await;
    let failed = failed.expect_err("an error of its own");
    assert_eq!(failed.aftermath, Aftermath::RolledBack, "{failed:?}");
    assert_eq!(ids(database).await, [0_i64; 0]);
    assert_eq!(applied(database).await, ["1"]);
    let went = production(database, data("2", "").up(begin_and_commit)).await.expect("production");
    assert_eq!(went, ["2", "3"]);
    assert_eq!(ids(database).await, [1, 2, 3, 4]);
}

async fn begin_and_roll_back(db: &mut Db) -> Result<()> {
    within(db, "INSERT INTO t1 VALUES (1)", false).await?;
    db.execute("INSERT INTO t1 VALUES (2)").await?;
    within(db, "INSERT INTO t1 VALUES (3)", false).await?;
    Ok(())
}

pub async fn what_the_lent_connection_rolls_back_is_undone_and_no_more(database: &Database) {
    production(database, data("2", "").up(begin_and_roll_back)).await.expect("production");
    assert_eq!(ids(database).await, [2]);
    assert_eq!(applied(database).await, ["1", "2", "3"]);
}

/// It is recorded as failed, no run resumes it, and a human decides.
async fn assert_escaped(database: &Database, failed: StepError, code: Migration) {
    assert_eq!(failed.aftermath, Aftermath::Escaped, "{failed:?}");
    assert!(matches!(failed.cause, StepCause::Escaped(_)), "{failed:?}");
    assert!(failed.state().contains("ended its own transaction"), "{}", failed.state());
    assert!(failed.hint().contains("migrate repair 2 --done --whole"), "{}", failed.hint());
    let rows = ids(database).await;
    let states = states(database).await;
    assert_eq!(
        states,
        [("1", "applied"), ("2", "failed")].map(|(a, b)| (a.to_owned(), b.to_owned()))
    );
    let mut migrator = database.connect(set(code.after(["1"]))).await;
    let refused = failure::plan(migrator.production(Target::Head).await.expect_err("it failed"));
    assert!(matches!(refused, PlanError::Unfinished { .. }), "{refused:?}");
    assert_eq!(ids(database).await, rows);
    migrator.run(&Request::Stamp("2".parse().expect("a target"))).await.expect("stamp");
    migrator.production(Target::Head).await.expect("production");
    assert_eq!(ids(database).await, rows);
    assert_eq!(applied(database).await, ["1", "2", "3"]);
}

async fn commit_and_go_on(db: &mut Db) -> Result<()> {
    db.execute("INSERT INTO t1 VALUES (1)").await?;
    raw(db, "COMMIT").await?;
    raw(db, "INSERT INTO t1 VALUES (2)").await
}

pub async fn code_that_commits_its_transaction_is_not_called_applied(database: &Database) {
    let code = || data("2", "").up(commit_and_go_on);
    let failed = production(database, code()).await.expect_err("it committed");
    assert_eq!(ids(database).await, [1, 2]);
    assert_escaped(database, failed, code()).await;
}

async fn commit_and_fail(db: &mut Db) -> Result<()> {
    commit_and_go_on(db).await?;
    Err("no further".into())
}

pub async fn code_that_commits_and_fails_is_not_called_rolled_back(database: &Database) {
    let code = || data("2", "").up(commit_and_fail);
    let failed = production(database, code()).await.expect_err("it committed");
    let cause = StdError::source(&failed).expect("a cause").to_string();
    assert!(cause.contains("no further"), "{cause}");
    assert_eq!(ids(database).await, [1, 2]);
    assert_escaped(database, failed, code()).await;
}

async fn roll_back_and_go_on(db: &mut Db) -> Result<()> {
    db.execute("INSERT INTO t1 VALUES (1)").await?;
    raw(db, "ROLLBACK").await?;
    raw(db, "INSERT INTO t1 VALUES (2)").await
}

pub async fn code_that_rolls_back_its_transaction_is_not_called_applied(database: &Database) {
    let code = || data("2", "").up(roll_back_and_go_on);
    let failed = production(database, code()).await.expect_err("it rolled back");
    assert_eq!(ids(database).await, [2]);
    assert_escaped(database, failed, code()).await;
}

async fn alter_by_the_lent_connection(db: &mut Db) -> Result<()> {
    db.execute("INSERT INTO t1 VALUES (1)").await?;
    sqlx::query("ALTER TABLE t1 ADD COLUMN c INT").execute(db.mysql()?).await?;
    db.execute("INSERT INTO t1 (id) VALUES (2)").await?;
    Ok(())
}

pub async fn a_statement_of_the_lent_connection_that_commits_by_itself_is_noticed(
    database: &Database,
) {
    let code = || data("2", "").up(alter_by_the_lent_connection);
    let failed = production(database, code()).await.expect_err("it committed");
    assert_eq!(ids(database).await, [1, 2]);
    assert_escaped(database, failed, code()).await;
}

/// Afterwards the application can begin a transaction on its connection.
pub async fn the_connection_is_given_back_without_a_transaction(database: &Database) {
    let mut connection = database.open().await;
    let request = Request::Production(Target::Head);
    for fails in [true, false] {
        let code = data("2", "");
        let code = if fails { code.up(begin_commit_and_fail) } else { code.up(begin_and_commit) };
        let migrator = Migrator::new(set(code.after(["1"])));
        let outcome = migrator.run_on(&mut connection, &request).await;
        assert_eq!(outcome.is_err(), fails, "{outcome:?}");
        macro_rules! transaction {
            ($into:ident) => {{
                let mut own = connection.$into().expect("a connection of this engine");
                let mut transaction = own.begin().await.expect("begin");
                raw_sql("INSERT INTO t1 VALUES (99)")
                    .execute(&mut *transaction)
                    .await
                    .expect("insert");
                transaction.rollback().await.expect("rollback");
                connection = own.into();
            }};
        }
        match database.dialect() {
            Dialect::Sqlite => transaction!(into_sqlite),
            Dialect::Postgres => transaction!(into_postgres),
            Dialect::Mysql => transaction!(into_mysql),
        }
    }
    connection.close().await.expect("a goodbye");
    assert_eq!(ids(database).await, [1, 2, 3, 4]);
}
