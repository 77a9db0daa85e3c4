//! The command line as clap reads it: options and help texts, no behaviour.

mod commands;
#[cfg(feature = "commands")]
mod meaning;
mod values;

use std::time::Duration;

use clap::{ArgAction, Args, Parser, Subcommand};

pub(crate) use self::commands::{
    Branches, Check, Completions, Create, Current, Down, Edit, Graph, Heads, History, Init, Lint,
    Lock, Merge, PlanArgs, Production, RepairArgs, Show, Stamp, Up,
};
pub(crate) use self::values::{Color, Dialect, Format, LockKind, MigrationKind, UrlText};

/// Database migrations: apply, undo, inspect and write revisions.
#[derive(Debug, Parser)]
#[command(
    name = "migrate",
    version,
    arg_required_else_help = true,
    subcommand_required = true,
    max_term_width = 100,
    after_help = "Exit codes: 0 done, 1 failed, 2 usage error, 3 a check failed, 129, 130 and 143 stopped by a signal."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options that every command takes.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Database URL [env: `DATABASE_URL`]
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) database_url: Option<UrlText>,
    /// Environment: the section `[env.NAME]` of `migrate.toml` [env: `MIGRATE_ENV`]
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) env: Option<String>,
    /// SQL dialect, when there is no database to ask; may be repeated for `init`
    #[arg(long, global = true, value_enum, value_name = "DIALECT")]
    pub(crate) dialect: Vec<Dialect>,
    /// Output format
    #[arg(long, global = true, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) format: Format,
    /// Print only results and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Print more detail
    #[arg(short, long, global = true, action = ArgAction::SetTrue)]
    pub(crate) verbose: bool,
    /// Locking: `session`, `lease` (for PgBouncer, Galera), `none`, or `auto` to choose [default: auto]
    #[arg(long, global = true, value_enum, value_name = "KIND")]
    pub(crate) lock: Option<LockKind>,
    /// How long to wait for another run, and to retry a blocked step [default: 60]
    #[arg(long, global = true, value_name = "SECONDS", value_parser = values::seconds)]
    pub(crate) wait: Option<Duration>,
    /// How long to wait for a server that does not accept connections yet [default: 0]
    #[arg(long, global = true, value_name = "SECONDS", value_parser = values::seconds)]
    pub(crate) wait_for_db: Option<Duration>,
    /// How long a statement may wait for a lock in the database: `500ms`, `5s`, or `0` for no limit [default: 5s]
    #[arg(long, global = true, value_name = "DURATION", value_parser = values::duration)]
    pub(crate) lock_timeout: Option<Duration>,
    /// How long a statement may run: `30s`, `10m`, or `0` for no limit; not on SQLite [default: 0]
    #[arg(long, global = true, value_name = "DURATION", value_parser = values::duration)]
    pub(crate) statement_timeout: Option<Duration>,
    /// Role to run migrations as, set with `SET ROLE`
    #[arg(long, global = true, value_name = "ROLE")]
    pub(crate) role: Option<String>,
    /// Schema of the history tables [env: `MIGRATE_HISTORY_SCHEMA`] [default: where the connection creates tables]
    #[arg(long, global = true, value_name = "SCHEMA")]
    pub(crate) history_schema: Option<String>,
    /// Skip confirmation prompts; protected environments need the database name
    #[arg(long, global = true, value_name = "DATABASE", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub(crate) yes: Option<String>,
    /// When to use colours; `NO_COLOR` turns them off
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t)]
    pub(crate) color: Color,
}

/// The command to run.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    // The help text of each is the doc comment of its arguments.
    Up(Up),
    Down(Down),
    Production(Production),
    Current(Current),
    History(History),
    Plan(PlanArgs),
    Check(Check),
    Lint(Lint),
    Create(Create),
    Merge(Merge),
    Edit(Edit),
    Show(Show),
    Heads(Heads),
    Branches(Branches),
    Stamp(Stamp),
    Repair(RepairArgs),
    Graph(Graph),
    Lock(Lock),
    Init(Init),
    Completions(Completions),
}
