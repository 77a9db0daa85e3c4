//! The command line as clap reads it: words and help, no behaviour.

mod commands;
mod values;

use std::time::Duration;

use clap::{ArgAction, Args, Parser, Subcommand};
use migrate_core::{Dialect, LockMode, WrittenUrl};

pub(crate) use self::commands::{
    Branches, Check, Completions, Create, Current, Down, Edit, Graph, Heads, History, Init, Lint,
    Lock, Merge, PlanArgs, Production, RepairArgs, Show, Stamp, Up,
};
pub(crate) use self::values::{Color, Format, MigrationKind};

/// Database migrations: apply, undo, inspect and write revisions.
#[derive(Debug, Parser)]
#[command(
    name = "migrate",
    version,
    arg_required_else_help = true,
    subcommand_required = true,
    max_term_width = 100,
    after_help = "Exit codes: 0 done, 1 it failed, 2 usage, 3 the answer is no, 129, 130 and 143 stopped by a signal."
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
    /// The database; else the environment's `DATABASE_URL`
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) database_url: Option<WrittenUrl>,
    /// The environment, `[env.NAME]` in `migrate.toml`; else the environment's `MIGRATE_ENV`
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) env: Option<String>,
    /// The dialect of SQL, where no database tells it; `init` takes several
    #[arg(long, global = true, value_name = "DIALECT", value_parser = values::dialect())]
    pub(crate) dialect: Vec<Dialect>,
    /// How results are printed
    #[arg(long, global = true, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) format: Format,
    /// Say nothing but results and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say more
    #[arg(short, long, global = true, action = ArgAction::SetTrue)]
    pub(crate) verbose: bool,
    /// What keeps other runs out: the session's lock, a lease where that is worth nothing, or one of them [default: auto]
    #[arg(long, global = true, value_name = "KIND", value_parser = values::lock())]
    pub(crate) lock: Option<LockMode>,
    /// How long to wait for another run to end, and to retry a step that others keep from being done [default: 60]
    #[arg(long, global = true, value_name = "SECONDS", value_parser = values::seconds)]
    pub(crate) wait: Option<Duration>,
    /// How long to wait for a server that does not take connections yet [default: 0]
    #[arg(long, global = true, value_name = "SECONDS", value_parser = values::seconds)]
    pub(crate) wait_for_db: Option<Duration>,
    /// How long a statement may wait for a lock of the server, such as `500ms`, `5s` or `0` for ever [default: 5s]
    #[arg(long, global = true, value_name = "DURATION", value_parser = values::duration)]
    pub(crate) lock_timeout: Option<Duration>,
    /// How long a statement may run, such as `30s`, `10m` or `0` for ever; not on SQLite [default: 0]
    #[arg(long, global = true, value_name = "DURATION", value_parser = values::duration)]
    pub(crate) statement_timeout: Option<Duration>,
    /// The role whose rights the migrations take, by `SET ROLE`
    #[arg(long, global = true, value_name = "ROLE")]
    pub(crate) role: Option<String>,
    /// Schema of the history tables; else the environment's `MIGRATE_HISTORY_SCHEMA` [default: where the connection creates]
    #[arg(long, global = true, value_name = "SCHEMA")]
    pub(crate) history_schema: Option<String>,
    /// Ask nothing; in a protected environment the database must be named
    #[arg(long, global = true, value_name = "DATABASE", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub(crate) yes: Option<String>,
    /// When to use colours; `NO_COLOR` turns them off
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t)]
    pub(crate) color: Color,
}

/// What is to be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    // The words of each are those of its arguments.
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
