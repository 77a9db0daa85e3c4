//! SQLite's URLs: sqlx's `sqlite:file`, SQLAlchemy's `sqlite+driver:///file`, and SQLite's own `file:` URIs.

use crate::engine::url::UrlError;
use crate::engine::url::parts::{Parameter, decode, parameters};

/// A file, or a database in memory.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct File {
    /// The decoded path; for a database in memory `:memory:`, or the name under which it is shared.
    pub(crate) path: String,
    pub(crate) mode: Option<FileMode>,
    /// Whether the file is assumed never to change.
    pub(crate) immutable: bool,
    /// Whether it uses a custom VFS.
    pub(crate) vfs: bool,
    /// The parameters as written.
    parameters: Vec<Parameter>,
}

/// SQLite's `mode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileMode {
    ReadOnly,
    ReadWrite,
    Create,
    Memory,
}

const KNOWN: &str = "`mode`, `cache`, `immutable` and `vfs`";

/// Parameters that other clients know, and what to do instead.
const REFUSED: [(&str, &str); 8] = [
    ("nolock", "leave it out: runs rely on the file's lock"),
    ("psow", "leave it out"),
    ("modeof", "leave it out: a new file is readable only by its owner"),
    ("timeout", "leave it out, and wait for others with `--wait SECONDS`"),
    ("check_same_thread", "leave it out: it is specific to Python"),
    ("isolation_level", "leave it out: each migration runs in its own transaction"),
    ("detect_types", "leave it out: it is specific to Python"),
    ("cipher", "leave it out: encrypted files cannot be opened"),
];

impl File {
    /// Parses the text after the scheme by the rules of sqlx, or by SQLAlchemy's where a driver is named.
    pub(super) fn read(rest: &str, driver: Option<&str>) -> Result<Self, UrlError> {
        if driver.is_some_and(|driver| driver.contains("cipher")) {
            return Err(UrlError::Malformed {
                what: "names an encrypted file, which cannot be opened",
                instead: "name a file that is not encrypted: `sqlite:FILE`",
            });
        }
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let parameters = parameters(query)?;
        let path = match driver {
            Some(_) => place.strip_prefix("///").or(place.strip_prefix("//")).unwrap_or(place),
            None => place.strip_prefix("//").unwrap_or(place),
        };
        if driver.is_none() && is_ambiguous(place) {
            return Err(UrlError::Malformed {
                what: "names a file with three slashes, which means `/file` in sqlx and `file` in SQLAlchemy",
                instead: "write `sqlite:file` for a file in this folder, `sqlite:////file` for one at the root",
            });
        }
        let (path, is_uri) = match path.trim_start_matches('/').strip_prefix("file:") {
            Some(uri) => (of_uri(uri)?, true),
            None => (path, false),
        };
        let path = String::from_utf8(decode(path, false).unwrap_or_default()).map_err(|_| {
            UrlError::Malformed {
                what: "names a file whose name is not UTF-8",
                instead: "rename the file",
            }
        })?;
        let mut file = Self { path, mode: None, immutable: false, vfs: false, parameters };
        file.heed(is_uri)?;
        file.placed()
    }

    fn heed(&mut self, is_uri: bool) -> Result<(), UrlError> {
        for (index, Parameter { name, value }) in self.parameters.iter().enumerate() {
            if self.parameters.iter().take(index).any(|it| it.name == *name) {
                return Err(UrlError::Twice { name: name.clone() });
            }
            match (name.as_str(), value.as_str()) {
                ("mode", "ro") => self.mode = Some(FileMode::ReadOnly),
                ("mode", "rw") => self.mode = Some(FileMode::ReadWrite),
                ("mode", "rwc") => self.mode = Some(FileMode::Create),
                ("mode", "memory") => self.mode = Some(FileMode::Memory),
                ("mode", _) => {
                    return Err(UrlError::value(name, "`ro`, `rw`, `rwc` or `memory`"));
                }
                ("cache", "shared" | "private") | ("immutable", "0" | "false") => {}
                ("cache", _) => return Err(UrlError::value(name, "`shared` or `private`")),
                ("immutable", "1" | "true") => self.immutable = true,
                ("immutable", _) => return Err(UrlError::value(name, "`1` or `0`")),
                ("vfs", "") => return Err(UrlError::value(name, "something")),
                ("vfs", _) => self.vfs = true,
                ("uri", "true" | "1") if is_uri => {}
                (name, _) => return Err(unknown(name)),
            }
        }
        self.parameters.retain(|parameter| parameter.name != "uri");
        Ok(())
    }

    fn placed(mut self) -> Result<Self, UrlError> {
        if self.path.trim_start_matches('/') == ":memory:" {
            ":memory:".clone_into(&mut self.path);
            self.mode = Some(FileMode::Memory);
        }
        if self.mode == Some(FileMode::Memory) {
            return Ok(self);
        }
        if self.path.trim().trim_matches('/').is_empty() {
            return Err(UrlError::Malformed {
                what: "names no file",
                instead: "name one: `sqlite:shop.db`, or `sqlite:/var/lib/shop.db`",
            });
        }
        if self.path.starts_with("//") {
            self.path = format!("/{}", self.path.trim_start_matches('/'));
        }
        Ok(self)
    }

    /// Returns whether the URL allows creating a missing file.
    #[cfg(feature = "sqlite")]
    pub(crate) fn may_be_made(&self) -> bool {
        match self.mode {
            None | Some(FileMode::Create | FileMode::Memory) => true,
            Some(FileMode::ReadOnly | FileMode::ReadWrite) => false,
        }
    }

    /// Returns whether the database is an ordinary file, neither in memory nor kept by a custom VFS.
    #[cfg(feature = "sqlite")]
    pub(crate) fn is_on_disk(&self) -> bool {
        self.mode != Some(FileMode::Memory) && !self.vfs
    }

    /// Returns whether it is opened read-only.
    pub(crate) fn is_for_reading(&self) -> bool {
        self.mode == Some(FileMode::ReadOnly) || self.immutable
    }

    /// Returns the URL in the form that sqlx reads.
    pub(crate) fn text(&self) -> String {
        let encode = |text: &str| {
            ["%25", "%3F", "%23", "%26"]
                .iter()
                .zip(['%', '?', '#', '&'])
                .fold(text.to_owned(), |text, (code, c)| text.replace(c, code))
        };
        let mut text = format!("sqlite:{}", encode(&self.path));
        let mut mark = '?';
        for Parameter { name, value } in &self.parameters {
            text.push(mark);
            text.extend([name, "=", &encode(value)]);
            mark = '&';
        }
        text
    }
}

/// Returns whether a place has three slashes and only a name.
fn is_ambiguous(place: &str) -> bool {
    let Some(name) = place.strip_prefix("///") else { return false };
    let is_special = name.starts_with(":memory:") || name.starts_with("file:");
    !name.is_empty() && !name.contains('/') && !is_special
}

/// Returns the path of a `file:` URI, given without its scheme.
fn of_uri(uri: &str) -> Result<&str, UrlError> {
    let Some(rest) = uri.strip_prefix("//") else { return Ok(uri) };
    let path = rest.strip_prefix("localhost").unwrap_or(rest);
    if path.starts_with('/') {
        return Ok(path);
    }
    Err(UrlError::Malformed {
        what: "names a file on another machine",
        instead: "write `file:NAME` or `file:///PATH`",
    })
}

fn unknown(name: &str) -> UrlError {
    match REFUSED.iter().find(|(refused, _)| *refused == name) {
        Some((_, instead)) => UrlError::refused(name, *instead),
        None => UrlError::UnknownParameter { name: name.to_owned(), known: KNOWN.to_owned() },
    }
}
