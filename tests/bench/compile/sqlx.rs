//! sqlx's `migrate!`, over a folder of SQL files.

use crate::project::Peer;
use crate::revisions;

pub(crate) const PEER: Peer = Peer { name: "sqlx `migrate!`", folder: "sqlx", manifest, files };

fn manifest() -> String {
    "[dependencies]\nsqlx = { version = \"0.9\", default-features = false, features = [\"macros\", \"migrate\", \"postgres\", \"runtime-tokio\"] }\n\n[profile.dev.build-override]\nopt-level = 1\n".to_owned()
}

fn files(count: usize) -> Vec<(String, String)> {
    let file = |number| {
        (
            format!("migrations/{}_create.sql", revisions::id(number)),
            revisions::up(number).join(";\n"),
        )
    };
    let mut files: Vec<_> = (1..=count).map(file).collect();
    let library = "pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();\n";
    files.push(("src/lib.rs".to_owned(), library.to_owned()));
    files
}
