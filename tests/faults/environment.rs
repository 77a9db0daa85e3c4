//! Problems around a run: rights, passwords, names, servers that are not ready, disks. The message says what to do, nothing is
//! partly written, and the next run completes once the problem is fixed.

mod refusal;

use std::net::TcpListener;

use migrate_core::{Connection, Dialect, Migration, Migrator, Target};
use migrate_tests::{Database, Proxy};

pub(crate) use self::refusal::{Refusal, expect_through};
use crate::check::{Check, Outcome};
use crate::kill::engine;
use crate::settings::Form;

/// Part of each password, to detect it in output.
const SECRET: &str = "s3cret-w0rd";

pub(crate) fn checks(_: Form) -> Vec<Check> {
    let (postgres, sqlite) = (engine(Dialect::Postgres), engine(Dialect::Sqlite));
    let mut checks = vec![
        Check::new(postgres, "a role that may not create tables", may_not_create),
        Check::new(postgres, "a role without rights to history", no_right_to_history),
        Check::new(postgres, "a role that may only read", may_only_read),
        Check::new(postgres, "a server that is still starting", still_starting),
        Check::new(sqlite, "a file that is read-only", read_only),
        Check::new(sqlite, "a disk that is full", full_disk),
    ];
    for dialect in [Dialect::Postgres, Dialect::Mysql] {
        let name = engine(dialect);
        checks.push(Check::new(name, "a wrong password", move || wrong_password(dialect)));
        checks.push(Check::new(name, "a wrong database", move || wrong_database(dialect)));
        checks.push(Check::new(name, "no server at this address", move || no_server(dialect)));
    }
    checks
}

/// Returns two tables; the second is new to a database that has the first.
pub(crate) fn two() -> Vec<Migration> {
    let table = |rev: &'static str, up, down| Migration::new(rev).up(up).down(down);
    vec![
        table("1", "CREATE TABLE t1 (id BIGINT PRIMARY KEY)", "DROP TABLE t1"),
        table("2", "CREATE TABLE t2 (id BIGINT PRIMARY KEY)", "DROP TABLE t2"),
    ]
}

/// Creates a database that has the first.
async fn begun(dialect: Dialect) -> Database {
    let database = Database::fresh(dialect).await;
    let first = two().into_iter().take(1).collect();
    database.connect(first).await.up(Target::Head).await.expect("up");
    database
}

/// Returns the URL with another login.
fn login(url: &str, user: &str, password: &str) -> String {
    let (scheme, rest) = url.split_once("://").expect("a server's URL");
    let (_, place) = rest.split_once('@').expect("a login");
    format!("{scheme}://{user}:{password}@{place}")
}

/// Creates a role that may connect to this database; returns it and the URL with its login.
async fn role(database: &Database) -> (String, String) {
    let name = format!("{}_role", database.name());
    database.query(&format!("CREATE ROLE {name} LOGIN PASSWORD '{SECRET}'")).await;
    // Before version 15 everybody has this right.
    database.query("REVOKE CREATE ON SCHEMA public FROM PUBLIC").await;
    let url = login(database.url(), &name, SECRET);
    (name, url)
}

async fn drop_role(database: Database, name: &str) {
    database.query(&format!("REASSIGN OWNED BY {name} TO CURRENT_USER")).await;
    database.query(&format!("DROP OWNED BY {name}")).await;
    database.query(&format!("DROP ROLE {name}")).await;
    database.drop().await;
}

async fn may_not_create() -> Outcome {
    let database = Database::fresh(Dialect::Postgres).await;
    let (name, url) = role(&database).await;
    let refusal = Refusal::of(&database, &url, SECRET).await;
    let mut outcome = refusal.expect(&["permission denied for schema public", "hint:"]);
    database.query(&format!("GRANT CREATE ON SCHEMA public TO {name}")).await;
    expect_through(&database, &url, &mut outcome).await;
    drop_role(database, &name).await;
    outcome
}

async fn no_right_to_history() -> Outcome {
    let database = begun(Dialect::Postgres).await;
    let (name, url) = role(&database).await;
    database.query(&format!("GRANT CREATE ON SCHEMA public TO {name}")).await;
    let refusal = Refusal::of(&database, &url, SECRET).await;
    let words = ["permission denied for table _migrate_history", "cannot be read", "hint: grant"];
    let mut outcome = refusal.expect(&words);
    for right in ["ALL ON ALL TABLES", "ALL ON ALL SEQUENCES"] {
        database.query(&format!("GRANT {right} IN SCHEMA public TO {name}")).await;
    }
    expect_through(&database, &url, &mut outcome).await;
    drop_role(database, &name).await;
    outcome
}

async fn may_only_read() -> Outcome {
    let database = begun(Dialect::Postgres).await;
    let (name, url) = role(&database).await;
    database.query(&format!("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}")).await;
    let mut outcome =
        Refusal::of(&database, &url, SECRET).await.expect(&["permission denied", "hint:"]);
    // A run with nothing to do needs no more rights.
    database.connect(two()).await.up(Target::Head).await.expect("up");
    database.query(&format!("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}")).await;
    expect_through(&database, &url, &mut outcome).await;
    drop_role(database, &name).await;
    outcome
}

async fn wrong_password(dialect: Dialect) -> Outcome {
    let database = Database::fresh(dialect).await;
    let (user, words) = match dialect {
        Dialect::Mysql => ("root", ["Access denied for user", "hint:"]),
        Dialect::Postgres | Dialect::Sqlite => {
            ("postgres", ["password authentication failed", "hint:"])
        }
    };
    let url = login(database.url(), user, SECRET);
    let mut outcome = Refusal::of(&database, &url, SECRET).await.expect(&words);
    expect_through(&database, database.url(), &mut outcome).await;
    database.drop().await;
    outcome
}

async fn wrong_database(dialect: Dialect) -> Outcome {
    let database = Database::fresh(dialect).await;
    let url = format!("{}_nowhere", database.url());
    let words = match dialect {
        Dialect::Mysql => ["Unknown database", "_nowhere", "hint:"],
        Dialect::Postgres | Dialect::Sqlite => ["does not exist", "_nowhere", "hint:"],
    };
    let mut outcome = Refusal::of(&database, &url, SECRET).await.expect(&words);
    expect_through(&database, database.url(), &mut outcome).await;
    database.drop().await;
    outcome
}

async fn no_server(dialect: Dialect) -> Outcome {
    let database = Database::fresh(dialect).await;
    // Nothing listens on a port that was just free.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("a bound port");
    drop(listener);
    let (before, _) = database.url().rsplit_once('@').expect("a login");
    let url = format!("{before}@{address}/{}", database.name());
    let mut outcome = Refusal::of(&database, &url, SECRET).await.expect(&["refused", "hint:"]);
    expect_through(&database, database.url(), &mut outcome).await;
    database.drop().await;
    outcome
}

async fn still_starting() -> Outcome {
    let database = Database::fresh(Dialect::Postgres).await;
    let proxy = Proxy::before(&database).await;
    proxy.be_starting(1);
    let words = ["the database system is starting up", "57P03", "hint:"];
    let mut outcome = Refusal::of(&database, proxy.url(), SECRET).await.expect(&words);
    expect_through(&database, proxy.url(), &mut outcome).await;
    database.drop().await;
    outcome
}

async fn read_only() -> Outcome {
    let database = begun(Dialect::Sqlite).await;
    // Not by file permissions, which root ignores.
    let url = format!("{}?mode=ro", database.url());
    let mut outcome = Refusal::of(&database, &url, SECRET)
        .await
        .expect(&["readonly database", "hint: the URL opens"]);
    expect_through(&database, database.url(), &mut outcome).await;
    outcome
}

/// The engine reports a file that may not grow like a full disk.
async fn full_disk() -> Outcome {
    let database = Database::fresh(Dialect::Sqlite).await;
    let mut connection: Connection = database.open().await;
    connection.query("PRAGMA journal_mode = WAL").await.expect("another journal");
    connection.query("PRAGMA max_page_count = 4").await.expect("a small file");
    let before = Refusal::picture(&database).await;
    let error = Migrator::new(two()).up_on(&mut connection, Target::Head).await;
    let after = Refusal::picture(&database).await;
    let refusal = Refusal::from(error.map(|_| ()), (before, after), SECRET);
    let mut outcome = refusal.expect(&["database or disk is full", "hint: free disk space"]);
    connection.close().await.expect("a goodbye");
    expect_through(&database, database.url(), &mut outcome).await;
    outcome
}
