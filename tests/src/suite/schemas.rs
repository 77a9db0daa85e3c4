//! The schema of history: the one where the session creates tables, unless another one is set.

use std::fmt::Write as _;

use migrate_core::prelude::*;
use migrate_core::{
    Connected, DatabaseUrl, Error, ErrorKind, Graph, HistoryError, Kind, LockMode, Migration,
    Migrator, Offline, PlaceError, Request, Settings, Target,
};

use crate::migrations::{done, table, tables};
use crate::{Client, Database, run_script};

/// Returns the database's URL with parameters.
fn with(database: &Database, parameters: &str) -> String {
    format!("{}?{parameters}", database.url())
}

fn in_schema(schema: &str) -> Settings {
    let mut settings = Settings::default();
    settings.history_schema = Some(schema.to_owned());
    settings
}

async fn connect(url: &str, settings: Settings) -> Result<Connected, Error> {
    Migrator::new(tables(["1", "2"])).settings(settings).connect(url).await
}

async fn up(url: &str) -> Vec<String> {
    let mut migrator = connect(url, Settings::default()).await.expect("a database");
    let report = migrator.up(Target::Head).await.expect("up");
    migrator.close().await.expect("a goodbye");
    done(&report).into_iter().map(str::to_owned).collect()
}

fn place(error: Error) -> PlaceError {
    match error {
        Error::History(HistoryError::Place(error)) => error,
        other => panic!("expected to be asked for a schema, not {other:?}"),
    }
}

/// Returns `schema.table` of all tables except the server's.
async fn everything(database: &Database) -> String {
    let mut all: Vec<String> = database
        .column(
            "SELECT schemaname || '.' || tablename FROM pg_tables \
             WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
        )
        .await;
    all.sort();
    all.join(" ")
}

pub async fn each_schema_of_a_search_path_has_a_history_of_its_own(database: &Database) {
    database.query("CREATE SCHEMA a1; CREATE SCHEMA b1").await;
    for schema in ["a1", "b1"] {
        let url = with(database, &format!("options=-c%20search_path%3D{schema}"));
        assert_eq!(up(&url).await, ["1", "2"]);
        assert!(up(&url).await.is_empty());
    }
    assert_eq!(
        everything(database).await,
        "a1._migrate_history a1._migrate_log a1.t1 a1.t2 \
         b1._migrate_history b1._migrate_log b1.t1 b1.t2"
    );
    // A `down` of one tenant does not affect another.
    let url = with(database, "search_path=b1");
    let mut migrator = connect(&url, Settings::default()).await.expect("a database");
    migrator.down(Target::Base).await.expect("down");
    assert!(up(&with(database, "search_path=a1")).await.is_empty());
}

pub async fn every_way_to_write_the_search_path_is_honoured(database: &Database) {
    for (number, parameter) in [
        "search_path=",
        "schema=",
        "currentSchema=",
        "options[search_path]=",
        "options=-csearch_path=",
    ]
    .into_iter()
    .enumerate()
    {
        database.query(&format!("CREATE SCHEMA app{number}")).await;
        assert_eq!(up(&with(database, &format!("{parameter}app{number}"))).await, ["1", "2"]);
        let tables = everything(database).await;
        assert!(tables.contains(&format!("app{number}.t1")), "{parameter}: {tables}");
        assert!(!tables.contains("public"), "{parameter}: {tables}");
    }
}

pub async fn leases_and_histories_of_two_schemas_are_two(database: &Database) {
    database.query("CREATE SCHEMA a1; CREATE SCHEMA b1").await;
    for schema in ["a1", "b1"] {
        let mut settings = Settings::default();
        settings.lock = LockMode::Lease;
        let url = with(database, &format!("search_path={schema}"));
        let mut migrator = connect(&url, settings).await.expect("a database");
        assert_eq!(done(&migrator.up(Target::Head).await.expect("up")), ["1", "2"]);
        let tables = everything(database).await;
        assert!(tables.contains(&format!("{schema}._migrate_lock")), "{tables}");
    }
}

/// Earlier versions kept history in `public`, whatever the search path was.
pub async fn a_history_in_another_schema_stops_until_one_is_named(database: &Database) {
    database.query("CREATE SCHEMA app").await;
    assert_eq!(up(database.url()).await, ["1", "2"]);
    for path in ["app", "app,public"] {
        let url = with(database, &format!("search_path={path}"));
        let error = connect(&url, Settings::default()).await.expect_err("two places");
        let told = format!("{error} {}", error.hints().join(" "));
        for part in ["`app`", "`public`", "--history-schema"] {
            assert!(told.contains(part), "{told}");
        }
        assert!(matches!(place(error), PlaceError::Elsewhere { .. }));
    }
    let url = with(database, "search_path=app,public");
    let mut migrator = connect(&url, in_schema("public")).await.expect("a database");
    assert!(migrator.up(Target::Head).await.expect("up").done.is_empty());
    let mut migrator = connect(&url, in_schema("app")).await.expect("a database");
    assert_eq!(done(&migrator.up(Target::Head).await.expect("up")), ["1", "2"]);
    // Both are on the path, so the schema must still be set.
    connect(&url, Settings::default()).await.expect_err("two places");
    // If only the tenant's own schema is on the path, that one is used.
    assert!(up(&with(database, "search_path=app")).await.is_empty());
}

pub async fn a_schema_that_is_not_there_is_refused_before_anything(database: &Database) {
    let refused = async |parameters: &str, settings| {
        place(connect(&with(database, parameters), settings).await.expect_err("no schema"))
    };
    let nowhere = refused("search_path=nowhere", Settings::default()).await;
    assert!(matches!(&nowhere, PlaceError::NoSchema { path } if path == "nowhere"), "{nowhere:?}");
    // Tables would be created in `public`.
    let other = refused("search_path=nowhere,public", Settings::default()).await;
    assert!(matches!(&other, PlaceError::NotFirst { schema } if schema == "nowhere"), "{other:?}");
    let unknown = refused("connect_timeout=5", in_schema("nowhere")).await;
    assert!(matches!(unknown, PlaceError::Unknown { .. }), "{unknown:?}");
    assert_eq!(everything(database).await, "");
}

pub async fn history_stays_where_it_is_whatever_a_migration_sets(database: &Database) {
    database.query("CREATE SCHEMA app; CREATE SCHEMA other").await;
    let set = || {
        vec![
            Migration::new("1")
                .up("SET search_path = other; CREATE TABLE t1 (id int)")
                .down("DROP TABLE other.t1"),
            table("2"),
        ]
    };
    let url = with(database, "search_path=app");
    let mut migrator = Migrator::new(set()).connect(&url).await.expect("a database");
    migrator.up(Target::Head).await.expect("up");
    assert_eq!(everything(database).await, "app._migrate_history app._migrate_log app.t2 other.t1");
    let mut migrator = Migrator::new(set()).connect(&url).await.expect("a database");
    assert!(migrator.up(Target::Head).await.expect("up").done.is_empty());
}

/// `"$user"` is the role that runs the migrations.
pub async fn the_schema_of_the_role_is_where_its_history_is(database: &Database) {
    let role = format!("tenant_of_{}", database.name());
    database.query(&format!("CREATE ROLE {role}; CREATE SCHEMA {role} AUTHORIZATION {role}")).await;
    let mut settings = Settings::default();
    settings.role = Some(role.clone());
    let mut migrator = connect(database.url(), settings).await.expect("a database");
    migrator.up(Target::Head).await.expect("up");
    let tables = everything(database).await;
    assert!(tables.contains(&format!("{role}._migrate_history")), "{tables}");
    assert!(tables.contains(&format!("{role}.t1")), "{tables}");
    database.query(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
}

pub async fn a_connection_of_ones_own_keeps_history_where_it_creates(database: &Database) {
    database.query("CREATE SCHEMA app").await;
    let mut connection = database.open().await;
    connection.query("SET search_path = app").await.expect("a setting");
    Migrator::new(vec![table("1")]).up_on(&mut connection, Target::Head).await.expect("up");
    assert_eq!(everything(database).await, "app._migrate_history app._migrate_log app.t1");
}

async fn script(url: &str, settings: &Settings) -> String {
    let graph = Graph::new(tables(["1", "2"])).expect("a graph");
    let url: DatabaseUrl = url.parse().expect("a URL");
    let offline = Offline::new(&graph, settings, Dialect::Postgres, None)
        .search_path(url.search_path().map(str::to_owned));
    offline.script(&Request::Up(Target::Head), None).await.expect("a script")
}

fn run(database: &Database, first: &str, script: &str) -> Client {
    run_script(database, &format!("{first};\n{script}"))
}

pub async fn a_script_keeps_history_where_its_session_creates(database: &Database) {
    database.query("CREATE SCHEMA app; CREATE SCHEMA b1").await;
    let plain = script(database.url(), &Settings::default()).await;
    let client = run(database, "SET search_path = app", &plain);
    assert!(client.success, "{}", client.said);
    let own = script(&with(database, "schema=b1"), &Settings::default()).await;
    let client = run_script(database, &own);
    assert!(client.success, "{}", client.said);
    assert_eq!(
        everything(database).await,
        "app._migrate_history app._migrate_log app.t1 app.t2 \
         b1._migrate_history b1._migrate_log b1.t1 b1.t2"
    );
    for schema in ["app", "b1"] {
        assert!(up(&with(database, &format!("search_path={schema}"))).await.is_empty());
    }
    // A script stops in the same cases as a run.
    let client = run(database, "SET search_path = public, app", &plain);
    assert!(!client.success && client.said.contains("--history-schema"), "{}", client.said);
    let client = run(database, "SET search_path = nowhere", &plain);
    assert!(!client.success && client.said.contains("nowhere"), "{}", client.said);
    let elsewhere = script(&with(database, "search_path=nowhere,app"), &Settings::default()).await;
    let client = run_script(database, &elsewhere);
    assert!(!client.success && client.said.contains("nowhere"), "{}", client.said);
    let named = script(database.url(), &in_schema("public")).await;
    let client = run(database, "SET search_path = public, app", &named);
    assert!(client.success, "{}", client.said);
    assert!(everything(database).await.contains("public._migrate_history"));
}

async fn note_timeouts(db: &mut Db) -> Result<()> {
    let mut noted = String::new();
    for name in ["statement_timeout", "lock_timeout"] {
        let value: String = db.fetch_value(&format!("SHOW {name}")).await?;
        write!(noted, "{value} ")?;
    }
    db.execute(&format!("INSERT INTO notes VALUES ('{}')", noted.trim())).await?;
    Ok(())
}

/// A run sets the timeouts itself, from the URL.
pub async fn time_outs_of_the_url_are_those_of_a_run(database: &Database) {
    let set = || {
        vec![
            Migration::new("1").up("CREATE TABLE notes (note text)").down("DROP TABLE notes"),
            Migration::new("2").kind(Kind::Data).up(note_timeouts),
            Migration::new("3")
                .kind(Kind::Data)
                .waive("mixed", "it waits")
                .up("SELECT pg_sleep(30)"),
        ]
    };
    let url = with(database, "statement_timeout=700ms&options=-c%20lock_timeout%3D3s");
    let mut migrator = Migrator::new(set()).connect(&url).await.expect("a database");
    let error = migrator.production(Target::Head).await.expect_err("a time-out");
    let failed = crate::failure::step(error);
    assert_eq!(failed.database().map(|error| error.kind), Some(ErrorKind::StatementTimeout));
    assert_eq!(database.column::<String>("SELECT note FROM notes").await, ["700ms 3s"]);
}

/// A URL that asks for a kind of server gets no other.
pub async fn a_server_of_another_kind_is_refused(database: &Database) {
    for kind in ["read-write", "primary", "any"] {
        let url = with(database, &format!("target_session_attrs={kind}"));
        connect(&url, Settings::default()).await.expect(kind);
    }
    for kind in ["standby", "read-only"] {
        let url = with(database, &format!("target_session_attrs={kind}"));
        let error = connect(&url, Settings::default()).await.expect_err(kind);
        assert!(matches!(error, Error::Connect { .. }), "{error:?}");
    }
}

pub async fn a_url_without_a_database_is_refused_before_anything(database: &Database) {
    let (server, name) = database.url().rsplit_once('/').expect("a database");
    let refused = Migrator::new(vec![table("1")]).connect(server).await.expect_err("no database");
    assert!(
        matches!(refused, Error::History(HistoryError::Place(PlaceError::NoDatabase))),
        "{refused:?}"
    );
    let mut settings = Settings::default();
    settings.history_schema = Some(name.to_owned());
    let migrator = Migrator::new(vec![table("1")]).settings(settings).connect(server).await;
    assert_eq!(migrator.expect("a place").current().await.expect("history").pending, 1);
}
