//! A database of one's own for each test.

use std::env;
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};

use migrate_core::sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection, raw_sql};
use migrate_core::{Connected, Dialect, Migration, Migrator, Missing, Row};
use tempfile::TempDir;

/// An empty database, gone when the test is over.
#[derive(Debug)]
pub struct Database {
    dialect: Dialect,
    url: String,
    /// Where the database is made and dropped; for SQLite the folder of its file.
    home: Home,
}

#[derive(Debug)]
enum Home {
    Server { url: String, name: String },
    Folder(#[expect(dead_code, reason = "kept for its end, which removes the folder")] TempDir),
}

static COUNTER: AtomicUsize = AtomicUsize::new(0);

impl Database {
    /// Makes an empty database of this engine.
    ///
    /// # Panics
    ///
    /// When there is no server: a test that cannot run has failed.
    pub async fn fresh(dialect: Dialect) -> Self {
        let name = format!("migrate_test_{}_{}", process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
        match dialect {
            Dialect::Sqlite => {
                let folder = tempfile::tempdir().expect("a temporary folder");
                let url = format!("sqlite:{}", folder.path().join("test.db").display());
                Self { dialect, url, home: Home::Folder(folder) }
            }
            Dialect::Postgres | Dialect::Mysql => {
                let server = server(dialect);
                run_on_server(dialect, &server, &format!("CREATE DATABASE {name}")).await;
                let (address, _) = server.rsplit_once('/').expect("the URL names a database");
                Self { dialect, url: format!("{address}/{name}"), home: Home::Server { url: server, name } }
            }
        }
    }

    /// The engine's dialect.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// How to connect to it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Connects these migrations to it.
    ///
    /// # Panics
    ///
    /// When they make no graph, or the database cannot be reached.
    pub async fn connect(&self, migrations: Vec<Migration>) -> Connected {
        let migrator = Migrator::new(migrations).missing(Missing::Create);
        migrator.connect(&self.url).await.expect("a graph and a database")
    }

    /// The rows of a query.
    ///
    /// # Panics
    ///
    /// When the database refuses.
    pub async fn query(&self, sql: &str) -> Vec<Row> {
        let url = self.url.parse().expect("a URL");
        let mut connection = migrate_core::open(&url, Missing::Create).await.expect("a database");
        let rows = connection.query(sql).await.expect("a query");
        connection.close().await.expect("a goodbye");
        rows
    }

    /// Drops the database; without this it goes with its server.
    pub async fn drop(self) {
        if let Home::Server { url, name } = &self.home {
            run_on_server(self.dialect, url, &format!("DROP DATABASE {name}")).await;
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the test servers are told by the environment, and only here")]
fn server(dialect: Dialect) -> String {
    let variable = match dialect {
        Dialect::Mysql => "TEST_MYSQL_URL",
        Dialect::Postgres | Dialect::Sqlite => "TEST_POSTGRES_URL",
    };
    env::var(variable).unwrap_or_else(|_| {
        panic!("no {dialect} server: run `make test`, which starts one, or set {variable} to the URL of one")
    })
}

async fn run_on_server(dialect: Dialect, url: &str, statement: &str) {
    let sql = raw_sql(AssertSqlSafe(statement));
    match dialect {
        Dialect::Mysql => {
            let mut connection = MySqlConnection::connect(url).await.expect("the MariaDB server");
            sql.execute(&mut connection).await.expect("a statement");
            connection.close().await.expect("a goodbye");
        }
        Dialect::Postgres | Dialect::Sqlite => {
            let mut connection = PgConnection::connect(url).await.expect("the PostgreSQL server");
            sql.execute(&mut connection).await.expect("a statement");
            connection.close().await.expect("a goodbye");
        }
    }
}
