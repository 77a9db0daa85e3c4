//! The commands of a migrations crate, as a library for its own binary (feature `commands`), and `migrate`, which finds
//! that binary and starts it.
//!
#![cfg_attr(
    feature = "commands",
    doc = r"
```no_run
# fn migrations() -> Vec<migrate_core::Migration> { Vec::new() }
fn main() -> std::process::ExitCode {
    # let my_migrations = migrations();
    migrate_cli::main(my_migrations)
}
```

In a real crate the argument is its `Migrations`, which `migrate_core::migrations!()` declares.
"
)]
//!
//! Arguments become settings, settings a command, and a command an exit code. Data is written to standard output, and
//! everything else to standard error.
//!
//! Without `commands` the crate contains only what `migrate` itself needs: no engine, no TLS, no parser. The engines of a
//! binary are features, too: `postgres`, `mysql`, `sqlite`, `tls-rustls`, `tls-native`. They are passed on to `migrate-core`.
#![cfg_attr(
    not(feature = "commands"),
    expect(dead_code, reason = "`migrate` uses a part of what it shares with the commands")
)]

mod args;
mod command_line;
mod completions;
mod environment;
mod error;
mod escape;
mod exit;
mod failure;
mod flag;
mod io;
mod launcher;
mod local;
mod problem;
mod rendered;
mod scaffold;
mod toml_file;
mod wording;

#[cfg(feature = "commands")]
mod announce;
#[cfg(feature = "commands")]
mod commands;
#[cfg(feature = "commands")]
mod database;
#[cfg(feature = "commands")]
mod graph_view;
#[cfg(feature = "commands")]
mod inspect;
#[cfg(feature = "commands")]
mod json;
#[cfg(feature = "commands")]
mod observer;
#[cfg(feature = "commands")]
mod program;
#[cfg(feature = "commands")]
mod report;
#[cfg(feature = "commands")]
mod review;
#[cfg(feature = "commands")]
mod run;
#[cfg(feature = "commands")]
mod session;
#[cfg(feature = "commands")]
mod settings;
#[cfg(feature = "commands")]
mod signal;
#[cfg(feature = "commands")]
mod titles;

pub use self::environment::Environment;
pub use self::exit::Exit;
pub use self::io::Io;
pub use self::launcher::find_and_main;
#[cfg(feature = "commands")]
pub use self::{
    program::Program,
    run::{main, run},
    signal::StopSwitch,
};
