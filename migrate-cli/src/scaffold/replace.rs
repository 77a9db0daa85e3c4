//! Replaces files completely, or not at all.

use std::fs;
use std::io;
use std::path::Path;

/// Replaces the text of a file, completely or not at all.
pub(super) fn replace(file: &Path, text: &str) -> io::Result<()> {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".migrate-new");
    let beside = file.with_file_name(name);
    let written = fs::write(&beside, text)
        .and_then(|()| fs::set_permissions(&beside, fs::metadata(file)?.permissions()))
        .and_then(|()| fs::rename(&beside, file));
    written.inspect_err(|_| drop(fs::remove_file(&beside)))
}
