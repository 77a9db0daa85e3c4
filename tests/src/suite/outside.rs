//! Revisions with `transaction = false`.

use migrate_core::prelude::*;
use migrate_core::{Migration, Target};

use crate::Database;
use crate::history::applied;
use crate::migrations::{data, table};

const OTHERS: [(Dialect, [Dialect; 2]); 3] = [
    (Dialect::Postgres, [Dialect::Mysql, Dialect::Sqlite]),
    (Dialect::Mysql, [Dialect::Postgres, Dialect::Sqlite]),
    (Dialect::Sqlite, [Dialect::Postgres, Dialect::Mysql]),
];

/// Returns a revision whose second statement fails, and the same without the fault.
fn fails(outside: impl Fn(Migration) -> Migration) -> [Vec<Migration>; 2] {
    ["INSERT INTO nowhere VALUES (2)", "INSERT INTO t1 VALUES (2)"].map(|second| {
        let sql = format!("INSERT INTO t1 VALUES (1); {second}");
        vec![table("1"), outside(data("2", "").up(sql))]
    })
}

async fn left(database: &Database, [failing, corrected]: [Vec<Migration>; 2]) -> Vec<i64> {
    database.connect(failing).await.production(Target::Head).await.expect_err("no such table");
    let left = database.column::<i64>("SELECT id FROM t1 ORDER BY id").await;
    let mut migrator = database.connect(corrected).await;
    migrator.production(Target::Head).await.expect("production");
    let rows = database.column::<i64>("SELECT id FROM t1 ORDER BY id").await;
    assert_eq!(rows, [1, 2], "each statement once");
    assert_eq!(applied(database).await, ["1", "2"]);
    migrator.down(Target::Base).await.expect("down");
    left
}

pub async fn what_is_to_run_outside_a_transaction_does_although_no_statement_demands_it(
    database: &Database,
) {
    let dialect = database.dialect();
    let rows = left(database, fails(|migration| migration)).await;
    assert_eq!(rows, [0; 0], "in a transaction");
    let rows = left(database, fails(|migration| migration.transaction(false))).await;
    assert_eq!(rows, [1], "outside");
    let rows = left(database, fails(|migration| migration.transaction_on(dialect, false))).await;
    assert_eq!(rows, [1], "outside on this dialect");
    let others = OTHERS.iter().filter(|(own, _)| *own == dialect).flat_map(|(_, others)| others);
    let on_others = |migration: Migration| {
        others.clone().fold(migration, |migration, other| migration.transaction_on(*other, false))
    };
    let rows = left(database, fails(on_others)).await;
    assert_eq!(rows, [0; 0], "outside on the others");
}

pub async fn undoing_runs_outside_a_transaction_as_well(database: &Database) {
    let down = "INSERT INTO t1 VALUES (2); INSERT INTO nowhere VALUES (3)";
    let undone = |down: &'static str| {
        vec![table("1"), data("2", "INSERT INTO t1 VALUES (1)").down(down).transaction(false)]
    };
    let mut migrator = database.connect(undone(down)).await;
    migrator.production(Target::Head).await.expect("production");
    migrator.down(Target::Base).await.expect_err("no such table");
    assert_eq!(database.column::<i64>("SELECT id FROM t1 ORDER BY id").await, [1, 2]);
}

pub async fn a_table_that_is_made_anew_outside_a_transaction_keeps_its_children(
    database: &Database,
) {
    let set = vec![
        Migration::new("1").up("CREATE TABLE a (id INTEGER PRIMARY KEY); \
             CREATE TABLE b (a INTEGER REFERENCES a (id) ON DELETE CASCADE)"),
        data("2", "INSERT INTO a VALUES (1); INSERT INTO b VALUES (1)"),
        Migration::new("3").after(["1"]).depends_on("2").transaction(false).up(
            "CREATE TABLE c (id INTEGER PRIMARY KEY, d TEXT); INSERT INTO c (id) SELECT id FROM a; \
             DROP TABLE a; ALTER TABLE c RENAME TO a",
        ),
        data("4", "INSERT INTO b VALUES (7)").after(["3"]),
    ];
    let mut migrator = database.connect(set).await;
    migrator.production(Target::Head).await.expect_err("row 7 has no parent");
    assert_eq!(database.column::<i64>("SELECT a FROM b").await, [1]);
    assert_eq!(applied(database).await, ["1", "2", "3"]);
}
