//! Finds a session that is still running a statement.

use std::fmt;

use migrate_sql::{Dialect, split};

use crate::engine::connection::Row;

/// The role that logged in can see its own sessions, whatever role it has assumed since. The setting ends with the message.
const POSTGRES: &str = "SET LOCAL ROLE NONE; \
    SELECT concat('pid ', a.pid, ', user ', a.usename, ', application ', a.application_name), \
    CAST(greatest(extract(epoch FROM clock_timestamp() - a.query_start), 0) AS bigint), a.query, \
    pg_catalog.pg_size_bytes(pg_catalog.current_setting('track_activity_query_size')) \
    FROM pg_catalog.pg_stat_activity a WHERE a.datname = pg_catalog.current_database() \
    AND a.pid <> pg_catalog.pg_backend_pid() AND a.state = 'active' ORDER BY a.query_start";

/// A session that is being killed still has its statement, and may finish it.
const MYSQL: &str = "SELECT concat('connection ', id, ', user ', user, ', from ', host), time, info, 65536 \
    FROM information_schema.processlist WHERE db <=> database() AND id <> connection_id() \
    AND info IS NOT NULL ORDER BY time DESC";

/// Returns the query for what the server's sessions are running; `None` if the engine has no sessions.
pub(super) fn query(dialect: Dialect) -> Option<&'static str> {
    match dialect {
        Dialect::Postgres => Some(POSTGRES),
        Dialect::Mysql => Some(MYSQL),
        Dialect::Sqlite => None,
    }
}

/// Another session, and what it is running.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Session {
    who: String,
    seconds: i64,
    /// The message as the server shows it, possibly truncated.
    shown: String,
    /// The number of bytes of a message that the server keeps, including a terminator.
    room: usize,
}

impl Session {
    pub(super) fn read(row: &Row) -> Option<Self> {
        let room = usize::try_from(row.at::<i64>(3)?).ok()?;
        Some(Self { who: row.at(0)?, seconds: row.at(1).unwrap_or(0), shown: row.at(2)?, room })
    }

    /// Returns whether it is running `statement`, or a message that contains it.
    pub(super) fn runs(&self, statement: &str, dialect: Dialect) -> bool {
        // The last character may have been too wide to fit.
        let cut = self.shown.len() + 4 >= self.room;
        let is = |text: &str| text == statement || cut && statement.starts_with(text);
        // A truncated text may end inside a literal: then it is compared as it is.
        match split(&self.shown, dialect) {
            Ok(statements) => statements.iter().any(|shown| is(shown.text())),
            Err(_) => is(self.shown.trim()),
        }
    }
}

impl fmt::Display for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, for {} s", self.who, self.seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATEMENT: &str = "CREATE INDEX CONCURRENTLY a_b ON a ('é;') WHERE c = 'long enough'";

    fn runs(shown: &str, room: usize) -> bool {
        let session = Session { who: "1".to_owned(), seconds: 0, shown: shown.to_owned(), room };
        session.runs(STATEMENT, Dialect::Postgres)
    }

    #[test]
    fn a_session_is_known_by_what_it_was_sent() {
        assert!(runs(STATEMENT, 1024));
        assert!(runs(&format!("-- why\n{STATEMENT};\n"), 1024));
        assert!(runs(&format!("SELECT 1; {STATEMENT};\nSELECT 2"), 1024));
        assert!(!runs("CREATE INDEX CONCURRENTLY a_b ON a ('é;')", 1024));
        assert!(!runs(&format!("SELECT '{}'", STATEMENT.replace('\'', "''")), 1024));
        assert!(!runs("<insufficient privilege>", 1024));
        assert!(!runs("", 1024));
    }

    #[test]
    fn a_text_that_the_server_has_cut_is_known_by_its_beginning() {
        for (room, _) in STATEMENT.char_indices().skip(30) {
            let shown = STATEMENT.get(..room).unwrap();
            // One byte is for the end mark, and a wide character may not have fitted.
            for room in room + 1..room + 5 {
                assert!(runs(shown, room), "{shown}");
            }
            assert!(!runs(shown, 1024), "{shown}");
            assert!(!runs(&shown.replace("a_b", "a_c"), room + 1), "{shown}");
        }
    }
}
