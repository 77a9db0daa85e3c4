//! The text that a function's checksum covers: its tokens, independent of formatting and comments.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// Returns the tokens of `code`, separated by single spaces.
///
/// Omits attributes (docs are attributes too) except `cfg`, and the commas that rustfmt adds and removes: those before a
/// closing delimiter or `>`, and those after a block. Also omits the spacing of operators: except for `&&` and `||` no two
/// operators differ only in spacing, and rustfmt writes `& &x` as `&&x`.
pub(crate) fn text(code: TokenStream) -> String {
    let mut text = String::new();
    write(code, &mut text);
    text
}

fn write(code: TokenStream, text: &mut String) {
    let mut tokens = code.into_iter().peekable();
    let mut after_block = false;
    while let Some(token) = tokens.next() {
        let block =
            matches!(&token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        match token {
            TokenTree::Group(group) => write_group(&group, text),
            TokenTree::Punct(punct)
                if punct.as_char() == ',' && (after_block || ends_list(tokens.peek())) => {}
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                let inner = tokens.next_if(|next| is_punct(next, '!'));
                if tokens.next_if(is_left_out).is_none() {
                    push(text, "#");
                    inner.inspect(|_| push(text, "!"));
                }
            }
            other @ (TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_)) => {
                push(text, &other.to_string());
            }
        }
        after_block = block;
    }
}

fn write_group(group: &Group, text: &mut String) {
    let (open, close) = match group.delimiter() {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        // From a `macro_rules!` fragment; it does not exist in the source.
        Delimiter::None => return write(group.stream(), text),
    };
    push(text, open);
    write(group.stream(), text);
    push(text, close);
}

fn push(text: &mut String, token: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(token);
}

/// Returns whether a comma before `next` is only layout.
fn ends_list(next: Option<&TokenTree>) -> bool {
    next.is_none_or(|next| is_punct(next, '>'))
}

fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

/// Returns whether `token`, after a `#`, completes an attribute that does not change what the function does.
fn is_left_out(token: &TokenTree) -> bool {
    let TokenTree::Group(group) = token else { return false };
    let first = group.stream().into_iter().next();
    let cfg = matches!(first, Some(TokenTree::Ident(name)) if name == "cfg");
    group.delimiter() == Delimiter::Bracket && !cfg
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(code: &str) -> String {
        text(code.parse().unwrap())
    }

    #[test]
    fn layout_comments_docs_and_attributes_do_not_count() {
        let short =
            "async fn f(db: &mut Db) -> Result<()> { db.execute(\"a\", [1, 2]).await?; Ok(()) }";
        let long = "
            async fn f(
                db: &mut Db,
            ) -> Result<
                (),
            > {
                #![allow(unused)]
                // why
                #[rustfmt::skip]
                db . execute(\"a\", [
                    1,
                    2, /* two */
                ]).await ?;
                /// docs
                Ok( ( ) )
            }";
        assert_eq!(canonical(short), canonical(long));
    }

    #[test]
    fn commas_after_the_block_of_an_arm_do_not_count() {
        assert_eq!(
            canonical("match a { 1 => {}, _ => {} }"),
            canonical("match a { 1 => {} _ => {}, }")
        );
    }

    #[test]
    fn what_runs_counts() {
        for (one, other) in [
            ("{ a + b }", "{ a - b }"),
            ("{ f(\"a b\") }", "{ f(\"a  b\") }"),
            ("{ #[cfg(test)] f() }", "{ #[cfg(unix)] f() }"),
            ("{ f(a, b) }", "{ f(b, a) }"),
            ("{ 'a' }", "{ 'a }"),
        ] {
            assert_ne!(canonical(one), canonical(other));
        }
    }

    #[test]
    fn the_text_is_fixed() {
        assert_eq!(
            canonical(
                "async fn f(db:&mut Db)->R<()>{ x::<Vec<u8>>(|a| a==1, r#\"q\"#).await?; Ok(()) }"
            ),
            "async fn f ( db : & mut Db ) - > R < ( ) > { x : : < Vec < u8 > > ( | a | a = = 1 , r#\"q\"# ) . await ? ; \
             Ok ( ( ) ) }"
        );
    }
}
