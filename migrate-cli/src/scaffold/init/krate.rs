//! The files of a new migrations crate.

use std::path::{Path, PathBuf};

use crate::args::Dialect;
use crate::scaffold::init::File;

/// The source of the tool's crates.
#[derive(Clone, Debug)]
pub(super) enum Source {
    Folder(PathBuf),
    Git(String),
    Registry,
}

impl Source {
    /// Returns the requested source, or the folder where this program was built, if it still exists.
    pub(super) fn choose(folder: Option<PathBuf>, git: Option<&str>) -> Self {
        if let Some(url) = git {
            return Self::Git(url.to_owned());
        }
        let built_in = || Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned);
        let folder = folder.or_else(|| {
            built_in().filter(|folder| folder.join("migrate-core/Cargo.toml").is_file())
        });
        folder.map_or(Self::Registry, Self::Folder)
    }

    /// Returns the keys of a dependency on `krate`.
    fn keys(&self, krate: &str) -> String {
        let text = |text: &str| toml_edit::Value::from(text).to_string();
        match self {
            Self::Folder(folder) => {
                format!("path = {}", text(&folder.join(krate).display().to_string()))
            }
            Self::Git(url) => format!("git = {}", text(url)),
            Self::Registry => concat!(
                "version = \"",
                env!("CARGO_PKG_VERSION_MAJOR"),
                ".",
                env!("CARGO_PKG_VERSION_MINOR"),
                "\""
            )
            .to_owned(),
        }
    }
}

/// A crate to write.
pub(super) struct Crate<'a> {
    pub(super) name: &'a str,
    pub(super) folder: &'a Path,
    pub(super) dialects: &'a [Dialect],
    pub(super) source: Source,
}

impl Crate<'_> {
    pub(super) fn files(&self) -> Vec<File> {
        let file = |path: &str, text: String| File { path: self.folder.join(path), text };
        vec![
            file("Cargo.toml", self.manifest()),
            file("migrate.toml", self.settings()),
            file("src/lib.rs", library()),
            file("src/main.rs", self.binary()),
        ]
    }

    fn manifest(&self) -> String {
        let name = self.name;
        let (core, cli) = (self.source.keys("migrate-core"), self.source.keys("migrate-cli"));
        // With `lint` the compiler checks SQL; it adds nothing to the program.
        let features = [self.words(), vec!["\"lint\"".to_owned()]].concat().join(", ");
        let commands = self.features_of_commands().join(", ");
        format!(
            r#"[package]
name = "{name}"
version = "0.1.0"
edition = "2024"
publish = false

# How `migrate` finds this crate.
[package.metadata.migrate]
bin = "{name}"

# The commands are compiled for this binary only, not for an application that depends on this crate.
[[bin]]
name = "{name}"
path = "src/main.rs"
required-features = ["cli"]

[features]
cli = ["dep:migrate-cli"]

[dependencies]
migrate-core = {{ {core}, features = [{features}] }}
migrate-cli = {{ {cli}, features = [{commands}], optional = true }}
"#
        )
    }

    /// Returns the features of the commands: the engines that the SQL may be for, and TLS.
    fn features_of_commands(&self) -> Vec<String> {
        let mut features = vec!["\"commands\"".to_owned()];
        if self.dialects.is_empty() {
            features.extend(["postgres", "mysql", "sqlite"].map(|word| format!("\"{word}\"")));
        }
        if self.dialects.is_empty() || self.dialects.iter().any(|it| *it != Dialect::Sqlite) {
            features.push("\"tls-rustls\"".to_owned());
        }
        features
    }

    /// Returns the dialects as TOML.
    fn words(&self) -> Vec<String> {
        self.dialects.iter().map(|dialect| format!("\"{}\"", dialect.name())).collect()
    }

    fn settings(&self) -> String {
        let dialect = match self.words().as_slice() {
            [] => "# dialect = [\"postgres\", \"sqlite\"]   # the dialects that the SQL is checked against\n"
                .to_owned(),
            [word] => format!("dialect = {word}\n"),
            words => format!("dialect = [{}]\n", words.join(", ")),
        };
        format!(
            "{dialect}\n# [lint.rules]        # `migrate lint --rules` lists the rules\n# locks = \"deny\"\n\n# [env.production]\n# protected = true   # commands that destroy data ask for confirmation; selected by `--env production`\n"
        )
    }

    fn binary(&self) -> String {
        let name = self.name.replace('-', "_");
        format!(
            "use std::process::ExitCode;\n\nfn main() -> ExitCode {{\n    migrate_cli::main({name}::Migrations)\n}}\n"
        )
    }
}

fn library() -> String {
    "//! The migrations of this project; `cargo migrate create` adds to them.\n\nmigrate_core::migrations!();\n".to_owned()
}
