//! What holds for every text.

#![expect(clippy::string_slice, reason = "a slice that cuts a character breaks the law under test")]

mod text;

use proptest::prelude::*;

use self::text::any_text;
use super::*;
use crate::migration::{Kind, SqlContext};
use crate::statement::StatementKind;
use crate::text::Checksum;
use crate::validate::{Fault, validate};

fn dialect() -> impl Strategy<Value = Dialect> {
    prop::sample::select(Dialect::ALL.to_vec())
}

/// Tokens that every dialect reads alike and that do not depend on their neighbours.
fn plain_tokens() -> impl Strategy<Value = Vec<&'static str>> {
    const TOKENS: &[&str] = &[
        "SELECT", "a", "\"b\"", "'c''d'", "'\r\n'", "12", ".5", "(", ")", ",", "<=", "||", "*",
        "é", ";", "/*+ x */",
    ];
    prop::collection::vec(prop::sample::select(TOKENS), 0..20)
}

fn gap() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![" ", "\r\n", "\t\n", " -- x;'\n", "/* ' ; */", " \u{feff} "])
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t'..='\r' | '\u{feff}')
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn tokens_cover_everything_but_blanks(sql in any_text(), dialect in dialect()) {
        let mut end = 0;
        for token in tokens(&sql, dialect) {
            prop_assert!(!token.text().is_empty());
            prop_assert_eq!(&sql[token.span()], token.text());
            prop_assert!(sql[end..token.start()].chars().all(is_blank));
            end = token.end();
        }
    }

    #[test]
    fn statements_stand_at_their_offsets(sql in any_text(), dialect in dialect()) {
        let mut end = 0;
        for statement in split(&sql, dialect).unwrap_or_default() {
            prop_assert!(statement.offset() >= end);
            prop_assert!(sql[statement.offset()..].starts_with(statement.text()));
            let gap = &sql[end..statement.offset()];
            prop_assert!(tokens(gap, dialect).all(|token| !matches!(token.kind(), TokenKind::Word | TokenKind::String)));
            end = statement.offset() + statement.text().len();
        }
    }

    #[test]
    fn a_statement_is_one_statement(sql in any_text(), dialect in dialect()) {
        for statement in split(&sql, dialect).unwrap_or_default() {
            // To MySQL itself, two signs at the very end are a comment, and no statement ends with them.
            if statement.text().ends_with("--") {
                continue;
            }
            let again = split(statement.text(), dialect).unwrap();
            prop_assert_eq!(again.len(), 1);
            prop_assert_eq!(again[0].text(), statement.text());
        }
    }

    #[test]
    fn a_statement_keeps_the_tokens_of_its_text(sql in any_text(), dialect in dialect()) {
        for statement in split(&sql, dialect).unwrap_or_default() {
            // As above: alone, MySQL's two signs are a comment.
            if !statement.text().ends_with("--") {
                prop_assert!(statement.tokens().eq(tokens(statement.text(), dialect)));
            }
        }
    }

    #[test]
    fn every_question_has_an_answer(sql in any_text(), dialect in dialect()) {
        for statement in split(&sql, dialect).unwrap_or_default() {
            statement.transaction_control();
            statement.copies_from_stdin();
            statement.forbids_transaction();
            statement.commits_implicitly();
            statement.sets_session();
            statement.ddl();
            prop_assert!(!statement.words().is_empty());
            let controls = statement.kind() == StatementKind::TransactionControl;
            prop_assert_eq!(controls, statement.transaction_control().is_some());
            for object in statement.effects() {
                let (start, name) = (object.name.offset(), object.name.text());
                prop_assert_eq!(&statement.text()[start..start + name.len()], name);
            }
        }
    }

    #[test]
    fn every_statement_has_at_most_one_fault(
        sql in any_text(),
        dialect in dialect(),
        kind in prop::sample::select(vec![Kind::Schema, Kind::Data]),
    ) {
        let found = validate(&sql, SqlContext { kind, parse: false, ..SqlContext::new(dialect) });
        prop_assert!(found.iter().all(|fault| fault.offset() <= sql.len()));
        prop_assert!(found.is_sorted_by_key(Fault::offset));
        prop_assert!(found.len() <= split(&sql, dialect).map_or(1, |statements| statements.len()));
    }

    #[test]
    fn gaps_do_not_change_a_checksum(
        (tokens, gaps) in plain_tokens().prop_flat_map(|tokens| {
            let gaps = prop::collection::vec(gap(), tokens.len());
            (Just(tokens), gaps)
        }),
        dialect in dialect(),
    ) {
        let spaced: String = tokens.iter().zip(&gaps).flat_map(|(token, gap)| [*gap, *token]).collect();
        prop_assert_eq!(Checksum::of_sql(&spaced, dialect), Checksum::of_sql(&tokens.join(" "), dialect));
    }

    #[test]
    fn checksums_of_anything_exist(sql in any_text(), dialect in dialect()) {
        let checksum = Checksum::of_sql(&sql, dialect);
        prop_assert_eq!(checksum.to_string().parse(), Ok(checksum));
    }

    #[test]
    fn delimiters_never_panic(
        delimiter in "[;/$ a'é]{0,5}",
        sql in any_text(),
        rest in any_text(),
    ) {
        let sql = format!("{sql};\nDELIMITER {delimiter}\n{rest}");
        for statement in split(&sql, Dialect::Mysql).unwrap_or_default() {
            prop_assert!(sql[statement.offset()..].starts_with(statement.text()));
            if !statement.text().ends_with("--") {
                prop_assert!(statement.tokens().eq(tokens(statement.text(), Dialect::Mysql)));
            }
        }
    }
}
