//! `'0000-00-00'`

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::{Dialect, Level, StatementKind, TokenKind};

pub(crate) const RULE: Rule = Rule {
    id: "zero-date",
    group: Group::Correctness,
    level: Level::Warn,
    dialects: &[Dialect::Mysql],
    finds: "the date `'0000-00-00'` in a definition",
    why: "MySQL refuses it as it comes, since 5.7; where the server's mode lets it pass, it is no date: most drivers \
          fail to read it.",
    rewrite: "Say `NULL` for no date.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in script.statements.iter().filter(|read| read.kind == StatementKind::Ddl) {
        for token in read.code() {
            let date = token.text().trim_start_matches(['\'', '"']);
            if token.kind() == TokenKind::String && date.starts_with("0000-00-00") {
                report.span(read, token.span(), "no date, and refused by servers in strict mode");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn in_definitions() {
        let sql = "CREATE TABLE a (b DATE DEFAULT '0000-00-00', c DATETIME DEFAULT \"0000-00-00 00:00:00\")";
        let places = ["'0000-00-00'", "\"0000-00-00 00:00:00\""];
        assert_eq!(found_in(&RULE, Dialect::Mysql, sql), places);
    }

    #[test]
    fn where_it_is_looked_for_and_where_it_is_another() {
        for sql in
            ["DELETE FROM a WHERE b = '0000-00-00'", "CREATE TABLE a (b DATE DEFAULT '2000-01-01')"]
        {
            assert_eq!(found_in(&RULE, Dialect::Mysql, sql), [""; 0]);
        }
    }
}
