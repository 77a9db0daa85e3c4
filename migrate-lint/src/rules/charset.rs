//! Character sets that lack characters.

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::{Dialect, Level, StatementKind, Token};

pub(crate) const RULE: Rule = Rule {
    id: "charset",
    group: Group::Design,
    level: Level::Warn,
    dialects: &[Dialect::Mysql],
    finds: "the character sets `utf8`, `utf8mb3`, `latin1` and `ucs2`, and their collations",
    why: "They lack characters that users type: what holds an emoji, or a rare Chinese name, is refused, or cut \
         where the server is not strict. `utf8` is short for `utf8mb3`, until it will be for `utf8mb4`.",
    rewrite: "Say `CHARACTER SET utf8mb4`; `ascii` where there is only ASCII.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in script.statements.iter().filter(|read| read.kind == StatementKind::Ddl) {
        let code = read.code();
        let mut rest = &*code;
        while let [token, after @ ..] = rest {
            rest = after;
            if let Some(name) = named(token, after).filter(|name| lacks_characters(name.text())) {
                let message = format!("`{}` cannot hold every character", value(name.text()));
                report.span(read, name.span(), message);
            }
        }
    }
}

/// The name of a character set or collation, if this token and those behind it name one.
fn named<'t, 'a>(token: &Token<'_>, after: &'t [Token<'a>]) -> Option<&'t Token<'a>> {
    let after = match after {
        [set, after @ ..] if token.is_word("CHARACTER") && set.is_word("SET") => after,
        _ if token.is_any_word(&["CHARSET", "COLLATE"]) => after,
        _ => return None,
    };
    match after {
        [equals, name, ..] if equals.is_mark("=") => Some(name),
        [name, ..] => Some(name),
        [] => None,
    }
}

fn lacks_characters(name: &str) -> bool {
    let name = value(name).to_ascii_lowercase();
    let charset = name.split('_').next().unwrap_or_default();
    ["utf8", "utf8mb3", "latin1", "ucs2"].contains(&charset)
}

fn value(name: &str) -> &str {
    name.trim_matches(['\'', '"', '`'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn of_columns_tables_and_databases() {
        for (sql, places) in [
            (
                "CREATE TABLE a (b TEXT CHARACTER SET latin1 COLLATE latin1_bin) DEFAULT CHARSET=utf8",
                vec!["latin1", "latin1_bin", "utf8"],
            ),
            ("ALTER TABLE a CONVERT TO CHARACTER SET 'utf8mb3'", vec!["'utf8mb3'"]),
            ("ALTER DATABASE a CHARACTER SET = ucs2", vec!["ucs2"]),
        ] {
            assert_eq!(found_in(&RULE, Dialect::Mysql, sql), places);
        }
    }

    #[test]
    fn that_hold_every_character_or_are_asked_for_on_purpose() {
        for sql in [
            "CREATE TABLE a (b TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, c CHAR(2) CHARSET ascii)",
            "CREATE TABLE a (utf8 INT, `charset` TEXT)",
        ] {
            assert_eq!(found_in(&RULE, Dialect::Mysql, sql), [""; 0]);
        }
    }
}
