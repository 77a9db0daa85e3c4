//! The shop's migrations as a command.

use std::process::ExitCode;

fn main() -> ExitCode {
    migrate_cli::main(shop_migrations::Migrations)
}
