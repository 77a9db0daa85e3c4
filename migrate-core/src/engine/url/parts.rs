//! The decoded parts of a server's URL. As in libpq, `#`, `+` and blanks are ordinary characters.

use crate::engine::url::UrlError;

/// `//user:password@host:port/database?name=value&…`
#[derive(Default)]
pub(super) struct Parts {
    pub(super) user: Option<String>,
    pub(super) password: Option<String>,
    pub(super) host: Option<String>,
    pub(super) port: Option<u16>,
    pub(super) database: Option<String>,
    pub(super) parameters: Vec<Parameter>,
}

/// A parameter after the `?`.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Parameter {
    pub(super) name: String,
    pub(super) value: String,
}

const ESCAPE: &str = "percent-encode `@`, `:`, `/`, `?` and `%` in user name and password: `@` is `%40`, `/` is `%2F`, `%` is `%25`";

const fn malformed(what: &'static str) -> UrlError {
    UrlError::Malformed { what, instead: ESCAPE }
}

impl Parts {
    /// Parses the text after the scheme and its colon.
    pub(super) fn read(rest: &str) -> Result<Self, UrlError> {
        let rest = rest.strip_prefix("//").ok_or(UrlError::Malformed {
            what: "has no `//` after its scheme",
            instead: "write `scheme://user@host/database`",
        })?;
        let (before, query) = match rest.split_once('?') {
            Some((before, query)) => (before, Some(query)),
            None => (rest, None),
        };
        let (authority, path) = match before.split_once('/') {
            Some((authority, path)) => (authority, Some(path)),
            None => (before, None),
        };
        let (login, server) = match authority.rsplit_once('@') {
            Some((login, server)) => (Some(login), server),
            None => (None, authority),
        };
        let mut parts =
            Self { database: path.map(text).transpose()?.and_then(some), ..Self::default() };
        if let Some(login) = login {
            let (user, password) = match login.split_once(':') {
                Some((user, password)) => (user, Some(password)),
                None => (login, None),
            };
            parts.user = some(text(user)?);
            parts.password = password.map(text).transpose()?;
        }
        (parts.host, parts.port) = address(server)?;
        parts.parameters = query.map(parameters).transpose()?.unwrap_or_default();
        Ok(parts)
    }
}

/// Parses `host`, `host:port` and `[::1]:port`.
fn address(server: &str) -> Result<(Option<String>, Option<u16>), UrlError> {
    if server.contains(',') {
        return Err(UrlError::SeveralHosts);
    }
    let (host, port) = match server.strip_prefix('[').map(|rest| rest.split_once(']')) {
        Some(Some((host, ""))) => (host, None),
        Some(Some((host, port))) => (host, Some(port.strip_prefix(':').ok_or(NO_PORT)?)),
        Some(None) => return Err(malformed("has a `[` without a `]`")),
        None => match server.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (server, None),
        },
    };
    let port = port.filter(|port| !port.is_empty()).map(port_number).transpose()?;
    Ok((some(text(host)?), port))
}

const NO_PORT: UrlError = malformed("has no number for its port");

/// Parses a port. The text may be part of an unencoded password, so errors do not show it.
fn port_number(text: &str) -> Result<u16, UrlError> {
    text.parse().ok().filter(|port| *port > 0).ok_or(NO_PORT)
}

pub(super) fn parameters(query: &str) -> Result<Vec<Parameter>, UrlError> {
    query.split('&').filter(|parameter| !parameter.is_empty()).map(parameter).collect()
}

fn parameter(written: &str) -> Result<Parameter, UrlError> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_-.[]".contains(c);
    let unreadable = UrlError::Malformed {
        what: "has something after its `?` that is not `name=value`",
        instead: "write parameters as `name=value`, separated by `&`; a `?` or `&` within a value is `%3F` or `%26`",
    };
    let Some((name, value)) = written.split_once('=') else { return Err(unreadable) };
    let name = text(name)?;
    if name.is_empty() || !name.chars().all(is_name) {
        return Err(unreadable);
    }
    Ok(Parameter { name, value: text(value)? })
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// Decodes a text: `%41` is `A`.
fn text(written: &str) -> Result<String, UrlError> {
    let bytes = decode(written, true)
        .ok_or(malformed("has a `%` that is not followed by two hexadecimal digits"))?;
    String::from_utf8(bytes).map_err(|_| malformed("has percent-encoded bytes that are not UTF-8"))
}

/// Decodes `%41`. A `%` that is not part of an escape is kept, or is an error if `strictly`.
pub(super) fn decode(written: &str, strictly: bool) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(written.len());
    let mut rest = written;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        let digits = after.get(..2).filter(|two| two.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None if strictly => return None,
            None => {
                bytes.push(b'%');
                rest = after;
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    Some(bytes)
}

/// Encodes everything except letters and digits.
#[cfg(any(feature = "postgres", test))]
pub(super) fn encode(text: &str) -> String {
    let byte = |byte: u8| {
        if byte.is_ascii_alphanumeric() {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    text.bytes().map(byte).collect()
}
