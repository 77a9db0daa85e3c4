//! The commands of a migrations crate, as a library for its own binary.
//!
//! ```no_run
//! # fn migrations() -> Vec<migrate_core::Migration> { Vec::new() }
//! fn main() -> std::process::ExitCode {
//!     # let my_migrations = migrations();
//!     migrate_cli::main(my_migrations)
//! }
//! ```
//!
//! In a real crate the argument is its `Migrations`, which `migrate_core::migrations!()` declares.
//!
//! Arguments become settings, settings a command, and a command an exit code. Data goes to the standard output, and
//! everything else to the standard error.

mod announce;
mod args;
mod commands;
mod completions;
mod draw;
mod error;
mod find;
mod gate;
mod handle;
mod inspect;
mod io;
mod json;
mod observer;
mod program;
mod report;
mod run;
mod scaffold;
mod session;
mod settings;
mod signal;
mod titles;
mod visible;

pub use self::error::Exit;
pub use self::io::Io;
pub use self::program::Program;
pub use self::run::{find_and_main, main, run};
pub use self::settings::Environment;
pub use self::signal::StopSwitch;
