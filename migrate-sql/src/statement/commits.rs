//! MySQL and MariaDB statements that commit the open transaction.

use super::{Reader, transaction};

pub(super) fn mysql(mut words: Reader<'_>) -> bool {
    if transaction::is_compound(words.clone()) {
        return true;
    }
    match words.keyword().as_str() {
        // Nothing of these is transactional, not even the change of a temporary table.
        "ALTER" | "BEGIN" | "FLUSH" | "GRANT" | "IMPORT" | "INSTALL" | "RENAME" | "REVOKE"
        | "TRUNCATE" | "UNINSTALL" => true,
        "ANALYZE" | "CHECK" | "OPTIMIZE" | "REPAIR" => maintains(words),
        "CACHE" | "LOAD" => words.eat("INDEX"),
        "CHANGE" => words.eat_any(&["MASTER", "REPLICATION"]),
        "CREATE" => creates(words),
        "DROP" => !words.eat_any(&["TEMPORARY", "PREPARE"]),
        "LOCK" | "UNLOCK" => words.eat_any(&["TABLE", "TABLES"]),
        "RESET" => !words.eat("PERSIST"),
        "SET" => sets(words),
        "START" => words.eat("TRANSACTION") || replicates(words),
        "STOP" => replicates(words),
        _ => false,
    }
}

/// `ANALYZE` and others of tables; MariaDB also analyses queries.
fn maintains(mut words: Reader<'_>) -> bool {
    words.eat_any(&["LOCAL", "NO_WRITE_TO_BINLOG"]);
    words.eat_any(&["TABLE", "TABLES", "VIEW"])
}

fn creates(mut words: Reader<'_>) -> bool {
    words.eat("OR");
    words.eat("REPLACE");
    !words.eat("TEMPORARY")
}

fn replicates(mut words: Reader<'_>) -> bool {
    words.eat("ALL");
    words.eat_any(&["GROUP_REPLICATION", "REPLICA", "REPLICAS", "SLAVE", "SLAVES"])
}

fn sets(mut words: Reader<'_>) -> bool {
    if words.eat_any(&["DEFAULT", "PASSWORD"]) {
        return true;
    }
    if words.eat("STATEMENT") {
        return words.eat_until("FOR") && mysql(words);
    }
    transaction::sets_autocommit(&mut words)
}
