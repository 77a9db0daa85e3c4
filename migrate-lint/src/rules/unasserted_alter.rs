//! `ALTER TABLE` and `CREATE INDEX` that may copy or block, unsaid.

use crate::rule::{Group, Report, Rule};
use crate::rules::{expression_default, fulltext_index};
use crate::script::{Clause, ParsedScript, ParsedStatement, Since};
use migrate_sql::ddl::{Action, AlterTable, Column, ConstraintKind, Generated};
use migrate_sql::{Ddl, Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "unasserted-alter",
    group: Group::Locks,
    level: Level::Warn,
    dialects: &[Dialect::Mysql],
    finds: "a change of a table that was there before, without `ALGORITHM =` or `LOCK =`",
    why: "The server takes the best way that the version, the storage engine and the table's history allow; where \
         that is copying the table, it does so without a word, and nobody can write to it for as long.",
    rewrite: "Append `ALGORITHM=INSTANT`, or `ALGORITHM=INPLACE, LOCK=NONE` where rows must be read: it fails at \
             once, with the reason, rather than blocks.",
    check: Some(check),
};

/// What a change needs at best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Need {
    /// Never more than what is known of the table.
    Nothing,
    /// What a clause can hold it to.
    Held(Clause),
    /// Another rule's affair: it copies or blocks whatever is appended, or asks for a clause itself.
    Other,
}

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for (read, alter) in script.alterations() {
        let need =
            alter.actions.iter().map(|(action, _)| of_action(script, read, alter, action)).max();
        if let Some(Need::Held(clause)) = need {
            tell(read, clause, report);
        }
    }
    for read in &script.statements {
        if let Ddl::CreateIndex(index) = &read.ddl
            && !script.is_new(read, &index.table)
            && !fulltext_index::is_made(read.statement.text())
        {
            tell(read, Clause::InPlace, report);
        }
    }
}

fn tell(read: &ParsedStatement<'_>, clause: Clause, report: &mut Report<'_, '_>) {
    const MESSAGE: &str = "may copy the table or block those who write to it, and does not say so";
    let says = [read.algorithm(), read.lock()]
        .into_iter()
        .flatten()
        .any(|(value, _)| !value.eq_ignore_ascii_case("DEFAULT"));
    if says {
        return;
    }
    match read.with_clause(clause) {
        Some(asserted) => {
            report.instead(read, 0..read.statement.text().len(), MESSAGE, asserted);
        }
        None => report.statement(read, MESSAGE),
    }
}

fn of_action(
    script: &ParsedScript<'_>,
    read: &ParsedStatement<'_>,
    alter: &AlterTable<'_>,
    action: &Action<'_>,
) -> Need {
    match action {
        Action::AddColumn { column, placed, .. } => of_column(script, column, *placed),
        Action::DropColumn { .. } => Need::Held(instant_since(script, Since::INSTANT_ANYWHERE)),
        Action::AddConstraint(constraint) => match constraint.kind {
            ConstraintKind::ForeignKey(_) | ConstraintKind::Check => Need::Other,
            _ if fulltext_index::is_added(constraint, read.statement.text()) => Need::Other,
            _ => Need::Held(Clause::InPlace),
        },
        Action::DropConstraint { what: "PRIMARY KEY", .. } => {
            if alter.adds_primary_key() {
                Need::Nothing
            } else {
                Need::Other
            }
        }
        Action::RedefineColumn { .. } => Need::Other,
        Action::Other(text) => of_text(script, text),
        _ => Need::Nothing,
    }
}

fn of_column(script: &ParsedScript<'_>, column: &Column<'_>, placed: bool) -> Need {
    let refers = column.references.is_some() && script.can(Since::INLINE_REFERENCES) != Some(false);
    let is_computed = column.default.as_ref().is_some_and(expression_default::is_computed);
    let is_stored = column.generated == Some(Generated::Stored);
    let checks = column.check && script.can(Since::INSTANT_CHECK) != Some(true);
    if refers || is_computed || is_stored || checks || column.numbered {
        return Need::Other;
    }
    if column.unique || column.primary_key {
        return Need::Held(Clause::InPlace);
    }
    let since = if placed { Since::INSTANT_ANYWHERE } else { Since::INSTANT_ADD };
    Need::Held(instant_since(script, since))
}

/// What is done at once by new servers, and by old ones without blocking.
fn instant_since(script: &ParsedScript<'_>, since: Since) -> Clause {
    if script.can(since) == Some(false) { Clause::InPlace } else { Clause::Instant }
}

fn of_text(script: &ParsedScript<'_>, text: &str) -> Need {
    let word = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next();
    match word.unwrap_or_default().to_ascii_uppercase().as_str() {
        // Several columns in parentheses; a partition takes no clause.
        "ADD" if text.contains('(') && !text.to_ascii_uppercase().contains("PARTITION") => {
            Need::Held(instant_since(script, Since::INSTANT_ADD))
        }
        "CONVERT" | "ENGINE" | "FORCE" | "ROW_FORMAT" | "KEY_BLOCK_SIZE" => {
            Need::Held(Clause::InPlace)
        }
        _ => Need::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{advice, found_in};

    fn clause(sql: &str, server: Option<&str>) -> Option<String> {
        let rewrites = advice(&RULE, Dialect::Mysql, sql, server);
        assert!(rewrites.len() < 2, "{rewrites:?}");
        let rewrite = rewrites.first()?;
        Some(rewrite.strip_prefix(sql).unwrap_or(rewrite).to_owned())
    }

    #[test]
    fn what_can_be_instant() {
        for action in [
            "ADD COLUMN b INT NOT NULL DEFAULT 3",
            "ADD b INT FIRST, DROP COLUMN c",
            "ADD b TIMESTAMP DEFAULT CURRENT_TIMESTAMP",
            "ADD b INT AS (c + 1) VIRTUAL",
            "ADD COLUMN (b INT, c INT)",
        ] {
            let sql = format!("ALTER TABLE a {action}");
            assert_eq!(clause(&sql, None).as_deref(), Some(", ALGORITHM=INSTANT"), "{sql}");
        }
    }

    #[test]
    fn what_reads_or_writes_rows() {
        for sql in [
            "ALTER TABLE a ADD INDEX (b)",
            "ALTER TABLE a ADD COLUMN b INT, ADD UNIQUE KEY c (d)",
            "ALTER TABLE a ADD b INT UNIQUE",
            "ALTER TABLE a DROP PRIMARY KEY, ADD PRIMARY KEY (b)",
            "ALTER TABLE a ENGINE=InnoDB",
            "ALTER TABLE a CONVERT TO CHARACTER SET utf8mb4",
        ] {
            assert_eq!(
                clause(sql, None).as_deref(),
                Some(", ALGORITHM=INPLACE, LOCK=NONE"),
                "{sql}"
            );
        }
        let index = "CREATE UNIQUE INDEX i ON a (b)";
        assert_eq!(clause(index, None).as_deref(), Some(" ALGORITHM=INPLACE LOCK=NONE"));
    }

    #[test]
    fn old_servers_know_less() {
        let (add, first, drop) =
            ("ALTER TABLE a ADD b INT", "ALTER TABLE a ADD b INT FIRST", "ALTER TABLE a DROP b");
        for (sql, server, instant) in [
            (add, "mysql 5.7", false),
            (add, "mysql 8.0.12", true),
            (first, "mysql 8.0.28", false),
            (first, "mysql 8.0.29", true),
            (drop, "mysql 8.0.12", false),
            (drop, "mariadb 10.4", true),
            (first, "mariadb 10.3", false),
        ] {
            let clause = clause(sql, Some(server)).unwrap();
            assert_eq!(clause.contains("INSTANT"), instant, "{sql} on {server}");
        }
    }

    #[test]
    fn what_says_it_or_needs_it_not() {
        for sql in [
            "ALTER TABLE a ADD COLUMN b INT, ALGORITHM=INSTANT",
            "ALTER TABLE a ADD COLUMN b INT, LOCK NONE",
            "ALTER TABLE a ADD COLUMN b INT, ALGORITHM=COPY",
            "CREATE INDEX i ON a (b) ALGORITHM=INPLACE",
            "ALTER TABLE a RENAME TO b",
            "ALTER TABLE a RENAME COLUMN b TO c, RENAME INDEX d TO e",
            "ALTER TABLE a DROP INDEX b, DROP FOREIGN KEY c",
            "ALTER TABLE a ALTER b SET DEFAULT 1",
            "ALTER TABLE a COMMENT = 'b'",
            "ALTER TABLE a ADD PARTITION (PARTITION b VALUES LESS THAN (3))",
            "CREATE TABLE a (b INT); ALTER TABLE a ADD c INT; CREATE INDEX i ON a (b)",
        ] {
            assert_eq!(found_in(&RULE, Dialect::Mysql, sql), [""; 0], "{sql}");
        }
    }

    #[test]
    fn what_other_rules_speak_of() {
        for action in [
            "MODIFY b BIGINT",
            "ADD CHECK (b > 0)",
            "ADD FOREIGN KEY (b) REFERENCES c (d)",
            "ADD b CHAR(36) DEFAULT (uuid())",
            "ADD b INT AS (c) STORED",
            "ADD b INT AUTO_INCREMENT UNIQUE",
            "ADD FULLTEXT INDEX (b)",
            "DROP PRIMARY KEY",
        ] {
            let sql = format!("ALTER TABLE a ADD z INT, {action}");
            assert_eq!(found_in(&RULE, Dialect::Mysql, &sql), [""; 0], "{sql}");
        }
    }

    #[test]
    fn the_clause_goes_before_a_comment_that_would_swallow_it() {
        let sql = "ALTER TABLE a ADD b INT /* why */ -- because";
        let [rewrite] = &*advice(&RULE, Dialect::Mysql, sql, None) else { panic!() };
        assert_eq!(rewrite, "ALTER TABLE a ADD b INT, ALGORITHM=INSTANT");
        let sql = "ALTER TABLE a ADD algorithm INT";
        assert_eq!(clause(sql, None).as_deref(), Some(", ALGORITHM=INSTANT"));
    }
}
