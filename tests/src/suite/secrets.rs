//! The password of a URL never appears: not in output, not in logs, not in a process's arguments.

use std::fmt::Debug;
use std::process::Output;

use migrate_core::prelude::*;
use migrate_core::{Connection, DatabaseUrl, Error, Migration, Migrator, Target, quote};

use crate::Database;
use crate::migrations::{mixed, table};
use crate::suite::stopping;

/// The parts of the password, each searched for by itself, so that half a password is found too.
const PARTS: [&str; 3] = ["Zebra77", "Yak88", "Xerus99"];
const PASSWORD: &str = "Zebra77/Yak88@Xerus99:%é";
const ENCODED: &str = "Zebra77%2FYak88%40Xerus99%3A%25%C3%A9";

async fn panics(_: &mut Db) -> Result<()> {
    panic!("on purpose")
}

async fn refuses(_: &mut Db) -> Result<()> {
    Err("on purpose".into())
}

/// Returns revisions; `wanted` determines how the last one ends.
pub fn revisions(wanted: &str) -> Vec<Migration> {
    let last = match wanted {
        "" => table("2"),
        "refused" => mixed("2").up("DROP TABLE nowhere").down(""),
        "panicking" => mixed("2").up(panics),
        "failing" => mixed("2").up(refuses),
        many => {
            let revs = 1..=many.parse().expect("a number");
            return revs.map(|rev: u32| table(&format!("{rev:03}"))).collect();
        }
    };
    vec![table("1"), last]
}

/// A user with the password and all rights.
struct User {
    name: String,
    /// `host:port/database`
    place: String,
    scheme: &'static str,
}

impl User {
    async fn make(database: &Database) -> Self {
        let (scheme, rest) = database.url().split_once("://").expect("a URL");
        let (_, place) = rest.rsplit_once('@').expect("a user");
        let name = format!("{}_user", database.name());
        let (scheme, dialect) = match scheme {
            "mysql" => ("mysql", Dialect::Mysql),
            _ => ("postgres", Dialect::Postgres),
        };
        let (user, word) = (quote::identifier(&name, dialect), quote::literal(PASSWORD, dialect));
        database
            .query(&match dialect {
                Dialect::Mysql => {
                    format!("CREATE USER {user} IDENTIFIED BY {word}; GRANT ALL ON *.* TO {user}")
                }
                _ => format!("CREATE ROLE {user} LOGIN SUPERUSER PASSWORD {word}"),
            })
            .await;
        Self { name, place: place.to_owned(), scheme }
    }

    fn url(&self, password: &str) -> String {
        format!("{}://{}:{password}@{}", self.scheme, self.name, self.place)
    }

    /// Returns URLs with the password in every place; not all of them lead to the database.
    fn urls(&self) -> Vec<String> {
        let Self { name, place, scheme } = self;
        let (server, _) = place.split_once('/').expect("a database");
        let mut urls = vec![
            self.url(ENCODED),
            format!("{}?sslpassword={ENCODED}&some_token={ENCODED}", self.url(ENCODED)),
            // Refused by the server.
            self.url(&format!("wrong{ENCODED}")),
            format!("{scheme}://nobody:{ENCODED}@{place}"),
            format!("{scheme}://{name}:{ENCODED}@{server}/nowhere"),
            // Nothing listens there.
            format!("{scheme}://{name}:{ENCODED}@127.0.0.1:1/a"),
            format!("{scheme}://{name}:{ENCODED}@no.such.host.invalid/a"),
            // Invalid URLs.
            self.url(PASSWORD),
            format!("{scheme}://{name}:{ENCODED}@{server}:x/a"),
            format!("{scheme}:{name}:{ENCODED}@{place}"),
            format!("{scheme}:/{name}:{ENCODED}@{place}"),
            format!("{scheme}//{name}:{ENCODED}@{place}"),
            format!("{name}:{ENCODED}@{place}"),
            format!("oracle://{name}:{ENCODED}@{place}"),
            format!("{}?sslmode=nonsense&ssl-mode=nonsense", self.url(ENCODED)),
        ];
        if *scheme == "postgres" {
            urls.push(format!("{scheme}://{name}@{place}?password={ENCODED}"));
            urls.push(format!("{scheme}://{place}?user={name}&password=wrong{ENCODED}"));
        }
        urls
    }

    async fn drop(self, database: &Database) {
        let drop = match self.scheme {
            "mysql" => format!("DROP USER {}", self.name),
            _ => format!("DROP OWNED BY {0}; DROP ROLE {0}", self.name),
        };
        database.query(&drop).await;
    }
}

fn assert_secret(text: &str, of: &str) {
    for part in PARTS {
        assert!(!text.contains(part), "{of} shows the password:\n{text}");
    }
}

/// Returns the output of a process.
fn said(Output { stdout, stderr, .. }: &Output) -> String {
    format!("{}\n{}", String::from_utf8_lossy(stdout), String::from_utf8_lossy(stderr))
}

/// Runs the program, with a URL in the environment.
fn run(database: &Database, url: &str, revisions: &str, arguments: &[&str]) -> Output {
    let mut command = stopping::program_named("talkative", database, arguments);
    command.env("DATABASE_URL", url).env("REVISIONS", revisions).env("TALKATIVE", "1");
    command.output().expect("the program `talkative`, which is built with the tests")
}

pub async fn no_process_says_the_password(database: &Database) {
    let user = User::make(database).await;
    for url in user.urls() {
        for arguments in [&["up", "-v"][..], &["up", "--format", "json"], &["current", "-v"]] {
            let output = run(database, &url, "", arguments);
            assert_secret(
                &said(&output),
                &format!("`{arguments:?}` at a URL like {}", hidden(&url)),
            );
        }
        // It is visible in the arguments by the user's choice; the output still does not show it.
        let output = run(database, "", "", &["up", "--database-url", &url, "nonsense"]);
        assert_secret(&said(&output), "a misspelt command line");
        let joined = format!("--database-urk={url}");
        assert_secret(&said(&run(database, "", "", &["up", &joined])), "a misspelt option");
    }
    user.drop(database).await;
}

pub async fn no_failing_migration_says_the_password(database: &Database) {
    let user = User::make(database).await;
    for revisions in ["", "refused", "failing", "panicking"] {
        for arguments in
            [&["up", "-v"][..], &["up", "--format", "json"], &["check"], &["down", "-r", "base"]]
        {
            let output = run(database, &user.url(ENCODED), revisions, arguments);
            let text = said(&output);
            assert_secret(&text, &format!("`{arguments:?}` of `{revisions}`"));
            // Without connecting and logging, the test would prove nothing.
            assert!(text.contains("migrate_core"), "`{arguments:?}` of `{revisions}`:\n{text}");
        }
    }
    user.drop(database).await;
}

fn hidden(url: &str) -> String {
    PARTS.iter().fold(url.to_owned(), |url, part| url.replace(part, "…"))
}

fn assert_hides(value: &impl Debug, of: &str) {
    assert_secret(&format!("{value:?}\n{value:#?}"), of);
}

fn assert_error_hides(error: &Error) {
    assert_hides(error, "an error");
    assert_secret(&format!("{error} {:?}", error.hints()), "an error");
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        assert_secret(&format!("{error} {error:?}"), "an error's cause");
        cause = error.source();
    }
}

pub async fn no_value_shows_the_password(database: &Database) {
    let user = User::make(database).await;
    for url in user.urls() {
        match url.parse::<DatabaseUrl>() {
            Ok(parsed) => {
                assert_hides(&parsed, "a URL");
                assert_secret(&parsed.to_string(), "a URL");
            }
            Err(error) => assert_secret(&format!("{error} {error:?}"), "no URL"),
        }
        let config = format!("url = '{url}'\n[env.production]\nurl = '{url}'");
        assert_hides(&migrate_core::Config::parse(&config).expect("settings"), "settings");
        let broken = migrate_core::Config::parse(&format!("url = \"{url}")).expect_err("no end");
        if url.contains("://") {
            assert_secret(&format!("{broken} {broken:?}"), "settings that cannot be read");
        }
        match Migrator::new(revisions("refused")).connect(&url).await {
            Ok(mut connected) => {
                let error = connected.up(Target::Head).await.expect_err("no such table");
                assert_error_hides(&error);
                assert_hides(&connected, "a connected migrator");
            }
            Err(error) => assert_error_hides(&error),
        }
    }
    let connection: Connection = database.open().await;
    assert_hides(&connection, "a connection");
    user.drop(database).await;
}
