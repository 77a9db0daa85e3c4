//! Who holds the lock.

use std::fmt;

use migrate_sql::Dialect;

/// Who holds the migration lock, as far as the server tells. Shown, it is one line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Holder {
    /// What the lock is held by.
    pub kind: HolderKind,
    /// The server's number of the session; for a lease the process's on its host, and for a file the process's.
    pub pid: Option<i64>,
    /// The database user.
    pub user: Option<String>,
    /// What the client calls itself.
    pub application: Option<String>,
    /// Where it runs.
    pub host: Option<String>,
    /// Since when: a session has been connected, or a lease been held.
    pub since: Option<String>,
    /// What the session does now.
    pub state: Option<String>,
    /// How often the owner of a lease has shown that he is alive.
    pub beats: Option<i64>,
}

/// What a lock is held by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HolderKind {
    /// A session of a server of this dialect.
    Session(Dialect),
    /// A row whose owner must show that he is alive.
    Lease,
    /// A transaction that writes to a SQLite file.
    File,
}

impl HolderKind {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Session(_) => "session",
            Self::Lease => "lease",
            Self::File => "file",
        }
    }
}

impl Holder {
    /// A holder of whom no more is known.
    pub(crate) const fn new(kind: HolderKind) -> Self {
        Self {
            kind,
            pid: None,
            user: None,
            application: None,
            host: None,
            since: None,
            state: None,
            beats: None,
        }
    }

    /// Whether it is the same run, whatever it does meanwhile.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let who =
            |holder: &Self| (holder.kind, holder.pid, holder.host.clone(), holder.since.clone());
        who(self) == who(other)
    }

    /// How a session is ended by hand, with the lock it holds.
    pub(crate) fn way_to_end(&self) -> Option<String> {
        let HolderKind::Session(dialect) = self.kind else { return None };
        let pid = self.pid?;
        Some(match dialect {
            Dialect::Mysql => format!("let it end, or end it: `KILL {pid}`"),
            Dialect::Postgres | Dialect::Sqlite => {
                format!("let it end, or end it: `SELECT pg_terminate_backend({pid})`")
            }
        })
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = match self.kind {
            HolderKind::File => {
                return match self.pid {
                    Some(pid) => write!(f, "process {pid} is changing this database"),
                    None => f.write_str("another connection is writing to this database"),
                };
            }
            HolderKind::Session(Dialect::Mysql) => "connection",
            HolderKind::Session(_) | HolderKind::Lease => "pid",
        };
        let from = if self.kind == HolderKind::Lease { "on" } else { "from" };
        let beats = self.beats.map(|beats| format!("seen alive {beats} times"));
        let facts = [
            self.pid.map(|pid| format!("{number} {pid}")),
            self.user.clone(),
            self.application.as_ref().map(|name| format!("application {name}")),
            self.host.as_ref().map(|host| format!("{from} {host}")),
            self.since.as_ref().map(|since| format!("since {since}")),
            self.state.clone(),
            beats,
        ];
        let facts: Vec<String> = facts.into_iter().flatten().collect();
        if facts.is_empty() {
            return f.write_str("who it is, the server does not say");
        }
        // What others have written into names may hold anything.
        f.write_str(&facts.join(", ").replace(|c: char| c.is_control(), " "))
    }
}
