//! The migrations crate of a project, and cargo's options for it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::environment::Environment;
use crate::error::CommandError;
use crate::launcher::workspace::{Package, Workspace};

/// The feature of a migrations crate with which its binary has the commands.
const FEATURE: &str = "cli";

/// The file with the findings that were shown; in the build folder, so that both are removed together.
const SHOWN: &str = "migrate-findings";

/// The migrations crate of a project.
pub(super) struct Project<'a> {
    pub(super) world: &'a Environment,
    pub(super) binary: &'a str,
    package: &'a Package,
    root: &'a Path,
    target: &'a Path,
}

impl<'a> Project<'a> {
    pub(super) fn find(
        workspace: &'a Workspace,
        world: &'a Environment,
    ) -> Result<Self, CommandError> {
        let package = workspace.migrations(world)?;
        let (root, target) = (&workspace.root, &workspace.target_directory);
        Ok(Self { world, binary: package.binary()?, package, root, target })
    }

    /// Returns the path of the file with the findings that were shown.
    pub(super) fn shown(&self) -> PathBuf {
        self.target.join(SHOWN)
    }

    /// Returns cargo's options to build or run the binary.
    pub(super) fn selection(&self) -> Vec<OsString> {
        let mut options: Vec<OsString> =
            vec!["--manifest-path".into(), self.root.join("Cargo.toml").into()];
        let package = &self.package.name;
        options.extend(["--package", package, "--bin", self.binary].map(OsString::from));
        if self.package.features.contains_key(FEATURE) {
            options.extend(["--features", FEATURE].map(OsString::from));
        }
        options
    }
}
