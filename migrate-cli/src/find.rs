//! The project's migrations crate: found, and its binary run.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use migrate_core::Config;
use serde::Deserialize;

use crate::args::Global;
use crate::error::{CommandError, Outcome, Problem, file_problem};
use crate::settings::{CONFIG_FILE, Environment, FLAG_VARIABLE, handed_on};

const URL_FLAG: &str = "--database-url";
const FEATURE: &str = "cli";

/// Runs the commands of the project's migrations crate with these arguments.
pub(crate) fn run(arguments: &[OsString], global: &Global, world: &Environment) -> Outcome {
    let workspace = Workspace::read(world)?;
    let package = workspace.migrations(world)?;
    let mut command = Command::new(cargo(world));
    command.args(["run", "--quiet", "--manifest-path"]).arg(workspace.root.join("Cargo.toml"));
    command.args(["--package", &package.name, "--bin", package.binary()?]);
    if package.features.contains_key(FEATURE) {
        command.args(["--features", FEATURE]);
    }
    command.arg("--").args(without_url(arguments.iter().skip(1)));
    match &global.database_url {
        // Arguments are seen by everybody on the machine.
        Some(url) => command.envs(handed_on(url)),
        // One that was inherited is no flag of this command.
        None => command.env_remove(FLAG_VARIABLE),
    };
    command.current_dir(&world.directory);
    become_it(command)
}

/// Cargo takes our place, and the crate's binary cargo's: signals reach it, and its exit code is the process's.
#[cfg(unix)]
fn become_it(mut command: Command) -> Outcome {
    use std::os::unix::process::CommandExt;

    Err(not_run(&command.exec()))
}

#[cfg(not(unix))]
fn become_it(mut command: Command) -> Outcome {
    let status = command.status().map_err(|error| not_run(&error))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(crate::error::Exit::FAILED, crate::error::Exit::of_child))
}

fn not_run(error: &io::Error) -> CommandError {
    Problem::new("cargo", format_args!("cannot run `cargo`: {error}")).into()
}

/// Cargo names itself to what it runs.
fn cargo(world: &Environment) -> &str {
    world.variable("CARGO").unwrap_or("cargo")
}

/// The arguments without the database's URL.
fn without_url<'a>(arguments: impl Iterator<Item = &'a OsString>) -> Vec<&'a OsStr> {
    let mut kept = Vec::new();
    let mut arguments = arguments.map(OsString::as_os_str);
    while let Some(argument) = arguments.next() {
        let text = argument.to_string_lossy();
        if text == "--" {
            kept.push(argument);
            kept.extend(arguments);
            break;
        } else if text == URL_FLAG {
            arguments.next();
        } else if !text.strip_prefix(URL_FLAG).is_some_and(|rest| rest.starts_with('=')) {
            kept.push(argument);
        }
    }
    kept
}

/// What `cargo metadata` tells.
#[derive(Debug, Deserialize)]
struct Workspace {
    #[serde(rename = "workspace_root")]
    root: PathBuf,
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    default_run: Option<String>,
    targets: Vec<Target>,
    features: serde_json::Map<String, serde_json::Value>,
    metadata: Option<Metadata>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Metadata {
    migrate: Option<Marked>,
}

/// `[package.metadata.migrate]`
#[derive(Debug, Deserialize)]
struct Marked {
    bin: Option<String>,
}

impl Workspace {
    fn read(world: &Environment) -> Result<Self, CommandError> {
        let output = Command::new(cargo(world))
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .current_dir(&world.directory)
            .output()
            .map_err(|error| not_run(&error))?;
        if output.status.success() {
            let read = serde_json::from_slice(&output.stdout);
            return Ok(read.map_err(|error| {
                Problem::new(
                    "cargo",
                    format_args!("cannot read what `cargo metadata` says: {error}"),
                )
            })?);
        }
        if world.nearest("Cargo.toml").is_none() {
            let problem =
                Problem::new("no-project", "there is no Cargo project here or in a folder above");
            return Err(problem.hint("`migrate init` sets one up").into());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.trim().trim_start_matches("error: ").to_owned();
        Err(Problem::new("cargo", format_args!("cargo cannot read the project: {said}")).into())
    }

    /// The crate that `migrate.toml` names, else the one that is marked.
    fn migrations(&self, world: &Environment) -> Result<&Package, CommandError> {
        let files = self.config_files(world)?;
        let package = match named(&files)? {
            Some((name, file)) => {
                self.packages.iter().find(|package| package.name == name).ok_or_else(|| {
                    let message = format!(
                        "`{}` names the package `{name}`, which the workspace does not have",
                        file.display()
                    );
                    CommandError::from(Problem::new("no-migrations-crate", message))
                })?
            }
            None => self.marked(world)?,
        };
        Self::refuse_elsewhere(package, &files)?;
        Ok(package)
    }

    fn marked(&self, world: &Environment) -> Result<&Package, CommandError> {
        let marked: Vec<&Package> =
            self.packages.iter().filter(|package| package.marked().is_some()).collect();
        let here = |package: &&&Package| {
            package.folder().is_some_and(|folder| world.directory.starts_with(folder))
        };
        match marked.as_slice() {
            [] => {
                let problem = Problem::new(
                    "no-migrations-crate",
                    "no crate of this workspace holds migrations",
                );
                Err(problem.hint("`migrate init` writes one; for one that is there, say `package = \"…\"` in `migrate.toml`").into())
            }
            [package] => Ok(package),
            several => several.iter().find(here).copied().ok_or_else(|| {
                let names: Vec<String> =
                    several.iter().map(|package| format!("`{}`", package.name)).collect();
                let message = format!("several crates hold migrations: {}", names.join(", "));
                let hint = format!(
                    "say which in `{}`: `package = \"…\"`",
                    self.root.join(CONFIG_FILE).display()
                );
                Problem::new("several-migrations-crates", message).hint(hint).into()
            }),
        }
    }

    /// Refuses settings that nobody reads: those of the migrations crate stand in its own folder.
    fn refuse_elsewhere(package: &Package, files: &[ConfigFile]) -> Result<(), CommandError> {
        let Some(own) = package.folder().map(|folder| folder.join(CONFIG_FILE)) else {
            return Ok(());
        };
        for file in files.iter().filter(|file| file.path != own) {
            Config::parse(&file.text)?;
            let table: toml::Table = toml::from_str(&file.text).unwrap_or_default();
            if let Some(key) = table.keys().find(|key| *key != "package") {
                let path = file.path.display();
                let message = format!("`{path}` sets `{key}`, which is not read there");
                let hint = format!("only `package` is; move the rest to `{}`", own.display());
                return Err(Problem::new("misplaced-settings", message).hint(hint).into());
            }
        }
        Ok(())
    }

    /// The `migrate.toml` of this folder and of those above, up to the workspace's root.
    fn config_files(&self, world: &Environment) -> Result<Vec<ConfigFile>, CommandError> {
        let folders = world.directory.ancestors();
        folders
            .take_while(|folder| folder.starts_with(&self.root))
            .map(|folder| folder.join(CONFIG_FILE))
            .filter(|path| path.is_file())
            .map(|path| match std::fs::read_to_string(&path) {
                Ok(text) => Ok(ConfigFile { path, text }),
                Err(error) => Err(file_problem("read", &path, &error).into()),
            })
            .collect()
    }
}

/// A `migrate.toml`.
struct ConfigFile {
    path: PathBuf,
    text: String,
}

/// The package named by the nearest file that names one.
fn named(files: &[ConfigFile]) -> Result<Option<(String, &Path)>, CommandError> {
    for file in files {
        if let Some(name) = Config::parse(&file.text)?.package {
            return Ok(Some((name, &file.path)));
        }
    }
    Ok(None)
}

impl Package {
    fn marked(&self) -> Option<&Marked> {
        self.metadata.as_ref()?.migrate.as_ref()
    }

    fn folder(&self) -> Option<&Path> {
        self.manifest_path.parent()
    }

    /// The binary with the commands: the one that is named, else the default, else the only one.
    fn binary(&self) -> Result<&str, CommandError> {
        let named =
            self.marked().and_then(|marked| marked.bin.as_deref()).or(self.default_run.as_deref());
        let binaries: Vec<&str> = self
            .targets
            .iter()
            .filter(|target| target.kind.iter().any(|kind| kind == "bin"))
            .map(|target| target.name.as_str())
            .collect();
        match (named, binaries.as_slice()) {
            (Some(name), _) => Ok(name),
            (None, [only]) => Ok(only),
            (None, []) => {
                let problem = Problem::new(
                    "no-binary",
                    format_args!("`{}` has no binary with the commands", self.name),
                );
                Err(problem
                    .hint("give it a `main` that calls `migrate_cli::main(…::Migrations)`")
                    .into())
            }
            (None, several) => {
                let message =
                    format!("`{}` has several binaries: {}", self.name, several.join(", "));
                let hint = "say which in its `Cargo.toml`: `[package.metadata.migrate]` with `bin = \"…\"`";
                Err(Problem::new("several-binaries", message).hint(hint).into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_is_taken_out_of_the_arguments() {
        let arguments: Vec<OsString> = [
            "--database-url",
            "postgres://u:p@h/d",
            "up",
            "--database-url=x",
            "-r",
            "+1",
            "--",
            "--database-url",
        ]
        .map(OsString::from)
        .to_vec();
        assert_eq!(without_url(arguments.iter()), ["up", "-r", "+1", "--", "--database-url"]);
    }

    fn package(bin: Option<&str>, default_run: Option<&str>, binaries: &[&str]) -> Package {
        Package {
            name: "m".to_owned(),
            manifest_path: PathBuf::from("/w/m/Cargo.toml"),
            default_run: default_run.map(str::to_owned),
            targets: binaries
                .iter()
                .map(|name| Target { name: (*name).to_owned(), kind: vec!["bin".to_owned()] })
                .collect(),
            features: serde_json::Map::new(),
            metadata: Some(Metadata { migrate: Some(Marked { bin: bin.map(str::to_owned) }) }),
        }
    }

    #[test]
    fn the_binary_is_named_or_the_default_or_the_only_one() {
        assert_eq!(package(Some("b"), Some("a"), &["a", "b"]).binary().ok(), Some("b"));
        assert_eq!(package(None, Some("a"), &["a", "b"]).binary().ok(), Some("a"));
        assert_eq!(package(None, None, &["b"]).binary().ok(), Some("b"));
        assert!(package(None, None, &["a", "b"]).binary().is_err());
        assert!(package(None, None, &[]).binary().is_err());
    }
}
