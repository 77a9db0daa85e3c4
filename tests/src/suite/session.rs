//! Settings of the session: the user's own, ours, and what migrations leave behind.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use migrate_core::prelude::*;
use migrate_core::{Migration, Migrator, Target};

use crate::Database;
use crate::history::applied;
use crate::migrations::{data, table};

/// The settings that a code migration has seen.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<String>>>);

impl Seen {
    fn all(&self) -> Vec<String> {
        self.0.lock().expect("no panic").clone()
    }
}

/// Returns a query of the settings that cases check, as one text.
fn probe(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => {
            "SELECT concat_ws(' ', current_setting('lock_timeout'), current_setting('statement_timeout'), \
             current_setting('search_path'), current_setting('work_mem'))"
        }
        Dialect::Mysql => {
            "SELECT concat_ws(' ', @@lock_wait_timeout, @@innodb_lock_wait_timeout, @@max_statement_time, @@sql_mode, database())"
        }
        Dialect::Sqlite => {
            "SELECT (SELECT foreign_keys FROM pragma_foreign_keys) || ' ' || \
             (SELECT recursive_triggers FROM pragma_recursive_triggers)"
        }
    }
}

async fn see(db: &mut Db) -> Result<()> {
    let now: String = db.fetch_value(probe(db.dialect())).await?;
    db.state::<Seen>()?.0.lock().map_err(|_| "poisoned")?.push(now);
    Ok(())
}

fn seeing(rev: &'static str) -> Migration {
    data(rev, "").up(see)
}

/// Returns SQL that changes every setting of `probe`.
fn litter(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => {
            "SET lock_timeout = '7s'; SET statement_timeout = '77s'; SET work_mem = '5MB'; \
             SELECT pg_catalog.set_config('search_path', '', false)"
        }
        Dialect::Mysql => {
            "SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'; SET lock_wait_timeout = 7, \
             innodb_lock_wait_timeout = 7; SET SESSION max_statement_time = 77; USE information_schema"
        }
        Dialect::Sqlite => "PRAGMA recursive_triggers = 1",
    }
}

async fn litter_by_code(db: &mut Db) -> Result<()> {
    let sql = litter(db.dialect());
    db.execute(sql).await?;
    Ok(())
}

pub async fn what_a_migration_sets_does_not_reach_the_next(database: &Database) {
    let seen = Seen::default();
    let set = vec![
        table("1"),
        seeing("2"),
        data("3", "").up(litter),
        seeing("4").after(["1"]),
        data("5", "").up(litter_by_code),
        seeing("6").after(["1"]),
        table("7").after(["1"]).depends_on("6"),
    ];
    let mut migrator = database.attach(Migrator::new(set).with(seen.clone())).await;
    migrator.production(Target::Head).await.expect("production");
    let all = seen.all();
    assert_eq!(all.len(), 3);
    assert!(all.iter().all(|seen| *seen == all[0]), "{all:?}");
    assert_eq!(database.tables().await, ["t1", "t7"]);
    assert_eq!(applied(database).await.len(), 7);
}

pub async fn a_failing_migration_leaves_no_settings_either(database: &Database) {
    let seen = Seen::default();
    let littering = data("3", "").up(|dialect: Dialect| {
        format!("{}; INSERT INTO nowhere.nothing VALUES (1)", litter(dialect))
    });
    let set = vec![
        table("1"),
        seeing("2"),
        littering.after(["1"]).depends_on("2"),
        seeing("4").after(["1"]).depends_on("3"),
    ];
    let mut migrator = database.attach(Migrator::new(set).with(seen.clone())).await;
    migrator.production(Target::Head).await.expect_err("no such table");
    migrator.stamp("3".parse().expect("a target")).await.expect("stamp");
    migrator.production(Target::Head).await.expect("production");
    let all = seen.all();
    assert_eq!(all.len(), 2);
    assert_eq!(all[0], all[1]);
    assert_eq!(applied(database).await, ["1", "2", "3", "4"]);
}

pub async fn timeouts_of_a_migration_hold_for_it_alone(database: &Database) {
    let seen = Seen::default();
    let patient = |migration: Migration| {
        migration.lock_timeout(Duration::from_secs(3)).statement_timeout(Duration::from_secs(9))
    };
    let set = vec![
        table("1"),
        seeing("2"),
        patient(seeing("3")).after(["1"]),
        patient(data("4", "INSERT INTO t1 VALUES (1)")).after(["1"]),
        patient(table("5").after(["1"])).depends_on("4"),
        seeing("6").depends_on("5"),
    ];
    let mut migrator = database.attach(Migrator::new(set).with(seen.clone())).await;
    migrator.production(Target::Head).await.expect("production");
    let all = seen.all();
    assert_eq!(all[0], all[2]);
    match database.dialect() {
        Dialect::Postgres => {
            assert!(all[0].starts_with("5s 0 "), "{all:?}");
            assert!(all[1].starts_with("3s 9s "), "{all:?}");
        }
        Dialect::Mysql => {
            assert!(all[0].starts_with("5 5 0.000000 "), "{all:?}");
            assert!(all[1].starts_with("3 3 9.000000 "), "{all:?}");
        }
        // SQLite has neither.
        Dialect::Sqlite => assert_eq!(all[0], all[1]),
    }
}

pub async fn a_connection_of_ones_own_is_given_back_as_it_was(database: &Database) {
    for fails in [false, true] {
        let mut connection = database.open().await;
        let set = match database.dialect() {
            Dialect::Postgres => {
                "SET lock_timeout = '33s'; SET work_mem = '6MB'; SET search_path = public, pg_catalog"
            }
            Dialect::Mysql => {
                "SET lock_wait_timeout = 33, innodb_lock_wait_timeout = 44, sql_mode = 'ANSI_QUOTES'"
            }
            Dialect::Sqlite => "PRAGMA recursive_triggers = 1; PRAGMA foreign_keys = OFF",
        };
        connection.query(set).await.expect("settings");
        let before = connection.query(probe(database.dialect())).await.expect("settings");
        let last =
            if fails { "INSERT INTO nowhere VALUES (1)" } else { "INSERT INTO t1 VALUES (1)" };
        let migrator =
            Migrator::new(vec![table("1"), data("2", "").up(litter), data("3", last).after(["1"])]);
        let outcome = migrator
            .run_on(&mut connection, &migrate_core::Request::Production(Target::Head))
            .await;
        assert_eq!(outcome.is_err(), fails, "{outcome:?}");
        let after = connection.query(probe(database.dialect())).await.expect("settings");
        assert_eq!(format!("{after:?}"), format!("{before:?}"));
        assert!(applied(database).await.contains(&"2".to_owned()));
        database
            .connect(vec![table("1"), data("2", ""), data("3", "")])
            .await
            .down(Target::Base)
            .await
            .expect_err("edited");
        database
            .connect(vec![table("1"), data("2", "").up(litter), data("3", last).after(["1"])])
            .await
            .down(Target::Base)
            .await
            .expect("down");
    }
}
