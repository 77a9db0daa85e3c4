//! Compares indexes by their definitions.

use migrate_sql::ddl::{CreateIndex, Ddl, Ident};
use migrate_sql::{Dialect, TokenKind, split, tokens};

use super::Match;
use crate::run::probe::place::held;

/// Compares the index that `asked` creates with one that has the definition `held` in PostgreSQL.
pub(in crate::run::probe) fn of_index(asked: &str, held: &str) -> Match {
    let dialect = Dialect::Postgres;
    let (Ok(asked), Ok(held)) = (split(asked, dialect), split(held, dialect)) else {
        return Match::Untold;
    };
    let (Some(asked), Some(held)) = (asked.first(), held.first()) else { return Match::Untold };
    let (Ddl::CreateIndex(a), Ddl::CreateIndex(b)) = (asked.ddl(), held.ddl()) else {
        return Match::Untold;
    };
    if a.unique != b.unique || a.columns.len() != b.columns.len() {
        return Match::Differs;
    }
    let method = |text: &str| method(text).unwrap_or_else(|| "btree".to_owned());
    if method(asked.text()) != method(held.text()) {
        return Match::Differs;
    }
    let columns = a.columns.iter().zip(&b.columns).map(|(a, b)| part(a, b));
    Match::of_all(columns.chain([options(a.options, b.options)]))
}

/// Returns the names of an index's columns, if it has only plain columns.
pub(super) fn names(index: &CreateIndex<'_>, dialect: Dialect) -> Option<Vec<String>> {
    index.columns.iter().map(|column| name(column, dialect)).collect()
}

/// Returns the name of a part that is a plain column in default order.
fn name(part: &str, dialect: Dialect) -> Option<String> {
    let words: Vec<_> =
        tokens(part, dialect).filter(|token| token.kind() != TokenKind::Comment).collect();
    match words.as_slice() {
        [one] => held(&Ident::of(one, dialect)?, dialect),
        [one, order] if order.is_word("ASC") => held(&Ident::of(one, dialect)?, dialect),
        _ => None,
    }
}

fn part(asked: &str, held: &str) -> Match {
    let names = (name(asked, Dialect::Postgres), name(held, Dialect::Postgres));
    match names {
        (Some(asked), Some(held)) => Match::when(Some(asked == held)),
        // PostgreSQL rewrites expressions.
        _ if words(asked) == words(held) => Match::Same,
        _ => Match::Untold,
    }
}

/// Compares the text after the columns: the same words, or a clause that only one of them has.
fn options(asked: &str, held: &str) -> Match {
    let (asked, held) = (words(asked), words(held));
    if asked == held {
        return Match::Same;
    }
    let clauses = ["where", "include", "nulls"];
    let has = |words: &[String], clause: &str| words.iter().any(|word| word == clause);
    let differs = clauses.iter().any(|clause| has(&asked, clause) != has(&held, clause));
    if differs { Match::Differs } else { Match::Untold }
}

/// Returns the tokens of a text without parentheses, in lower case unless they are quoted.
fn words(text: &str) -> Vec<String> {
    tokens(text, Dialect::Postgres)
        .filter(|token| {
            token.kind() != TokenKind::Comment && !token.is_mark("(") && !token.is_mark(")")
        })
        .map(|token| {
            let quoted = token.text().starts_with(['"', '\'', '$']);
            if quoted { token.text().to_owned() } else { token.text().to_lowercase() }
        })
        .collect()
}

fn method(text: &str) -> Option<String> {
    let mut tokens = tokens(text, Dialect::Postgres).take_while(|token| !token.is_mark("("));
    tokens.find(|token| token.is_word("USING"))?;
    Some(tokens.next()?.text().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_are_compared_part_by_part() {
        let held = "CREATE INDEX i ON public.t USING btree (a, \"B\")";
        for (asked, found) in [
            ("CREATE INDEX CONCURRENTLY i ON t (a, \"B\")", Match::Same),
            (
                "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON public.t USING btree (A ASC, \"B\")",
                Match::Same,
            ),
            ("CREATE INDEX i ON t (a)", Match::Differs),
            ("CREATE INDEX i ON t (a, b)", Match::Differs),
            ("CREATE UNIQUE INDEX i ON t (a, \"B\")", Match::Differs),
            ("CREATE INDEX i ON t USING gin (a, \"B\")", Match::Differs),
            ("CREATE INDEX i ON t (a, \"B\") WHERE a > 0", Match::Differs),
            ("CREATE INDEX i ON t (a, lower(\"B\"))", Match::Untold),
        ] {
            assert_eq!(of_index(asked, held), found, "{asked}");
        }
        let held = "CREATE INDEX i ON t USING btree (lower(a)) WHERE (b > 0)";
        assert_eq!(of_index("CREATE INDEX i ON t (lower(a)) WHERE b > 0", held), Match::Same);
        assert_eq!(of_index("CREATE INDEX i ON t (lower(a)) WHERE b > 0.5", held), Match::Untold);
        assert_eq!(of_index("CREATE INDEX i ON t (lower(a))", held), Match::Differs);
    }
}
