//! The parser's errors in words that help.

use migrate_sql::{Statement, Token, TokenKind, tokens};

/// What a message shows of a token.
const LONGEST: usize = 40;

/// Where the error is in the statement, and what is wrong.
pub(super) fn of(statement: &Statement<'_>, at: usize, said: &str) -> (usize, String) {
    // The parser points behind the token before, and knows tokens only by their kinds.
    let mut found = first_token(statement.tokens().filter(|token| token.end() > at));
    if found.is_some_and(|token| token.start() < at) {
        // In the body of a function, which is a string to the statement.
        let body = statement.text().get(at..).unwrap_or_default();
        found = first_token(tokens(body, statement.dialect()));
        let offset = at + found.map_or(0, |token| token.start());
        return (offset, worded(said, found.as_ref(), offset));
    }
    let offset = found.map_or(statement.text().len(), |token| token.start());
    (offset, worded(said, found.as_ref(), offset))
}

fn first_token<'a>(mut tokens: impl Iterator<Item = Token<'a>>) -> Option<Token<'a>> {
    tokens.find(|token| token.kind() != TokenKind::Comment)
}

fn worded(said: &str, found: Option<&Token<'_>>, offset: usize) -> String {
    let found = found.map_or_else(|| "the end of the statement".to_owned(), shown);
    let said = lower_first(said.trim_end_matches('.'));
    if said.starts_with("missing semicolon") {
        return format!("unexpected {found}");
    }
    let Some(expected) = said.strip_prefix("expected ") else {
        return format!("{} at {found}", marks(&said));
    };
    let expected = [", got ", ", found ", " but found "]
        .iter()
        .find_map(|but| expected.split_once(but))
        .map_or(expected, |(expected, _)| expected);
    match expected {
        "command" if offset > 0 => format!("unexpected {found}"),
        "command" => format!("expected a statement, found {found}"),
        "expr" | "expression" => format!("expected an expression, found {found}"),
        "from item" | "from_item" => format!("expected a table, found {found}"),
        "identifier" | "name" => format!("expected a name, found {found}"),
        other => format!("expected {}, found {found}", marks(other)),
    }
}

fn shown(token: &Token<'_>) -> String {
    let text = token.text();
    let line = text.lines().next().unwrap_or_default();
    let start: String = line.chars().take(LONGEST).collect();
    let more = if start.len() < text.len() { "…" } else { "" };
    format!("`{start}{more}`")
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next();
    // `ARRAY` and the like stay as they are.
    if letters.clone().next().is_some_and(char::is_uppercase) {
        return text.to_owned();
    }
    first.into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}

/// The parser's names of tokens, `FROM_KW` and `L_PAREN`, as they are written.
fn marks(text: &str) -> String {
    const MARKS: &[(&str, &str)] = &[
        ("COLON", ":"),
        ("COLON_COLON", "::"),
        ("COLON_EQ", ":="),
        ("COMMA", ","),
        ("DOT", "."),
        ("EQ", "="),
        ("FAT_ARROW", "=>"),
        ("L_BRACK", "["),
        ("L_PAREN", "("),
        ("R_BRACK", "]"),
        ("R_PAREN", ")"),
        ("SEMICOLON", ";"),
        ("STAR", "*"),
    ];
    let word = |word: &str| {
        let (name, comma) = word.strip_suffix(',').map_or((word, ""), |name| (name, ","));
        let mark = MARKS.iter().find(|(known, _)| *known == name).map(|(_, mark)| *mark);
        match (mark, name.strip_suffix("_KW"), name) {
            (Some(mark), _, _) => format!("`{mark}`{comma}"),
            (_, Some(keyword), _) => format!("`{keyword}`{comma}"),
            (_, _, "IDENT") => format!("a name{comma}"),
            (_, _, "STRING") => format!("a string{comma}"),
            (_, _, "INT_NUMBER") => format!("a number{comma}"),
            _ if name.len() > 1 && name.bytes().all(|byte| byte.is_ascii_uppercase()) => {
                format!("`{name}`{comma}")
            }
            _ => word.to_owned(),
        }
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}
