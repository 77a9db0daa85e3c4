//! Tables of MySQL and MariaDB whose engine has no transactions (`MyISAM`, Aria, MEMORY): writes to them remain even if the
//! transaction is rolled back.
//!
//! The message itself checks the engine of a table, right before the statement: an earlier revision in the same message may
//! have created the table.

use migrate_sql::ddl::ObjectKind;
use migrate_sql::{Dialect, EffectKind, Statement, StatementKind, quote, split};

use super::place::Place;
pub(crate) use crate::history::{HELD, STAYS};

/// Returns an expression that is true if one of the tables that `statements` write to has no transactions; `None` if they
/// name none, and on engines whose tables all have transactions.
pub(crate) fn without_transactions<'a, S: IntoIterator<Item = &'a str>>(
    statements: S,
    dialect: Dialect,
) -> Option<String> {
    if dialect != Dialect::Mysql {
        return None;
    }
    let mut asked: Vec<String> = Vec::new();
    for text in statements {
        for statement in split(text, dialect).iter().flatten() {
            for table in written(statement) {
                let question = question(&table);
                if !asked.contains(&question) {
                    asked.push(question);
                }
            }
        }
    }
    (!asked.is_empty()).then(|| asked.join(" OR "))
}

/// Returns a statement that fails if one of the tables that `statements` write to has no transactions.
pub(crate) fn guard<'a, S: IntoIterator<Item = &'a str>>(
    statements: S,
    dialect: Dialect,
) -> Option<String> {
    let stays = without_transactions(statements, dialect)?;
    Some(format!(
        "SELECT /* stops where a table that comes next has no transactions: say `transaction = false` there */ \
         CASE WHEN {stays} THEN (SELECT 1 UNION ALL SELECT 2) END"
    ))
}

/// Returns the expression for what to record before a statement.
pub(crate) fn note(statement: &str, dialect: Dialect) -> Option<String> {
    let stays = without_transactions([statement], dialect)?;
    Some(format!("CASE WHEN {stays} THEN '{STAYS}' ELSE '{HELD}' END"))
}

/// Returns the tables whose rows a statement changes. Of several tables in one `UPDATE` or `DELETE`, any may be changed.
fn written(statement: &Statement<'_>) -> Vec<Place> {
    if statement.kind() != StatementKind::Dml {
        return Vec::new();
    }
    let objects = statement.effects();
    let inserts =
        statement.words().split(' ').any(|word| matches!(word, "INSERT" | "REPLACE" | "LOAD"));
    objects
        .iter()
        .filter(|object| object.kind == ObjectKind::Table)
        .filter(|object| object.action == EffectKind::Written || !inserts)
        .filter_map(|object| Place::of(&object.name, Dialect::Mysql))
        .collect()
}

fn question(table: &Place) -> String {
    let literal = |text: &str| quote::literal(text, Dialect::Mysql);
    let schema = table.schema.as_deref().map_or_else(|| "database()".to_owned(), literal);
    format!(
        "EXISTS (SELECT 1 FROM information_schema.tables t JOIN information_schema.engines e ON e.engine = t.engine \
         WHERE t.table_schema = {schema} AND t.table_name = {} AND coalesce(e.transactions, 'NO') <> 'YES')",
        literal(&table.name)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables(sql: &str) -> Vec<String> {
        let statements = split(sql, Dialect::Mysql).expect("SQL");
        statements.iter().flat_map(written).map(|place| place.text()).collect()
    }

    #[test]
    fn the_tables_that_are_written_are_read_off_the_statement() {
        for (sql, expected) in [
            ("INSERT INTO a (b) SELECT b FROM c", vec!["a"]),
            ("INSERT IGNORE INTO s.a VALUES (1)", vec!["s.a"]),
            ("REPLACE INTO a SET b = 1", vec!["a"]),
            ("UPDATE a SET b = 1", vec!["a"]),
            ("UPDATE a JOIN c ON a.b = c.b SET c.d = 1", vec!["a", "c"]),
            ("DELETE FROM a WHERE b = 1", vec!["a"]),
            ("DELETE c FROM a JOIN c USING (b)", vec!["a", "c"]),
            ("CREATE TABLE a (b INT)", vec![]),
            ("SELECT * FROM a", vec![]),
        ] {
            let mut found = tables(sql);
            found.sort();
            found.dedup();
            assert_eq!(found, expected, "{sql}");
        }
    }

    #[test]
    fn only_mysql_has_such_tables() {
        let sql = ["UPDATE a SET b = 1", "UPDATE a SET b = 2"];
        assert!(guard(sql, Dialect::Postgres).is_none());
        let guard = guard(sql, Dialect::Mysql).expect("a guard");
        assert_eq!(guard.matches("EXISTS").count(), 1);
    }
}
