//! `ENGINE =` of an engine without transactions.

use crate::rule::{Group, Report, Rule};
use crate::script::{ParsedScript, ParsedStatement};
use migrate_sql::{Ddl, Dialect, Level, Token};

pub(crate) const RULE: Rule = Rule {
    id: "engine",
    group: Group::Design,
    level: Level::Warn,
    dialects: &[Dialect::Mysql],
    finds: "`ENGINE =` other than InnoDB and others that have transactions",
    why: "MyISAM, Aria, MEMORY and the like undo nothing when a transaction is rolled back, lock whole tables, and \
         know no foreign keys; a crash loses rows.",
    rewrite: "Say `ENGINE=InnoDB`, or nothing.",
    check: Some(check),
};

const WITH_TRANSACTIONS: &[&str] = &["InnoDB", "NDB", "NDBCLUSTER", "RocksDB", "TokuDB"];

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in script.statements.iter().filter(|read| is_of_lasting_table(read)) {
        let code = read.outer_code();
        for place in code.windows(3) {
            let Some(engine) = named(place) else { continue };
            let name = engine.text().trim_matches(['\'', '"', '`']);
            if !WITH_TRANSACTIONS.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                let message = format!("`{name}` has no transactions");
                report.span(read, engine.span(), message);
            }
        }
    }
}

fn is_of_lasting_table(read: &ParsedStatement<'_>) -> bool {
    match &read.ddl {
        Ddl::CreateTable(create) => !create.temporary,
        Ddl::AlterTable(_) => true,
        _ => false,
    }
}

fn named<'t, 'a>(place: &'t [Token<'a>]) -> Option<&'t Token<'a>> {
    match place {
        [word, equals, name] if word.is_word("ENGINE") && equals.is_mark("=") => Some(name),
        // Without the sign, as the last thing said or followed by more.
        [_, word, name] if word.is_word("ENGINE") && !name.is_mark("=") => Some(name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn without_transactions() {
        for (sql, engine) in [
            ("CREATE TABLE a (b INT) ENGINE=MyISAM", "MyISAM"),
            ("CREATE TABLE a (b INT) COMMENT 'c' ENGINE memory ROW_FORMAT=FIXED", "memory"),
            ("ALTER TABLE a ENGINE = Aria", "Aria"),
            ("CREATE TABLE a (b INT) /*!50100 ENGINE='CSV' */", "'CSV'"),
        ] {
            assert_eq!(found_in(&RULE, Dialect::Mysql, sql), [engine]);
        }
    }

    #[test]
    fn with_transactions_or_for_the_session() {
        for sql in [
            "CREATE TABLE a (b INT)",
            "CREATE TABLE a (engine INT) ENGINE=innodb",
            "CREATE TEMPORARY TABLE a (b INT) ENGINE=MEMORY",
        ] {
            assert_eq!(found_in(&RULE, Dialect::Mysql, sql), [""; 0]);
        }
    }
}
