#![expect(clippy::string_slice, reason = "a slice that cuts a character fails the test")]

use proptest::prelude::*;

use super::*;
use crate::text::{TokenKind, tokens};

/// What the server makes of a literal.
fn decode(literal: &str) -> String {
    if let Some(hex) = literal.strip_prefix("_utf8mb4 X'") {
        let (pairs, _) = hex.trim_end_matches('\'').as_bytes().as_chunks::<2>();
        let byte =
            |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
        return String::from_utf8(pairs.iter().map(byte).collect()).unwrap();
    }
    let (escaped, quoted) =
        literal.strip_prefix('E').map_or((false, literal), |quoted| (true, quoted));
    let text = quoted[1..quoted.len() - 1].replace("''", "'");
    if escaped { text.replace(r"\\", r"\") } else { text }
}

#[test]
fn a_nul_is_replaced() {
    assert_eq!(literal("a\0b", Dialect::Postgres), "'a\u{fffd}b'");
    assert_eq!(identifier("a\0", Dialect::Sqlite), "\"a\u{fffd}\"");
}

proptest! {
    #[test]
    fn an_identifier_is_one_token(name in any::<String>()) {
        for dialect in Dialect::ALL {
            let quoted = identifier(&name, dialect);
            let all: Vec<_> = tokens(&quoted, dialect).collect();
            prop_assert_eq!(all.len(), 1);
            prop_assert!(all[0].is_terminated() && all[0].text() == quoted);
            prop_assert_eq!(all[0].kind(), TokenKind::QuotedIdentifier);
            let mark = &quoted[..1];
            let inner = quoted[1..quoted.len() - 1].replace(&mark.repeat(2), mark);
            prop_assert_eq!(inner, name.replace('\0', "\u{fffd}"));
        }
    }

    #[test]
    fn a_literal_is_one_token(text in "(?s)[a'\"\\\\\\x00\n;é$-]{0,12}|.*") {
        for dialect in Dialect::ALL {
            let quoted = literal(&text, dialect);
            let string = tokens(&quoted, dialect).last().unwrap();
            prop_assert!(string.is_terminated() && quoted.ends_with(string.text()));
            prop_assert_eq!(string.kind(), TokenKind::String);
            let introduced = quoted.starts_with("_utf8mb4");
            prop_assert_eq!(tokens(&quoted, dialect).count(), if introduced { 2 } else { 1 });
            prop_assert_eq!(decode(&quoted), text.replace('\0', "\u{fffd}"));
        }
    }
}
