//! Settings in `migrate.toml` about the SQL of the crate being compiled: its dialects, and `[lint]`.

mod dialects;
mod reader;

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;
use std::{env, fs};

#[cfg(feature = "lint")]
use migrate_lint::Settings;

pub(crate) use self::dialects::{Dialects, Said};

/// The settings file of a crate, next to its `Cargo.toml`.
const FILE: &str = "migrate.toml";

/// The settings that checks use. Invalid parts of the file are left out: they are reported once for the crate.
#[derive(Debug, Default)]
pub(crate) struct Config {
    pub(crate) dialects: Dialects,
    #[cfg(feature = "lint")]
    pub(crate) lint: Settings,
    /// Error messages about invalid parts.
    pub(crate) faults: Vec<String>,
    /// Whether the file exists.
    pub(crate) is_there: bool,
}

/// A file's settings, and its last change before they were read.
type Known = (Option<SystemTime>, Arc<Config>);

/// The settings read so far. A compiler reads them once for all migrations; an editor's server outlives them.
static KNOWN: Mutex<BTreeMap<PathBuf, Known>> = Mutex::new(BTreeMap::new());

impl Config {
    /// Returns the settings of the crate being compiled.
    pub(crate) fn of_crate() -> Arc<Self> {
        match env::var_os("CARGO_MANIFEST_DIR") {
            Some(folder) => Self::of_file(Path::new(&folder).join(FILE)),
            None => Arc::default(),
        }
    }

    fn of_file(path: PathBuf) -> Arc<Self> {
        let changed = fs::metadata(&path).and_then(|file| file.modified()).ok();
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((then, config)) = known.get(&path)
            && *then == changed
        {
            return Arc::clone(config);
        }
        let config = Arc::new(match fs::read_to_string(&path) {
            Ok(text) => Self { is_there: true, ..reader::read(&text) },
            Err(error) if error.kind() == ErrorKind::NotFound => Self::default(),
            // Treating it as missing would skip the checks that it configures.
            Err(error) => Self::unreadable(&path, &error),
        });
        known.insert(path, (changed, Arc::clone(&config)));
        config
    }

    fn unreadable(path: &Path, error: &io::Error) -> Self {
        let fault = format!("cannot read `{}`: {error}", path.display());
        Self { faults: vec![fault], ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_there_is_no_fault_and_one_that_cannot_be_read_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        assert!(Config::of_file(path.clone()).faults.is_empty());
        fs::write(&path, b"dialect = 'postgres' # \xff").unwrap();
        let config = Config::of_file(path);
        let [fault] = &*config.faults else { panic!("one fault") };
        assert!(fault.contains("cannot read") && fault.contains(FILE), "{fault}");
    }
}
