//! Names as the catalog stores them.

use migrate_sql::ddl::{Ident, Name};
use migrate_sql::{Dialect, quote};

/// PostgreSQL truncates longer names, in bytes.
const LONGEST: usize = 63;

/// The name of an object and, if the statement gives it, of its schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) schema: Option<String>,
    pub(super) name: String,
}

impl Place {
    /// Returns the name; `None` if it is written in an unsupported form.
    pub(super) fn of(name: &Name<'_>, dialect: Dialect) -> Option<Self> {
        let schema = match name.schema() {
            Some(schema) => Some(held(schema, dialect)?),
            None => None,
        };
        Some(Self { schema, name: held(name.parts().last()?, dialect)? })
    }

    /// Creates a name without a schema.
    pub(super) fn bare(name: String) -> Self {
        Self { schema: None, name }
    }

    /// Returns another name in the same schema.
    pub(super) fn beside(&self, name: String) -> Self {
        Self { schema: self.schema.clone(), name }
    }

    /// Returns the name quoted for SQL.
    pub(super) fn sql(&self, dialect: Dialect) -> String {
        let name = quote::identifier(&self.name, dialect);
        match &self.schema {
            Some(schema) => format!("{}.{name}", quote::identifier(schema, dialect)),
            None => name,
        }
    }

    /// Returns the name for messages.
    pub(super) fn text(&self) -> String {
        match &self.schema {
            Some(schema) => format!("{schema}.{}", self.name),
            None => self.name.clone(),
        }
    }
}

/// Returns an identifier as the catalog stores it; `None` if it is written with escapes.
pub(super) fn held(ident: &Ident<'_>, dialect: Dialect) -> Option<String> {
    let text = ident.text();
    if text.get(..2).is_some_and(|prefix| prefix.eq_ignore_ascii_case("u&")) {
        return None;
    }
    let value = ident.value();
    Some(match dialect {
        Dialect::Postgres => cut(&value, LONGEST).to_owned(),
        Dialect::Mysql | Dialect::Sqlite => value.into_owned(),
    })
}

/// Truncates a text to `bytes`, at a whole character.
fn cut(text: &str, bytes: usize) -> &str {
    let ends = text.char_indices().map(|(start, character)| start + character.len_utf8());
    let end = ends.take_while(|end| *end <= bytes).last().unwrap_or(0);
    text.get(..end).unwrap_or(text)
}
