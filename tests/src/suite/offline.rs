//! Scripts that a client of the engine runs instead of this framework.

use migrate_core::prelude::*;
use migrate_core::{Graph, Migration, Offline, OfflineError, Request, Settings, Target};

use crate::history::{applied, lasting};
use crate::migrations::{data, mixed, table, tables};
use crate::schema::schema_of;
use crate::{Client, Database, run_script};

async fn fill(db: &mut Db) -> Result<()> {
    for id in 1..=3 {
        db.execute(&format!("INSERT INTO users (id, name) VALUES ({id}, 'Ünïcödé; {id}')")).await?;
    }
    Ok(())
}

/// Returns a trigger with statements inside, in each engine's syntax.
fn trigger(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => {
            "CREATE TRIGGER greet AFTER INSERT ON users BEGIN UPDATE users SET name = name || ';' WHERE id = NEW.id; END"
        }
        Dialect::Postgres => {
            "CREATE FUNCTION greet() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := NEW.name || ';'; \
             RETURN NEW; END $$; CREATE TRIGGER greet BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION greet()"
        }
        Dialect::Mysql => {
            "CREATE TRIGGER greet BEFORE INSERT ON users FOR EACH ROW BEGIN SET NEW.name = concat(NEW.name, ';'); \
             SET @last = 'a;b'; END"
        }
    }
}

fn outside_transaction(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "VACUUM",
        Dialect::Postgres => "CREATE INDEX CONCURRENTLY users_name ON users (name)",
        Dialect::Mysql => "ALTER TABLE users ADD INDEX users_name (name)",
    }
}

/// Returns revisions with everything that a script may have to contain.
fn everything() -> Vec<Migration> {
    vec![
        Migration::new("1")
            .description("Hostile ' \" ` \\ $$ ; -- Ünïcödé \u{1f9ea}\nDROP TABLE users;")
            .up("CREATE TABLE users (id BIGINT PRIMARY KEY, name VARCHAR(80) DEFAULT 'a;b''c') -- ends; here")
            .down("DROP TABLE users"),
        Migration::new("2").up(trigger).down(|dialect: Dialect| match dialect {
            Dialect::Postgres => "DROP TRIGGER greet ON users; DROP FUNCTION greet()",
            Dialect::Sqlite | Dialect::Mysql => "DROP TRIGGER greet",
        }),
        Migration::new("3").kind(migrate_core::Kind::Data).up(fill),
        Migration::new("a4").after(["2"]).depends_on("3").up("CREATE TABLE a4 (id BIGINT) /* a; b */").down("DROP TABLE a4"),
        table("b4").after(["2"]).depends_on("3"),
        Migration::new("5").after(["a4", "b4"]).up(outside_transaction).down(|dialect: Dialect| match dialect {
            Dialect::Sqlite => "",
            Dialect::Postgres => "DROP INDEX users_name",
            Dialect::Mysql => "DROP INDEX users_name ON users",
        }).transaction(false),
        Migration::new("6").after(["5"]).up("").down("-- nothing; at all"),
    ]
}

async fn script(
    database: &Database,
    set: Vec<Migration>,
    request: &Request,
    from: Option<&str>,
) -> Result<String, OfflineError> {
    let graph = Graph::new(set).expect("a graph");
    let settings = Settings::default();
    let from = from.map(|from| from.parse::<Target>().expect("a target"));
    let schema = (database.dialect() == Dialect::Mysql).then(|| database.name().to_owned());
    Offline::new(&graph, &settings, database.dialect(), schema).script(request, from.as_ref()).await
}

async fn run(
    database: &Database,
    set: Vec<Migration>,
    request: &Request,
    from: Option<&str>,
) -> Client {
    run_script(database, &script(database, set, request, from).await.expect("a script"))
}

/// Returns the schema, the history and the rows.
async fn state_of(database: &Database) -> (Vec<String>, Vec<String>, Vec<String>) {
    let users = if database.tables().await.contains(&"users".to_owned()) {
        database.column("SELECT name FROM users ORDER BY id").await
    } else {
        Vec::new()
    };
    (schema_of(database).await, lasting(database).await, users)
}

pub async fn a_script_leaves_what_an_online_run_does(database: &Database) {
    let online = Database::fresh(database.dialect()).await;
    let release = Request::Production(Target::Head);
    online.connect(everything()).await.run(&release).await.expect("production");
    let client = run(database, everything(), &release, None).await;
    assert!(client.success, "{}", client.said);
    let (schema, history, rows) = state_of(&online).await;
    let (by_script, history_by_script, rows_by_script) = state_of(database).await;
    assert_eq!(by_script, schema);
    assert_eq!(rows_by_script, rows);
    assert_eq!(history_by_script, history);
    assert_eq!(history.len(), 7);
    let mut migrator = database.connect(everything()).await;
    assert!(migrator.run(&release).await.expect("nothing to do").done.is_empty());
    online.drop().await;
}

pub async fn a_script_down_leaves_what_an_online_run_does(database: &Database) {
    let online = Database::fresh(database.dialect()).await;
    let release = Request::Production(Target::Head);
    let down = Request::Down("1".parse().expect("a target"));
    for place in [&online, database] {
        place.connect(everything()).await.run(&release).await.expect("production");
    }
    online.connect(everything()).await.run(&down).await.expect("down");
    let client = run(database, everything(), &down, Some("head")).await;
    assert!(client.success, "{}", client.said);
    assert_eq!(state_of(database).await, state_of(&online).await);
    assert_eq!(applied(database).await, ["1"]);
    online.drop().await;
}

pub async fn a_second_run_of_a_script_stops_at_once(database: &Database) {
    let script = script(database, everything(), &Request::Production(Target::Head), None)
        .await
        .expect("a script");
    assert!(run_script(database, &script).success);
    let before = state_of(database).await;
    let again = run_script(database, &script);
    assert!(!again.success, "{}", again.said);
    assert_eq!(state_of(database).await, before);
}

pub async fn a_script_stops_at_the_first_error(database: &Database) {
    let set = vec![
        table("1"),
        mixed("2").up("CREATE TABLE t2 (id BIGINT); INSERT INTO nowhere VALUES (1)"),
        table("3"),
    ];
    let client = run(database, set, &Request::Up(Target::Head), None).await;
    assert!(!client.success, "{}", client.said);
    assert!(client.said.contains("nowhere"), "{}", client.said);
    assert!(!database.tables().await.contains(&"t3".to_owned()));
    match database.dialect() {
        Dialect::Postgres => assert_eq!(
            (database.tables().await, applied(database).await),
            (vec!["t1".to_owned()], vec!["1".to_owned()])
        ),
        // One transaction for all; its tables of history are outside.
        Dialect::Sqlite => {
            assert!(database.tables().await.is_empty() && applied(database).await.is_empty());
        }
        Dialect::Mysql => assert_eq!(applied(database).await, ["1"]),
    }
}

pub async fn a_script_goes_on_from_where_it_is_told(database: &Database) {
    database.connect(tables(["1", "2"])).await.up(Target::Head).await.expect("up");
    let client = run(
        database,
        tables(["1", "2", "3", "4"]),
        &Request::Up("3".parse().expect("a target")),
        Some("2"),
    )
    .await;
    assert!(client.success, "{}", client.said);
    let report =
        database.connect(tables(["1", "2", "3", "4"])).await.up(Target::Head).await.expect("up");
    assert_eq!(crate::migrations::done(&report), ["4"]);
    assert_eq!(applied(database).await, ["1", "2", "3", "4"]);
}

pub async fn a_stamp_can_be_a_script(database: &Database) {
    let client = run(database, tables(["1", "2"]), &Request::Stamp(Target::Head), None).await;
    assert!(client.success, "{}", client.said);
    assert_eq!(applied(database).await, ["1", "2"]);
    assert!(
        database
            .connect(tables(["1", "2"]))
            .await
            .up(Target::Head)
            .await
            .expect("up")
            .done
            .is_empty()
    );
}

async fn reads(db: &mut Db) -> Result<()> {
    let _: i64 = db.fetch_value("SELECT count(*) FROM t1").await?;
    Ok(())
}

async fn reads_and_goes_on(db: &mut Db) -> Result<()> {
    db.fetch_all("SELECT 1").await.ok();
    Ok(())
}

async fn fails(_: &mut Db) -> Result<()> {
    Err("on purpose".into())
}

pub async fn code_that_reads_or_fails_is_refused_by_name(database: &Database) {
    let up = Request::Up(Target::Head);
    for code in [Migration::new("2").up(reads), Migration::new("2").up(reads_and_goes_on)] {
        let error =
            script(database, vec![table("1"), code], &up, None).await.expect_err("code that reads");
        assert!(
            matches!(error, OfflineError::Reads { ref key } if key.id.as_str() == "2"),
            "{error:?}"
        );
    }
    let set = vec![table("1"), Migration::new("2").up(fails)];
    let error = script(database, set, &up, None).await.expect_err("code that fails");
    assert!(
        matches!(error, OfflineError::Code { ref key, .. } if key.id.as_str() == "2"),
        "{error:?}"
    );
}

pub async fn a_script_down_must_be_told_from_where(database: &Database) {
    let error = script(database, tables(["1"]), &Request::Down(Target::Base), None)
        .await
        .expect_err("from where?");
    assert!(matches!(error, OfflineError::NoStart), "{error:?}");
}

/// A migration's session settings must not reach the next migration in a script either.
pub async fn settings_of_a_migration_end_with_it_in_a_script(database: &Database) {
    let litter = |dialect| match dialect {
        Dialect::Postgres => "CREATE SCHEMA other; SET search_path = other",
        Dialect::Mysql => "SET SESSION sql_mode = 'ANSI_QUOTES'",
        Dialect::Sqlite => "PRAGMA recursive_triggers = 1",
    };
    let set = vec![
        Migration::new("1").up("CREATE TABLE notes (note VARCHAR(80))"),
        Migration::new("2").up(litter),
        mixed("3").up(|dialect| match dialect {
            Dialect::Mysql => "INSERT INTO notes VALUES (\"a text\")",
            Dialect::Postgres | Dialect::Sqlite => "CREATE TABLE landed (id BIGINT)",
        }),
        data("4", "").after(["1"]),
    ];
    let client = run(database, set, &Request::Up(Target::Head), None).await;
    assert!(client.success, "{}", client.said);
    if database.dialect() != Dialect::Mysql {
        assert_eq!(database.tables().await, ["landed", "notes"]);
    }
}
