//! SQLite's table rebuild, begun at the wrong end.

use crate::rule::{Group, Report, Rule};
use crate::script::{ParsedScript, ParsedStatement};
use migrate_sql::{Ddl, Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "rebuild-order",
    group: Group::Correctness,
    level: Level::Deny,
    dialects: &[Dialect::Sqlite],
    finds: "a table that is renamed and then created anew",
    why: "Renaming a table rewrites what refers to it: foreign keys of other tables, triggers and views follow the \
         old rows to the new name. When that table is dropped they refer to nothing, and every write to those \
         tables fails.",
    rewrite: "Create the new table under another name, copy the rows, drop the old table, and rename the new one.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    // Older ones leave foreign keys, triggers and views alone.
    if script.server.is_some_and(|server| !server.is_at_least(3, 25)) {
        return;
    }
    let legacy = script.statements.iter().position(sets_legacy);
    for read in &script.statements {
        for (from, to) in read.renamed_tables() {
            let is_created_anew = script.later(read, from).any(
                |later| matches!(&later.ddl, Ddl::CreateTable(create) if create.name.is_same(from)),
            );
            let is_legacy = legacy.is_some_and(|since| since < script.number(read));
            if is_created_anew && !is_legacy && !script.is_new(read, from) {
                let (name, old) = (from.value(), to.value());
                report.instead(
                    read,
                    0..read.statement.text().len(),
                    format!("what refers to `{name}` now refers to `{old}`, not to the `{name}` created later"),
                    format!(
                        "Create `{name}_new`, copy the rows from `{name}`, drop `{name}`, and say \
                         `ALTER TABLE {name}_new RENAME TO {name}`."
                    ),
                );
            }
        }
    }
}

/// Whether it asks for renaming as it was of old.
fn sets_legacy(read: &ParsedStatement<'_>) -> bool {
    let code = read.code();
    let Some(place) = code.iter().position(|token| token.is_word("LEGACY_ALTER_TABLE")) else {
        return false;
    };
    let values = code.get(place + 1..).unwrap_or_default();
    values.iter().any(|value| value.is_any_word(&["ON", "TRUE", "YES"]) || value.text() == "1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{advice, found_for, found_in};
    use migrate_sql::SqlContext;

    const WRONG: &str = "ALTER TABLE a RENAME TO old; CREATE TABLE a (b INT); \
                         INSERT INTO a SELECT b FROM old; DROP TABLE old";

    #[test]
    fn the_old_table_gives_up_its_name_first() {
        assert_eq!(found_in(&RULE, Dialect::Sqlite, WRONG), ["ALTER TABLE a RENAME TO old"]);
        let rewrites = advice(&RULE, Dialect::Sqlite, WRONG, None);
        assert!(rewrites[0].contains("`ALTER TABLE a_new RENAME TO a`"), "{rewrites:?}");
    }

    #[test]
    fn the_new_table_gets_it_last() {
        let right = "CREATE TABLE new (b INT); INSERT INTO new SELECT b FROM a; DROP TABLE a; \
                     ALTER TABLE new RENAME TO a";
        assert_eq!(found_in(&RULE, Dialect::Sqlite, right), [""; 0]);
        assert_eq!(found_in(&RULE, Dialect::Sqlite, "ALTER TABLE a RENAME TO b"), [""; 0]);
    }

    #[test]
    fn renaming_as_it_was_of_old() {
        let legacy = format!("PRAGMA legacy_alter_table = ON; {WRONG}");
        assert_eq!(found_in(&RULE, Dialect::Sqlite, &legacy), [""; 0]);
        let context = SqlContext::new(Dialect::Sqlite);
        assert_eq!(found_for(&RULE, WRONG, context, Some("sqlite 3.24")), [""; 0]);
        assert_eq!(found_for(&RULE, WRONG, context, Some("sqlite 3.40")).len(), 1);
    }
}
