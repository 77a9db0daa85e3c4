//! What a run says: data, talk, and questions. The only place that writes to the outside.

#[cfg(feature = "commands")]
mod ask;

use std::fmt;
use std::io::{self, BufRead, Write};
use std::sync::{Arc, Mutex, PoisonError};

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use crate::args::{Color, Format, Global};
use crate::environment::Environment;
use crate::visible;

/// Where a run writes to and reads from.
pub struct Io {
    /// Takes data.
    pub out: Box<dyn Write + Send>,
    /// Takes talk.
    pub err: Box<dyn Write + Send>,
    /// Gives answers.
    pub input: Box<dyn BufRead + Send>,
}

impl fmt::Debug for Io {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Io")
    }
}

impl Io {
    /// The process's own streams.
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

/// The codes that reach a terminal; without colour there are none.
fn codes(color: bool) -> Vec<String> {
    let styles =
        [ERROR, WARNING, HINT, REVISION, DONE, FRAME, REMOVED, ADDED].into_iter().filter(|_| color);
    styles
        .flat_map(|style| [style.render().to_string(), style.render_reset().to_string()])
        .collect()
}

/// A text in a style, or as it is.
pub(crate) fn paint(text: impl fmt::Display, style: Style, color: bool) -> String {
    if color { format!("{style}{text}{style:#}") } else { text.to_string() }
}

/// Writes talk as it comes; can be handed to an observer.
#[derive(Clone)]
pub(crate) struct Talk {
    err: Arc<Mutex<Box<dyn Write + Send>>>,
    quiet: bool,
    /// The only crate there is: its name before a revision tells nothing.
    sole_crate: Option<String>,
    pub(crate) verbose: bool,
    pub(crate) color: bool,
}

impl Talk {
    /// Says something that `--quiet` silences.
    pub(crate) fn say(&self, text: impl fmt::Display) {
        if !self.quiet {
            self.write(&text.to_string());
        }
    }

    /// Says something that stops nothing.
    pub(crate) fn warn(&self, text: impl fmt::Display) {
        let text = text.to_string();
        let warning = paint("warning:", WARNING, self.color);
        self.say(format_args!("{warning} {}", visible::value(&text)));
    }

    /// Says something whatever the options are.
    fn write(&self, text: &str) {
        self.write_raw(&visible::text(text, &codes(self.color)));
    }

    /// Says something that has codes of its own.
    fn write_raw(&self, text: &str) {
        let mut err = self.err.lock().unwrap_or_else(PoisonError::into_inner);
        // There is nobody left to tell that talk found no listener.
        drop(writeln!(err, "{}", self.plain(text)));
    }

    /// A text without passwords, and without the crate of revisions where there is only one.
    pub(crate) fn plain(&self, text: &str) -> String {
        let text = migrate_redact::redact(text);
        match &self.sole_crate {
            Some(name) => text.replace(&format!("`{name}@"), "`"),
            None => text,
        }
    }
}

/// Gathers data, which is written once at the end, and says the rest at once.
pub(crate) struct Printer {
    out: Box<dyn Write + Send>,
    input: Box<dyn BufRead + Send>,
    data: String,
    talk: Talk,
    format: Format,
    can_ask: bool,
    /// Whether data is coloured.
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

    /// From here on revisions are named without this crate.
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

    /// Whether there is somebody to answer.
    pub(crate) fn can_ask(&self) -> bool {
        self.can_ask
    }

    /// A line of data, or several that are one thing, for people.
    pub(crate) fn line(&mut self, text: impl fmt::Display) {
        let text = text.to_string();
        self.data.push_str(&visible::text(&text, &codes(self.color)));
        self.data.push('\n');
    }

    /// Lines that belong to the one before.
    pub(crate) fn details(&mut self, lines: &[String]) {
        for line in lines {
            self.line(format!("    {line}").trim_end());
        }
    }

    /// Something that is not as it should be: its code and what it is, what belongs to it, and what to do about it.
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

    /// Data for a program, or with codes of its own: as it is.
    pub(crate) fn raw(&mut self, text: impl fmt::Display) {
        self.data.push_str(&text.to_string());
    }

    /// The one document of `--format json`; it takes the place of whatever was gathered before.
    pub(crate) fn json(&mut self, value: &impl Serialize) {
        // Our own shapes have string keys and no failing parts.
        self.data = visible::json(&serde_json::to_string_pretty(value).unwrap_or_default());
        self.data.push('\n');
    }

    /// An error, whatever `--quiet` says.
    pub(crate) fn error(&mut self, text: &str) {
        self.talk.write(text);
    }

    /// An error about the arguments, as the reader of arguments has written it.
    pub(crate) fn usage(&mut self, text: &str) {
        self.talk.write_raw(text);
    }

    pub(crate) fn revision(&self, name: impl fmt::Display) -> String {
        paint(visible::value(&name.to_string()), REVISION, self.color)
    }

    /// Writes what was gathered. A reader that has gone away has seen enough.
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
