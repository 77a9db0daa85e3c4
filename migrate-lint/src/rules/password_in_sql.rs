//! Passwords in the text

use std::ops::Range;

use crate::rule::{Group, Report, Rule};
use crate::script::{ParsedScript, ParsedStatement};
use migrate_sql::{Dialect, Level, Token, TokenKind};

pub(crate) const RULE: Rule = Rule {
    id: "password-in-sql",
    group: Group::Security,
    level: Level::Warn,
    dialects: &[Dialect::Postgres, Dialect::Mysql],
    finds: "passwords of users, roles, user mappings and subscriptions",
    why: "The text is kept in the repository, in every binary, in the history table and in the \
          server's log.",
    rewrite: "Make the user without a password, and set it where secrets are kept.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        if let Some(secret) = secret(read) {
            // The message and the caret leave the password itself alone.
            report.span(
                read,
                secret,
                "a password stands here, and will stand in the repository, the binary and the history table",
            );
        }
    }
}

/// The words before a password.
fn secret(read: &ParsedStatement<'_>) -> Option<Range<usize>> {
    let words: Vec<_> =
        read.statement.tokens().filter(|token| token.kind() != TokenKind::Comment).collect();
    let is = |at: usize, any: &[&str]| words.get(at).is_some_and(|word| word.is_any_word(any));
    let kind = if is(1, &["OR"]) && is(2, &["REPLACE"]) { 3 } else { 1 };
    let is_account = is(0, &["CREATE", "ALTER"])
        && is(kind, &["USER", "ROLE", "GROUP", "SUBSCRIPTION", "SERVER"])
        || is(0, &["GRANT"])
        || is(0, &["SET"]) && is(1, &["PASSWORD"]);
    if !is_account {
        return None;
    }
    words.iter().enumerate().find_map(|(at, word)| {
        if !word.is_any_word(&["PASSWORD", "BY", "IDENTIFIED", "CONNECTION"]) {
            return None;
        }
        // `IDENTIFIED BY PASSWORD 'x'`
        let mut behind = words.get(at + 1..).unwrap_or_default().iter().take(4);
        let value = behind.find(|next| !is_between(next))?;
        let is_secret = value.kind() == TokenKind::String
            && value.text() != "''"
            && (!word.is_word("CONNECTION")
                || value.text().to_ascii_lowercase().contains("password"));
        is_secret.then(|| word.span())
    })
}

/// What may stand between the word and the password.
fn is_between(token: &Token<'_>) -> bool {
    token.is_any_word(&["BY", "PASSWORD", "VALUES"]) || token.is_mark("=") || token.is_mark("(")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn secrets() {
        for (sql, word) in [
            ("CREATE ROLE a LOGIN PASSWORD 'b'", "PASSWORD"),
            ("ALTER USER a WITH ENCRYPTED PASSWORD 'b'", "PASSWORD"),
            ("CREATE USER MAPPING FOR a SERVER b OPTIONS (user 'c', password 'd')", "password"),
            ("CREATE SUBSCRIPTION a CONNECTION 'host=b password=c' PUBLICATION d", "CONNECTION"),
        ] {
            assert_eq!(found_in(&RULE, Dialect::Postgres, sql), [word], "{sql}");
        }
        for (sql, word) in [
            ("CREATE USER IF NOT EXISTS a@'%' IDENTIFIED BY 'b'", "IDENTIFIED"),
            ("ALTER USER a IDENTIFIED WITH caching_sha2_password BY 'b'", "BY"),
            ("GRANT SELECT ON a.* TO b IDENTIFIED BY 'c'", "IDENTIFIED"),
            ("CREATE OR REPLACE USER a IDENTIFIED BY PASSWORD '*b'", "IDENTIFIED"),
            ("SET PASSWORD FOR 'a'@'%' = PASSWORD('b')", "PASSWORD"),
        ] {
            assert_eq!(found_in(&RULE, Dialect::Mysql, sql), [word], "{sql}");
        }
    }

    #[test]
    fn no_secrets() {
        for sql in [
            "CREATE ROLE a LOGIN",
            "ALTER ROLE a PASSWORD NULL",
            "ALTER ROLE a VALID UNTIL '2030-01-01'",
            "CREATE SUBSCRIPTION a CONNECTION 'host=b' PUBLICATION d",
            "CREATE TABLE a (password text DEFAULT 'x')",
            "ALTER TABLE user ADD CHECK (password = 'x')",
            "INSERT INTO a (password) VALUES ('x')",
            "COMMENT ON COLUMN a.password IS 'x'",
        ] {
            assert_eq!(found_in(&RULE, Dialect::Postgres, sql), [""; 0], "{sql}");
        }
    }
}
