//! `FULLTEXT` and `SPATIAL` indexes.

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::ddl::{Action, Constraint, ConstraintKind};
use migrate_sql::{Ddl, Dialect, Level, tokens};

pub(crate) const RULE: Rule = Rule {
    id: "fulltext-index",
    group: Group::Locks,
    level: Level::Warn,
    dialects: &[Dialect::Mysql],
    finds: "a `FULLTEXT` or `SPATIAL` index on a table that was there before",
    why: "Nobody can write to the table while it is built, and no clause changes that; the first `FULLTEXT` index \
         of a table writes all its rows anew, too.",
    rewrite: "Build it where nobody writes: in a quiet hour, or on a copy of the table that is kept up to date and \
             then takes its place.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    const MESSAGE: &str = "nobody can write to the table while the index is built";
    for (read, _, action, span) in script.changes() {
        if let Action::AddConstraint(constraint) = action
            && is_added(constraint, read.statement.text())
        {
            report.span(read, span, MESSAGE);
        }
    }
    for read in &script.statements {
        if let Ddl::CreateIndex(index) = &read.ddl
            && is_made(read.statement.text())
            && !script.is_new(read, &index.table)
        {
            report.statement(read, MESSAGE);
        }
    }
}

/// Whether a constraint in this statement's text is such an index.
pub(super) fn is_added(constraint: &Constraint<'_>, statement: &str) -> bool {
    constraint.kind == ConstraintKind::Index
        && statement.get(constraint.span.clone()).is_some_and(|text| has_word(text, 0))
}

/// Whether a statement's text creates such an index; MariaDB says `OR REPLACE` in front of it.
pub(super) fn is_made(statement: &str) -> bool {
    has_word(statement, 1) || has_word(statement, 3)
}

fn has_word(text: &str, place: usize) -> bool {
    let word = tokens(text, Dialect::Mysql).nth(place);
    word.is_some_and(|word| word.is_any_word(&["FULLTEXT", "SPATIAL"]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn on_a_table_in_use() {
        let create = "CREATE FULLTEXT INDEX a ON b (c)";
        assert_eq!(found_in(&RULE, Dialect::Mysql, create), [create]);
        let alter = "ALTER TABLE b ADD c INT, ADD SPATIAL KEY d (e)";
        assert_eq!(found_in(&RULE, Dialect::Mysql, alter), ["ADD SPATIAL KEY d (e)"]);
    }

    #[test]
    fn on_a_new_one_or_of_another_kind() {
        for sql in [
            "CREATE TABLE b (c TEXT, FULLTEXT KEY (c)); CREATE FULLTEXT INDEX a ON b (c)",
            "CREATE INDEX fulltext_a ON b (c)",
            "ALTER TABLE b ADD KEY `fulltext` (c)",
        ] {
            assert_eq!(found_in(&RULE, Dialect::Mysql, sql), [""; 0]);
        }
    }
}
