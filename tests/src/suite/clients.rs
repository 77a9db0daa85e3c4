//! Scripts with text that an engine's client could take for its own commands and variables.

use migrate_core::prelude::*;
use migrate_core::{Graph, Migration, Offline, OfflineError, Request, Settings, Target};

use crate::history::lasting;
use crate::migrations::mixed;
use crate::{Database, run_script};

const fn text(dialect: Dialect) -> &'static str {
    match dialect {
        // psql has a variable PORT.
        Dialect::Postgres => {
            "CREATE TABLE seen (v text); \
             INSERT INTO seen SELECT (ARRAY[10, 20, 30])[1:\"PORT\"]::text FROM (SELECT 2 AS \"PORT\") x; \
             INSERT INTO seen SELECT (ARRAY[10, 20, 30])[1:PORT]::text FROM (SELECT 2 AS port) x; \
             INSERT INTO seen VALUES (':PORT'), ($$:'PORT'$$), ('a\r\nb')"
        }
        Dialect::Mysql => {
            "CREATE TABLE seen (v text);\r\nINSERT INTO seen VALUES ('a\r\nb{CR}'), (\\N), \n('\\\\g'), ('delimiter x\ndelimiter y\n');"
        }
        Dialect::Sqlite => {
            "CREATE TABLE seen (v text);\r\nINSERT INTO seen VALUES ('a\r\nb{CR}'), ('\n/\n'), (10\n/\n5), ((SELECT 7 AS go FROM \
             (SELECT 1) ORDER BY\n GO -- a line \nDESC)); CREATE TRIGGER t AFTER INSERT ON seen BEGIN SELECT 1\n/\n1; END"
        }
    }
}

async fn script(database: &Database, set: Vec<Migration>) -> Result<String, OfflineError> {
    let graph = Graph::new(set).expect("a graph");
    let settings = Settings::default();
    let dialect = database.dialect();
    let schema = (dialect == Dialect::Mysql).then(|| database.name().to_owned());
    Offline::new(&graph, &settings, dialect, schema).script(&Request::Up(Target::Head), None).await
}

pub async fn a_script_says_to_the_database_what_a_run_says(database: &Database) {
    let dialect = database.dialect();
    let set = || vec![mixed("1").up(text(dialect))];
    let script = script(database, set()).await.expect("a script");
    let client = run_script(database, &script);
    assert!(client.success, "{}\n{script}", client.said);
    let written = database.column::<Option<String>>("SELECT v FROM seen").await;
    let history = lasting(database).await;
    for table in ["seen", "_migrate_history", "_migrate_log"] {
        database.query(&format!("DROP TABLE {table}")).await;
    }
    database.connect(set()).await.up(Target::Head).await.expect("up");
    let ran = database.column::<Option<String>>("SELECT v FROM seen").await;
    assert_eq!(written, ran);
    assert_eq!(format!("{history:?}"), format!("{:?}", lasting(database).await));
}

pub async fn what_a_client_cannot_be_told_is_refused_with_its_place(database: &Database) {
    let (sql, line) = match database.dialect() {
        // PostgreSQL servers do not accept it either.
        Dialect::Postgres => {
            let refused = script(database, vec![mixed("1").up("SELECT 1\n\\g")]).await;
            let refused = refused.expect_err("a client's own");
            assert_eq!(refused.revision().map(|key| key.id.as_str()), Some("1"), "{refused}");
            return;
        }
        Dialect::Mysql => ("CREATE TABLE a (b int);\nCREATE TABLE c (d int\nCOMMENT 'e\r\nf')", 2),
        Dialect::Sqlite => ("CREATE TABLE a (b);\nCREATE VIEW c AS SELECT 10\n/\n5", 2),
    };
    let refused = script(database, vec![mixed("1").up(sql)]).await.expect_err("a client's own");
    let OfflineError::Misread { key, statement, place, .. } = &refused else {
        panic!("{refused:?}");
    };
    assert_eq!((key.id.as_str(), *statement, place.line), ("1", 2, line), "{refused}");
}
