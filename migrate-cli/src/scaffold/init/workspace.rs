//! Changes around a new crate of migrations: the workspace, the alias, `.gitignore`.

use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::{Array, DocumentMut, Value, value};

use crate::environment::CONFIG_FILE;
use crate::error::{CommandError, Problem, file_problem};
use crate::scaffold::init::{File, profile};
use crate::toml_file::{read, table};

/// Returns the changed and the new files of the project.
pub(super) fn files(project: &Path, folder: &Path, name: &str) -> Result<Vec<File>, CommandError> {
    let root = root_of(project)?;
    let member = folder.strip_prefix(&root).unwrap_or(folder).to_string_lossy().replace('\\', "/");
    let changes =
        [manifest(&root, &member)?, settings(&root, name)?, alias(&root, name)?, ignored(&root)?];
    Ok(changes.into_iter().flatten().collect())
}

/// Returns the folder of the workspace that the project belongs to, or will become.
pub(super) fn root_of(project: &Path) -> Result<PathBuf, CommandError> {
    for folder in project.ancestors() {
        let manifest = folder.join("Cargo.toml");
        if manifest.is_file() && read(&manifest)?.contains_key("workspace") {
            return Ok(folder.to_owned());
        }
    }
    Ok(project.to_owned())
}

fn change(path: PathBuf, document: &DocumentMut) -> Option<File> {
    let text = document.to_string();
    let same = fs::read_to_string(&path).is_ok_and(|before| before == text);
    (!same).then_some(File { path, text })
}

fn manifest(root: &Path, member: &str) -> Result<Option<File>, CommandError> {
    let path = root.join("Cargo.toml");
    let mut document = read(&path)?;
    let is_new = !document.contains_key("workspace");
    let is_package = document.contains_key("package");
    let strange =
        || Problem::new("file", format_args!("`workspace` in `{}` is not a table", path.display()));
    let workspace = table(&mut document, "workspace", false).ok_or_else(strange)?;
    if is_new && !is_package {
        // A package's edition sets the resolver; a bare workspace has no edition.
        workspace.insert("resolver", value("3"));
    }
    let members = workspace.entry("members").or_insert(value(Array::new()));
    let members = members.as_array_mut().ok_or_else(strange)?;
    if !members.iter().any(|known| known.as_str().is_some_and(|known| covers(known, member))) {
        push(members, member);
    }
    profile::add(&mut document, is_new && !is_package);
    Ok(change(path, &document))
}

/// Returns whether a member's pattern already includes the crate: `crates/*`.
fn covers(pattern: &str, member: &str) -> bool {
    match pattern.trim_end_matches('/').strip_suffix('*') {
        Some(head) => member.strip_prefix(head).is_some_and(|rest| !rest.contains('/')),
        None => pattern == member,
    }
}

/// Adds to an array in its layout: on a separate line if the others are.
fn push(members: &mut Array, member: &str) {
    let before = members
        .iter()
        .last()
        .and_then(|last| last.decor().prefix())
        .and_then(|prefix| prefix.as_str());
    // Text before the line's end is a comment on the previous member.
    let own_line =
        before.and_then(|prefix| prefix.rsplit_once('\n')).map(|(_, indent)| format!("\n{indent}"));
    if let Some(prefix) = own_line {
        let mut added = Value::from(member);
        added.decor_mut().set_prefix(prefix);
        members.push_formatted(added);
        members.set_trailing_comma(true);
    } else {
        members.push(member);
    }
}

fn settings(root: &Path, name: &str) -> Result<Option<File>, CommandError> {
    let path = root.join(CONFIG_FILE);
    let mut document = read(&path)?;
    if !document.contains_key("package") {
        document.insert("package", value(name));
    }
    Ok(change(path, &document))
}

fn alias(root: &Path, name: &str) -> Result<Option<File>, CommandError> {
    let path = root.join(".cargo/config.toml");
    let mut document = read(&path)?;
    if let Some(alias) = table(&mut document, "alias", false)
        && !alias.contains_key("migrate")
    {
        let command = format!("run --quiet --package {name} --bin {name} --features cli --");
        alias.insert("migrate", value(command));
    }
    Ok(change(path, &document))
}

fn ignored(root: &Path) -> Result<Option<File>, CommandError> {
    const DATABASE: &str = "migrate.db*";
    let path = root.join(".gitignore");
    let text = if path.exists() {
        fs::read_to_string(&path).map_err(|error| file_problem("read", &path, &error))?
    } else {
        "/target\n".to_owned()
    };
    if text.lines().any(|line| line.trim() == DATABASE) {
        return Ok(None);
    }
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    Ok(Some(File { text: format!("{text}{end}{DATABASE}\n"), path }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_cover_what_they_match() {
        assert!(covers("crates/*", "crates/migrations") && covers("migrations", "migrations"));
        assert!(
            !covers("crates/*", "migrations")
                && !covers("crates/*", "crates/a/b")
                && !covers("crates/a", "a")
        );
    }

    #[test]
    fn members_keep_their_comments_and_their_form() {
        let text = "[workspace]\nmembers = [\n    \"app\", # the program\n    \"lib\",\n]\n";
        let mut document: DocumentMut = text.parse().expect("TOML");
        let members = document["workspace"]["members"].as_array_mut().expect("an array");
        push(members, "migrations");
        assert_eq!(
            document.to_string(),
            text.replace("\"lib\",\n", "\"lib\",\n    \"migrations\",\n")
        );
    }
}
