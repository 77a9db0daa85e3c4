//! Sessions that block another one: how they are found, and how they are described.

use std::fmt;
use std::time::Duration;

use migrate_sql::Dialect;

use crate::engine::connection::Row;

/// A session whose lock blocks a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Blocker {
    /// The engine, which decides how the session is ended.
    pub dialect: Dialect,
    /// Its process or connection id; 0 for a prepared transaction of PostgreSQL, which has no session.
    pub pid: i64,
    /// The user, if the server reports it.
    pub user: String,
    /// The client's application name; on MySQL, its host.
    pub application: String,
    /// Its state: `active`, `idle in transaction` …
    pub state: String,
    /// How old its transaction is.
    pub age: Duration,
    /// The beginning of its last statement, on one line; empty if the server does not report it.
    pub query: String,
}

/// The number of characters of a statement that are shown.
const SHOWN: usize = 100;

impl Blocker {
    /// Returns queries for the sessions that block the session with this id, the most exact first. The first that returns
    /// rows counts; one that fails, for example for a missing privilege, is skipped.
    pub(crate) fn queries(dialect: Dialect, session: i64) -> Vec<String> {
        match dialect {
            Dialect::Postgres => vec![postgres(session)],
            Dialect::Mysql => mysql(session),
            Dialect::Sqlite => Vec::new(),
        }
    }

    /// Reads a row of such a query: pid, user, application, state, seconds, query.
    pub(crate) fn read(dialect: Dialect, row: &Row) -> Option<Self> {
        let text = |index| row.at::<Option<String>>(index).flatten().unwrap_or_default();
        let seconds = row.at::<Option<i64>>(4).flatten().unwrap_or(0);
        Some(Self {
            dialect,
            pid: row.at(0)?,
            user: one_line(&text(1)),
            application: one_line(&text(2)),
            state: one_line(&text(3)),
            age: Duration::from_secs(seconds.try_into().unwrap_or(0)),
            query: one_line(&text(5)),
        })
    }

    /// Returns what to do about it, in the common cases.
    pub fn hint(&self) -> Option<String> {
        let pid = self.pid;
        if pid == 0 {
            return Some(
                "a prepared transaction holds the lock: find it in `pg_prepared_xacts`, and end it with `COMMIT PREPARED` \
                or `ROLLBACK PREPARED`"
                    .to_owned(),
            );
        }
        if self.is_backup() {
            return Some(format!(
                "a backup is running (pid {pid}): run again when it is done, or wait longer with `--wait SECONDS`"
            ));
        }
        if self.is_autovacuum() {
            return Some(format!(
                "autovacuum is working on the table (pid {pid}); if it prevents wraparound it cannot be interrupted: run \
                again when it is done"
            ));
        }
        let end = match self.dialect {
            Dialect::Postgres => format!("SELECT pg_terminate_backend({pid})"),
            Dialect::Mysql | Dialect::Sqlite => format!("KILL {pid}"),
        };
        self.is_idle().then(|| {
            format!(
                "{pid} holds a transaction open and does nothing: close it in its client, or run `{end}`"
            )
        })
    }

    fn is_idle(&self) -> bool {
        self.state.starts_with("idle in transaction")
    }

    fn is_backup(&self) -> bool {
        let dumps = ["pg_dump", "pg_basebackup", "mysqldump", "mariadb-dump", "mydumper"];
        // mysqldump reads every table with this hint.
        dumps.iter().any(|name| self.application.contains(name))
            || self.query.contains("SQL_NO_CACHE */")
    }

    fn is_autovacuum(&self) -> bool {
        self.query.starts_with("autovacuum:") || self.application.starts_with("autovacuum")
    }
}

impl fmt::Display for Blocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pid == 0 {
            f.write_str("a prepared transaction")?;
        } else {
            write!(f, "pid {}", self.pid)?;
        }
        let who = [&self.user, &self.application].into_iter().filter(|name| !name.is_empty());
        let mut facts: Vec<String> = who.cloned().collect();
        facts.push(format!("{} for {} s", self.state, self.age.as_secs()).trim_start().to_owned());
        write!(f, " ({})", facts.join(", "))?;
        if self.query.is_empty() { Ok(()) } else { write!(f, ": {}", self.query) }
    }
}

/// Escapes text that another session wrote, so that it cannot control the terminal.
fn one_line(text: &str) -> String {
    let mut line = String::new();
    for (index, word) in text.split_whitespace().enumerate() {
        if index > 0 {
            line.push(' ');
        }
        for character in word.chars() {
            if character.is_control() {
                line.extend(character.escape_unicode());
            } else {
                line.push(character);
            }
        }
    }
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

fn postgres(session: i64) -> String {
    format!(
        "SELECT CAST(p.pid AS bigint), CAST(a.usename AS text), a.application_name, \
         coalesce(nullif(a.state, ''), a.backend_type, ''), \
         CAST(extract(epoch FROM pg_catalog.clock_timestamp() - coalesce(a.xact_start, a.query_start, a.backend_start)) \
         AS bigint), left(a.query, 400) \
         FROM (SELECT DISTINCT pid FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids({session})) AS b(pid)) AS p \
         LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = p.pid ORDER BY a.xact_start NULLS LAST, p.pid LIMIT 10"
    )
}

/// Holders of metadata locks are listed only where the performance schema is on. InnoDB lists those of row locks, MariaDB
/// and MySQL in different tables. Otherwise any transaction in the same database may block ours, the oldest most likely,
/// if our session waits for a lock at all.
fn mysql(session: i64) -> Vec<String> {
    let told = |blocking: &str| {
        format!(
            "SELECT CAST(p.id AS SIGNED), p.user, p.host, \
             if(p.command = 'Sleep', 'idle in transaction', lower(p.command)), \
             CAST(coalesce(timestampdiff(SECOND, t.trx_started, now()), p.time) AS SIGNED), \
             left(coalesce(t.trx_query, p.info, ''), 400) \
             FROM information_schema.processlist AS p \
             LEFT JOIN information_schema.innodb_trx AS t ON t.trx_mysql_thread_id = p.id \
             WHERE p.id <> {session} AND p.id IN ({blocking}) ORDER BY t.trx_started, p.id LIMIT 10"
        )
    };
    vec![
        told(&format!(
            "SELECT blocking_pid FROM sys.schema_table_lock_waits WHERE waiting_pid = {session}"
        )),
        told(&format!(
            "SELECT b.trx_mysql_thread_id FROM information_schema.innodb_lock_waits AS w \
             JOIN information_schema.innodb_trx AS b ON b.trx_id = w.blocking_trx_id \
             JOIN information_schema.innodb_trx AS r ON r.trx_id = w.requesting_trx_id \
             WHERE r.trx_mysql_thread_id = {session}"
        )),
        told(&format!(
            "SELECT blocking_pid FROM sys.innodb_lock_waits WHERE waiting_pid = {session}"
        )),
        told(&format!(
            "SELECT o.trx_mysql_thread_id FROM information_schema.innodb_trx AS o \
             JOIN information_schema.processlist AS q ON q.id = o.trx_mysql_thread_id \
             JOIN information_schema.processlist AS own ON own.id = {session} AND own.state LIKE 'Waiting for%lock%' \
             WHERE q.db = own.db"
        )),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocker() -> Blocker {
        Blocker {
            dialect: Dialect::Postgres,
            pid: 123,
            user: "shop".into(),
            application: "psql".into(),
            state: "idle in transaction".into(),
            age: Duration::from_secs(40),
            query: "UPDATE users SET name = 'x'".into(),
        }
    }

    #[test]
    fn is_told_on_one_line() {
        let told =
            "pid 123 (shop, psql, idle in transaction for 40 s): UPDATE users SET name = 'x'";
        assert_eq!(blocker().to_string(), told);
    }

    #[test]
    fn what_another_session_wrote_is_escaped_and_cut() {
        assert_eq!(one_line("SELECT\n\t1\u{1b}[31m"), "SELECT 1\\u{1b}[31m");
        let long = one_line(&"ä".repeat(300));
        assert_eq!(long.chars().count(), SHOWN + 1);
        assert!(long.ends_with('…'));
    }

    #[test]
    fn the_usual_suspects_have_a_hint() {
        let hint = |blocker: Blocker| blocker.hint().unwrap_or_default();
        assert!(hint(blocker()).contains("`SELECT pg_terminate_backend(123)`"));
        let mysql = Blocker { dialect: Dialect::Mysql, ..blocker() };
        assert!(hint(mysql).contains("`KILL 123`"));
        let dump = Blocker { application: "pg_dump".into(), state: "active".into(), ..blocker() };
        assert!(hint(dump).contains("a backup is running"));
        let query = "SELECT /*!40001 SQL_NO_CACHE */ * FROM `users`";
        let dump = Blocker { query: query.into(), state: "query".into(), ..blocker() };
        assert!(hint(dump).contains("a backup is running"));
        let query = "autovacuum: VACUUM public.users (to prevent wraparound)";
        let vacuum = Blocker { query: query.into(), state: "active".into(), ..blocker() };
        assert!(hint(vacuum).contains("autovacuum"));
        let prepared = Blocker { pid: 0, state: String::new(), ..blocker() };
        assert!(hint(prepared).contains("pg_prepared_xacts"));
        let busy = Blocker { state: "active".into(), ..blocker() };
        assert_eq!(busy.hint(), None);
    }
}
