//! URLs in the forms of the servers' own clients and of other libraries.

use migrate_core::{Dialect, Migrator, Target, address};

use crate::Database;
use crate::migrations::{done, table};

/// The parts of a test server's URL.
struct Parts<'a> {
    login: &'a str,
    database: &'a str,
}

fn parts(database: &Database) -> Parts<'_> {
    let (_, rest) = database.url().split_once("://").expect("a URL");
    let (login, rest) = rest.rsplit_once('@').expect("a user");
    let (_, database) = rest.rsplit_once('/').expect("a database");
    Parts { login, database }
}

/// Returns the server's socket: its folder for libpq, its file for MySQL's clients.
async fn socket(database: &Database) -> (String, String) {
    match database.dialect() {
        Dialect::Mysql => (database.value("SELECT @@socket").await, String::new()),
        Dialect::Postgres | Dialect::Sqlite => {
            let folders: String = database.value("SHOW unix_socket_directories").await;
            let folder = folders.split(',').next().expect("a folder").trim().to_owned();
            (folder, database.value("SHOW port").await)
        }
    }
}

pub async fn a_socket_is_reached_by_every_spelling(database: &Database) {
    let Parts { login, database: name } = parts(database);
    let (path, port) = socket(database).await;
    let encoded = path.replace('/', "%2F");
    let (user, password) = login.split_once(':').expect("a password");
    let urls = match database.dialect() {
        Dialect::Mysql => vec![
            format!("mysql://{login}@/{name}?socket={path}"),
            format!("mysql://{login}@localhost/{name}?socket={path}"),
            format!("mysql+pymysql://{login}@/{name}?unix_socket={path}"),
            format!("mariadb://{login}@{encoded}/{name}"),
            format!("mysql:///{name}?user={user}&password={password}&socket={path}"),
        ],
        Dialect::Postgres | Dialect::Sqlite => vec![
            format!("postgres://{login}@/{name}?host={path}&port={port}"),
            format!("postgresql+psycopg2://{login}@/{name}?host={path}&port={port}"),
            format!("postgres://{login}@{encoded}:{port}/{name}"),
            format!("postgres:///{name}?host={path}&port={port}&user={user}&password={password}"),
            format!(
                "postgresql:///?host={path}&port={port}&user={user}&password={password}&dbname={name}"
            ),
        ],
    };
    let mut expected = vec!["1"];
    for url in urls {
        let shown = address(&url.parse().expect("a URL"));
        let host = shown.host.clone().expect("a host");
        assert!(host.starts_with(&path) && shown.database == name, "{shown}");
        let migrator = Migrator::new(vec![table("1")]).connect(&url).await;
        let mut migrator = migrator.unwrap_or_else(|error| panic!("{shown}: {error:?}"));
        let report = migrator.up(Target::Head).await.expect("up");
        assert_eq!(done(&report), expected, "{shown}");
        expected.clear();
    }
}

/// The name has every character with a meaning in URLs.
pub async fn a_database_of_an_odd_name_is_reached(database: &Database) {
    let name = format!("{} %@:/?#[é]", database.name());
    let encoded =
        name.replace('%', "%25").replace('?', "%3F").replace('/', "%2F").replace(' ', "%20");
    let quoted = migrate_core::quote::identifier(&name, database.dialect());
    database.query(&format!("CREATE DATABASE {quoted}")).await;
    let (server, _) = database.url().rsplit_once('/').expect("a database");
    let url = format!("{server}/{encoded}");
    let mut migrator = Migrator::new(vec![table("1")]).connect(&url).await.expect("a database");
    assert_eq!(done(&migrator.up(Target::Head).await.expect("up")), ["1"]);
    migrator.close().await.expect("a goodbye");
    assert!(database.tables().await.is_empty());
    let force = if database.dialect() == Dialect::Postgres { " WITH (FORCE)" } else { "" };
    database.query(&format!("DROP DATABASE {quoted}{force}")).await;
}
