//! Texts that no reader may stumble over.

use proptest::prelude::*;

/// Pieces that make a lexer stumble, without `DELIMITER`, whose statements cannot be split again.
fn tricky() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "'",
        "\"",
        "`",
        "[",
        "]",
        "$$",
        "$a$",
        "--",
        "/*",
        "*/",
        "/*!",
        "/*+",
        "#",
        "\\",
        "\n",
        "\r",
        " ",
        ";",
        "(",
        ")",
        "E'",
        "e'a'",
        "BEGIN",
        "END",
        "CASE",
        "IF",
        "THEN",
        "ELSE",
        "LOOP",
        "REPEAT",
        "UNTIL",
        "DO",
        "CREATE",
        "FUNCTION",
        "PROCEDURE",
        "TRIGGER",
        "EVENT",
        "FOR EACH ROW",
        "ATOMIC",
        "NOT",
        "AS",
        ":",
        "@",
        "+",
        "-",
        "=",
        "1",
        "a",
        "é",
        "\u{feff}",
        ",",
        ".",
        "?",
        "COPY a FROM STDIN",
        "DECLARE",
        "HANDLER FOR",
    ];
    let piece = (prop::sample::select(PIECES), prop::sample::select(vec!["", " "]));
    prop::collection::vec(piece, 0..40)
        .prop_map(|pieces| pieces.into_iter().flat_map(|(piece, blank)| [piece, blank]).collect())
}

pub(super) fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        tricky(),
        any::<String>().prop_filter("no delimiter", |text| !text.contains("elimiter"))
    ]
}
