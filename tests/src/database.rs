//! A separate database for each test.

use std::env;
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};

use migrate_core::sqlx::{AssertSqlSafe, Connection as _, MySqlConnection, PgConnection, raw_sql};
use migrate_core::{Connected, Connection, Dialect, FromValue, Migration, Migrator, Missing, Row};
use tempfile::TempDir;

/// A database that is dropped after the test.
#[derive(Debug)]
pub struct Database {
    dialect: Dialect,
    url: String,
    /// Where the database is created and dropped; for SQLite the folder of its file.
    home: Home,
}

#[derive(Debug)]
enum Home {
    Server {
        url: String,
        name: String,
    },
    Folder(#[expect(dead_code, reason = "kept for its end, which removes the folder")] TempDir),
    /// The database belongs to another value, and is reached in another way.
    Elsewhere {
        name: String,
    },
}

static COUNTER: AtomicUsize = AtomicUsize::new(0);

impl Database {
    /// Creates an empty database on this engine.
    ///
    /// # Panics
    ///
    /// If there is no server: a test that cannot run has failed.
    pub async fn fresh(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Sqlite => {
                let folder = tempfile::tempdir().expect("a temporary folder");
                let url = format!("sqlite:{}", folder.path().join("test.db").display());
                Self { dialect, url, home: Home::Folder(folder) }
            }
            Dialect::Postgres | Dialect::Mysql => Self::fresh_on(dialect, server(dialect)).await,
        }
    }

    /// Creates an empty database on the server of this URL.
    pub async fn fresh_on(dialect: Dialect, server: String) -> Self {
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let name = format!("migrate_test_{}_{number}", process::id());
        run_on_server(dialect, &server, &format!("CREATE DATABASE {name}")).await;
        Self { dialect, url: url_on(&server, &name), home: Home::Server { url: server, name } }
    }

    /// Returns the database of this URL, which is created and dropped elsewhere.
    pub fn existing(dialect: Dialect, url: &str) -> Self {
        let (_, name) = url.rsplit_once('/').expect("the URL names a database");
        let name = name.split('?').next().unwrap_or_default().to_owned();
        Self { dialect, url: url.to_owned(), home: Home::Elsewhere { name } }
    }

    /// Returns the same database through another server: a pooler, or another node of its cluster.
    #[must_use]
    pub fn by_way_of(&self, server: &str) -> Self {
        Self::existing(self.dialect, &url_on(server, self.name()))
    }

    /// Returns the engine's dialect.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Returns its URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Connects these migrations to it.
    pub async fn connect(&self, migrations: Vec<Migration>) -> Connected {
        self.attach(Migrator::new(migrations)).await
    }

    /// Connects this migrator to it.
    pub async fn attach(&self, migrator: Migrator) -> Connected {
        migrator.connect(&self.url).await.expect("a graph and a database")
    }

    /// Opens a separate connection.
    pub async fn open(&self) -> Connection {
        let url = self.url.parse().expect("a URL");
        migrate_core::open(&url, Missing::Create).await.expect("a database")
    }

    /// Runs any SQL and returns its rows.
    pub async fn query(&self, sql: &str) -> Vec<Row> {
        let mut connection = self.open().await;
        let rows = connection.query(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        connection.close().await.expect("a goodbye");
        rows
    }

    /// Returns the first column of a query's rows.
    pub async fn column<T: FromValue>(&self, sql: &str) -> Vec<T> {
        let rows = self.query(sql).await;
        rows.iter().map(|row| row.at(0).expect("a value of this type")).collect()
    }

    /// Returns the first value of a query's first row.
    pub async fn value<T: FromValue>(&self, sql: &str) -> T {
        self.column(sql).await.into_iter().next().expect("a row")
    }

    /// Returns all tables in its default schema, ordered by name.
    pub async fn all_tables(&self) -> Vec<String> {
        self.column(match self.dialect {
            Dialect::Sqlite => {
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name"
            }
            Dialect::Postgres => "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
            Dialect::Mysql => {
                "SELECT table_name FROM information_schema.tables WHERE table_schema = database() ORDER BY table_name"
            }
        })
        .await
    }

    /// Returns its tables except those of history, ordered by name.
    pub async fn tables(&self) -> Vec<String> {
        let mut tables = self.all_tables().await;
        tables.retain(|table| !table.starts_with("_migrate"));
        tables
    }

    /// Returns the name of the database on its server.
    pub fn name(&self) -> &str {
        match &self.home {
            Home::Server { name, .. } | Home::Elsewhere { name } => name,
            Home::Folder(_) => "main",
        }
    }

    /// Drops the database; otherwise it is removed with its server.
    pub async fn drop(self) {
        if let Home::Server { url, name } = &self.home {
            // The server may not have noticed yet that a client is gone.
            let force = if self.dialect == Dialect::Postgres { " WITH (FORCE)" } else { "" };
            run_on_server(self.dialect, url, &format!("DROP DATABASE {name}{force}")).await;
        }
    }
}

/// Returns the URL of a server's database.
fn url_on(server: &str, name: &str) -> String {
    let (address, _) = server.rsplit_once('/').expect("the URL names a database");
    format!("{address}/{name}")
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test servers are told by the environment, and only here"
)]
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
