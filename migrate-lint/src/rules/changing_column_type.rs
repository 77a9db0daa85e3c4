//! MySQL's `MODIFY COLUMN` and `CHANGE COLUMN`.

use crate::rule::{Group, Report, Rule};
use crate::rules::enum_change;
use crate::script::{Clause, ParsedScript};
use migrate_sql::ddl::Action;
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "changing-column-type",
    group: Group::Locks,
    level: Level::Warn,
    dialects: &[Dialect::Mysql],
    finds: "`MODIFY` and `CHANGE` of a column in a table that was there before, unless they must not copy it",
    why: "Another type copies the whole table while nobody can write to it; values that do not fit fail, or are cut \
         where the server is not strict. And the definition is taken as a whole: a `NOT NULL`, a default or a \
         comment that is not repeated is gone.",
    rewrite: "Where it only widens the column, append `ALGORITHM=INPLACE, LOCK=NONE`, so that it fails rather than \
              copies. For another type add a second column, write both, fill it in batches, change over, drop the \
              first later.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for (read, alter, action, span) in script.changes() {
        let Action::RedefineColumn { column, .. } = action else { continue };
        if read.is_asserted() || enum_change::values(column.data_type).is_some() {
            continue;
        }
        let message = format!(
            "may copy `{}` while nobody can write to it, and forgets what it does not repeat",
            alter.name.value()
        );
        match read.with_clause(Clause::InPlace) {
            Some(asserted) => report.instead(read, span, message, asserted),
            None => report.span(read, span, message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{advice, found_in};

    #[test]
    fn what_may_copy() {
        for action in ["MODIFY b BIGINT", "CHANGE COLUMN b c BIGINT NOT NULL"] {
            let sql = format!("ALTER TABLE a {action}");
            assert_eq!(found_in(&RULE, Dialect::Mysql, &sql), [action]);
            assert_eq!(
                advice(&RULE, Dialect::Mysql, &sql, None),
                [format!("{sql}, ALGORITHM=INPLACE, LOCK=NONE")]
            );
        }
    }

    #[test]
    fn what_is_told_not_to_is_safe() {
        for clause in ["ALGORITHM=INSTANT", "ALGORITHM=INPLACE, LOCK=NONE", "LOCK NONE"] {
            let sql = format!("ALTER TABLE a MODIFY b VARCHAR(300), {clause}");
            assert_eq!(found_in(&RULE, Dialect::Mysql, &sql), [""; 0]);
        }
        let copied = "ALTER TABLE a MODIFY b BIGINT, ALGORITHM=COPY";
        assert_eq!(found_in(&RULE, Dialect::Mysql, copied), ["MODIFY b BIGINT"]);
    }

    #[test]
    fn a_new_table_is_copied_in_no_time() {
        let sql = "CREATE TABLE a (b INT); ALTER TABLE a MODIFY b BIGINT";
        assert_eq!(found_in(&RULE, Dialect::Mysql, sql), [""; 0]);
    }
}
