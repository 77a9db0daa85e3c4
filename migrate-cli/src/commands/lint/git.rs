//! Asks Git which files are new in this branch.

use std::path::{Path, PathBuf};
use std::process::Command;

use migrate_core::Migration;

use crate::error::{CommandError, Problem};

/// Files that did not exist when the branch started.
pub(super) struct NewFiles {
    home: PathBuf,
    files: Vec<PathBuf>,
}

impl NewFiles {
    /// Returns whether the migration is in one of them.
    pub(super) fn declare(&self, migration: &Migration) -> bool {
        let Some(origin) = migration.origin() else { return false };
        // The compiler writes paths relative to its folder, which is the crate's or one above it.
        let file = self.home.ancestors().map(|folder| folder.join(origin.file));
        file.into_iter().find(|path| path.is_file()).is_some_and(|path| self.files.contains(&path))
    }
}

/// Returns the files that are new since HEAD and `reference` diverged, including uncommitted ones.
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

/// Runs Git and returns its output.
fn run(home: &Path, reference: &str, arguments: &[&str]) -> Result<String, Problem> {
    let output = Command::new("git").arg("-C").arg(home).args(arguments).output();
    let output = output.map_err(|error| {
        Problem::new("git", format_args!("cannot run `git`: {error}"))
            .hint("`migrate lint --since REVISION` works without Git")
    })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.trim().trim_start_matches("fatal: ");
    Err(unknown(reference, if said.is_empty() { "it shares no commit with HEAD" } else { said }))
}

fn unknown(reference: &str, why: &str) -> Problem {
    let message = format_args!("cannot tell what is new since `{reference}`: {why}").to_string();
    Problem::new("git", message)
        .hint("name a branch or commit that exists here; in a shallow clone, fetch the rest first")
}
