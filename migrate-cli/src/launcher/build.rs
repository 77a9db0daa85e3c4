//! Builds the binary of the migrations crate, and shows the compiler's messages: findings in SQL only once.
//!
//! Cargo repeats the warnings of a build before each command, even if nothing is compiled. So its messages are read here, and
//! those that were shown before are only counted.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use serde::Deserialize;
use toml_edit::{DocumentMut, Item};

use crate::error::{CommandError, Exit};
use crate::io::Talk;
use crate::launcher::cargo::{self, not_run};
use crate::launcher::project::Project;
use crate::toml_file;

/// The start of rustc's message for a macro's warning.
const FINDING: &str = "use of deprecated macro `";

/// The result of a build.
pub(super) enum Built {
    Program(PathBuf),
    /// Only cargo can run the binary correctly.
    ByCargo,
    /// The build failed; cargo has printed why.
    Failed(Exit),
}

/// The parts of a cargo message that we need.
#[derive(Deserialize)]
struct Message {
    reason: String,
    #[serde(rename = "message")]
    diagnostic: Option<Diagnostic>,
    target: Option<Target>,
    executable: Option<PathBuf>,
    #[serde(default)]
    linked_libs: Vec<String>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

#[derive(Deserialize)]
struct Diagnostic {
    message: String,
    rendered: Option<String>,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    file_name: String,
}

impl Diagnostic {
    /// Returns a text that identifies the finding, independent of its place in the file; `None` for other warnings.
    fn finding(&self) -> Option<String> {
        let what = self.message.strip_prefix(FINDING)?.lines().next()?;
        let file = self.spans.first().map(|span| span.file_name.as_str()).unwrap_or_default();
        Some(format!("{file}: {what}"))
    }
}

/// Builds the binary.
pub(super) fn build(project: &Project<'_>, talk: &Talk) -> Result<Built, CommandError> {
    let mut command = cargo::command(project.world);
    let format = if talk.color { "json-diagnostic-rendered-ansi" } else { "json" };
    command.args(["build", "--quiet", "--message-format", format]).args(project.selection());
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| not_run(&error))?;
    let said = read(&mut child, project.binary, &project.shown(), talk);
    let status = child.wait().map_err(|error| not_run(&error))?;
    if !status.success() {
        let code = status.code().and_then(|code| u8::try_from(code).ok());
        return Ok(Built::Failed(code.map_or(Exit::FAILED, Exit::of_child)));
    }
    Ok(match said.program {
        Some(program) if !said.needs_cargo => Built::Program(program),
        Some(_) | None => Built::ByCargo,
    })
}

#[derive(Default)]
struct Said {
    program: Option<PathBuf>,
    /// Whether cargo has to tell the system where a library is.
    needs_cargo: bool,
}

fn read(child: &mut Child, binary: &str, shown: &Path, talk: &Talk) -> Said {
    let before = fs::read_to_string(shown).unwrap_or_default();
    let before: BTreeSet<&str> = before.lines().collect();
    let (mut said, mut found, mut again) = (Said::default(), BTreeSet::new(), 0_usize);
    let lines = child.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines);
    for message in lines.map_while(Result::ok).filter_map(|line| parsed(&line)) {
        said.needs_cargo |=
            message.linked_libs.iter().any(|library| !library.starts_with("static="));
        if message.reason == "compiler-artifact"
            && message.target.is_some_and(|it| it.name == binary)
        {
            said.program = message.executable.or(said.program);
        }
        let Some(diagnostic) = message.diagnostic else { continue };
        let finding = diagnostic.finding();
        if finding.as_deref().is_some_and(|finding| before.contains(finding)) {
            again += 1;
        } else {
            show(&diagnostic);
        }
        found.extend(finding);
    }
    if again > 0 {
        let s = if again == 1 { "" } else { "s" };
        talk.say(format_args!(
            "{again} finding{s} in SQL, shown before: `migrate lint --all` lists them"
        ));
    }
    if found.iter().map(String::as_str).ne(before) {
        // If it cannot be saved, all findings are shown again.
        let lines: Vec<String> = found.into_iter().collect();
        drop(fs::write(shown, lines.join("\n")));
    }
    said
}

fn parsed(line: &str) -> Option<Message> {
    serde_json::from_str(line).ok()
}

fn show(diagnostic: &Diagnostic) {
    let text = diagnostic.rendered.as_deref().unwrap_or(&diagnostic.message);
    // There is no way to report that warnings cannot be written.
    drop(io::stderr().write_all(text.as_bytes()));
}

/// Returns whether cargo's configuration in the project changes how programs run: with `[env]` or a `runner`.
pub(super) fn is_run_by_cargo(project: &Project<'_>) -> bool {
    let world = project.world;
    let home = world.variable("CARGO_HOME").map(PathBuf::from).or_else(|| {
        let home = world.variable("HOME").or_else(|| world.variable("USERPROFILE"))?;
        Some(Path::new(home).join(".cargo"))
    });
    let folders = world.directory.ancestors().map(|folder| folder.join(".cargo")).chain(home);
    let files = folders.flat_map(|folder| [folder.join("config.toml"), folder.join("config")]);
    let by_file =
        |path: PathBuf| path.is_file() && toml_file::read(&path).map_or(true, |it| runs(&it));
    files.into_iter().any(by_file)
        || world
            .variables
            .keys()
            .any(|name| name.starts_with("CARGO_TARGET_") && name.ends_with("_RUNNER"))
}

/// Returns whether this configuration file changes how programs run, or may include one that does.
fn runs(config: &DocumentMut) -> bool {
    let targets = config.get("target").and_then(Item::as_table_like);
    config.contains_key("env")
        || config.contains_key("include")
        || targets.is_some_and(|targets| targets.iter().any(|(_, it)| it.get("runner").is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diagnostic(message: &str) -> Diagnostic {
        let spans = vec![Span { file_name: "src/r001.rs".to_owned() }];
        Diagnostic { message: message.to_owned(), rendered: None, spans }
    }

    #[test]
    fn what_a_project_tells_cargo_of_running_programs_is_heeded() {
        for (config, is_heeded) in [
            ("[env]\nDATABASE_URL = 'sqlite:shop.db'", true),
            ("target.x86_64-unknown-linux-gnu.runner = 'sudo'", true),
            ("[alias]\nmigrate = 'run'\n[target.'cfg(unix)']\nlinker = 'lld'", false),
        ] {
            assert_eq!(runs(&config.parse().expect("TOML")), is_heeded, "{config}");
        }
    }

    #[test]
    fn a_finding_stays_the_same_when_it_moves() {
        let at = |line: u8| {
            diagnostic(&format!("use of deprecated macro `locks`: waits\nline {line} of the SQL"))
        };
        assert_eq!(at(1).finding().as_deref(), Some("src/r001.rs: locks`: waits"));
        assert_eq!(at(1).finding(), at(7).finding());
        assert_eq!(diagnostic("unused variable: `x`").finding(), None);
    }
}
