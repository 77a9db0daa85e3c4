//! Reads TOML files whose other content is unknown.

use std::fs;
use std::path::Path;

use toml_edit::{DocumentMut, Item, Table, TomlError};

use crate::error::{CommandError, Problem, file_problem};

/// Reads the file as TOML; empty if it does not exist.
pub(crate) fn read(path: &Path) -> Result<DocumentMut, CommandError> {
    if !path.exists() {
        return Ok(DocumentMut::new());
    }
    let text = fs::read_to_string(path).map_err(|error| file_problem("read", path, &error))?;
    text.parse().map_err(|error: TomlError| {
        // Its excerpt may show a password.
        let message = migrate_redact::redact(error.to_string().trim_end());
        Problem::new("file", format_args!("`{}` cannot be read: {message}", path.display())).into()
    })
}

/// Returns the table under `key`, created if it is missing; `None` if the key holds something else.
pub(crate) fn table<'a>(parent: &'a mut Table, key: &str, implicit: bool) -> Option<&'a mut Table> {
    let made = || {
        let mut table = Table::new();
        table.set_implicit(implicit);
        Item::Table(table)
    };
    parent.entry(key).or_insert_with(made).as_table_mut()
}
