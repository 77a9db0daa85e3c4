//! `init`: creates a crate of migrations in a project.

mod krate;
mod profile;
mod workspace;

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use self::krate::{Crate, Source};
use crate::args::{Dialect, Init};
use crate::environment::Environment;
use crate::error::{CommandError, Exit, Outcome, Problem, file_problem};
use crate::io::Printer;
use crate::scaffold::replace::replace;
use crate::scaffold::slug;

/// A file to write.
#[derive(Debug)]
struct File {
    path: PathBuf,
    text: String,
}

#[derive(Serialize)]
struct Initialized {
    created: Vec<String>,
}

/// Sets up a crate of migrations. All texts are ready before the first file is written.
pub(crate) fn init(
    args: &Init,
    dialects: &[Dialect],
    world: &Environment,
    printer: &mut Printer,
) -> Outcome {
    refuse_name(&args.name)?;
    let project = normal(&world.directory.join(&args.project));
    let folder = project.join(&args.name);
    if folder.join("Cargo.toml").exists() {
        let problem =
            Problem::new("exists", format_args!("`{}` is already a crate", shown(&folder, world)));
        return Err(problem.hint("choose another name with `--name`").into());
    }
    let source = Source::choose(
        args.path.as_ref().map(|path| world.directory.join(path)),
        args.git.as_deref(),
    );
    let krate = Crate { name: &args.name, folder: &folder, dialects, source };
    let mut files = krate.files();
    files.extend(workspace::files(&project, &folder, &args.name)?);
    for file in &files {
        write(file)?;
    }
    let created: Vec<String> = files.iter().map(|file| shown(&file.path, world)).collect();
    if printer.is_json() {
        printer.json(&Initialized { created });
    } else {
        for path in &created {
            printer.line(path);
        }
    }
    // The alias works in the workspace's folder and below.
    let outside = !normal(&world.directory).starts_with(workspace::root_of(&project)?);
    let enter = if outside { format!("  cd {}\n", shown(&project, world)) } else { String::new() };
    printer.talk().say(format_args!(
        "\nNext steps:\n{enter}  cargo migrate create \"create users\"   # then write its SQL\n  cargo migrate up"
    ));
    Ok(Exit::DONE)
}

/// Returns a path without the `.` of the default argument.
fn normal(path: &Path) -> PathBuf {
    path.components().collect()
}

fn shown(path: &Path, world: &Environment) -> String {
    path.strip_prefix(normal(&world.directory)).unwrap_or(path).display().to_string()
}

fn write(file: &File) -> Result<(), CommandError> {
    let problem = |error: std::io::Error| file_problem("write", &file.path, &error);
    if let Some(folder) = file.path.parent() {
        fs::create_dir_all(folder).map_err(problem)?;
    }
    let written = if file.path.exists() {
        replace(&file.path, &file.text)
    } else {
        fs::write(&file.path, &file.text)
    };
    written.map_err(|error| problem(error).into())
}

fn refuse_name(name: &str) -> Result<(), CommandError> {
    let fits = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if fits && slug::is_name(&name.to_ascii_lowercase()) && name != "test" {
        return Ok(());
    }
    let problem = Problem::usage("crate-name", format_args!("`{name}` is not a valid crate name"));
    Err(problem.hint("start with a letter, and use letters, digits, `-` and `_`").into())
}
