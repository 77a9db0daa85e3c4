//! This process, as the server and other runs see it.

use std::hash::{BuildHasher, RandomState};
use std::process;

/// PostgreSQL truncates application names to this many bytes, even inside a character.
const LONGEST_NAME: usize = 63;

/// The process that runs migrations.
#[derive(Clone, Debug)]
pub(crate) struct ProcessId {
    host: String,
    pid: u32,
}

impl ProcessId {
    /// Returns this process.
    pub(crate) fn this() -> Self {
        Self { host: gethostname::gethostname().to_string_lossy().into_owned(), pid: process::id() }
    }

    /// Returns the application name for its connections.
    #[cfg_attr(
        not(feature = "postgres"),
        expect(dead_code, reason = "MySQL and SQLite have no application name")
    )]
    pub(crate) fn application(&self) -> String {
        let begin = format!("migrate (pid {} on ", self.pid);
        // The servers accept printable ASCII, and mangle the rest.
        let host: String = self.host.chars().filter(char::is_ascii_graphic).collect();
        let host: String = host.chars().take(LONGEST_NAME - 1 - begin.len()).collect();
        format!("{begin}{host})")
    }

    /// Returns a word that is different each time.
    pub(crate) fn word(&self) -> String {
        // The standard library's seed differs for each process and for each `RandomState`.
        format!("{:016x}", RandomState::new().hash_one((&self.host, self.pid)))
    }

    /// Returns the host name.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// Returns the process id.
    pub(crate) const fn pid(&self) -> u32 {
        self.pid
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_host_is_cut_and_the_bracket_stays() {
        let name = ProcessId { host: "höst-".repeat(20), pid: 1234 }.application();
        assert_eq!(name.len(), LONGEST_NAME);
        assert!(name.starts_with("migrate (pid 1234 on hst-hst-") && name.ends_with(')'), "{name}");
    }
}
