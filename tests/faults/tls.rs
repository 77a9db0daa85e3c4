//! A server that requires TLS.

use migrate_core::Dialect;
use migrate_tests::Database;

use crate::check::{Check, Outcome};
use crate::environment::{Refusal, expect_through};
use crate::kill::engine;
use crate::settings::{Form, told_by};

const SECRET: &str = "s3cret-w0rd";

pub(crate) fn checks(form: Form) -> Vec<Check> {
    match form {
        Form::Short => Vec::new(),
        Form::Full => vec![
            Check::new(engine(Dialect::Postgres), "TLS is required", postgres),
            Check::new(engine(Dialect::Mysql), "TLS is required", mariadb),
        ],
    }
}

/// Returns the server that the programme may change.
fn server(variable: &str) -> String {
    // Only this one is known to have a certificate.
    told_by("FAULTS=1 tests/with-servers", &variable.replace("_URL", "_FOLDER"));
    told_by("FAULTS=1 tests/with-servers", variable)
}

/// `tests/with-servers` refuses clients without TLS for a database of this name.
async fn postgres() -> Outcome {
    let server = server("TEST_POSTGRES_URL");
    let other = Database::fresh(Dialect::Postgres).await;
    for statement in
        ["ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()", "CREATE DATABASE needs_tls"]
    {
        other.query(statement).await;
    }
    while other.value::<String>("SELECT current_setting('ssl')").await != "on" {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let (address, _) = server.rsplit_once('/').expect("a database in the URL");
    let url = format!("{address}/needs_tls");
    let database = Database::existing(Dialect::Postgres, &format!("{url}?sslmode=require"));
    let words = ["no encryption", "hint:", "sslmode=require"];
    let refusal = Refusal::of(&database, &format!("{url}?sslmode=disable"), SECRET).await;
    let mut outcome = refusal.expect(&words);
    expect_through(&database, database.url(), &mut outcome).await;
    for statement in [
        "DROP DATABASE needs_tls WITH (FORCE)",
        "ALTER SYSTEM RESET ssl",
        "SELECT pg_reload_conf()",
    ] {
        other.query(statement).await;
    }
    other.drop().await;
    outcome
}

async fn mariadb() -> Outcome {
    server("TEST_MYSQL_URL");
    let database = Database::fresh(Dialect::Mysql).await;
    let encrypted =
        Database::existing(Dialect::Mysql, &format!("{}?ssl-mode=REQUIRED", database.url()));
    encrypted.query("SET GLOBAL require_secure_transport = ON").await;
    // MySQL names its setting; MariaDB does not.
    let words = ["Access denied", "hint:"];
    let url = format!("{}?ssl-mode=DISABLED", database.url());
    let mut outcome = Refusal::of(&encrypted, &url, SECRET).await.expect(&words);
    expect_through(&encrypted, encrypted.url(), &mut outcome).await;
    encrypted.query("SET GLOBAL require_secure_transport = OFF").await;
    database.drop().await;
    outcome
}
