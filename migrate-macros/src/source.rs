//! Finds where SQL that is written down as a literal stands, so that a fault in it can be shown there.

mod literal;

use std::path::{Component, Path, PathBuf};

use proc_macro2::TokenStream;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Block, Expr, ExprCall, ExprLit, ExprMethodCall, Lit, LitStr, Macro, Stmt, Token};

/// The place of SQL text in the sources.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) file: File,
    pub(crate) segments: Vec<Segment>,
}

/// The file that holds SQL text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum File {
    /// The one the macro is called in.
    Invoking,
    /// One that `include_str!` names.
    Included(String),
}

/// A stretch of SQL text that stands in the file letter by letter; as `migrate_core::__private::Segment`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) offset: usize,
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Source {
    /// The place of what a function with this body returns, if it ends with SQL in a form understood here.
    pub(crate) fn of_body(body: TokenStream) -> Option<Self> {
        let statements = Block::parse_within.parse2(body).ok()?;
        match statements.last()? {
            Stmt::Expr(tail, None) => Self::of(tail),
            Stmt::Macro(tail) if tail.semi_token.is_none() => Self::of_macro(&tail.mac),
            Stmt::Expr(..) | Stmt::Macro(_) | Stmt::Local(_) | Stmt::Item(_) => None,
        }
    }

    /// The place of an expression's text.
    pub(crate) fn of(expression: &Expr) -> Option<Self> {
        match expression {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
                Some(Self { file: File::Invoking, segments: literal::segments(text)? })
            }
            Expr::Macro(call) => Self::of_macro(&call.mac),
            Expr::Call(call) => Self::of(wrapped(call)?),
            Expr::MethodCall(call) if converts(call) => Self::of(&call.receiver),
            Expr::Paren(inner) => Self::of(&inner.expr),
            Expr::Group(inner) => Self::of(&inner.expr),
            _ => None,
        }
    }

    fn of_macro(call: &Macro) -> Option<Self> {
        let texts = call.parse_body_with(Punctuated::<LitStr, Token![,]>::parse_terminated).ok()?;
        let name = &call.path.segments.last()?.ident;
        if name == "include_str" {
            Some(Self::of_file(texts.first()?))
        } else if name == "concat" {
            Self::of_texts(&texts)
        } else {
            None
        }
    }

    fn of_file(path: &LitStr) -> Self {
        let file = beside(&path.span().file(), &path.value());
        Self {
            file: File::Included(file),
            segments: vec![Segment { offset: 0, line: 1, column: 1 }],
        }
    }

    fn of_texts(texts: &Punctuated<LitStr, Token![,]>) -> Option<Self> {
        let mut segments = Vec::new();
        let mut length = 0;
        for text in texts {
            let of_text = literal::segments(text)?;
            segments.extend(
                of_text
                    .into_iter()
                    .map(|segment| Segment { offset: length + segment.offset, ..segment }),
            );
            length += text.value().len();
        }
        (!segments.is_empty()).then_some(Self { file: File::Invoking, segments })
    }
}

/// The text in `Sql::new(…)`, `Sql::from(…)` and `String::from(…)`.
fn wrapped(call: &ExprCall) -> Option<&Expr> {
    let Expr::Path(function) = &*call.func else { return None };
    let mut names = function.path.segments.iter().rev().map(|segment| &segment.ident);
    let function = names.next()?;
    let of = names.next()?;
    let known = (of == "Sql" && (function == "new" || function == "from"))
        || (of == "String" && function == "from");
    call.args.first().filter(|_| known && call.args.len() == 1)
}

/// Whether a method call leaves the text as it is.
fn converts(call: &ExprMethodCall) -> bool {
    let kept = ["into", "to_owned", "to_string", "into_sql"].iter().any(|name| call.method == name);
    kept && call.args.is_empty()
}

/// The path of `included` as seen from where the path `invoking` is seen from.
fn beside(invoking: &str, included: &str) -> String {
    let mut path = PathBuf::new();
    for part in Path::new(invoking).parent().unwrap_or(Path::new("")).join(included).components() {
        let below_a_name = matches!(path.components().next_back(), Some(Component::Normal(_)));
        if part == Component::ParentDir && below_a_name {
            path.pop();
        } else if part != Component::CurDir {
            path.push(part);
        }
    }
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_body(body: &str) -> Option<Vec<(usize, usize, usize)>> {
        // Parsed from text, so that tokens have a place.
        let source = Source::of_body(body.parse().unwrap())?;
        Some(
            source
                .segments
                .iter()
                .map(|segment| (segment.offset, segment.line, segment.column))
                .collect(),
        )
    }

    #[test]
    fn a_literal_is_found_at_its_first_character() {
        assert_eq!(of_body("\"SELECT 1\""), Some(vec![(0, 1, 2)]));
        assert_eq!(of_body("let a = 1;\n  \"SELECT 1\""), Some(vec![(0, 2, 4)]));
        assert_eq!(of_body("\n r##\"SELECT\n1\"##"), Some(vec![(0, 2, 6)]));
    }

    #[test]
    fn a_literal_is_found_through_what_leaves_it_as_it_is() {
        assert_eq!(of_body("Sql::new(\"a\")"), Some(vec![(0, 1, 11)]));
        assert_eq!(of_body("migrate_core::Sql::from(\"a\")"), Some(vec![(0, 1, 26)]));
        assert_eq!(of_body("(\"a\").to_owned()"), Some(vec![(0, 1, 3)]));
        assert_eq!(
            of_body("concat!(\"ab\",\n\"c\\td\",)"),
            Some(vec![(0, 1, 10), (2, 2, 2), (4, 2, 5)])
        );
    }

    #[test]
    fn other_expressions_have_no_place() {
        for body in [
            "",
            "\"a\";",
            "f()",
            "format!(\"{}\", 1)",
            "\"a\".replace(\"a\", \"b\")",
            "concat!(1)",
            "if a { \"b\" }",
        ] {
            assert_eq!(of_body(body), None, "{body}");
        }
    }

    #[test]
    fn an_included_file_is_found_from_the_invoking_one() {
        assert_eq!(beside("src/r001.rs", "001.sql"), "src/001.sql");
        assert_eq!(beside("crates/db/src/r001.rs", "../sql/./001.sql"), "crates/db/sql/001.sql");
        assert_eq!(beside("src/r001.rs", "../../001.sql"), "../001.sql");
        assert_eq!(beside("lib.rs", "001.sql"), "001.sql");
    }
}
