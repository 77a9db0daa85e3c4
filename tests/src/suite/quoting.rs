//! Hostile names and values: each engine reads them literally, in every mode it has.

use migrate_core::prelude::*;
use migrate_core::{Connection, HistoryTable, Kind, Migration, Migrator, Settings, Target, quote};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;

use crate::Database;
use crate::migrations::{mixed, table};

/// Texts that have ended strings, statements and comments elsewhere.
const HOSTILE: [&str; 24] = [
    "",
    " ",
    "'",
    "''",
    "\"",
    "`",
    "\\",
    "\\'",
    "'\\",
    "\\\\'",
    "'; DROP TABLE users; --",
    "a\nb\r\nc\td",
    "$$",
    "$a$ ' $a$",
    "--",
    "/* a */",
    "*/",
    "/*!50000 a */",
    "#",
    "?1 :a @b $1 {c}",
    "\u{8}\u{1a}\u{7f}",
    "é\u{301}ß\u{202e}",
    "\u{ff07}\u{2019}\u{2bc}",
    "E'\\x27' U&'\\0027' X'27' N'a'",
];

/// Returns texts of a strategy, the same at each run.
fn samples(pattern: &str, count: usize) -> Vec<String> {
    let mut runner = TestRunner::deterministic();
    let strategy = proptest::string::string_regex(pattern).expect("a pattern");
    (0..count).map(|_| strategy.new_tree(&mut runner).expect("a text").current()).collect()
}

/// Returns session settings that change how quotes and backslashes are read.
fn modes(dialect: Dialect) -> &'static [&'static str] {
    match dialect {
        Dialect::Postgres => &[
            "SET standard_conforming_strings = on",
            "SET standard_conforming_strings = off",
            "SET standard_conforming_strings = off; SET backslash_quote = off",
        ],
        Dialect::Mysql => &[
            "SET SESSION sql_mode = ''",
            "SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES'",
            "SET SESSION sql_mode = 'ANSI_QUOTES'",
            "SET SESSION sql_mode = 'ANSI,NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES'",
            "SET SESSION sql_mode = 'ORACLE'",
        ],
        Dialect::Sqlite => &["SELECT 1"],
    }
}

async fn in_mode(database: &Database, mode: &str) -> Connection {
    let mut connection = database.open().await;
    for statement in mode.split("; ") {
        connection.query(statement).await.expect("a mode");
    }
    connection
}

pub async fn a_value_is_what_it_was_in_every_mode(database: &Database) {
    let dialect = database.dialect();
    let generated = samples(r#"(?s)['"`\\$;\-/*#%\n\r a-f0éπ😀]{0,24}|.{0,12}"#, 400);
    let values: Vec<String> = HOSTILE.iter().map(ToString::to_string).chain(generated).collect();
    for mode in modes(dialect) {
        let mut connection = in_mode(database, mode).await;
        for batch in values.chunks(100) {
            let literals: Vec<String> =
                batch.iter().map(|value| quote::literal(value, dialect)).collect();
            let rows = connection.query(&format!("SELECT {}", literals.join(", "))).await;
            let rows = rows.unwrap_or_else(|error| panic!("{mode}: {error} in {literals:?}"));
            for (index, value) in batch.iter().enumerate() {
                let read: String = rows[0].at(index).expect("a text");
                assert_eq!(read, value.replace('\0', "\u{fffd}"), "{mode}: {}", literals[index]);
            }
        }
    }
}

/// Returns whether the engine allows this name.
fn can_be_a_name(name: &str, dialect: Dialect) -> bool {
    let fits = match dialect {
        Dialect::Postgres => name.len() <= 63,
        Dialect::Mysql => {
            name.chars().count() <= 64
                && name.chars().all(|c| c <= '\u{ffff}')
                && !name.ends_with(char::is_whitespace)
        }
        Dialect::Sqlite => !name.to_ascii_lowercase().starts_with("sqlite_"),
    };
    fits && !name.is_empty()
}

fn all_names(dialect: Dialect) -> Vec<String> {
    let generated = samples(r#"['"`\\$;\-/*#%.\n a-f0éπ]{1,20}|[[:print:]]{1,12}"#, 40);
    let longest = match dialect {
        Dialect::Postgres => "'".repeat(63),
        // The name becomes a file name, in which each of these takes five letters.
        Dialect::Mysql => format!("{}``''", "a".repeat(60)),
        Dialect::Sqlite => "\"".repeat(2_000),
    };
    let hostile = HOSTILE.iter().map(ToString::to_string).chain(["a\0b".to_owned(), longest]);
    hostile.chain(generated).filter(|name| can_be_a_name(name, dialect)).collect()
}

fn tables_like(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'",
        Dialect::Mysql => {
            "SELECT table_name FROM information_schema.tables WHERE table_schema = database()"
        }
        Dialect::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
    }
}

pub async fn a_name_is_what_it_was_in_every_mode(database: &Database) {
    let dialect = database.dialect();
    for mode in modes(dialect) {
        let mut connection = in_mode(database, mode).await;
        for name in all_names(dialect) {
            let quoted = quote::identifier(&name, dialect);
            let made = connection.query(&format!("CREATE TABLE {quoted} ({quoted} INTEGER)")).await;
            made.unwrap_or_else(|error| panic!("{mode}: {error} with {quoted}"));
            let rows = connection.query(tables_like(dialect)).await.expect("tables");
            let made: Vec<String> = rows.iter().map(|row| row.at(0).expect("a name")).collect();
            assert_eq!(made, [name.replace('\0', "\u{fffd}")], "{mode}");
            connection.query(&format!("SELECT {quoted} FROM {quoted}")).await.expect("a column");
            connection.query(&format!("DROP TABLE {quoted}")).await.expect("a table");
        }
    }
}

/// Returns a plan with every kind of step, described by `hostile`.
pub(super) fn described(hostile: &str) -> Vec<Migration> {
    async fn insert(db: &mut Db) -> Result<()> {
        db.execute("INSERT INTO t1 VALUES (7)").await?;
        Ok(())
    }
    vec![
        table("1").description(hostile.to_owned()),
        mixed("2").description(hostile.to_owned()).up(insert).down("DELETE FROM t1"),
        Migration::new("3")
            .kind(Kind::Data)
            .waive("missing-where", String::leak(format!("because {hostile}")))
            .description(hostile.to_owned())
            .up("UPDATE t1 SET id = 8"),
    ]
}

pub async fn history_takes_hostile_values_in_every_mode(database: &Database) {
    for mode in modes(database.dialect()) {
        for hostile in HOSTILE {
            let mut settings = Settings::default();
            settings.actor = Some(hostile.to_owned());
            settings.history_table = String::from("'\"`\\;--_history");
            let mut connection = in_mode(database, mode).await;
            let migrator = || Migrator::new(described(hostile)).settings(settings.clone());
            let all = migrate_core::Request::Production(Target::Head);
            migrator()
                .run_on(&mut connection, &all)
                .await
                .unwrap_or_else(|error| panic!("{mode} {hostile:?}: {error:?}"));
            let history =
                HistoryTable::new(database.dialect(), None, &settings.history_table).qualified();
            let kept = format!("SELECT description, applied_by FROM {history} ORDER BY sequence");
            for row in connection.query(&kept).await.expect("history") {
                let kept: (String, String) =
                    (row.at(0).expect("a text"), row.at(1).expect("a text"));
                assert_eq!(kept, (hostile.to_owned(), hostile.to_owned()), "{mode}");
            }
            let back = migrate_core::Request::Down(Target::Base);
            migrator()
                .run_on(&mut connection, &back)
                .await
                .unwrap_or_else(|error| panic!("{mode} {hostile:?}: {error:?}"));
        }
    }
}

pub async fn history_is_kept_in_tables_of_hostile_names(database: &Database) {
    let dialect = database.dialect();
    // The log's name is longer than the history's.
    let short = |name: &String| {
        can_be_a_name(&format!("{name}_lock"), dialect) && !name.ends_with('\u{fffd}')
    };
    for name in all_names(dialect).into_iter().filter(short) {
        let mut settings = Settings::default();
        settings.history_table = name.clone();
        let attach = |set| database.attach(Migrator::new(set).settings(settings.clone()));
        let failed = |error| panic!("{name:?}: {error:?}");
        let mut migrator = attach(described("a")).await;
        migrator.production(Target::Head).await.unwrap_or_else(failed);
        assert!(migrator.up(Target::Head).await.unwrap_or_else(failed).done.is_empty(), "{name:?}");
        migrator.down(Target::Base).await.unwrap_or_else(failed);
        migrator.stamp(Target::Head).await.unwrap_or_else(failed);
        assert_eq!(migrator.history().await.expect("history").len(), 3, "{name:?}");
        migrator.stamp(Target::Base).await.unwrap_or_else(failed);
        let broken = vec![mixed("1").up("DROP TABLE nowhere").down("")];
        attach(broken).await.up(Target::Head).await.expect_err("no such table");
    }
}
