//! `UPDATE` and `DELETE` of all rows.

use crate::rule::{Group, Report, Rule};
use crate::script::{ParsedScript, ParsedStatement};
use migrate_sql::{Dialect, Level, StatementKind, Token, TokenKind};

pub(crate) const RULE: Rule = Rule {
    id: "missing-where",
    group: Group::DataLoss,
    level: Level::Warn,
    dialects: &Dialect::ALL,
    finds: "`UPDATE` and `DELETE` without a `WHERE`",
    why: "Every row is changed or lost, in one statement that locks them all until it is done.",
    rewrite: "Say which rows are meant; if it is all of them, write `WHERE true` or waive the rule \
              with the reason.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    // DDL speaks of changes that others will make.
    for read in script.statements.iter().filter(|read| read.kind != StatementKind::Ddl) {
        if let Some(word) = changes_all(read) {
            report.statement(read, format!("`{word}` without a `WHERE` changes every row"));
        }
    }
}

/// The word of a statement that changes rows and chooses none.
fn changes_all(read: &ParsedStatement<'_>) -> Option<&'static str> {
    let mut depth = 0_usize;
    let mut word = None;
    let mut joins = false;
    for token in read.statement.tokens().filter(|token| token.kind() != TokenKind::Comment) {
        if token.is_mark("(") {
            depth += 1;
        } else if token.is_mark(")") {
            depth = depth.saturating_sub(1);
        }
        if depth > 0 || token.is_mark(")") {
            continue;
        }
        match word {
            // The names of a `WITH` come first, with their queries in parentheses.
            None if joins || token.is_word("WITH") => {
                joins = true;
                word = main_word(&token);
                if word == Some("") {
                    return None;
                }
            }
            None => word = Some(main_word(&token).filter(|word| !word.is_empty())?),
            // `WHERE CURRENT OF` is one row; MySQL's `LIMIT` and `JOIN … ON` choose, too.
            Some(_) if token.is_any_word(&["WHERE", "LIMIT", "JOIN"]) => return None,
            Some(_) => {}
        }
    }
    word
}

/// The word that says what a statement does to rows; empty if that is harmless here.
fn main_word(token: &Token<'_>) -> Option<&'static str> {
    if token.is_word("UPDATE") {
        Some("UPDATE")
    } else if token.is_word("DELETE") {
        Some("DELETE")
    } else {
        token
            .is_any_word(&["SELECT", "INSERT", "MERGE", "VALUES", "TABLE", "REPLACE"])
            .then_some("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn all_rows() {
        for sql in [
            "DELETE FROM a",
            "update a set b = (select 1 where true)",
            "WITH x AS (SELECT 1 WHERE true) DELETE FROM a",
            "DELETE /* WHERE b */ FROM a",
            "UPDATE a SET limits = 1",
        ] {
            assert_eq!(found_in(&RULE, Dialect::Sqlite, sql), [sql]);
        }
    }

    #[test]
    fn some_rows() {
        for sql in [
            "DELETE FROM a WHERE b",
            "UPDATE a SET b = 1 FROM c WHERE c.d = a.d",
            "WITH x AS (SELECT 1) DELETE FROM a USING x WHERE true",
            "DELETE FROM a WHERE CURRENT OF b",
            "WITH x AS (DELETE FROM a WHERE b RETURNING *) SELECT * FROM x FOR UPDATE",
        ] {
            assert_eq!(found_in(&RULE, Dialect::Postgres, sql), [""; 0], "{sql}");
        }
        for sql in ["UPDATE a SET b = 1 ORDER BY c LIMIT 10", "DELETE a FROM a JOIN b ON a.c = b.c"]
        {
            assert_eq!(found_in(&RULE, Dialect::Mysql, sql), [""; 0], "{sql}");
        }
    }

    #[test]
    fn what_only_speaks_of_it() {
        for sql in [
            "CREATE RULE a AS ON INSERT TO b DO ALSO DELETE FROM c",
            "CREATE TRIGGER a BEFORE UPDATE OR DELETE ON b FOR EACH ROW EXECUTE FUNCTION c()",
            "INSERT INTO a VALUES (1) ON CONFLICT (b) DO UPDATE SET c = 1",
            "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c ON DELETE CASCADE",
            "GRANT UPDATE, DELETE ON a TO b",
            "EXPLAIN DELETE FROM a",
        ] {
            assert_eq!(found_in(&RULE, Dialect::Postgres, sql), [""; 0], "{sql}");
        }
        let trigger = "CREATE TRIGGER a AFTER INSERT ON b BEGIN DELETE FROM c; END";
        assert_eq!(found_in(&RULE, Dialect::Sqlite, trigger), [""; 0]);
    }
}
