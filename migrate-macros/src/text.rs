//! SQL in the source that the macro can read.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Block, Expr, ExprCall, ExprLit, ExprMethodCall, Lit, LitStr, Macro, Stmt, Token};

use crate::source::{self, File, Segment, Source};

/// The separator between the elements of a `Vec`, as `migrate_core::IntoSql` joins them.
const BETWEEN: &str = "\n;\n";

/// SQL text in a form that the macro can read.
#[derive(Debug)]
pub(crate) struct Text {
    /// `None` if its file cannot be read.
    pub(crate) sql: Option<String>,
    /// Its location; `None` if it has more than one.
    pub(crate) source: Option<Source>,
    /// The tokens of all of it.
    tokens: TokenStream,
    /// Its literals, if there are several, each with its first byte.
    literals: Vec<(usize, TokenStream)>,
}

impl Text {
    /// Returns the SQL that a function with this body returns, if it returns only at its end.
    pub(crate) fn of_body(body: TokenStream) -> Option<Self> {
        if returns(body.clone()) {
            return None;
        }
        let statements = Block::parse_within.parse2(body).ok()?;
        match statements.last()? {
            Stmt::Expr(tail, None) => Self::of(tail),
            Stmt::Macro(tail) if tail.semi_token.is_none() => Self::of_macro(&tail.mac),
            Stmt::Expr(..) | Stmt::Macro(_) | Stmt::Local(_) | Stmt::Item(_) => None,
        }
    }

    /// Returns an expression's text.
    pub(crate) fn of(expression: &Expr) -> Option<Self> {
        match expression {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(Self::of_literal(text)),
            Expr::Macro(call) => Self::of_macro(&call.mac),
            Expr::Call(call) => Self::of(wrapped(call)?),
            Expr::MethodCall(call) if converts(call) => Self::of(&call.receiver),
            Expr::Paren(inner) => Self::of(&inner.expr),
            Expr::Group(inner) => Self::of(&inner.expr),
            _ => None,
        }
    }

    /// Returns the tokens that contain the byte at `offset`.
    pub(crate) fn shown(&self, offset: usize) -> &TokenStream {
        let literal = self.literals.iter().rev().find(|(start, _)| *start <= offset);
        literal.map_or(&self.tokens, |(_, tokens)| tokens)
    }

    fn of_literal(text: &LitStr) -> Self {
        Self {
            sql: Some(text.value()),
            source: Source::of_literal(text),
            tokens: text.to_token_stream(),
            literals: Vec::new(),
        }
    }

    fn of_macro(call: &Macro) -> Option<Self> {
        let strings = Punctuated::<LitStr, Token![,]>::parse_terminated;
        let name = &call.path.segments.last()?.ident;
        if name == "include_str" {
            let path = call.parse_body_with(strings).ok()?;
            Some(Self::of_file(path.first()?, call.to_token_stream()))
        } else if name == "concat" {
            let texts = call.parse_body_with(strings).ok()?;
            Some(Self::joined(texts.iter().map(Self::of_literal), "", call.to_token_stream()))
        } else if name == "vec" {
            let list = Punctuated::<Expr, Token![,]>::parse_terminated;
            let texts = call.parse_body_with(list).ok()?;
            let texts: Vec<_> = texts.iter().map(Self::of).collect::<Option<_>>()?;
            Some(Self::joined(texts.into_iter(), BETWEEN, call.to_token_stream()))
        } else {
            None
        }
    }

    fn of_file(path: &LitStr, tokens: TokenStream) -> Self {
        let (sql, source) = (source::included(path), Some(Source::of_file(path)));
        Self { sql, source, tokens, literals: Vec::new() }
    }

    fn joined(texts: impl Iterator<Item = Self>, between: &str, tokens: TokenStream) -> Self {
        let mut sql = Some(String::new());
        let mut segments = Some(Vec::new());
        let mut literals = Vec::new();
        for (index, text) in texts.enumerate() {
            if let (Some(sql), 1..) = (&mut sql, index) {
                sql.push_str(between);
            }
            let offset = sql.as_ref().map_or(0, String::len);
            segments = segments.zip(text.source).and_then(|(before, of_text)| {
                (of_text.file == File::Invoking).then(|| {
                    let moved = of_text.segments.into_iter();
                    let moved = moved.map(|one| Segment { offset: offset + one.offset, ..one });
                    before.into_iter().chain(moved).collect()
                })
            });
            sql = sql.zip(text.sql).map(|(before, sql)| before + &sql);
            literals.push((offset, text.tokens));
        }
        let source = segments
            .filter(|segments: &Vec<_>| !segments.is_empty())
            .map(|segments| Source { file: File::Invoking, segments });
        Self { sql, source, tokens, literals }
    }
}

/// Returns whether a body may return before its end. Also finds `return` in nested items and closures, which are rare.
fn returns(body: TokenStream) -> bool {
    body.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == "return",
        TokenTree::Group(group) => returns(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// Returns the text in `Sql::new(…)`, `Sql::from(…)` and `String::from(…)`.
fn wrapped(call: &ExprCall) -> Option<&Expr> {
    let Expr::Path(function) = &*call.func else { return None };
    let mut names = function.path.segments.iter().rev().map(|segment| &segment.ident);
    let function = names.next()?;
    let of = names.next()?;
    let known = (of == "Sql" && (function == "new" || function == "from"))
        || (of == "String" && function == "from");
    call.args.first().filter(|_| known && call.args.len() == 1)
}

/// Returns whether a method call leaves the text unchanged.
fn converts(call: &ExprMethodCall) -> bool {
    let kept = ["into", "to_owned", "to_string", "into_sql"].iter().any(|name| call.method == name);
    kept && call.args.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_body(body: &str) -> Option<Text> {
        // Parsed from text, so that tokens have a place.
        Text::of_body(body.parse().unwrap())
    }

    fn sql(body: &str) -> Option<String> {
        of_body(body)?.sql
    }

    fn places(body: &str) -> Option<Vec<(usize, usize, usize)>> {
        let source = of_body(body)?.source?;
        let places = source.segments.iter();
        Some(places.map(|segment| (segment.offset, segment.line, segment.column)).collect())
    }

    #[test]
    fn a_literal_is_found_at_its_first_character() {
        assert_eq!(places("\"SELECT 1\""), Some(vec![(0, 1, 2)]));
        assert_eq!(places("let a = 1;\n  \"SELECT 1\""), Some(vec![(0, 2, 4)]));
        assert_eq!(places("\n r##\"SELECT\n1\"##"), Some(vec![(0, 2, 6)]));
        assert_eq!(sql("r#\"SELECT \"a\"\"#").as_deref(), Some("SELECT \"a\""));
    }

    #[test]
    fn a_literal_is_found_through_what_leaves_it_as_it_is() {
        assert_eq!(places("Sql::new(\"a\")"), Some(vec![(0, 1, 11)]));
        assert_eq!(places("migrate_core::Sql::from(\"a\")"), Some(vec![(0, 1, 26)]));
        assert_eq!(places("(\"a\").to_owned()"), Some(vec![(0, 1, 3)]));
        assert_eq!(sql("(\"a\").to_owned()").as_deref(), Some("a"));
        assert_eq!(
            places("concat!(\"ab\",\n\"c\\td\",)"),
            Some(vec![(0, 1, 10), (2, 2, 2), (4, 2, 5)])
        );
        assert_eq!(sql("concat!(\"ab\",\n\"c\\td\",)").as_deref(), Some("abc\td"));
    }

    #[test]
    fn the_elements_of_a_vec_are_statements() {
        let body = "vec![\"a\",\n  String::from(\"b\")]";
        assert_eq!(sql(body).as_deref(), Some("a\n;\nb"));
        assert_eq!(places(body), Some(vec![(0, 1, 7), (4, 2, 17)]));
        let text = of_body(body).unwrap();
        assert_eq!([0, 4].map(|offset| text.shown(offset).to_string()), ["\"a\"", "\"b\""]);
        assert_eq!(sql("vec![]").as_deref(), Some(""));
    }

    #[test]
    fn other_expressions_are_not_seen() {
        for body in [
            "",
            "\"a\";",
            "f()",
            "format!(\"{}\", 1)",
            "\"a\".replace(\"a\", \"b\")",
            "concat!(1)",
            "vec![\"a\", b]",
            "vec![\"a\"; 2]",
            "if a { \"b\" }",
            "if a { return \"b\" } \"c\"",
        ] {
            assert!(of_body(body).is_none(), "{body}");
        }
    }
}
