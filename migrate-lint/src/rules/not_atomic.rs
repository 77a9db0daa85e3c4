//! Several statements where each commits by itself.

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::{Dialect, Kind, Level};

pub(crate) const RULE: Rule = Rule {
    id: "not-atomic",
    group: Group::Design,
    level: Level::Allow,
    dialects: &[Dialect::Mysql],
    finds: "a second statement that commits in one schema migration",
    why: "MySQL and MariaDB commit at each statement of DDL: where the second fails, the first stays. The next run \
         goes on behind it, but until then the schema is one that nobody planned.",
    rewrite: "Give each statement a migration of its own, or put what belongs together into one `ALTER TABLE`.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    if script.context.kind != Kind::Schema {
        return;
    }
    let mut commits = script.statements.iter().filter(|read| read.statement.commits_implicitly());
    if let (Some(_), Some(second)) = (commits.next(), commits.next()) {
        report.statement(second, "where this fails, what was done before it stays");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{found, found_in};
    use migrate_sql::SqlContext;

    #[test]
    fn the_second_one() {
        let sql = "CREATE TABLE a (b INT); SET @c = 1; CREATE TABLE d (e INT); DROP TABLE f";
        assert_eq!(found_in(&RULE, Dialect::Mysql, sql), ["CREATE TABLE d (e INT)"]);
    }

    #[test]
    fn nothing_is_half_done_where_there_is_one() {
        assert_eq!(found_in(&RULE, Dialect::Mysql, "CREATE TABLE a (b INT)"), [""; 0]);
        let data = SqlContext { kind: Kind::Data, ..SqlContext::new(Dialect::Mysql) };
        let sql = "INSERT INTO a VALUES (1); UPDATE a SET b = 2 WHERE b";
        assert_eq!(found(&RULE, sql, data), [""; 0]);
    }
}
