//! What the catalog showed before a statement ran.
//!
//! The entry before a statement records it in the journal: an expression that the server evaluates as it writes the entry, so
//! that it costs no round trip. It is a character for each fact, or the OIDs of the existing indexes.

use migrate_sql::{Dialect, split};

use super::catalog;
use super::reading::Reading;
use super::thing::{Fact, Thing};

/// Recorded in the journal where the catalog does not tell.
const UNTOLD: &str = "-";

/// Returns the expression for what `probe` needs to know from before `statement`; `None` if it needs nothing.
pub(crate) fn before(statement: &str, dialect: Dialect) -> Option<String> {
    let statements = split(statement, dialect).ok()?;
    match Reading::of(statements.first()?) {
        Reading::Repeatable | Reading::Silent => None,
        Reading::Atomic { facts, only_if: _ } => expression(&noted(&facts, dialect), dialect),
        Reading::OneByOne { words: _, things } => {
            let facts: Vec<Fact> = things.into_iter().map(Fact::gone).collect();
            expression(&noted(&facts, dialect), dialect)
        }
        Reading::Concurrent(concurrent) => Some(concurrent.before()),
    }
}

/// Returns the facts to record, in order: those that the catalog can show, except for parts of what the statement itself
/// creates.
pub(super) fn noted(facts: &[Fact], dialect: Dialect) -> Vec<Fact> {
    let is_made = |thing: &Thing| {
        facts.iter().any(|made| {
            made.there && made.thing.of.is_none() && thing.of.as_ref() == Some(&made.thing.place)
        })
    };
    let known = facts.iter().filter(|fact| catalog::question(fact, dialect).is_some());
    known.filter(|fact| !is_made(&fact.thing)).cloned().collect()
}

/// Parses what was recorded for `facts`: whether each existed. `None` if the text does not match them.
pub(super) fn read(text: &str, facts: &[Fact]) -> Option<Vec<Option<bool>>> {
    let told = |character| match character {
        '1' => Some(Some(true)),
        '0' => Some(Some(false)),
        '-' => Some(None),
        _ => None,
    };
    let read: Vec<Option<bool>> = text.chars().map(told).collect::<Option<_>>()?;
    (read.len() == facts.len()).then_some(read)
}

fn expression(facts: &[Fact], dialect: Dialect) -> Option<String> {
    let asked: Vec<String> = facts
        .iter()
        .filter_map(|fact| catalog::question(fact, dialect))
        .map(|question| character(&question, dialect))
        .collect();
    match (asked.is_empty(), dialect) {
        (true, _) => None,
        (false, Dialect::Mysql) => Some(format!("concat({})", asked.join(", "))),
        (false, Dialect::Postgres | Dialect::Sqlite) => Some(asked.join(" || ")),
    }
}

fn character(question: &str, dialect: Dialect) -> String {
    let told = match dialect {
        Dialect::Postgres => format!("CAST(CAST(({question}) AS int) AS text)"),
        Dialect::Mysql => format!("CAST(({question}) AS char)"),
        Dialect::Sqlite => format!("CAST(({question}) AS TEXT)"),
    };
    format!("coalesce({told}, '{UNTOLD}')")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::probe::place::Place;
    use crate::run::probe::thing::What;

    #[test]
    fn the_columns_of_a_new_table_are_not_asked_for_before_it() {
        let table = Place::bare("a".to_owned());
        let facts = [
            Fact::there(Thing::new(What::Table, table.clone())),
            Fact::there(Thing::part(What::Column, "b".to_owned(), &table)),
        ];
        assert_eq!(
            noted(&facts, Dialect::Mysql),
            facts.first().cloned().into_iter().collect::<Vec<_>>()
        );
        assert_eq!(noted(facts.get(1..).unwrap_or_default(), Dialect::Mysql).len(), 1);
    }

    #[test]
    fn what_was_noted_of_other_facts_is_not_read() {
        let facts = [Fact::gone(Thing::new(What::Table, Place::bare("a".to_owned())))];
        assert_eq!(read("1", &facts), Some(vec![Some(true)]));
        assert_eq!(read("-", &facts), Some(vec![None]));
        assert_eq!(read("10", &facts), None);
        assert_eq!(read("x", &facts), None);
    }

    #[test]
    fn what_can_be_run_again_needs_no_note() {
        for sql in
            ["CREATE TABLE IF NOT EXISTS a (b INT)", "CALL a()", "SET @a = 1", "CREATE USER u"]
        {
            assert_eq!(before(sql, Dialect::Mysql), None, "{sql}");
        }
        assert!(before("CREATE TABLE a (b INT)", Dialect::Mysql).is_some());
    }
}
