//! The project as cargo describes it, and the migrations crate in it.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};
use toml_edit::DocumentMut;

use crate::environment::{CONFIG_FILE, Environment};
use crate::error::{CommandError, Problem};
use crate::launcher::cargo;
use crate::toml_file;

/// The output of `cargo metadata`.
#[derive(Debug, Deserialize)]
pub(super) struct Workspace {
    #[serde(rename = "workspace_root")]
    pub(super) root: PathBuf,
    pub(super) target_directory: PathBuf,
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Package {
    pub(super) name: String,
    manifest_path: PathBuf,
    default_run: Option<String>,
    targets: Vec<Target>,
    pub(super) features: Map<String, Value>,
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
    pub(super) fn read(world: &Environment) -> Result<Self, CommandError> {
        let output = cargo::command(world)
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .output()
            .map_err(|error| cargo::not_run(&error))?;
        if output.status.success() {
            let read = serde_json::from_slice(&output.stdout);
            return Ok(read.map_err(|error| {
                Problem::new(
                    "cargo",
                    format_args!("cannot read the output of `cargo metadata`: {error}"),
                )
            })?);
        }
        if world.nearest("Cargo.toml").is_none() {
            let problem = Problem::new("no-project", "no Cargo project in this folder or above");
            return Err(problem.hint("create one with `migrate init`").into());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.trim().trim_start_matches("error: ").to_owned();
        Err(Problem::new("cargo", format_args!("cargo cannot read the project: {said}")).into())
    }

    /// Returns the crate that `migrate.toml` names, or the one that is marked.
    pub(super) fn migrations(&self, world: &Environment) -> Result<&Package, CommandError> {
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
                Err(problem.hint("create one with `migrate init`, or name an existing one in `migrate.toml`: `package = \"…\"`").into())
            }
            [package] => Ok(package),
            several => several.iter().find(here).copied().ok_or_else(|| {
                let names: Vec<String> =
                    several.iter().map(|package| format!("`{}`", package.name)).collect();
                let message = format!("several crates hold migrations: {}", names.join(", "));
                let hint = format!(
                    "choose one in `{}`: `package = \"…\"`",
                    self.root.join(CONFIG_FILE).display()
                );
                Problem::new("several-migrations-crates", message).hint(hint).into()
            }),
        }
    }

    /// Refuses settings that are not read: those of the migrations crate belong in its own folder.
    fn refuse_elsewhere(package: &Package, files: &[ConfigFile]) -> Result<(), CommandError> {
        let Some(own) = package.folder().map(|folder| folder.join(CONFIG_FILE)) else {
            return Ok(());
        };
        for file in files.iter().filter(|file| file.path != own) {
            if let Some((key, _)) = file.document.iter().find(|(key, _)| *key != "package") {
                let path = file.path.display();
                let message = format!("`{path}` sets `{key}`, which is not read there");
                let hint = format!("only `package` is; move the rest to `{}`", own.display());
                return Err(Problem::new("misplaced-settings", message).hint(hint).into());
            }
        }
        Ok(())
    }

    /// Returns the `migrate.toml` files of this folder and those above, up to the workspace's root.
    fn config_files(&self, world: &Environment) -> Result<Vec<ConfigFile>, CommandError> {
        let folders = world.directory.ancestors();
        folders
            .take_while(|folder| folder.starts_with(&self.root))
            .map(|folder| folder.join(CONFIG_FILE))
            .filter(|path| path.is_file())
            .map(|path| toml_file::read(&path).map(|document| ConfigFile { path, document }))
            .collect()
    }
}

/// A `migrate.toml`.
struct ConfigFile {
    path: PathBuf,
    document: DocumentMut,
}

/// Returns the package named by the nearest file that names one.
fn named(files: &[ConfigFile]) -> Result<Option<(&str, &Path)>, CommandError> {
    for ConfigFile { path, document } in files {
        let Some(name) = document.get("package") else { continue };
        let Some(name) = name.as_str() else {
            let message = format!("`package` in `{}` is not a string", path.display());
            return Err(Problem::new("config", message).into());
        };
        return Ok(Some((name, path)));
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

    /// Returns the binary with the commands: the one that is named, the default one, or the only one.
    pub(super) fn binary(&self) -> Result<&str, CommandError> {
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
                let hint = "choose one in its `Cargo.toml`: `[package.metadata.migrate]` with `bin = \"…\"`";
                Err(Problem::new("several-binaries", message).hint(hint).into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(bin: Option<&str>, default_run: Option<&str>, binaries: &[&str]) -> Package {
        Package {
            name: "m".to_owned(),
            manifest_path: PathBuf::from("/w/m/Cargo.toml"),
            default_run: default_run.map(str::to_owned),
            targets: binaries
                .iter()
                .map(|name| Target { name: (*name).to_owned(), kind: vec!["bin".to_owned()] })
                .collect(),
            features: Map::new(),
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
