//! Whatever a name or a value holds: quoted, it is one token between its neighbours, and says what it said.

#![no_main]

use libfuzzer_sys::fuzz_target;
use migrate_sql::{Dialect, TokenKind, quote, split, tokens};

fuzz_target!(|text: &str| {
    let meant = text.replace('\0', "\u{fffd}");
    for dialect in Dialect::ALL {
        let name = quote::identifier(text, dialect);
        let sql = format!("SELECT {} FROM {name} WHERE a", quote::literal(text, dialect));
        let all: Vec<_> = tokens(&sql, dialect).filter(|token| !token.text().trim().is_empty()).collect();
        assert!(all.iter().all(|token| token.is_terminated()), "{sql}");
        let [select, .., literal, from, table, before, last] = all.as_slice() else { panic!("{sql}") };
        let words = [select, from, before, last].map(|token| token.text());
        assert_eq!(words, ["SELECT", "FROM", "WHERE", "a"]);
        assert_eq!((literal.kind(), table.kind()), (TokenKind::String, TokenKind::QuotedIdentifier));
        let mark = &name[..1];
        assert_eq!(name[1..name.len() - 1].replace(&mark.repeat(2), mark), meant);
        assert_eq!(split(&sql, dialect).expect("one statement").len(), 1, "{sql}");
    }
});
