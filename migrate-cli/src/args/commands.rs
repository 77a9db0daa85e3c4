//! The options of each command.

use std::path::PathBuf;

use clap::{ArgGroup, Args};
use clap_complete::Shell;

use crate::args::MigrationKind;

/// Apply schema revisions.
///
/// Data revisions are applied by `production`. Nothing runs if history and program disagree.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  migrate up\n  migrate up -r +1\n  migrate up -r billing@head\n  \
    migrate up --sql > up.sql\n  migrate up --sql=003:005 --dialect postgres"
)]
pub(crate) struct Up {
    /// Target: `head`, `heads`, a revision, `+1`, `label@head`
    #[arg(short, long = "revision", value_name = "TARGET", allow_hyphen_values = true)]
    pub(crate) revision: Option<String>,
    /// Print the SQL of a run from A (default: base) to B, without connecting
    #[arg(long, value_name = "A:B", num_args = 0..=1, require_equals = true, default_missing_value = ":", conflicts_with = "plan")]
    pub(crate) sql: Option<String>,
    /// Show what would be done, without doing it
    #[arg(long)]
    pub(crate) plan: bool,
}

/// Undo revisions, the last applied first.
///
/// By default undoes one schema revision, and before it the data revisions that depend on it. `--from-history` undoes the
/// revisions that only a newer program knows, the last applied first: use it to roll back a release.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  migrate down\n  migrate down -n 2\n  migrate down -r 003    # 003 stays\n  \
    migrate down -r base   # undo all\n  migrate down --from-history --plan\n  \
    migrate down --sql=005:003 --dialect postgres"
)]
pub(crate) struct Down {
    /// Revision that stays applied: a revision, `base`, `-2`, `head-1`
    #[arg(short, long = "revision", value_name = "TARGET", allow_hyphen_values = true)]
    pub(crate) revision: Option<String>,
    /// How many schema revisions to undo; with `--from-history`, how many unknown ones
    #[arg(short, long, value_name = "N", conflicts_with = "revision", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) number: Option<u16>,
    /// Undo revisions that this program does not know (all, unless `-n` is given), with the SQL kept in history; shows it
    /// first, and asks for the database name
    #[arg(long, conflicts_with_all = ["revision", "sql"])]
    pub(crate) from_history: bool,
    /// Print the SQL of a run from A down to B, without connecting
    #[arg(long, value_name = "A:B", num_args = 0..=1, require_equals = true, default_missing_value = ":", conflicts_with_all = ["plan", "number"])]
    pub(crate) sql: Option<String>,
    /// Show what would be done, without doing it
    #[arg(long)]
    pub(crate) plan: bool,
}

/// Apply schema and data revisions in order: a whole release.
///
/// The database must be named: the default SQLite file is never used.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  migrate production --plan\n  migrate production --env production"
)]
pub(crate) struct Production {
    /// Target: `head`, `heads`, a revision, `+1`, `label@head`
    #[arg(short, long = "revision", value_name = "TARGET", allow_hyphen_values = true)]
    pub(crate) revision: Option<String>,
    /// Show what would be done, without doing it
    #[arg(long)]
    pub(crate) plan: bool,
}

/// Show the revision that the database is at; prints nothing if nothing is applied.
#[derive(Args, Debug)]
pub(crate) struct Current {
    /// Exit with 3 unless every schema revision is applied
    #[arg(long)]
    pub(crate) check_heads: bool,
}

/// List the revisions, newest first.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  migrate history --graph\n  migrate history -v -r 003:head\n  \
    migrate history -r current:    # what is pending"
)]
pub(crate) struct History {
    /// Only revisions from A to B, inclusive; either end may be omitted
    #[arg(short, long, value_name = "A:B", allow_hyphen_values = true)]
    pub(crate) range: Option<String>,
    /// Draw the graph
    #[arg(long)]
    pub(crate) graph: bool,
}

/// Show what would be done, without doing it.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  migrate plan\n  migrate plan --production --format json\n  \
    migrate plan --down -r 003")]
pub(crate) struct PlanArgs {
    /// Target, as for `up` or `down`
    #[arg(short, long = "revision", value_name = "TARGET", allow_hyphen_values = true)]
    pub(crate) revision: Option<String>,
    /// Show what `down` would do
    #[arg(long, conflicts_with = "production")]
    pub(crate) down: bool,
    /// Show what `production` would do
    #[arg(long)]
    pub(crate) production: bool,
}

/// Check revisions and database; exit with 3 if a check fails.
///
/// Checks the revision graph, files that are not part of the crate, and the database: pending, edited, unknown and
/// unfinished revisions, and the SQL of pending ones that the compiler did not see (except code: `lint` runs it). Without
/// a database, only the first two.
#[derive(Args, Debug)]
pub(crate) struct Check {}

/// Find errors and dangerous statements in SQL; exit with 3 if a denied rule is broken.
///
/// Checks pending revisions, up and down. `[lint.rules]` in `migrate.toml` sets the severity of each rule: `deny`, `warn` or
/// `allow`. Code runs without a database, to see which statements it would send. Takes `--format` text, json, sarif or
/// github.
#[derive(Args, Debug)]
#[group(multiple = false)]
#[command(
    after_help = "Examples:\n  migrate lint\n  migrate lint --since-git origin/main --format github\n  \
    migrate lint --all --dialect postgres --format sarif > lint.sarif\n  migrate lint --explain missing-where"
)]
pub(crate) struct Lint {
    /// Check every revision, without connecting
    #[arg(long)]
    pub(crate) all: bool,
    /// Check the revisions after this one, without connecting
    #[arg(long, value_name = "REVISION", allow_hyphen_values = true)]
    pub(crate) since: Option<String>,
    /// Check revisions whose files are new since this branch left a Git branch or commit, without connecting
    #[arg(long, value_name = "REF")]
    pub(crate) since_git: Option<String>,
    /// Explain a rule: what it finds, why, and what to write instead
    #[arg(long, value_name = "RULE")]
    pub(crate) explain: Option<String>,
    /// List the rules and the severity of each: `deny`, `warn` or `allow`
    #[arg(long)]
    pub(crate) rules: bool,
}

/// Create a revision: a file, and the `mod` line that adds it to the crate.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  migrate create \"add email to users\"\n  \
    migrate create \"fill emails\" --kind data\n  migrate create \"billing tables\" --branch billing --after 003")]
pub(crate) struct Create {
    /// Description, in a few words
    #[arg(value_name = "TEXT")]
    pub(crate) text: String,
    /// Create an empty revision; all are, until models can be compared
    #[arg(long)]
    pub(crate) no_autogenerate: bool,
    /// What the revision changes
    #[arg(long, value_enum, default_value_t)]
    pub(crate) kind: MigrationKind,
    /// Revision id [default: the next number]
    #[arg(long, value_name = "ID")]
    pub(crate) rev: Option<String>,
    /// Parent revision [default: the head]
    #[arg(long, value_name = "REVISION", allow_hyphen_values = true)]
    pub(crate) after: Option<String>,
    /// Branch that the revision continues or starts
    #[arg(long, value_name = "LABEL")]
    pub(crate) branch: Option<String>,
}

/// Create a revision that joins several heads and changes nothing itself.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  migrate merge\n  migrate merge -m \"join billing\" 005 006")]
pub(crate) struct Merge {
    /// Revisions to join [default: all heads]
    #[arg(value_name = "REVISIONS")]
    pub(crate) revisions: Vec<String>,
    /// Description, in a few words
    #[arg(short, long, value_name = "TEXT")]
    pub(crate) message: Option<String>,
    /// Revision id [default: the next number]
    #[arg(long, value_name = "ID")]
    pub(crate) rev: Option<String>,
}

/// Open a revision in the editor (`$VISUAL`, or `$EDITOR`).
#[derive(Args, Debug)]
pub(crate) struct Edit {
    /// Revision
    #[arg(value_name = "REVISION", allow_hyphen_values = true)]
    pub(crate) revision: String,
}

/// Show a revision and its SQL.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  migrate show head\n  migrate show 003 --dialect mysql")]
pub(crate) struct Show {
    /// Revision
    #[arg(value_name = "REVISION", allow_hyphen_values = true)]
    pub(crate) revision: String,
}

/// Show the heads: revisions that no other comes after.
#[derive(Args, Debug)]
pub(crate) struct Heads {}

/// Show branch labels, and revisions where branches split.
#[derive(Args, Debug)]
pub(crate) struct Branches {}

/// Mark revisions as applied without running them.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  migrate stamp head\n  migrate stamp 003 --plan\n  migrate stamp base"
)]
pub(crate) struct Stamp {
    /// Revision, `head`, `heads` or `base`
    #[arg(value_name = "REVISION", allow_hyphen_values = true)]
    pub(crate) revision: String,
    /// Print the SQL of a stamp from A (default: base), without connecting
    #[arg(long, value_name = "A:", num_args = 0..=1, require_equals = true, default_missing_value = ":", conflicts_with = "plan")]
    pub(crate) sql: Option<String>,
    /// Show what would be done, without doing it
    #[arg(long)]
    pub(crate) plan: bool,
}

/// List problems that need a decision, or record one.
///
/// Without `--accept`, `--done`, `--not-done` or `--rerun`, lists the revisions that are unfinished or were edited after they
/// were applied, with the commands that resolve each, and exits with 3 if there are any. Most unfinished revisions are
/// resumed automatically by the next run.
///
/// A decision applies to the statement whose outcome is unknown, if there is one. Otherwise, or with `--whole`, it applies
/// to the whole revision.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  migrate repair\n  \
    migrate repair --accept 003 --reason \"the same table, written differently\"\n  \
    migrate repair 005 --done --reason \"the trigger is there\"\n  \
    migrate repair 006 --rerun --reason \"it only fills what is empty\"")]
#[command(group = ArgGroup::new("answer"))]
#[expect(clippy::struct_excessive_bools, reason = "each answers a question of its own")]
pub(crate) struct RepairArgs {
    /// Revision
    #[arg(value_name = "REVISION", allow_hyphen_values = true)]
    pub(crate) revision: Option<String>,
    /// Accept an applied revision as it was edited: the database already matches the new text
    #[arg(long, value_name = "REVISION", num_args = 0..=1, group = "answer", requires = "reason")]
    #[expect(clippy::option_option, reason = "the flag may be there without a value")]
    pub(crate) accept: Option<Option<String>>,
    /// The statement whose outcome is unknown took effect; if there is none, the whole unfinished revision is applied, or undone
    #[arg(long, group = "answer", requires_all = ["revision", "reason"])]
    pub(crate) done: bool,
    /// The statement whose outcome is unknown did not take effect; if there is none, nothing of the unfinished revision is applied, or undone
    #[arg(long, group = "answer", requires_all = ["revision", "reason"])]
    pub(crate) not_done: bool,
    /// The next run starts the unfinished revision, or its undo, again from the first statement
    #[arg(long, group = "answer", requires_all = ["revision", "reason"])]
    pub(crate) rerun: bool,
    /// With `--done` or `--not-done`: decide for the whole revision, even if the outcome of one statement is unknown
    #[arg(long, requires = "answer", conflicts_with_all = ["accept", "rerun"])]
    pub(crate) whole: bool,
    /// Reason, stored in the log
    #[arg(long, value_name = "TEXT", requires = "answer")]
    pub(crate) reason: Option<String>,
}

/// Draw the revision graph. Takes `--format` text, json, mermaid or dot.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  migrate graph\n  migrate graph --format mermaid > graph.mmd\n  \
    migrate graph --format dot | dot -Tsvg > graph.svg"
)]
pub(crate) struct Graph {}

/// Set up a crate of migrations, in a project or an empty folder.
///
/// Creates a crate, adds it to the workspace, and makes `cargo migrate` an alias for its commands.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  migrate init\n  migrate init shop --name shop-migrations --dialect postgres\n\n\
    Then:\n  cargo migrate create \"create users\"   # then write its SQL\n  cargo migrate up"
)]
pub(crate) struct Init {
    /// Project folder
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) project: PathBuf,
    /// Name of the crate and of its folder
    #[arg(long, value_name = "NAME", default_value = "migrations")]
    pub(crate) name: String,
    /// Local folder with the crates of this tool
    #[arg(long = "path", value_name = "DIR", conflicts_with = "git")]
    pub(crate) path: Option<PathBuf>,
    /// Git repository with the crates of this tool
    #[arg(long, value_name = "URL")]
    pub(crate) git: Option<String>,
}

/// Print a completion script for a shell.
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  migrate completions bash > ~/.local/share/bash-completion/completions/migrate"
)]
pub(crate) struct Completions {
    /// Shell
    #[arg(value_enum, value_name = "SHELL")]
    pub(crate) shell: Shell,
}

/// Show who holds the migration lock, or release it.
///
/// A run holds the lock until it ends. A session lock ends with its session. A lease, used where sessions are shared, expires
/// 15 s after its owner last renewed it.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  migrate lock\n  migrate lock --format json\n  \
    migrate lock --release   # of a run that was killed")]
pub(crate) struct Lock {
    /// Release a lease whose owner is gone: the lease is watched for 15 s first; refused if it is renewed
    #[arg(long)]
    pub(crate) release: bool,
}
