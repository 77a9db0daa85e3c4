//! `DEFAULT "text"`

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::{Dialect, Level, TokenKind, tokens};

pub(crate) const RULE: Rule = Rule {
    id: "double-quoted-default",
    group: Group::Correctness,
    level: Level::Warn,
    dialects: &[Dialect::Sqlite],
    finds: "a default that is a name, in double quotes or without any",
    why: "SQLite takes it for a text by mercy: `DEFAULT \"now\"` is the text `now`, not a time, and a build that \
         lacks the mercy refuses the table.",
    rewrite: "Put texts in single quotes, and what is computed in parentheses.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        for column in read.columns() {
            if let Some(default) = column.default.filter(|default| is_name(default.text)) {
                let text = default.text.trim_matches(['"', '`', '[', ']']);
                report.instead(
                    read,
                    column.span.clone(),
                    format!("`{}` is the text '{text}'", default.text),
                    format!("Say `DEFAULT '{text}'` if that is meant; put what is computed in parentheses."),
                );
            }
        }
    }
}

fn is_name(default: &str) -> bool {
    const VALUES: &[&str] =
        &["NULL", "TRUE", "FALSE", "CURRENT_TIME", "CURRENT_DATE", "CURRENT_TIMESTAMP"];
    let tokens: Vec<_> = tokens(default, Dialect::Sqlite).collect();
    match &*tokens {
        [name] if name.kind() == TokenKind::Word => !name.is_any_word(VALUES),
        [name] => name.kind() == TokenKind::QuotedIdentifier,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{advice, found_in};

    #[test]
    fn names() {
        for default in ["\"now\"", "now"] {
            let sql = format!("CREATE TABLE a (b TEXT DEFAULT {default}, c INT)");
            let place = format!("b TEXT DEFAULT {default}");
            assert_eq!(found_in(&RULE, Dialect::Sqlite, &sql), [place]);
            let rewrites = advice(&RULE, Dialect::Sqlite, &sql, None);
            assert!(rewrites[0].starts_with("Say `DEFAULT 'now'`"), "{rewrites:?}");
        }
    }

    #[test]
    fn values() {
        for default in
            ["'now'", "0", "-1", "NULL", "true", "CURRENT_TIMESTAMP", "(datetime('now'))"]
        {
            let sql = format!("CREATE TABLE a (b TEXT DEFAULT {default})");
            assert_eq!(found_in(&RULE, Dialect::Sqlite, &sql), [""; 0], "{default}");
        }
    }
}
