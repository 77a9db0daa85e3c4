//! Snapshots on PostgreSQL, which lists everything in a session, so that one text restores it.

use migrate_sql::{Dialect, quote};

use crate::engine::connection::{Connection, DatabaseError, Row};

/// A snapshot of a session.
#[derive(Clone, Debug, Default)]
pub(crate) struct Session {
    settings: Vec<(String, String)>,
    /// The session's user, if it is not the one that logged in.
    user: Option<String>,
    role: Option<String>,
    cursors: Vec<String>,
    prepared: Vec<String>,
    channels: Vec<String>,
    locks: Vec<Lock>,
    /// The OIDs of temporary objects.
    temporary: Vec<String>,
}

/// An advisory lock, as in `pg_locks`.
#[derive(Clone, Debug)]
struct Lock {
    class: i64,
    object: i64,
    two_keys: bool,
    shared: bool,
}

// Locks that end with a transaction are not part of the session.
const READ: &str = "\
SELECT 'setting', name::text, setting FROM pg_catalog.pg_settings WHERE source = 'session' AND name NOT IN \
('transaction_isolation', 'transaction_read_only', 'transaction_deferrable') \
UNION ALL SELECT 'role', pg_catalog.current_setting('role'), '' \
UNION ALL SELECT 'user', session_user::text, '' WHERE session_user <> (SELECT pg_catalog.pg_get_userbyid(usesysid) \
FROM pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid())) \
UNION ALL SELECT 'cursor', name, '' FROM pg_catalog.pg_cursors WHERE is_holdable \
UNION ALL SELECT 'prepared', name, '' FROM pg_catalog.pg_prepared_statements WHERE from_sql \
UNION ALL SELECT 'channel', channel, '' FROM pg_catalog.pg_listening_channels() AS channel \
UNION ALL SELECT 'lock', pg_catalog.concat_ws(' ', classid::bigint, objid::bigint, objsubid, mode), '' \
FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND granted AND pid = pg_catalog.pg_backend_pid() \
UNION ALL SELECT 'temporary', oid::text, '' FROM pg_catalog.pg_class WHERE relnamespace = pg_catalog.pg_my_temp_schema() \
UNION ALL SELECT 'temporary', oid::text, '' FROM pg_catalog.pg_proc WHERE pronamespace = pg_catalog.pg_my_temp_schema() \
UNION ALL SELECT 'temporary', oid::text, '' FROM pg_catalog.pg_type WHERE typnamespace = pg_catalog.pg_my_temp_schema()";

impl Session {
    pub(super) async fn read(connection: &mut Connection) -> Result<Self, DatabaseError> {
        let mut session = Self::default();
        for row in connection.fetch(READ).await? {
            session.take(&row);
        }
        Ok(session)
    }

    fn take(&mut self, row: &Row) {
        let text = |index: usize| row.at::<String>(index).unwrap_or_default();
        let name = text(1);
        match text(0).as_str() {
            "setting" => self.settings.push((name, text(2))),
            "role" => self.role = Some(name).filter(|role| role != "none"),
            "user" => self.user = Some(name),
            "cursor" => self.cursors.push(name),
            "prepared" => self.prepared.push(name),
            "channel" => self.channels.push(name),
            "lock" => self.locks.extend(Lock::parse(&name)),
            "temporary" => self.temporary.push(name),
            _ => {}
        }
    }

    pub(super) async fn restore(&self, connection: &mut Connection) -> Result<(), DatabaseError> {
        connection.execute(&self.put_back().join(";\n")).await
    }

    /// Returns the statements that restore a session to this snapshot.
    pub(super) fn put_back(&self) -> Vec<String> {
        let set = |(name, value): &(String, String)| {
            format!("SELECT pg_catalog.set_config({}, {}, false)", text(name), text(value))
        };
        let act_as = |user: &String| format!("SET SESSION AUTHORIZATION {}", text(user));
        let take =
            |role: &String| format!("SET ROLE {}", quote::identifier(role, Dialect::Postgres));
        let reset = ["RESET SESSION AUTHORIZATION", "RESET ROLE", "RESET ALL"].map(str::to_owned);
        reset
            .into_iter()
            // Run as the user that logged in, who owns all of it.
            .chain([self.drop_the_rest()])
            .chain(self.settings.iter().map(set))
            .chain(self.user.iter().map(act_as))
            .chain(self.role.iter().map(take))
            .collect()
    }

    /// Returns a block that removes everything that was not there before, by name: `DISCARD ALL` and
    /// `pg_advisory_unlock_all()` would also release the run's own lock.
    fn drop_the_rest(&self) -> String {
        let close = |query: &str, command: &str, kept: &[String]| {
            format!(
                "FOR it IN {query} AND NOT (name OPERATOR(pg_catalog.=) ANY ({})) LOOP \
                 EXECUTE pg_catalog.format('{command} %I', it.name); END LOOP;",
                array(kept)
            )
        };
        [
            "DO $migrate$ DECLARE it record; BEGIN".to_owned(),
            close(
                "SELECT name FROM pg_catalog.pg_cursors WHERE is_holdable",
                "CLOSE",
                &self.cursors,
            ),
            close(
                "SELECT name FROM pg_catalog.pg_prepared_statements WHERE from_sql",
                "DEALLOCATE",
                &self.prepared,
            ),
            close(
                "SELECT name FROM pg_catalog.pg_listening_channels() AS name WHERE true",
                "UNLISTEN",
                &self.channels,
            ),
            self.unlock_the_rest(),
            self.lock_again(),
            self.drop_temporary(),
            "DISCARD SEQUENCES;".to_owned(),
            "END $migrate$".to_owned(),
        ]
        .join("\n")
    }

    /// Returns the block's part that releases locks. A lock that was acquired several times is listed only once.
    fn unlock_the_rest(&self) -> String {
        let keys: Vec<String> = self.locks.iter().map(Lock::key).collect();
        format!(
            "FOR it IN SELECT classid, objid, objsubid, mode FROM pg_catalog.pg_locks WHERE locktype = 'advisory' \
             AND granted AND pid = pg_catalog.pg_backend_pid() \
             AND NOT (pg_catalog.concat_ws(' ', classid::bigint, objid::bigint, objsubid, mode) = ANY ({})) LOOP \
             WHILE CASE WHEN it.objsubid = 1 AND it.mode = 'ShareLock' \
             THEN pg_catalog.pg_advisory_unlock_shared((it.classid::bigint << 32) | it.objid::bigint) \
             WHEN it.objsubid = 1 THEN pg_catalog.pg_advisory_unlock((it.classid::bigint << 32) | it.objid::bigint) \
             WHEN it.mode = 'ShareLock' \
             THEN pg_catalog.pg_advisory_unlock_shared(it.classid::bigint::bit(32)::int, it.objid::bigint::bit(32)::int) \
             ELSE pg_catalog.pg_advisory_unlock(it.classid::bigint::bit(32)::int, it.objid::bigint::bit(32)::int) END \
             AND EXISTS (SELECT 1 FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND granted \
             AND pid = pg_catalog.pg_backend_pid() AND classid = it.classid AND objid = it.objid \
             AND objsubid = it.objsubid AND mode = it.mode) LOOP END LOOP; END LOOP;",
            array(&keys)
        )
    }

    /// Returns the block's part that acquires locks again: a migration may have released all locks, including others.
    fn lock_again(&self) -> String {
        let again = |lock: &Lock| {
            format!(
                "IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND granted \
                 AND pid = pg_catalog.pg_backend_pid() \
                 AND pg_catalog.concat_ws(' ', classid::bigint, objid::bigint, objsubid, mode) = {}) \
                 AND NOT {} THEN RAISE EXCEPTION \
                 'a lock that the session held before was released, and another session has taken it'; END IF;",
                text(&lock.key()),
                lock.try_again()
            )
        };
        self.locks.iter().map(again).collect::<Vec<_>>().join("\n")
    }

    fn drop_temporary(&self) -> String {
        if self.temporary.is_empty() {
            return "DISCARD TEMP;".to_owned();
        }
        let kept = array(&self.temporary);
        let drop = |query: &str, command: &str| {
            format!("FOR it IN {query} LOOP EXECUTE {command}; END LOOP;")
        };
        let relations = format!(
            "SELECT oid, relname, relkind FROM pg_catalog.pg_class WHERE relnamespace = pg_catalog.pg_my_temp_schema() \
             AND relkind IN ('r', 'p', 'v', 'S', 'f') AND NOT (oid::text = ANY ({kept}))"
        );
        let routines = format!(
            "SELECT oid FROM pg_catalog.pg_proc WHERE pronamespace = pg_catalog.pg_my_temp_schema() \
             AND NOT (oid::text = ANY ({kept}))"
        );
        let types = format!(
            "SELECT oid, typname FROM pg_catalog.pg_type WHERE typnamespace = pg_catalog.pg_my_temp_schema() \
             AND typtype IN ('d', 'e', 'r') AND NOT (oid::text = ANY ({kept}))"
        );
        [
            drop(
                &relations,
                "pg_catalog.format('DROP %s IF EXISTS pg_temp.%I CASCADE', CASE it.relkind WHEN 'v' THEN 'VIEW' \
                 WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END, it.relname)",
            ),
            drop(
                &routines,
                "pg_catalog.format('DROP ROUTINE IF EXISTS %s CASCADE', it.oid::pg_catalog.regprocedure)",
            ),
            drop(&types, "pg_catalog.format('DROP TYPE IF EXISTS pg_temp.%I CASCADE', it.typname)"),
        ]
        .join("\n")
    }
}

impl Lock {
    fn parse(key: &str) -> Option<Self> {
        let mut words = key.split(' ');
        Some(Self {
            class: words.next()?.parse().ok()?,
            object: words.next()?.parse().ok()?,
            two_keys: words.next()? == "2",
            shared: words.next()? == "ShareLock",
        })
    }

    fn key(&self) -> String {
        let (keys, mode) =
            (1 + u8::from(self.two_keys), if self.shared { "Share" } else { "Exclusive" });
        format!("{} {} {keys} {mode}Lock", self.class, self.object)
    }

    fn try_again(&self) -> String {
        let shared = if self.shared { "_shared" } else { "" };
        let keys = if self.two_keys {
            format!("({}::bigint::bit(32)::int, {}::bigint::bit(32)::int)", self.class, self.object)
        } else {
            format!("(({}::bigint << 32) | {}::bigint)", self.class, self.object)
        };
        format!("pg_catalog.pg_try_advisory_lock{shared}{keys}")
    }
}

fn text(text: &str) -> String {
    quote::literal(text, Dialect::Postgres)
}

fn array(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|one| text(one)).collect();
    format!("ARRAY[{}]::text[]", texts.join(", "))
}
