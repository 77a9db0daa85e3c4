//! A routine's arguments, as they tell it apart from others of its name.

use crate::text::{Dialect, Token, tokens};

/// The arguments in their parentheses, without what `CREATE` says of defaults, which `DROP` does not take.
pub(super) fn without_defaults(signature: &str) -> String {
    let mut arguments: Vec<String> = Vec::new();
    let mut current: Vec<Token<'_>> = Vec::new();
    let mut depth = 0_usize;
    let mut in_default = false;
    for token in code(signature) {
        let closes = token.is_mark(")") || token.is_mark("]");
        depth = if closes { depth.saturating_sub(1) } else { depth };
        if depth == 0 && closes || depth == 1 && token.is_mark(",") {
            arguments.push(text(signature, &current));
            current.clear();
            in_default = false;
        } else if depth == 1 && (token.is_word("DEFAULT") || is_assignment(&token)) {
            in_default = true;
        } else if depth > 0 && !in_default {
            current.push(token);
        }
        depth += usize::from(token.is_mark("(") || token.is_mark("["));
    }
    format!("({})", arguments.join(", "))
}

/// Whether its arguments are settings, as in the aggregates of old.
pub(super) fn has_assignments(signature: &str) -> bool {
    code(signature).any(|token| is_assignment(&token))
}

/// The arguments with single blanks and in lower case, to compare them.
pub(super) fn folded(signature: &str) -> String {
    let words: Vec<String> =
        code(&without_defaults(signature)).map(|token| token.text().to_lowercase()).collect();
    words.join(" ")
}

/// Whether a statement means these arguments, whose names it may leave out.
pub(super) fn are_meant(made: &str, said: &str) -> bool {
    let of =
        |folded: &str| -> Vec<String> { folded.split(" , ").map(|it| format!(" {it}")).collect() };
    let inner = |folded: &str| {
        let inner = folded.strip_prefix("( ").and_then(|rest| rest.strip_suffix(" )"));
        inner.map(of).unwrap_or_default()
    };
    let (made, said) = (inner(made), inner(said));
    made.len() == said.len() && made.iter().zip(&said).all(|(made, said)| made.ends_with(said))
}

fn is_assignment(token: &Token<'_>) -> bool {
    token.is_mark("=") || token.is_mark(":=")
}

fn text(signature: &str, tokens: &[Token<'_>]) -> String {
    let ends = tokens.first().zip(tokens.last());
    let span = ends.map(|(first, last)| first.start()..last.end());
    span.and_then(|span| signature.get(span)).unwrap_or_default().to_owned()
}

fn code(signature: &str) -> impl Iterator<Item = Token<'_>> {
    use crate::text::TokenKind::{Comment, Hint};
    tokens(signature, Dialect::Postgres).filter(|token| !matches!(token.kind(), Comment | Hint))
}
