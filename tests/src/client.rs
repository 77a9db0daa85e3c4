//! The engines' own command-line clients, which run scripts as a user without this framework would.

use std::io::Write as _;
use std::process::{Command, Stdio};

use migrate_core::Dialect;

use crate::Database;

/// The result of a client.
#[derive(Debug)]
pub struct Client {
    /// Whether it succeeded.
    pub success: bool,
    /// Its whole output.
    pub said: String,
}

/// Runs `script` on the database with the engine's client.
pub fn run_script(database: &Database, script: &str) -> Client {
    let mut command = command(database);
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().expect("the engine's client; `tests/with-servers` installs it");
    let mut input = child.stdin.take().expect("a pipe");
    // A client that stops at an error closes the pipe before it has read everything.
    drop(input.write_all(script.as_bytes()));
    drop(input);
    let output = child.wait_with_output().expect("the client's end");
    let said = [output.stdout, output.stderr]
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .concat();
    Client { success: output.status.success(), said }
}

fn command(database: &Database) -> Command {
    let place = Place::of(database.url());
    match database.dialect() {
        Dialect::Sqlite => {
            let mut command = Command::new("sqlite3");
            command.arg(place.database);
            command
        }
        Dialect::Postgres => {
            let mut command = Command::new("psql");
            command.args(["--no-psqlrc", "--quiet", "--host", place.host, "--port", place.port]);
            command.args(["--username", place.user, "--dbname", place.database]);
            command.env("PGPASSWORD", place.password);
            command
        }
        Dialect::Mysql => {
            let mut command = Command::new("mariadb");
            command.args(["--no-defaults", "--host", place.host, "--port", place.port]);
            command.args(["--user", place.user, place.database]);
            command.env("MYSQL_PWD", place.password);
            command
        }
    }
}

/// The parts of a test server's URL, or of a SQLite file's.
struct Place<'a> {
    user: &'a str,
    password: &'a str,
    host: &'a str,
    port: &'a str,
    database: &'a str,
}

impl<'a> Place<'a> {
    fn of(url: &'a str) -> Self {
        let Some((_, rest)) = url.split_once("://") else {
            let database = url.strip_prefix("sqlite:").expect("a SQLite file");
            return Self { user: "", password: "", host: "", port: "", database };
        };
        let (login, rest) = rest.split_once('@').expect("a user");
        let (user, password) = login.split_once(':').unwrap_or((login, ""));
        let (server, database) = rest.split_once('/').expect("a database");
        let (host, port) = server.split_once(':').expect("a port");
        Self { user, password, host, port, database }
    }
}
