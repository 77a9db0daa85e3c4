//! Databases that a crate does not declare.

use migrate_core::__private::{self, Declaration};
use migrate_core::{
    Connected, Dialect, Error, Migration, Migrator, Offline, Request, Settings, Target,
};

use crate::Database;
use crate::history::applied;
use crate::migrations::{DECLARATION, done, names, table, tables};

/// Returns the other dialects.
fn others(dialect: Dialect) -> Vec<Dialect> {
    Dialect::ALL.into_iter().filter(|other| *other != dialect).collect()
}

fn set(dialects: &[Dialect]) -> Vec<Migration> {
    tables(["1", "2"])
        .into_iter()
        .map(|migration| migration.dialects(dialects.to_vec()).in_crate("shop"))
        .collect()
}

fn assert_refused<T: std::fmt::Debug>(outcome: Result<T, Error>, dialect: Dialect) {
    let error = outcome.expect_err("another dialect");
    assert_eq!(error.code(), "dialect", "{error}");
    let (words, hints) = (error.to_string(), error.hints().join(" "));
    assert!(words.contains("`shop`") && words.ends_with(&format!("is {dialect}")), "{words}");
    assert!(others(dialect).iter().all(|other| words.contains(other.name())), "{words}");
    assert!(hints.contains("`migrate.toml`"), "{hints}");
}

pub async fn a_crate_of_other_dialects_is_refused_when_it_connects(database: &Database) {
    let others = others(database.dialect());
    let connected = Migrator::new(set(&others)).connect(database.url()).await;
    assert_refused(connected.map(drop), database.dialect());
    let one_of_two = set(&others).into_iter().chain([table("9")]).collect::<Vec<_>>();
    let connected = Migrator::new(one_of_two).connect(database.url()).await;
    assert_refused(connected.map(drop), database.dialect());
    assert_eq!(database.all_tables().await, [""; 0]);
}

pub async fn a_crate_of_other_dialects_is_refused_on_a_connection_of_ones_own(database: &Database) {
    let (dialect, others) = (database.dialect(), others(database.dialect()));
    let mut own = database.open().await;
    assert_refused(Migrator::new(set(&others)).up_on(&mut own, Target::Head).await, dialect);
    let down = Request::Down(Target::Base);
    assert_refused(Migrator::new(set(&others)).run_on(&mut own, &down).await, dialect);
    own.query("SELECT 1").await.expect("the connection is as it was");
    assert_eq!(database.all_tables().await, [""; 0]);
}

pub async fn no_script_is_written_for_another_dialect(database: &Database) {
    let dialect = database.dialect();
    let graph = Migrator::new(set(&others(dialect))).graph().expect("a graph");
    let settings = Settings::default();
    let offline = Offline::new(&graph, &settings, dialect, None);
    for request in [Request::Up(Target::Head), Request::Down(Target::Base)] {
        let script = offline.script(&request, Some(&"2".parse().expect("a target"))).await;
        assert_refused(script.map_err(Error::from), dialect);
    }
}

pub async fn a_crate_of_this_dialect_among_others_is_run(database: &Database) {
    let mut migrator = database.connect(set(&Dialect::ALL)).await;
    assert_eq!(done(&migrator.up(Target::Head).await.expect("up")), ["1", "2"]);
    assert_eq!(done(&migrator.down(Target::Base).await.expect("down")), ["2", "1"]);
    assert_eq!(database.tables().await, [""; 0]);
}

/// Returns a revision whose `down` was derived for SQLite and MySQL, or for PostgreSQL, but not for this dialect.
fn derived_elsewhere(dialect: Dialect) -> Migration {
    const UP: &str = "CREATE TABLE t2 (id BIGINT PRIMARY KEY)";
    static ON_SERVERS: Declaration = Declaration {
        up: || __private::body(UP),
        down: || __private::derived(&[(Dialect::Sqlite, "DROP TABLE t2")]),
        ..DECLARATION
    };
    static ON_SQLITE: Declaration = Declaration {
        up: || __private::body(UP),
        down: || __private::derived(&[(Dialect::Postgres, "DROP TABLE t2")]),
        ..DECLARATION
    };
    match dialect {
        Dialect::Postgres | Dialect::Mysql => Migration::from(&ON_SERVERS),
        Dialect::Sqlite => Migration::from(&ON_SQLITE),
    }
}

async fn both(database: &Database) -> Connected {
    let set = vec![table("1"), derived_elsewhere(database.dialect())];
    let mut migrator = database.connect(set).await;
    migrator.up(Target::Head).await.expect("up");
    migrator
}

pub async fn a_down_that_was_not_derived_for_this_dialect_undoes_nothing(database: &Database) {
    let mut migrator = both(database).await;
    for target in [Target::Relative(-1), Target::Base] {
        let refused = migrator.down(target).await.expect_err("there is no SQL for this dialect");
        assert_eq!(refused.code(), "not-derived", "{refused}");
        assert!(refused.to_string().contains("`runtime@2`"), "{refused}");
        assert!(refused.hints().join(" ").contains("down ="), "{:?}", refused.hints());
    }
    assert_eq!(database.tables().await, names(["1", "2"]));
    assert_eq!(applied(database).await, ["1", "2"]);
}

pub async fn a_script_starts_from_no_place_that_it_cannot_know(database: &Database) {
    let graph = Migrator::new(tables(["1", "2", "3"])).graph().expect("a graph");
    let settings = Settings::default();
    let offline = Offline::new(&graph, &settings, database.dialect(), None);
    for from in ["current", "-1", "+1", "current+1"] {
        let from = from.parse().expect("a target");
        let refused = offline.script(&Request::Up(Target::Head), Some(&from)).await;
        let refused = refused.expect_err("nobody knows what is applied");
        assert_eq!(refused.code(), "start-unknown", "{refused}");
    }
}
