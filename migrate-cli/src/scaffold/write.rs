//! Writes a revision's file and its `mod` line: both or neither.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use migrate_core::Graph;

use crate::error::{CommandError, Problem, file_problem};
use crate::scaffold::lineage::NewRevision;
use crate::scaffold::replace::replace;
use crate::scaffold::{modules, template};

/// Writes the revision into the crate at `home`, and returns the path of its file.
pub(crate) fn write(
    home: &Path,
    dir: Option<&str>,
    revision: &NewRevision,
) -> Result<PathBuf, CommandError> {
    let folder = home.join(dir.unwrap_or("src"));
    let module = revision.module();
    let file = folder.join(format!("{module}.rs"));
    let list = list_of_modules(home, &folder)?;
    let changed = with_module(&list, &file, &module)?;

    fs::create_dir_all(&folder).map_err(|error| file_problem("create", &folder, &error))?;
    create_new(&file, &template::revision(revision))?;
    if let Err(error) = replace(&list, &changed) {
        // The `mod` line was not written, so the file is removed again.
        drop(fs::remove_file(&file));
        return Err(file_problem("write", &list, &error).into());
    }
    Ok(file)
}

/// Returns the file that declares the modules in `folder`.
fn list_of_modules(home: &Path, folder: &Path) -> Result<PathBuf, CommandError> {
    let source = home.join("src");
    let nested = [folder.join("mod.rs"), folder.with_extension("rs")];
    let of_folder = nested.into_iter().filter(|_| folder != source);
    let of_crate = [source.join("lib.rs"), source.join("main.rs")];
    of_folder.chain(of_crate).find(|path| path.is_file()).ok_or_else(|| {
        let problem =
            Problem::new("no-sources", format_args!("`{}` has no `src/lib.rs`", home.display()));
        problem.hint("create one with `migrate_core::migrations!();`").into()
    })
}

/// Returns the text of `list` with the line for the module.
fn with_module(list: &Path, file: &Path, module: &str) -> Result<String, CommandError> {
    let text = fs::read_to_string(list).map_err(|error| file_problem("read", list, &error))?;
    if text.lines().any(|line| modules::declared(line) == Some(module)) {
        let message = format!("`{}` already declares the module `{module}`", list.display());
        return Err(Problem::new("exists", message)
            .hint("choose another text, or another id with `--rev`")
            .into());
    }
    let folder = file.parent();
    let siblings = siblings(&text, folder);
    let changed = modules::with_module(&text, module, &siblings);
    let is_root = list.file_name().is_some_and(|name| name == "lib.rs" || name == "main.rs");
    if list.parent() == folder && is_root {
        return changed.ok_or_else(|| no_place(list));
    }
    if !is_root {
        // This file declares only the revisions of its folder.
        return Ok(changed.unwrap_or_else(|| format!("{text}{}", modules::line(module))));
    }
    // A module that is declared from a file elsewhere needs its path.
    let path = list.parent().and_then(|parent| file.strip_prefix(parent).ok());
    let Some(path) = path.and_then(Path::to_str) else {
        let message = format!("`{}` is not below `{}`", file.display(), list.display());
        return Err(Problem::new("no-sources", message)
            .hint("choose a folder in `src` as `dir` under `[create]`")
            .into());
    };
    if !text.contains("migrations!") {
        return Err(no_place(list));
    }
    let end = if text.ends_with('\n') { "" } else { "\n" };
    let path = path.replace('\\', "/");
    Ok(format!("{text}{end}#[path = \"{path}\"]\n{}", modules::line(module)))
}

/// Returns the declared modules that contain migrations.
fn siblings(text: &str, folder: Option<&Path>) -> Vec<String> {
    let holds = |name: &&str| {
        let file = folder.map(|folder| folder.join(format!("{name}.rs")));
        file.is_some_and(|file| holds_migration(&file).unwrap_or(false))
    };
    text.lines().filter_map(modules::declared).filter(holds).map(str::to_owned).collect()
}

fn no_place(list: &Path) -> CommandError {
    let message = format!("`{}` has no `migrate_core::migrations!();`", list.display());
    Problem::new("no-migrations", message).hint("write it once, at the root of the crate").into()
}

fn create_new(file: &Path, text: &str) -> Result<(), CommandError> {
    let created = fs::File::options().write(true).create_new(true).open(file);
    let written = created.and_then(|mut created| {
        created.write_all(text.as_bytes()).inspect_err(|_| {
            drop(fs::remove_file(file));
        })
    });
    written.map_err(|error| {
        if error.kind() == io::ErrorKind::AlreadyExists {
            let problem =
                Problem::new("exists", format_args!("`{}` already exists", file.display()));
            return problem.hint("choose another text, or another id with `--rev`").into();
        }
        file_problem("write", file, &error).into()
    })
}

/// Returns the files in `folder` that contain a migration but are not part of the program.
pub(crate) fn unlinked_files(folder: &Path, graph: &Graph) -> Result<Vec<PathBuf>, CommandError> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(Vec::new()) };
    let linked: Vec<&str> = graph
        .order()
        .iter()
        .filter_map(|node| graph.migration(*node).origin())
        .map(|origin| origin.file)
        .collect();
    let mut unlinked = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| file_problem("read", folder, &error))?.path();
        let is_rust = path.extension().is_some_and(|extension| extension == "rs");
        let is_linked =
            || linked.iter().any(|file| path.ends_with(file) || Path::new(file) == path);
        if is_rust && !is_linked() && holds_migration(&path)? {
            unlinked.push(path);
        }
    }
    unlinked.sort();
    Ok(unlinked)
}

fn holds_migration(path: &Path) -> Result<bool, CommandError> {
    let text = fs::read_to_string(path).map_err(|error| file_problem("read", path, &error))?;
    Ok(text.lines().any(|line| line.trim_start().starts_with("#[migration")))
}
