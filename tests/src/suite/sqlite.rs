//! Behaviour of SQLite only: foreign keys that are set per connection, and statements that cannot run in a transaction.

use migrate_core::prelude::*;
use migrate_core::{Aftermath, Migration, Migrator, PlanError, Request, StepCause, Target};

use crate::Database;
use crate::failure;
use crate::history::{applied, states};
use crate::migrations::{data, done, mixed, names, table};

/// Returns a parent table with a child that is deleted with it.
fn family() -> Vec<Migration> {
    vec![
        Migration::new("1").up("CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT)"),
        Migration::new("2").up("CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent ON DELETE CASCADE)"),
        data("3", "INSERT INTO parent VALUES (1, 'a'), (2, 'b'); INSERT INTO child VALUES (10, 1), (20, 2)"),
    ]
}

const REBUILD: &str = "CREATE TABLE parent_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT ''); \
    INSERT INTO parent_new SELECT id, name FROM parent; DROP TABLE parent; ALTER TABLE parent_new RENAME TO parent";

fn with(last: Vec<Migration>) -> Vec<Migration> {
    [family(), last].concat()
}

pub async fn a_table_rebuild_keeps_the_rows_that_refer_to_it(database: &Database) {
    let mut migrator =
        database.connect(with(vec![Migration::new("4").up(REBUILD).depends_on("3")])).await;
    migrator.production(Target::Head).await.expect("production");
    assert_eq!(database.column::<i64>("SELECT id FROM child ORDER BY id").await, [10, 20]);
    // Enforcement is restored: a row is deleted with its parent again.
    let mut connection = database.open().await;
    connection.query("DELETE FROM parent WHERE id = 1").await.expect("a deletion");
    assert_eq!(connection.query("SELECT id FROM child").await.expect("rows").len(), 1);
}

pub async fn a_schema_revision_that_leaves_orphans_is_refused_and_undone(database: &Database) {
    let last = vec![
        table("4").depends_on("3"),
        mixed("5").up("DELETE FROM parent WHERE id = 1"),
        table("6"),
    ];
    let mut migrator = database.connect(with(last)).await;
    let failed = failure::step(migrator.production(Target::Head).await.expect_err("an orphan"));
    assert_eq!((failed.key.id.as_str(), failed.aftermath), ("5", Aftermath::RolledBack));
    let StepCause::ForeignKeys { violations } = &failed.cause else { panic!("{failed:?}") };
    assert_eq!(violations[..], ["row 10 of `child` refers to a missing row of `parent`"]);
    assert_eq!(done(&failed.report), ["1", "2", "3", "4"]);
    assert_eq!(applied(database).await, ["1", "2", "3", "4"]);
    assert_eq!(database.value::<i64>("SELECT count(*) FROM parent").await, 2);
}

pub async fn orphans_that_were_there_before_are_no_obstacle(database: &Database) {
    database.connect(family()).await.production(Target::Head).await.expect("production");
    database.query("PRAGMA foreign_keys = OFF; INSERT INTO child VALUES (30, 99)").await;
    let mut migrator = database.connect(with(vec![table("4"), table("5")])).await;
    assert_eq!(done(&migrator.up(Target::Head).await.expect("up")), ["4", "5"]);
}

pub async fn data_revisions_run_with_foreign_keys_enforced(database: &Database) {
    let last = vec![
        data("4", "DELETE FROM parent WHERE id = 1"),
        data("5", "INSERT INTO child VALUES (30, 99)").after(["2"]).depends_on("4"),
    ];
    let mut migrator = database.connect(with(last)).await;
    let failed =
        failure::step(migrator.production(Target::Head).await.expect_err("no such parent"));
    assert_eq!(failed.key.id.as_str(), "5");
    assert_eq!(database.column::<i64>("SELECT id FROM child").await, [20]);
}

async fn enforced(db: &mut Db) -> Result<()> {
    let on: i64 = db.fetch_value("PRAGMA foreign_keys").await?;
    if on == 1 { Ok(()) } else { Err("foreign keys are off".into()) }
}

async fn relaxed(db: &mut Db) -> Result<()> {
    let on: i64 = db.fetch_value("PRAGMA foreign_keys").await?;
    if on == 0 { Ok(()) } else { Err("foreign keys are on".into()) }
}

pub async fn enforcement_is_the_kinds_and_is_put_back_on_every_path(database: &Database) {
    let failing = |sql: &'static str| {
        vec![
            table("1").up(relaxed),
            data("2", "").up(enforced),
            Migration::new("3").up(sql),
            data("4", "").up(enforced),
        ]
    };
    let mut migrator = database.connect(failing("DROP TABLE nowhere")).await;
    failure::step(migrator.production(Target::Head).await.expect_err("no such table"));
    migrator.stamp("3".parse().expect("a target")).await.expect("stamp");
    // On the same connection: enforcement is restored after the failure as well.
    migrator.production(Target::Head).await.expect("production");
    assert_eq!(applied(database).await.len(), 4);
}

/// Outside a transaction a revision can disable enforcement itself.
pub async fn enforcement_that_a_revision_switches_off_is_put_back(database: &Database) {
    let off = |sql: &'static str| Migration::new("2").up(sql).down("").transaction(false);
    let set = |second| vec![table("1"), second, data("3", "").up(enforced).depends_on("2")];
    let mut migrator =
        database.connect(set(off("PRAGMA foreign_keys = OFF; DROP TABLE nowhere"))).await;
    failure::step(migrator.production(Target::Head).await.expect_err("no such table"));
    migrator.stamp("2".parse().expect("a target")).await.expect("stamp");
    migrator.production(Target::Head).await.expect("enforcement after a failure");
    migrator.down(Target::Base).await.expect("down");
    let mut migrator = database.connect(set(off("PRAGMA foreign_keys = OFF; VACUUM"))).await;
    migrator.production(Target::Head).await.expect("enforcement after a success");
}

pub async fn a_constraint_that_fails_at_the_commit_undoes_its_revision_alone(database: &Database) {
    let set = vec![
        Migration::new("1").up("CREATE TABLE p (id INTEGER PRIMARY KEY)"),
        Migration::new("2")
            .up("CREATE TABLE c (p INTEGER REFERENCES p DEFERRABLE INITIALLY DEFERRED)"),
        data("3", "INSERT INTO p VALUES (1)"),
        data("4", "INSERT INTO c VALUES (9)"),
        data("5", "INSERT INTO p VALUES (2)").after(["2"]).depends_on("4"),
    ];
    let mut migrator = database.connect(set).await;
    let failed =
        failure::step(migrator.production(Target::Head).await.expect_err("no such parent"));
    assert_eq!((failed.key.id.as_str(), failed.aftermath), ("4", Aftermath::RolledBack));
    assert_eq!(applied(database).await, ["1", "2", "3"]);
    assert_eq!(database.column::<i64>("SELECT id FROM p").await, [1]);
}

pub async fn what_cannot_run_in_a_transaction_must_say_so(database: &Database) {
    let set = |transaction| {
        vec![
            table("1"),
            Migration::new("2").up("VACUUM").down("").transaction(transaction),
            table("3"),
        ]
    };
    let refused = failure::plan(
        database.connect(set(true)).await.up(Target::Head).await.expect_err("VACUUM"),
    );
    let PlanError::Script(fault) = &refused else { panic!("{refused:?}") };
    assert_eq!((fault.key.id.as_str(), fault.error.code()), ("2", "needs-no-transaction"));
    assert!(refused.to_string().contains("statement 1 is `VACUUM`"), "{refused}");
    assert!(database.all_tables().await.is_empty());
    assert_eq!(
        done(&database.connect(set(false)).await.up(Target::Head).await.expect("up")),
        ["1", "2", "3"]
    );
}

pub async fn a_failure_outside_a_transaction_is_recorded_even_as_the_first(database: &Database) {
    let set =
        vec![Migration::new("1").up("VACUUM; DROP TABLE nowhere").transaction(false), table("2")];
    let mut migrator = database.connect(set).await;
    let failed = failure::step(migrator.up(Target::Head).await.expect_err("no such table"));
    assert_eq!(failed.aftermath, Aftermath::Half { done: 1 });
    assert_eq!(states(database).await, [("1".to_owned(), "failed".to_owned())]);
    let again = failure::step(migrator.up(Target::Head).await.expect_err("no such table"));
    assert_eq!((again.statement, again.aftermath), (Some(2), Aftermath::Half { done: 1 }));
    migrator.stamp("1".parse().expect("a target")).await.expect("stamp");
    migrator.up(Target::Head).await.expect("up");
    assert_eq!(database.tables().await, names(["2"]));
}

/// Without a journal nothing can be rolled back.
pub async fn a_journal_that_was_switched_off_is_switched_on(database: &Database) {
    let mut connection = database.open().await;
    connection.query("PRAGMA journal_mode = OFF").await.expect("off");
    let bad = "INSERT INTO t1 VALUES (1); INSERT INTO t1 VALUES (2); INSERT INTO t1 VALUES (1)";
    let set = vec![table("1"), data("2", bad)];
    let request = Request::Production(Target::Head);
    Migrator::new(set).run_on(&mut connection, &request).await.expect_err("two rows alike");
    assert_eq!(database.value::<i64>("SELECT count(*) FROM t1").await, 0);
    assert_eq!(applied(database).await, ["1"]);
}
