//! A crate of migrations that cargo can check.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::Result;

/// Someone whose crates are compiled.
#[derive(Clone, Copy)]
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    /// The folder's name.
    pub(crate) folder: &'static str,
    /// What stands in `Cargo.toml` behind the package.
    pub(crate) manifest: fn() -> String,
    /// The files of a crate with that many migrations; the first holds one migration alone.
    pub(crate) files: fn(usize) -> Vec<(String, String)>,
}

/// A crate as written.
pub(crate) struct Project {
    pub(crate) peer: Peer,
    root: PathBuf,
    target: PathBuf,
    package: String,
    /// The file that is edited, and its text.
    one: (PathBuf, String),
}

impl Project {
    pub(crate) fn write(peer: Peer, count: usize, folder: &Path) -> Result<Self> {
        let root = folder.join(format!("{}-{count}", peer.folder));
        let package = format!("migrations-{count}");
        let head = format!(
            "[package]\nname = \"{package}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n"
        );
        fs::create_dir_all(&root)?;
        fs::write(root.join("Cargo.toml"), head + &(peer.manifest)())?;
        let files = (peer.files)(count);
        for (path, text) in &files {
            let path = root.join(path);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, text)?;
        }
        let (path, text) = files.into_iter().next().ok_or("a crate without files")?;
        let target = folder.join(format!("{}-target", peer.folder));
        Ok(Self { peer, one: (root.join(path), text), root, target, package })
    }

    /// `cargo check`, timed.
    pub(crate) fn check(&self) -> Result<Duration> {
        let started = Instant::now();
        self.cargo(&["check", "--quiet"])?;
        Ok(started.elapsed())
    }

    /// Forgets what was compiled of the crate itself.
    pub(crate) fn forget(&self) -> Result<()> {
        self.cargo(&["clean", "--quiet", "--package", &self.package])
    }

    /// Changes one migration, differently each round.
    pub(crate) fn edit(&self, round: usize) -> Result<()> {
        let (path, text) = &self.one;
        let comment =
            if path.extension().is_some_and(|ending| ending == "sql") { "--" } else { "//" };
        Ok(fs::write(path, format!("{text}\n{comment} {round}\n"))?)
    }

    fn cargo(&self, arguments: &[&str]) -> Result<()> {
        let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(arguments)
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target)
            .env_remove("RUSTFLAGS")
            .stdout(Stdio::null())
            .status()?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("{}: cargo failed", self.peer.name).into())
        }
    }
}
