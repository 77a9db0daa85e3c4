//! Statements that cannot run inside a transaction.

use super::Reader;

pub(super) fn postgres(mut words: Reader<'_>) -> Option<&'static str> {
    match words.keyword().as_str() {
        "ALTER" => alter(words),
        "CLUSTER" => cluster(words),
        "CREATE" => create(words),
        "DISCARD" if words.eat("ALL") => Some("DISCARD ALL"),
        "DROP" => drop(words),
        "REINDEX" => reindex(words),
        "VACUUM" => Some("VACUUM"),
        _ => None,
    }
}

pub(super) fn sqlite(mut words: Reader<'_>) -> Option<&'static str> {
    match words.keyword().as_str() {
        "ATTACH" => Some("ATTACH"),
        "DETACH" => Some("DETACH"),
        "PRAGMA" => pragma(words),
        "VACUUM" => Some("VACUUM"),
        _ => None,
    }
}

fn alter(mut words: Reader<'_>) -> Option<&'static str> {
    match words.keyword().as_str() {
        "DATABASE" if words.eat_until("SET") && words.eat("TABLESPACE") => {
            Some("ALTER DATABASE ... SET TABLESPACE")
        }
        "SUBSCRIPTION" => alter_subscription(words),
        "SYSTEM" => Some("ALTER SYSTEM"),
        "TABLE"
            if words.eat_until("DETACH")
                && words.eat("PARTITION")
                && words.eat_until("CONCURRENTLY") =>
        {
            Some("DETACH PARTITION ... CONCURRENTLY")
        }
        _ => None,
    }
}

/// Whatever refreshes: on demand, or because the list of publications changes.
fn alter_subscription(mut words: Reader<'_>) -> Option<&'static str> {
    words.next();
    let refreshes = match words.keyword().as_str() {
        "REFRESH" => true,
        "ADD" | "DROP" | "SET" => {
            words.eat("PUBLICATION") && words.option("refresh") != Some(false)
        }
        _ => false,
    };
    refreshes.then_some("ALTER SUBSCRIPTION ... REFRESH PUBLICATION")
}

/// Without a table it takes them all, each in a transaction of its own.
fn cluster(mut words: Reader<'_>) -> Option<&'static str> {
    words.eat("VERBOSE");
    words.eat_group();
    words.is_at_end().then_some("CLUSTER without a table")
}

fn create(mut words: Reader<'_>) -> Option<&'static str> {
    words.eat("UNIQUE");
    match words.keyword().as_str() {
        "DATABASE" => Some("CREATE DATABASE"),
        "INDEX" if words.eat("CONCURRENTLY") => Some("CREATE INDEX CONCURRENTLY"),
        // Only a subscription that creates its slot on the other server.
        "SUBSCRIPTION"
            if words.clone().option("connect") != Some(false)
                && words.clone().option("create_slot") != Some(false) =>
        {
            Some("CREATE SUBSCRIPTION")
        }
        "TABLESPACE" => Some("CREATE TABLESPACE"),
        _ => None,
    }
}

fn drop(mut words: Reader<'_>) -> Option<&'static str> {
    match words.keyword().as_str() {
        "DATABASE" => Some("DROP DATABASE"),
        "INDEX" if words.eat("CONCURRENTLY") => Some("DROP INDEX CONCURRENTLY"),
        "SUBSCRIPTION" => Some("DROP SUBSCRIPTION"),
        "TABLESPACE" => Some("DROP TABLESPACE"),
        _ => None,
    }
}

fn reindex(mut words: Reader<'_>) -> Option<&'static str> {
    if words.clone().option("CONCURRENTLY") == Some(true) {
        return Some("REINDEX CONCURRENTLY");
    }
    words.eat_group();
    match words.keyword().as_str() {
        "DATABASE" => Some("REINDEX DATABASE"),
        "SCHEMA" => Some("REINDEX SCHEMA"),
        "SYSTEM" => Some("REINDEX SYSTEM"),
        _ => None,
    }
}

/// Settings that a transaction freezes; reading them is harmless.
fn pragma(mut words: Reader<'_>) -> Option<&'static str> {
    let mut name = words.keyword();
    if words.eat_mark(".") {
        name = words.keyword();
    }
    let sets = words.eat_mark("=") || words.eat_mark("(");
    match name.as_str() {
        "WAL_CHECKPOINT" => Some("PRAGMA wal_checkpoint"),
        "FOREIGN_KEYS" if sets => Some("PRAGMA foreign_keys"),
        "JOURNAL_MODE" if sets => Some("PRAGMA journal_mode"),
        "SYNCHRONOUS" if sets => Some("PRAGMA synchronous"),
        "TEMP_STORE" if sets => Some("PRAGMA temp_store"),
        _ => None,
    }
}
