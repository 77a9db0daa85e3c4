//! The schema in which history is kept: the one in which the session creates, unless settings name another.

use crate::graph::list;

/// What the catalog says about the schemas of a session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Schemas {
    /// The one in which unqualified names are created.
    pub(crate) current: Option<String>,
    /// The search path as it is set.
    pub(crate) path: String,
    /// Those on the path that hold a history table.
    pub(crate) on_path: Vec<String>,
    /// Those that hold one and are not on the path, of the few that are checked.
    pub(crate) off_path: Vec<String>,
}

/// The schema for history cannot be determined.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlaceError {
    /// No schema of the search path exists.
    #[error("the search path `{path}` names no schema that exists and that this role may use")]
    NoSchema {
        /// The search path.
        path: String,
    },
    /// The first schema of the URL's search path does not exist, so tables would be created in another one.
    #[error(
        "the URL's search path begins with `{schema}`, which does not exist or which this role may not use"
    )]
    NotFirst {
        /// The schema.
        schema: String,
    },
    /// The configured schema does not exist.
    #[error("the schema `{schema}`, configured for history, does not exist")]
    Unknown {
        /// The schema.
        schema: String,
    },
    /// Other schemas hold a history table, too.
    #[error(
        "history would be kept in the schema `{here}`, but there is a table `{table}` in {}",
        list(there)
    )]
    Elsewhere {
        /// The history table.
        table: String,
        /// The schema in which the session creates.
        here: String,
        /// The other schemas that hold such a table.
        there: Vec<String>,
    },
    /// Neither the URL nor the settings name a database on the server.
    #[error("neither the URL nor the settings name a database on the server")]
    NoDatabase,
}

impl PlaceError {
    /// Returns what to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::NoSchema { .. } => {
                "create the schema, grant USAGE on it, or correct `search_path`".to_owned()
            }
            Self::NotFirst { schema } => format!(
                "create it (`CREATE SCHEMA {schema}`), grant USAGE on it, or correct `search_path`; if a migration creates it, \
                 name the schema for history with `--history-schema`"
            ),
            Self::Unknown { schema } => {
                format!("create it (`CREATE SCHEMA {schema}`), or correct `--history-schema`")
            }
            Self::Elsewhere { here, there, .. } => {
                let other = there.first().map_or("", String::as_str);
                format!(
                    "choose one: `--history-schema {here}` for a separate history, `--history-schema {other}` to use that \
                    one; or set `MIGRATE_HISTORY_SCHEMA`, or `[history] schema` in `migrate.toml`"
                )
            }
            Self::NoDatabase => {
                "name it in the URL: `mysql://user@host/DATABASE`, or choose one for history with `--history-schema`".to_owned()
            }
        }
    }
}

/// Returns the schema for the history table `table` where none is configured. `wanted` is the URL's search path.
///
/// A history elsewhere on the path may be the intended one: starting another would run everything again. The same is true
/// for schemas off the path while there is none here: earlier versions kept history in `public` whatever the path was.
pub(crate) fn choose(
    table: &str,
    wanted: Option<&str>,
    schemas: Schemas,
) -> Result<String, PlaceError> {
    let Schemas { current, path, on_path, off_path } = schemas;
    let Some(here) = current else { return Err(PlaceError::NoSchema { path }) };
    if let Some(schema) = wanted.and_then(first).filter(|first| *first != here) {
        return Err(PlaceError::NotFirst { schema });
    }
    let is_here = on_path.contains(&here);
    let others = on_path.into_iter().filter(|schema| *schema != here);
    let there: Vec<String> =
        if is_here { others.collect() } else { others.chain(off_path).collect() };
    if there.is_empty() {
        return Ok(here);
    }
    Err(PlaceError::Elsewhere { table: table.to_owned(), here, there })
}

/// Returns the first schema of a search path, unless it is the role's own, which need not exist.
pub(crate) fn first(path: &str) -> Option<String> {
    names(path).into_iter().next().filter(|first| first != "$user")
}

/// Returns the names of a search path as the server reads them: lower case, unless they are quoted.
pub(crate) fn names(path: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = path.trim_start();
    while !rest.is_empty() {
        let (name, after) = if let Some(quoted) = rest.strip_prefix('"') {
            quoted_name(quoted)
        } else {
            let (name, after) = rest.split_once(',').unwrap_or((rest, ""));
            (name.trim_end().to_lowercase(), after)
        };
        names.push(name);
        rest = after.trim_start();
    }
    names
}

/// Returns the name up to its closing quote, and the text after the next comma.
fn quoted_name(text: &str) -> (String, &str) {
    let mut name = String::new();
    let mut rest = text;
    loop {
        let Some((before, after)) = rest.split_once('"') else {
            name.push_str(rest);
            return (name, "");
        };
        name.push_str(before);
        match after.strip_prefix('"') {
            Some(after) => {
                name.push('"');
                rest = after;
            }
            None => return (name, after.split_once(',').map_or("", |(_, rest)| rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schemas(current: &str, on_path: &[&str], off_path: &[&str]) -> Schemas {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Schemas {
            current: Some(current.to_owned()).filter(|name| !name.is_empty()),
            path: "the path".to_owned(),
            on_path: owned(on_path),
            off_path: owned(off_path),
        }
    }

    #[test]
    fn history_is_kept_where_the_session_creates() {
        for found in [
            schemas("a", &[], &[]),
            schemas("a", &["a"], &[]),
            // A second application, next to one that keeps its history in `public`.
            schemas("a", &["a"], &["public"]),
        ] {
            assert_eq!(choose("h", None, found), Ok("a".to_owned()));
        }
    }

    #[test]
    fn a_history_that_may_be_meant_stops_everything() {
        for (found, there) in [
            (schemas("a", &["b"], &[]), "`b`"),
            (schemas("a", &["a", "b"], &[]), "`b`"),
            (schemas("a", &[], &["public"]), "`public`"),
            (schemas("a", &["b"], &["public"]), "`b`, `public`"),
        ] {
            let error = choose("h", None, found).expect_err("two places");
            let told = error.to_string();
            assert!(told.contains("`a`") && told.ends_with(there), "{told}");
            assert!(error.hint().contains("--history-schema a"), "{}", error.hint());
        }
    }

    #[test]
    fn a_path_that_leads_nowhere_is_refused() {
        let nowhere = choose("h", None, schemas("", &[], &[]));
        assert!(matches!(nowhere, Err(PlaceError::NoSchema { .. })), "{nowhere:?}");
        let wrong = choose("h", Some("App, public"), schemas("public", &[], &[]));
        assert_eq!(wrong, Err(PlaceError::NotFirst { schema: "app".to_owned() }));
        for path in ["\"$user\", public", "public", "PUBLIC,app"] {
            assert!(choose("h", Some(path), schemas("public", &[], &[])).is_ok(), "{path}");
        }
    }

    #[test]
    fn a_search_path_is_read_as_the_server_reads_it() {
        assert_eq!(names("App , \"A,\"\"b\", c"), ["app", "A,\"b", "c"]);
        assert_eq!(names(""), Vec::<String>::new());
    }
}
