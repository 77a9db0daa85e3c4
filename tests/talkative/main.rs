//! A user's own binary that logs everything, and whose revisions succeed or fail depending on the variable `REVISIONS`.

use std::io;
use std::process::ExitCode;

use migrate_tests::suite::secrets::revisions;
use tracing_subscriber::filter::LevelFilter;

#[expect(clippy::disallowed_methods, reason = "a test's own settings, which no other code reads")]
fn main() -> ExitCode {
    if std::env::var_os("TALKATIVE").is_some() {
        tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_writer(io::stderr).init();
    }
    let wanted = std::env::var("REVISIONS").unwrap_or_default();
    migrate_cli::main(revisions(&wanted))
}
