//! The options of each command.

use std::path::PathBuf;

use clap::{ArgGroup, Args};
use clap_complete::Shell;
use migrate_core::Answer;

use crate::args::MigrationKind;

/// Apply schema revisions.
///
/// Data revisions are applied by `production`. Nothing is run if history and program disagree.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  migrate up\n  migrate up -r +1\n  migrate up -r billing@head\n  \
    migrate up --sql > up.sql\n  migrate up --sql=003:005 --dialect postgres"
)]
pub(crate) struct Up {
    /// Where to go: `head`, `heads`, a revision, `+1`, `label@head`
    #[arg(short, long = "revision", value_name = "TARGET", allow_hyphen_values = true)]
    pub(crate) revision: Option<String>,
    /// Print the SQL of a run from A to B, from base unless given, and do not connect
    #[arg(long, value_name = "A:B", num_args = 0..=1, require_equals = true, default_missing_value = ":", conflicts_with = "plan")]
    pub(crate) sql: Option<String>,
    /// Show what would be done, and do nothing
    #[arg(long)]
    pub(crate) plan: bool,
}

/// Undo revisions, the last applied first.
///
/// Undoes one schema revision unless told otherwise, and first the data revisions that rest on it. With `--from-history`
/// it is the revisions that only a newer program knows, the last applied first: the way back from a release that is
/// withdrawn.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  migrate down\n  migrate down -n 2\n  migrate down -r 003    # 003 stays\n  \
    migrate down -r base   # undo all\n  migrate down --from-history --plan\n  \
    migrate down --sql=005:003 --dialect postgres"
)]
pub(crate) struct Down {
    /// What stays applied: a revision, `base`, `-2`, `head-1`
    #[arg(short, long = "revision", value_name = "TARGET", allow_hyphen_values = true)]
    pub(crate) revision: Option<String>,
    /// How many schema revisions to undo; with `--from-history`, how many of those that are unknown here
    #[arg(short, long, value_name = "N", conflicts_with = "revision", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) number: Option<u16>,
    /// Undo revisions that are unknown here, all unless `-n` is given, by the SQL that history has kept; it is shown
    /// first, and the database must be named
    #[arg(long, conflicts_with_all = ["revision", "sql"])]
    pub(crate) from_history: bool,
    /// Print the SQL of a run from A down to B, and do not connect
    #[arg(long, value_name = "A:B", num_args = 0..=1, require_equals = true, default_missing_value = ":", conflicts_with_all = ["plan", "number"])]
    pub(crate) sql: Option<String>,
    /// Show what would be done, and do nothing
    #[arg(long)]
    pub(crate) plan: bool,
}

/// Apply schema and data revisions in their order: a whole release.
///
/// Needs a database that is named: the default SQLite file is never used.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  migrate production --plan\n  migrate production --env production"
)]
pub(crate) struct Production {
    /// Where to go: `head`, `heads`, a revision, `+1`, `label@head`
    #[arg(short, long = "revision", value_name = "TARGET", allow_hyphen_values = true)]
    pub(crate) revision: Option<String>,
    /// Show what would be done, and do nothing
    #[arg(long)]
    pub(crate) plan: bool,
}

/// Show the revision the database is at; nothing when nothing is applied.
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
    /// Only from A to B, both included; either may be left out
    #[arg(short, long, value_name = "A:B", allow_hyphen_values = true)]
    pub(crate) range: Option<String>,
    /// Draw the lines between them
    #[arg(long)]
    pub(crate) graph: bool,
}

/// Show what would be done, and do nothing.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  migrate plan\n  migrate plan --production --format json\n  \
    migrate plan --down -r 003")]
pub(crate) struct PlanArgs {
    /// Where to go, as for `up` or `down`
    #[arg(short, long = "revision", value_name = "TARGET", allow_hyphen_values = true)]
    pub(crate) revision: Option<String>,
    /// What `down` would do
    #[arg(long, conflicts_with = "production")]
    pub(crate) down: bool,
    /// What `production` would do
    #[arg(long)]
    pub(crate) production: bool,
}

/// Find what is wrong or missing; exit with 3 if there is anything.
///
/// Looks at the revision graph, at files that are not part of the crate, and at the database: pending, edited, unknown
/// and unfinished revisions, and SQL of pending ones that the compiler did not see (code apart: `lint` runs it). Without a database only the first two.
#[derive(Args, Debug)]
pub(crate) struct Check {}

/// Find what is wrong or dangerous in SQL; exit with 3 if any of it is denied.
///
/// Looks at what is pending, up and down. `[lint.rules]` in `migrate.toml` sets what each rule is: `deny`, `warn` or
/// `allow`. Code is run without a database, to see what it would send. Prints as `--format` text, json, sarif or github.
#[derive(Args, Debug)]
#[group(multiple = false)]
#[command(
    after_help = "Examples:\n  migrate lint\n  migrate lint --since-git origin/main --format github\n  \
    migrate lint --all --dialect postgres --format sarif > lint.sarif\n  migrate lint --explain missing-where"
)]
pub(crate) struct Lint {
    /// Look at every revision, and do not connect
    #[arg(long)]
    pub(crate) all: bool,
    /// Look at what comes after a revision, and do not connect
    #[arg(long, value_name = "REVISION", allow_hyphen_values = true)]
    pub(crate) since: Option<String>,
    /// Look at revisions whose files are new since this branch left a Git branch or commit, and do not connect
    #[arg(long, value_name = "REF")]
    pub(crate) since_git: Option<String>,
    /// Say what a rule finds, why, and what to write instead
    #[arg(long, value_name = "RULE")]
    pub(crate) explain: Option<String>,
    /// List the rules, and what each is now: `deny`, `warn` or `allow`
    #[arg(long)]
    pub(crate) rules: bool,
}

/// Write a new revision: a file, and the `mod` line that makes it part of the crate.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  migrate create \"add email to users\"\n  \
    migrate create \"fill emails\" --kind data\n  migrate create \"billing tables\" --branch billing --after 003")]
pub(crate) struct Create {
    /// What it does, in a few words
    #[arg(value_name = "TEXT")]
    pub(crate) text: String,
    /// Write an empty revision, as all are until models can be compared
    #[arg(long)]
    pub(crate) no_autogenerate: bool,
    /// What it changes
    #[arg(long, value_enum, default_value_t)]
    pub(crate) kind: MigrationKind,
    /// The id; the next number unless given
    #[arg(long, value_name = "ID")]
    pub(crate) rev: Option<String>,
    /// The revision it comes after; the head unless given
    #[arg(long, value_name = "REVISION", allow_hyphen_values = true)]
    pub(crate) after: Option<String>,
    /// The branch it continues or begins
    #[arg(long, value_name = "LABEL")]
    pub(crate) branch: Option<String>,
}

/// Write a revision that joins several heads, and changes nothing itself.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  migrate merge\n  migrate merge -m \"join billing\" 005 006")]
pub(crate) struct Merge {
    /// What to join; all heads unless given
    #[arg(value_name = "REVISIONS")]
    pub(crate) revisions: Vec<String>,
    /// What it does, in a few words
    #[arg(short, long, value_name = "TEXT")]
    pub(crate) message: Option<String>,
    /// The id; the next number unless given
    #[arg(long, value_name = "ID")]
    pub(crate) rev: Option<String>,
}

/// Open a revision in the editor: `$VISUAL`, else `$EDITOR`.
#[derive(Args, Debug)]
pub(crate) struct Edit {
    /// The revision
    #[arg(value_name = "REVISION", allow_hyphen_values = true)]
    pub(crate) revision: String,
}

/// Show a revision and its SQL.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  migrate show head\n  migrate show 003 --dialect mysql")]
pub(crate) struct Show {
    /// The revision
    #[arg(value_name = "REVISION", allow_hyphen_values = true)]
    pub(crate) revision: String,
}

/// Show the newest revision of each line.
#[derive(Args, Debug)]
pub(crate) struct Heads {}

/// Show branch labels, and revisions that several others come after.
#[derive(Args, Debug)]
pub(crate) struct Branches {}

/// Write history as if a revision had been reached, and run nothing.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  migrate stamp head\n  migrate stamp 003 --plan\n  migrate stamp base"
)]
pub(crate) struct Stamp {
    /// The revision, `head`, `heads` or `base`
    #[arg(value_name = "REVISION", allow_hyphen_values = true)]
    pub(crate) revision: String,
    /// Print the SQL of a stamp from A, from base unless given, and do not connect
    #[arg(long, value_name = "A:", num_args = 0..=1, require_equals = true, default_missing_value = ":", conflicts_with = "plan")]
    pub(crate) sql: Option<String>,
    /// Show what would be done, and do nothing
    #[arg(long)]
    pub(crate) plan: bool,
}

/// Show what only a human can mend, or say what is so.
///
/// Without `--accept`, `--done`, `--not-done` or `--rerun` it only shows the revisions that are unfinished or were edited
/// after they were applied, and what answers each, and exits with 3 if there is any. Most unfinished revisions need no word:
/// the next run goes on with them by itself.
///
/// An answer is about the statement whose outcome is unknown, if there is one and `--whole` is not given, and else about the whole revision.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  migrate repair\n  \
    migrate repair --accept 003 --reason \"the same table, written in another way\"\n  \
    migrate repair 005 --done --reason \"the trigger is there\"\n  \
    migrate repair 006 --rerun --reason \"it only fills what is empty\"")]
#[command(group = ArgGroup::new("answer"))]
#[expect(clippy::struct_excessive_bools, reason = "each answers a question of its own")]
pub(crate) struct RepairArgs {
    /// The revision
    #[arg(value_name = "REVISION", allow_hyphen_values = true)]
    pub(crate) revision: Option<String>,
    /// Take over an applied revision as it was edited: the database is as its new text says
    #[arg(long, value_name = "REVISION", num_args = 0..=1, group = "answer", requires = "reason")]
    #[expect(clippy::option_option, reason = "the flag may be there without a value")]
    pub(crate) accept: Option<Option<String>>,
    /// The statement whose outcome is unknown took effect; without one, all of the unfinished revision is applied, or undone
    #[arg(long, group = "answer", requires_all = ["revision", "reason"])]
    pub(crate) done: bool,
    /// The statement whose outcome is unknown did not take effect; without one, nothing of the unfinished revision is applied, or undone
    #[arg(long, group = "answer", requires_all = ["revision", "reason"])]
    pub(crate) not_done: bool,
    /// Run, or undo, an unfinished revision again from its start: the next run does it
    #[arg(long, group = "answer", requires_all = ["revision", "reason"])]
    pub(crate) rerun: bool,
    /// With `--done` or `--not-done`: answer for the whole revision, although one of its statements has an unknown outcome
    #[arg(long, requires = "answer", conflicts_with_all = ["accept", "rerun"])]
    pub(crate) whole: bool,
    /// Why, for whoever reads the log
    #[arg(long, value_name = "TEXT", requires = "answer")]
    pub(crate) reason: Option<String>,
}

impl RepairArgs {
    /// What is said, and of which revision, as far as that is told; nothing where nothing is said.
    pub(crate) fn answer(&self) -> Option<(Option<&str>, Answer)> {
        let revision = self.revision.as_deref();
        match &self.accept {
            Some(named) => Some((named.as_deref().or(revision), Answer::Accept)),
            None if self.done => Some((revision, Answer::Done)),
            None if self.not_done => Some((revision, Answer::NotDone)),
            None if self.rerun => Some((revision, Answer::Rerun)),
            None => None,
        }
    }
}

/// Draw the revision graph, as `--format` text, json, mermaid or dot.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  migrate graph\n  migrate graph --format mermaid > graph.mmd\n  \
    migrate graph --format dot | dot -Tsvg > graph.svg"
)]
pub(crate) struct Graph {}

/// Set up a crate of migrations, in a project or an empty folder.
///
/// Writes a crate, adds it to the workspace, and makes `cargo migrate` an alias of its commands.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  migrate init\n  migrate init shop --name shop-migrations --dialect postgres\n\n\
    Then:\n  cargo migrate create \"create users\"   # and write its SQL\n  cargo migrate up"
)]
pub(crate) struct Init {
    /// The project's folder
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) project: PathBuf,
    /// The name of the crate, and of its folder
    #[arg(long, value_name = "NAME", default_value = "migrations")]
    pub(crate) name: String,
    /// Where the crates of this tool are found on disk
    #[arg(long = "path", value_name = "DIR", conflicts_with = "git")]
    pub(crate) path: Option<PathBuf>,
    /// The repository the crates of this tool are taken from
    #[arg(long, value_name = "URL")]
    pub(crate) git: Option<String>,
}

/// Print a completion script for a shell.
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  migrate completions bash > ~/.local/share/bash-completion/completions/migrate"
)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub(crate) shell: Shell,
}

/// Show who holds the migration lock, or free it.
///
/// A run holds it for as long as it goes on. A session's lock ends with the session; a lease, which keeps other runs out
/// where sessions are shared, expires when its owner has been silent for 15 s.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  migrate lock\n  migrate lock --format json\n  \
    migrate lock --release   # of a run that was killed")]
pub(crate) struct Lock {
    /// Free a lease whose owner is gone: it is watched for 15 s first, and refused if he shows that he is alive
    #[arg(long)]
    pub(crate) release: bool,
}
