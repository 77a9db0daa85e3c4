//! `LOCK = SHARED` and `LOCK = EXCLUSIVE`

use crate::rule::{Group, Report, Rule};
use crate::rules::copy_algorithm;
use crate::script::ParsedScript;
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "lock-option",
    group: Group::Locks,
    level: Level::Warn,
    dialects: &[Dialect::Mysql],
    finds: "`LOCK = SHARED` and `LOCK = EXCLUSIVE` for a table that was there before",
    why: "Nobody can write to the table until the change is done; with `EXCLUSIVE` nobody can read it either.",
    rewrite: "Ask for `LOCK=NONE`, so that what would block fails.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    let of_old_table = |read: &_| copy_algorithm::changes_old_table(script, read);
    for read in script.statements.iter().filter(|read| of_old_table(read)) {
        let Some((value, span)) = read.lock() else { continue };
        if value.eq_ignore_ascii_case("SHARED") {
            report.span(read, span, "nobody can write to the table until it is done");
        } else if value.eq_ignore_ascii_case("EXCLUSIVE") {
            report.span(read, span, "nobody can read the table or write to it until it is done");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn what_blocks() {
        let sql = "ALTER TABLE a ADD b INT, LOCK=SHARED; CREATE INDEX c ON a (b) LOCK EXCLUSIVE";
        assert_eq!(found_in(&RULE, Dialect::Mysql, sql), ["LOCK=SHARED", "LOCK EXCLUSIVE"]);
    }

    #[test]
    fn what_does_not() {
        for sql in [
            "ALTER TABLE a ADD b INT, LOCK=NONE",
            "CREATE TABLE a (b INT); ALTER TABLE a ADD c INT, LOCK=EXCLUSIVE",
        ] {
            assert_eq!(found_in(&RULE, Dialect::Mysql, sql), [""; 0]);
        }
    }
}
