//! Files of TOML that the tool reads without knowing all that is in them.

use std::fs;
use std::path::Path;

use toml_edit::{DocumentMut, Item, Table, TomlError};

use crate::error::{CommandError, Problem, file_problem};

/// The file as TOML; empty where there is none.
pub(crate) fn read(path: &Path) -> Result<DocumentMut, CommandError> {
    if !path.exists() {
        return Ok(DocumentMut::new());
    }
    let text = fs::read_to_string(path).map_err(|error| file_problem("read", path, &error))?;
    text.parse().map_err(|error: TomlError| {
        // The excerpt in it may show a password.
        let message = migrate_redact::redact(error.to_string().trim_end());
        Problem::new("file", format_args!("`{}` cannot be read: {message}", path.display())).into()
    })
}

/// The table under `key`, made where it is missing; nothing where something else is there.
pub(crate) fn table<'a>(parent: &'a mut Table, key: &str, implicit: bool) -> Option<&'a mut Table> {
    let made = || {
        let mut table = Table::new();
        table.set_implicit(implicit);
        Item::Table(table)
    };
    parent.entry(key).or_insert_with(made).as_table_mut()
}
