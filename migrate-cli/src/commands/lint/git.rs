//! What is new in this branch, as Git knows it.

use std::path::{Path, PathBuf};
use std::process::Command;

use migrate_core::Migration;

use crate::error::{CommandError, Problem};

/// Files that were not there when the branch began.
pub(super) struct NewFiles {
    home: PathBuf,
    files: Vec<PathBuf>,
}

impl NewFiles {
    /// Whether the migration stands in one of them.
    pub(super) fn declare(&self, migration: &Migration) -> bool {
        let Some(origin) = migration.origin() else { return false };
        // The compiler writes paths relative to where it ran: the crate's folder or one above it.
        let file = self.home.ancestors().map(|folder| folder.join(origin.file));
        file.into_iter().find(|path| path.is_file()).is_some_and(|path| self.files.contains(&path))
    }
}

/// The files that are new since HEAD and `reference` were one, those not yet committed among them.
pub(super) fn new_files(home: &Path, reference: &str) -> Result<NewFiles, CommandError> {
    let home = home.canonicalize().unwrap_or_else(|_| home.to_owned());
    if reference.starts_with('-') {
        return Err(unknown(reference, "it looks like an option").into());
    }
    let git = |arguments: &[&str]| run(&home, reference, arguments);
    let root = PathBuf::from(git(&["rev-parse", "--show-toplevel"])?.trim_end());
    let base = git(&["merge-base", reference, "HEAD"])?;
    let added =
        git(&["diff", "--name-only", "--diff-filter=A", "-z", "--no-relative", base.trim_end()])?;
    let untracked =
        git(&["ls-files", "--others", "--exclude-standard", "--full-name", "-z", ":/"])?;
    let files = added.split('\0').chain(untracked.split('\0')).filter(|file| !file.is_empty());
    Ok(NewFiles { files: files.map(|file| root.join(file)).collect(), home })
}

/// What Git answers.
fn run(home: &Path, reference: &str, arguments: &[&str]) -> Result<String, Problem> {
    let output = Command::new("git").arg("-C").arg(home).args(arguments).output();
    let output = output.map_err(|error| {
        Problem::new("git", format_args!("cannot run `git`: {error}"))
            .hint("`migrate lint --since REVISION` does without")
    })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.trim().trim_start_matches("fatal: ");
    Err(unknown(reference, if said.is_empty() { "it shares no commit with HEAD" } else { said }))
}

fn unknown(reference: &str, why: &str) -> Problem {
    let message =
        format_args!("Git cannot tell what is new since `{reference}`: {why}").to_string();
    Problem::new("git", message)
        .hint("name a branch or commit that is here; of a shallow clone, fetch the rest first")
}
