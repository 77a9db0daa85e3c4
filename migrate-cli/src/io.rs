//! Output of a run: data, messages, and questions. The only place that writes to the outside.

#[cfg(feature = "commands")]
mod ask;

use std::fmt;
use std::io::{self, BufRead, Write};
use std::sync::{Arc, Mutex, PoisonError};

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use crate::args::{Color, Format, Global};
use crate::environment::Environment;
use crate::escape;

/// The streams of a run.
pub struct Io {
    /// Receives data.
    pub out: Box<dyn Write + Send>,
    /// Receives messages.
    pub err: Box<dyn Write + Send>,
    /// Provides answers.
    pub input: Box<dyn BufRead + Send>,
}

impl fmt::Debug for Io {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Io")
    }
}

impl Io {
    /// Returns the process's own streams.
    pub fn of_process() -> Self {
        Self {
            out: Box::new(io::stdout()),
            err: Box::new(io::stderr()),
            input: Box::new(io::BufReader::new(io::stdin())),
        }
    }
}

pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
pub(crate) const HINT: Style = AnsiColor::Cyan.on_default().bold();
pub(crate) const REVISION: Style = AnsiColor::Yellow.on_default();
pub(crate) const DONE: Style = AnsiColor::Green.on_default();
pub(crate) const FRAME: Style = AnsiColor::Blue.on_default().bold();
pub(crate) const REMOVED: Style = AnsiColor::Red.on_default();
pub(crate) const ADDED: Style = AnsiColor::Green.on_default();

/// Returns the escape codes that we write; none without colour.
fn codes(color: bool) -> Vec<String> {
    let styles =
        [ERROR, WARNING, HINT, REVISION, DONE, FRAME, REMOVED, ADDED].into_iter().filter(|_| color);
    styles
        .flat_map(|style| [style.render().to_string(), style.render_reset().to_string()])
        .collect()
}

/// Returns a text in a style, or unchanged without colour.
pub(crate) fn paint(text: impl fmt::Display, style: Style, color: bool) -> String {
    if color { format!("{style}{text}{style:#}") } else { text.to_string() }
}

/// Writes messages immediately; an observer can hold a clone.
#[derive(Clone)]
pub(crate) struct Talk {
    err: Arc<Mutex<Box<dyn Write + Send>>>,
    quiet: bool,
    /// The only crate, if there is one: its name is left out before revisions.
    sole_crate: Option<String>,
    pub(crate) verbose: bool,
    pub(crate) color: bool,
}

impl Talk {
    /// Prints a message that `--quiet` suppresses.
    pub(crate) fn say(&self, text: impl fmt::Display) {
        if !self.quiet {
            self.write(&text.to_string());
        }
    }

    /// Prints a warning.
    pub(crate) fn warn(&self, text: impl fmt::Display) {
        let text = text.to_string();
        let warning = paint("warning:", WARNING, self.color);
        self.say(format_args!("{warning} {}", escape::value(&text)));
    }

    /// Prints a message, regardless of the options.
    fn write(&self, text: &str) {
        self.write_raw(&escape::text(text, &codes(self.color)));
    }

    /// Prints a text that contains escape codes.
    fn write_raw(&self, text: &str) {
        let mut err = self.err.lock().unwrap_or_else(PoisonError::into_inner);
        // There is no way to report that messages cannot be written.
        drop(writeln!(err, "{}", self.plain(text)));
    }

    /// Returns a text without passwords, and without the crate of revisions if there is only one.
    pub(crate) fn plain(&self, text: &str) -> String {
        let text = migrate_redact::redact(text);
        match &self.sole_crate {
            Some(name) => text.replace(&format!("`{name}@"), "`"),
            None => text,
        }
    }
}

/// Collects data, which is written once at the end, and prints messages immediately.
pub(crate) struct Printer {
    out: Box<dyn Write + Send>,
    input: Box<dyn BufRead + Send>,
    data: String,
    talk: Talk,
    format: Format,
    can_ask: bool,
    /// Whether data has colours.
    pub(crate) color: bool,
}

impl Printer {
    pub(crate) fn new(io: Io, global: &Global, environment: &Environment) -> Self {
        let Io { out, err, input } = io;
        let talk = Talk {
            err: Arc::new(Mutex::new(err)),
            quiet: global.quiet,
            sole_crate: None,
            verbose: global.verbose,
            color: environment.color(global.color, environment.error_is_terminal),
        };
        Self {
            out,
            input,
            data: String::new(),
            talk,
            format: global.format,
            can_ask: environment.input_is_terminal && environment.error_is_terminal,
            color: environment.color(global.color, environment.output_is_terminal)
                && global.format == Format::Text,
        }
    }

    /// From now on, names revisions without this crate.
    pub(crate) fn leave_out(&mut self, sole_crate: Option<String>) {
        self.talk.sole_crate = sole_crate;
    }

    pub(crate) fn talk(&self) -> &Talk {
        &self.talk
    }

    pub(crate) fn format(&self) -> Format {
        self.format
    }

    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// Returns whether a user can answer.
    pub(crate) fn can_ask(&self) -> bool {
        self.can_ask
    }

    /// Prints a line of data for people, or several that belong together.
    pub(crate) fn line(&mut self, text: impl fmt::Display) {
        let text = text.to_string();
        self.data.push_str(&escape::text(&text, &codes(self.color)));
        self.data.push('\n');
    }

    /// Prints lines that belong to the one before.
    pub(crate) fn details(&mut self, lines: &[String]) {
        for line in lines {
            self.line(format!("    {line}").trim_end());
        }
    }

    /// Prints a finding: code and message, details, and a hint.
    pub(crate) fn finding(
        &mut self,
        code: &str,
        message: impl fmt::Display,
        details: &[String],
        hint: Option<&str>,
    ) {
        let code = paint(code, ERROR, self.color);
        self.line(format_args!("{code}: {message}"));
        self.details(details);
        if let Some(hint) = hint {
            self.line(format_args!("  {} {hint}", paint("hint:", HINT, self.color)));
        }
    }

    /// Prints data for a program, or with its own escape codes, unchanged.
    pub(crate) fn raw(&mut self, text: impl fmt::Display) {
        self.data.push_str(&text.to_string());
    }

    /// Sets the document of `--format json`; replaces data collected before.
    pub(crate) fn json(&mut self, value: &impl Serialize) {
        // Our own types have string keys and parts that cannot fail.
        self.data = escape::json(&serde_json::to_string_pretty(value).unwrap_or_default());
        self.data.push('\n');
    }

    /// Prints an error, also with `--quiet`.
    pub(crate) fn error(&mut self, text: &str) {
        self.talk.write(text);
    }

    /// Prints an error about the arguments, as clap has written it.
    pub(crate) fn usage(&mut self, text: &str) {
        self.talk.write_raw(text);
    }

    pub(crate) fn revision(&self, name: impl fmt::Display) -> String {
        paint(escape::value(&name.to_string()), REVISION, self.color)
    }

    /// Writes the collected data. A closed pipe is not an error.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        let written = self.out.write_all(self.data.as_bytes()).and_then(|()| self.out.flush());
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }
}

impl Environment {
    fn color(&self, wanted: Color, terminal: bool) -> bool {
        match wanted {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let refused =
                    self.variable("NO_COLOR").is_some() || self.variable("TERM") == Some("dumb");
                terminal && !refused
            }
        }
    }
}
