//! Columns that SQLite adds to empty tables only.

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::ddl::{Action, Column, Default, Generated};
use migrate_sql::{Dialect, Level, Token, TokenKind, tokens};

pub(crate) const RULE: Rule = Rule {
    id: "needs-empty-table",
    group: Group::Rows,
    level: Level::Warn,
    dialects: &[Dialect::Sqlite],
    finds: "`ADD COLUMN` with a computed default such as `CURRENT_TIMESTAMP`, or with `STORED`",
    why: "SQLite refuses it as soon as the table has a row: it runs where one develops, and fails where there are \
         users.",
    rewrite: "Add the column without a default and fill it in a data migration; if new rows need the default, \
             rebuild the table. A generated column can be `VIRTUAL`.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for (read, alter, action, span) in script.changes() {
        if let Action::AddColumn { column, .. } = action
            && let Some(cause) = cause(column)
        {
            report.span(
                read,
                span,
                format!("fails if `{}` has a row: {cause}", alter.name.value()),
            );
        }
    }
}

fn cause(column: &Column<'_>) -> Option<String> {
    if column.generated == Some(Generated::Stored) {
        return Some("a stored column would have to be computed for it".to_owned());
    }
    let default = column.default.as_ref().filter(|default| !is_constant(default))?;
    Some(format!("`{}` would have to be computed for it", default.text))
}

/// Whether SQLite takes a default for a constant: one literal or name with its sign, in parentheses or not.
fn is_constant(default: &Default<'_>) -> bool {
    let is_sign = |token: &Token<'_>| token.is_mark("-") || token.is_mark("+");
    let bare: Vec<_> = tokens(default.text, Dialect::Sqlite)
        .filter(|token| !token.is_mark("(") && !token.is_mark(")"))
        .collect();
    match &*bare {
        [word] if word.kind() == TokenKind::Word => {
            !word.is_any_word(&["CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME"])
        }
        [_] => true,
        [sign, value] => is_sign(sign) && value.kind() == TokenKind::Number,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{found_in, messages};

    #[test]
    fn what_is_computed() {
        for column in [
            "b TEXT DEFAULT CURRENT_TIMESTAMP",
            "b INT DEFAULT (1 + 1) NOT NULL",
            "b TEXT DEFAULT (datetime('now'))",
            "b INT AS (c + 1) STORED",
        ] {
            let sql = format!("ALTER TABLE a ADD COLUMN {column}");
            assert_eq!(found_in(&RULE, Dialect::Sqlite, &sql), [format!("ADD COLUMN {column}")]);
        }
        let sql = "ALTER TABLE a ADD b DEFAULT CURRENT_DATE";
        assert_eq!(
            messages(&RULE, Dialect::Sqlite, sql),
            ["fails if `a` has a row: `CURRENT_DATE` would have to be computed for it"]
        );
    }

    #[test]
    fn what_is_constant() {
        for column in [
            "b INT",
            "b INT NOT NULL DEFAULT 0",
            "b INT DEFAULT (-1)",
            "b TEXT DEFAULT ('now')",
            "b INT DEFAULT TRUE",
            "b INT AS (c + 1) VIRTUAL",
        ] {
            let sql = format!("ALTER TABLE a ADD COLUMN {column}");
            assert_eq!(found_in(&RULE, Dialect::Sqlite, &sql), [""; 0], "{column}");
        }
        let new = "CREATE TABLE a (c INT); ALTER TABLE a ADD b DEFAULT CURRENT_TIMESTAMP";
        assert_eq!(found_in(&RULE, Dialect::Sqlite, new), [""; 0]);
    }
}
