//! Concurrent builds on PostgreSQL 14.0 to 14.3

use crate::rule::{Group, Report, Rule};
use crate::script::{ParsedScript, ParsedStatement};
use migrate_sql::{Ddl, Dialect, Level, Server};

pub(crate) const RULE: Rule = Rule {
    id: "concurrent-index-corruption",
    group: Group::Correctness,
    level: Level::Warn,
    dialects: &[Dialect::Postgres],
    finds: "`CREATE INDEX CONCURRENTLY` and `REINDEX CONCURRENTLY` where `[lint] server` names \
            PostgreSQL 14 before 14.4",
    why: "These versions can leave rows out of an index that is built while others write, and \
          nothing says so.",
    rewrite: "Update the server to 14.4 or later first, and name its version in `[lint] server`.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    let Some([14, 0..=3, _]) = script.server.map(Server::version) else { return };
    for read in script.statements.iter().filter(|read| builds_concurrently(read)) {
        report.statement(
            read,
            "PostgreSQL before 14.4 can leave rows out of an index that is built so",
        );
    }
}

fn builds_concurrently(read: &ParsedStatement<'_>) -> bool {
    let mut tokens = read.statement.tokens();
    matches!(&read.ddl, Ddl::CreateIndex(index) if index.concurrently)
        || tokens.next().is_some_and(|first| first.is_word("REINDEX"))
            && tokens.any(|token| token.is_word("CONCURRENTLY"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_for;
    use migrate_sql::SqlContext;

    #[test]
    fn only_where_the_server_is_affected() {
        let context = SqlContext { transaction: false, ..SqlContext::new(Dialect::Postgres) };
        for sql in ["CREATE INDEX CONCURRENTLY a ON b (c)", "REINDEX TABLE CONCURRENTLY a"] {
            assert_eq!(found_for(&RULE, sql, context, Some("postgres 14.3")), [sql]);
            for server in [None, Some("postgres 14.4"), Some("postgres 13.1"), Some("postgres 15")]
            {
                assert_eq!(found_for(&RULE, sql, context, server), [""; 0]);
            }
        }
        let plain = "CREATE INDEX a ON b (c)";
        assert_eq!(found_for(&RULE, plain, context, Some("postgres 14.3")), [""; 0]);
    }
}
