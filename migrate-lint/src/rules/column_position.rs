//! `ADD COLUMN … FIRST` and `… AFTER`, for servers that have to write all rows anew for it.

use crate::rule::{Group, Report, Rule};
use crate::script::{ParsedScript, Since};
use migrate_sql::ddl::Action;
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "column-position",
    group: Group::Locks,
    level: Level::Warn,
    dialects: &[Dialect::Mysql],
    finds: "`ADD COLUMN … FIRST` or `… AFTER`, where `[lint] server` names a MySQL before 8.0.29 or a MariaDB \
           before 10.4",
    why: "These servers add a column at once only behind the others; between them, all rows are written anew, and \
          `ALGORITHM=INSTANT` fails.",
    rewrite: "Leave out the position: name the columns where their order matters.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    if script.can(Since::INSTANT_ANYWHERE) != Some(false) {
        return;
    }
    for (read, alter, action, span) in script.changes() {
        if let Action::AddColumn { placed: true, .. } = action {
            let message =
                format!("all rows of `{}` are written anew for a position", alter.name.value());
            report.span(read, span, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_for;
    use migrate_sql::SqlContext;

    fn found(sql: &str, server: Option<&str>) -> usize {
        found_for(&RULE, sql, SqlContext::new(Dialect::Mysql), server).len()
    }

    #[test]
    fn on_old_servers() {
        for sql in ["ALTER TABLE a ADD b INT FIRST", "ALTER TABLE a ADD COLUMN b INT AFTER c"] {
            assert_eq!(found(sql, Some("mysql 8.0.28")), 1);
            assert_eq!(found(sql, Some("mariadb 10.3")), 1);
            assert_eq!(found(sql, Some("mysql 8.0.29")), 0);
            assert_eq!(found(sql, Some("mariadb 10.4")), 0);
            assert_eq!(found(sql, None), 0);
        }
    }

    #[test]
    fn behind_the_others() {
        assert_eq!(found("ALTER TABLE a ADD b INT", Some("mysql 5.7")), 0);
    }
}
