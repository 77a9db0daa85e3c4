//! A server, as described by a URL and all its parameters.

use std::time::Duration;

use crate::engine::url::UrlError;
use crate::engine::url::parts::{Parameter, Parts};

/// The server, the login, and the other settings of a URL.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Server {
    /// A name or address; on PostgreSQL also the folder of a socket, which starts with `/`.
    pub(crate) host: Option<String>,
    /// The path of a socket, on MySQL.
    pub(crate) socket: Option<String>,
    pub(crate) port: Option<u16>,
    pub(crate) user: Option<String>,
    pub(crate) password: Option<String>,
    pub(crate) database: Option<String>,
    /// The driver's parameters.
    pub(crate) driver: Vec<(&'static str, String)>,
    /// Settings with which the session starts, on PostgreSQL.
    pub(crate) options: Vec<String>,
    /// The search path, on PostgreSQL.
    pub(crate) search_path: Option<String>,
    pub(crate) lock_timeout: Option<Duration>,
    pub(crate) statement_timeout: Option<Duration>,
    pub(crate) connect_timeout: Option<Duration>,
    /// The application name if the URL gives none, on PostgreSQL.
    pub(crate) fallback_name: Option<String>,
    /// The kind of server it must be.
    pub(crate) attributes: Attributes,
}

/// libpq's `target_session_attrs`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Attributes {
    #[default]
    Any,
    ReadWrite,
    ReadOnly,
    Primary,
    Standby,
}

/// How a parameter is handled. One that is in no table is an error.
pub(super) enum Fate {
    /// Passed to the driver by this name, with any value.
    Text(&'static str),
    /// Passed to the driver by this name, with one of these words as value.
    Word(&'static str, &'static [&'static str]),
    /// Handled by this function.
    Own(fn(&mut Server, &Parameter) -> Result<(), UrlError>),
    /// Accepted only with these values, which are what is done anyway; otherwise this is what to do instead.
    Only(&'static [&'static str], &'static str),
    /// Not supported; this is what to do instead.
    Refused(&'static str),
}

impl Fate {
    pub(super) fn is_honoured(&self) -> bool {
        match self {
            Self::Text(_) | Self::Word(..) | Self::Own(_) => true,
            Self::Only(..) | Self::Refused(_) => false,
        }
    }
}

/// The parameters of an engine. Of several names for one thing, the first is preferred.
pub(super) type Table = [(&'static str, Fate)];

impl Server {
    /// Reads the parts of a URL with the engine's table of parameters.
    pub(super) fn read(rest: &str, table: &'static Table) -> Result<Self, UrlError> {
        let Parts { user, password, host, port, database, parameters } = Parts::read(rest)?;
        let mut server = Self { host, port, user, password, database, ..Self::default() };
        for (index, parameter) in parameters.iter().enumerate() {
            let earlier = parameters.iter().take(index);
            if parameter.name != "options" && earlier.clone().any(|it| it.name == parameter.name) {
                return Err(UrlError::Twice { name: parameter.name.clone() });
            }
            server.heed(parameter, table)?;
        }
        Ok(server)
    }

    fn heed(&mut self, parameter: &Parameter, table: &'static Table) -> Result<(), UrlError> {
        let Parameter { name, value } = parameter;
        // `options[name]=value` comes from sqlx.
        let key = if name.starts_with("options[") { "options[…]" } else { name.as_str() };
        let Some((_, fate)) = table.iter().find(|(known, _)| *known == key) else {
            let known = known(table);
            return Err(UrlError::UnknownParameter { name: name.clone(), known });
        };
        match fate {
            Fate::Text(driver) => self.tell(name, driver, value),
            Fate::Word(driver, words) => {
                let word = words.iter().find(|word| word.eq_ignore_ascii_case(value));
                let word = word.ok_or_else(|| UrlError::value(name, one_of(words)))?;
                self.tell(name, driver, word)
            }
            Fate::Own(take) => take(self, parameter),
            Fate::Only(words, _) if words.iter().any(|word| word.eq_ignore_ascii_case(value)) => {
                Ok(())
            }
            Fate::Only(_, instead) | Fate::Refused(instead) => {
                Err(UrlError::refused(name, *instead))
            }
        }
    }

    fn tell(&mut self, name: &str, driver: &'static str, value: &str) -> Result<(), UrlError> {
        if value.is_empty() {
            return Err(UrlError::value(name, "something"));
        }
        if self.driver(driver).is_some() {
            return Err(UrlError::Twice { name: driver.to_owned() });
        }
        self.driver.push((driver, value.to_owned()));
        Ok(())
    }

    /// Returns the driver's parameter with this name.
    pub(crate) fn driver(&self, name: &str) -> Option<&str> {
        self.driver.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

/// Lists the supported names, for the hint about an unknown one.
fn known(table: &'static Table) -> String {
    let names: Vec<String> = table
        .iter()
        .filter(|(_, fate)| fate.is_honoured())
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    names.join(", ")
}

fn one_of(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

pub(super) fn host(server: &mut Server, parameter: &Parameter) -> Result<(), UrlError> {
    if parameter.value.contains(',') {
        return Err(UrlError::SeveralHosts);
    }
    let value = &parameter.value;
    // Some clients write the port here.
    if !value.starts_with('/') && value.matches(':').count() == 1 {
        return Err(UrlError::refused(&parameter.name, "write `host=NAME&port=NUMBER`"));
    }
    if !value.is_empty() {
        server.host = Some(value.clone());
    }
    Ok(())
}

pub(super) fn port(server: &mut Server, parameter: &Parameter) -> Result<(), UrlError> {
    if parameter.value.contains(',') {
        return Err(UrlError::SeveralHosts);
    }
    let number = parameter.value.parse().ok().filter(|port| *port > 0);
    server.port = Some(number.ok_or_else(|| UrlError::value(&parameter.name, "a port's number"))?);
    Ok(())
}

pub(super) fn user(server: &mut Server, parameter: &Parameter) -> Result<(), UrlError> {
    server.user = Some(filled(parameter)?);
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "it is one of a table")]
pub(super) fn password(server: &mut Server, parameter: &Parameter) -> Result<(), UrlError> {
    server.password = Some(parameter.value.clone());
    Ok(())
}

pub(super) fn database(server: &mut Server, parameter: &Parameter) -> Result<(), UrlError> {
    server.database = Some(filled(parameter)?);
    Ok(())
}

/// Reads the timeout in whole seconds, as other clients do; 0 means no limit.
pub(super) fn connect_timeout(server: &mut Server, parameter: &Parameter) -> Result<(), UrlError> {
    let seconds: u64 =
        parameter.value.parse().map_err(|_| UrlError::value(&parameter.name, "whole seconds"))?;
    server.connect_timeout = (seconds > 0).then(|| Duration::from_secs(seconds));
    Ok(())
}

/// Returns the value, which must not be empty.
pub(super) fn filled(parameter: &Parameter) -> Result<String, UrlError> {
    if parameter.value.trim().is_empty() {
        return Err(UrlError::value(&parameter.name, "something"));
    }
    Ok(parameter.value.clone())
}

pub(super) fn cache_capacity(server: &mut Server, parameter: &Parameter) -> Result<(), UrlError> {
    let number: u32 =
        parameter.value.parse().map_err(|_| UrlError::value(&parameter.name, "a number"))?;
    server.driver.push(("statement-cache-capacity", number.to_string()));
    Ok(())
}
