//! The holder of the migration lock.

use std::fmt;

use migrate_sql::Dialect;

/// The holder of the migration lock, as far as the server reports it. Displayed on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Holder {
    /// What holds the lock.
    pub kind: HolderKind,
    /// The session's id on the server; for a lease or a file, the id of the process.
    pub pid: Option<i64>,
    /// The database user.
    pub user: Option<String>,
    /// The client's application name.
    pub application: Option<String>,
    /// The host it runs on.
    pub host: Option<String>,
    /// Since when the session has been connected, or the lease been held.
    pub since: Option<String>,
    /// What the session is doing.
    pub state: Option<String>,
    /// How often the lease was renewed.
    pub beats: Option<i64>,
}

/// What holds a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HolderKind {
    /// A session of a server of this dialect.
    Session(Dialect),
    /// A lease: a row that its holder renews periodically.
    Lease,
    /// A transaction that writes to a SQLite file.
    File,
}

impl HolderKind {
    /// Returns its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Session(_) => "session",
            Self::Lease => "lease",
            Self::File => "file",
        }
    }
}

impl Holder {
    /// Creates a holder about which nothing else is known.
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

    /// Returns whether both are the same run, in whatever state.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let who =
            |holder: &Self| (holder.kind, holder.pid, holder.host.clone(), holder.since.clone());
        who(self) == who(other)
    }

    /// Returns how to end a session, and thereby its lock, by hand.
    pub(crate) fn way_to_end(&self) -> Option<String> {
        let HolderKind::Session(dialect) = self.kind else { return None };
        let pid = self.pid?;
        Some(match dialect {
            Dialect::Mysql => format!("wait for it to end, or run `KILL {pid}`"),
            Dialect::Postgres | Dialect::Sqlite => {
                format!("wait for it to end, or run `SELECT pg_terminate_backend({pid})`")
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
        let beats = self.beats.map(|beats| format!("renewed {beats} times"));
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
            return f.write_str("the server does not say who holds it");
        }
        // Names that other programs chose may contain control characters.
        f.write_str(&facts.join(", ").replace(|c: char| c.is_control(), " "))
    }
}
