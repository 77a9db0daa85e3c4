//! `ADD COLUMN … DEFAULT (expression)`

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::ddl::{Action, Default};
use migrate_sql::{Dialect, Level, Token, TokenKind, tokens};

pub(crate) const RULE: Rule = Rule {
    id: "expression-default",
    group: Group::Locks,
    level: Level::Warn,
    dialects: &[Dialect::Mysql],
    finds: "a column with a computed default that is added to a table that was there before",
    why: "The table is copied to compute the value of each row, and nobody can write to it meanwhile. Where MariaDB \
         can do it at once, it computes a single value for all rows: `DEFAULT (rand())` is the same number in each.",
    rewrite: "Add the column without the default, set the default in a second statement, and fill the rows that are \
              there in batches, in a data migration.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for (read, alter, action, span) in script.changes() {
        if let Action::AddColumn { column, .. } = action
            && let Some(default) = &column.default
            && is_computed(default)
        {
            let (table, name, value) = (alter.name.text(), column.name.text(), default.text);
            let message =
                format!("copies `{}` to compute `{value}` for each row", alter.name.value());
            let rewrite = format!(
                "Add `{name}` without a default, then say `ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT \
                 {value}`, and fill the rows that are there in batches, in a data migration."
            );
            report.instead(read, span, message, rewrite);
        }
    }
}

/// Whether a default has to be computed for each row; the time of the statement is one value for all.
pub(super) fn is_computed(default: &Default<'_>) -> bool {
    const NOW: &[&str] = &["CURRENT_TIMESTAMP", "NOW", "LOCALTIME", "LOCALTIMESTAMP"];
    let is_value =
        |token: &Token<'_>| matches!(token.kind(), TokenKind::String | TokenKind::Number);
    let bare: Vec<_> = tokens(default.text, Dialect::Mysql)
        .filter(|token| !token.is_mark("(") && !token.is_mark(")"))
        .collect();
    match &*bare {
        [word] | [word, _] if word.is_any_word(NOW) => false,
        [value] => !is_value(value) && !value.is_any_word(&["NULL", "TRUE", "FALSE"]),
        // A sign, or a word that says how to read it.
        [_, value] => !is_value(value),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{advice, found_in};

    #[test]
    fn computed() {
        for default in ["(uuid())", "(1 + b)", "uuid()"] {
            let column = format!("ADD c CHAR(36) DEFAULT {default}");
            let sql = format!("ALTER TABLE a {column} NOT NULL");
            assert_eq!(found_in(&RULE, Dialect::Mysql, &sql), [format!("{column} NOT NULL")]);
        }
        let [rewrite] =
            &*advice(&RULE, Dialect::Mysql, "ALTER TABLE a ADD b INT DEFAULT (rand())", None)
        else {
            panic!()
        };
        assert!(
            rewrite.contains("`ALTER TABLE a ALTER COLUMN b SET DEFAULT (rand())`"),
            "{rewrite}"
        );
    }

    #[test]
    fn one_value_for_all() {
        for default in [
            "3",
            "-3",
            "'a'",
            "NULL",
            "(3)",
            "CURRENT_TIMESTAMP",
            "now(6)",
            "(now())",
            "b'1'",
            "TRUE",
        ] {
            let sql = format!("ALTER TABLE a ADD b INT DEFAULT {default}");
            assert_eq!(found_in(&RULE, Dialect::Mysql, &sql), [""; 0], "{default}");
        }
        let new = "CREATE TABLE a (b INT); ALTER TABLE a ADD c CHAR(36) DEFAULT (uuid())";
        assert_eq!(found_in(&RULE, Dialect::Mysql, new), [""; 0]);
    }
}
