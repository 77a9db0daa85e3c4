//! An enum's or a set's values, changed.

use crate::rule::{Group, Report, Rule};
use crate::script::{Clause, ParsedScript, ParsedStatement};
use migrate_sql::ddl::{Action, Ident, Name};
use migrate_sql::{Ddl, Dialect, Level, TokenKind, tokens};

pub(crate) const RULE: Rule = Rule {
    id: "enum-change",
    group: Group::Locks,
    level: Level::Warn,
    dialects: &[Dialect::Mysql],
    finds: "`MODIFY` and `CHANGE` of a column to an `ENUM` or `SET`, unless they must not copy the table",
    why: "Only values that are appended leave the rows alone. With any other change the table is copied while \
         nobody can write to it, what sorts by the column sorts otherwise, and a row that has a value no longer \
         listed makes it fail, or loses it where the server is not strict.",
    rewrite: "Append new values behind the old ones, leave old ones in the list, and append `ALGORITHM=INSTANT`, so \
             that anything else fails.",
    check: Some(check),
};

/// The values of an `ENUM` or `SET`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Values<'a> {
    is_set: bool,
    values: Vec<&'a str>,
}

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for (read, alter, action, span) in script.changes() {
        let Action::RedefineColumn { from, column } = action else { continue };
        let Some(new) = values(column.data_type) else { continue };
        if read.is_asserted() {
            continue;
        }
        let message = match before(script, read, &alter.name, from) {
            Some(old) if new.extends(&old) => continue,
            Some(old) => match old.values.iter().find(|value| !new.values.contains(value)) {
                Some(gone) => format!("rows that hold {gone} make it fail, or lose it"),
                None => "the table is copied, as values are not only appended".to_owned(),
            },
            None => "copies the table unless values are only appended".to_owned(),
        };
        match read.with_clause(Clause::Instant) {
            Some(asserted) => report.instead(read, span, message, asserted),
            None => report.span(read, span, message),
        }
    }
}

/// What an earlier statement says the column's values are.
fn before<'a>(
    script: &ParsedScript<'a>,
    read: &ParsedStatement<'a>,
    table: &Name<'_>,
    column: &Ident<'_>,
) -> Option<Values<'a>> {
    let of_table = |earlier: &&ParsedStatement<'_>| match &earlier.ddl {
        Ddl::CreateTable(create) => create.name.is_same(table),
        Ddl::AlterTable(alter) => alter.name.is_same(table),
        _ => false,
    };
    let mut columns =
        script.earlier(read, table).rev().filter(of_table).flat_map(ParsedStatement::columns);
    columns.find(|earlier| earlier.name.is_same(column)).and_then(|found| values(found.data_type))
}

/// The values of a type, if it is one that lists them.
pub(super) fn values(data_type: &str) -> Option<Values<'_>> {
    let mut tokens = tokens(data_type, Dialect::Mysql);
    let word = tokens.next()?;
    if !word.is_any_word(&["ENUM", "SET"]) {
        return None;
    }
    let values = tokens
        .take_while(|token| !token.is_mark(")"))
        .filter(|token| token.kind() == TokenKind::String)
        .map(|token| token.text())
        .collect();
    Some(Values { is_set: word.is_word("SET"), values })
}

impl Values<'_> {
    /// Whether these are the old ones and more behind them, in as many bytes.
    fn extends(&self, old: &Self) -> bool {
        self.is_set == old.is_set
            && self.values.starts_with(&old.values)
            && self.size() == old.size()
    }

    /// The bytes that a row needs for them.
    fn size(&self) -> usize {
        let count = self.values.len();
        if !self.is_set {
            return if count < 256 { 1 } else { 2 };
        }
        match count.div_ceil(8) {
            bytes @ 0..=4 => bytes,
            _ => 8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{advice, found_in, messages};

    #[test]
    fn what_the_values_were_is_unknown() {
        let sql = "ALTER TABLE a MODIFY b ENUM('x', 'y') NOT NULL";
        assert_eq!(found_in(&RULE, Dialect::Mysql, sql), ["MODIFY b ENUM('x', 'y') NOT NULL"]);
        assert_eq!(advice(&RULE, Dialect::Mysql, sql, None), [format!("{sql}, ALGORITHM=INSTANT")]);
        let asserted = format!("{sql}, ALGORITHM=INSTANT");
        assert_eq!(found_in(&RULE, Dialect::Mysql, &asserted), [""; 0]);
    }

    #[test]
    fn what_the_values_were_is_known() {
        let change = |list: &str| {
            format!(
                "CREATE TABLE IF NOT EXISTS a (b ENUM('x', 'y')); ALTER TABLE a MODIFY b {list}"
            )
        };
        for (list, message) in [
            ("ENUM('y')", "rows that hold 'x' make it fail, or lose it"),
            ("ENUM('y', 'x')", "the table is copied, as values are not only appended"),
            ("ENUM('w', 'x', 'y')", "the table is copied, as values are not only appended"),
            ("SET('x', 'y')", "the table is copied, as values are not only appended"),
        ] {
            assert_eq!(messages(&RULE, Dialect::Mysql, &change(list)), [message]);
        }
        assert_eq!(messages(&RULE, Dialect::Mysql, &change("enum('x', 'y', 'z')")), [""; 0]);
    }

    #[test]
    fn a_ninth_value_of_a_set_needs_another_byte() {
        let set = |count: usize| {
            let values: Vec<_> = (0..count).map(|value| format!("'{value}'")).collect();
            format!("SET({})", values.join(","))
        };
        let (eight, nine) = (set(8), set(9));
        let [eight, nine] = [&eight, &nine].map(|list| values(list).unwrap());
        assert!(!nine.extends(&eight));
        assert!(eight.extends(&values(&set(7)).unwrap()));
    }
}
