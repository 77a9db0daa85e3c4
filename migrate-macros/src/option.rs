//! The options of a macro call, as written: `name = value` or `name(…)`, separated by commas.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::token::Paren;
use syn::{Error, Expr, Token, parenthesized};

use crate::diag::Diag;
use crate::similar;

/// One option.
pub(crate) struct Argument {
    pub(crate) name: Ident,
    pub(crate) value: Value,
}

/// The value of an option.
pub(crate) enum Value {
    /// `name = expression`
    Expression(Box<Expr>),
    /// `name(…)`
    List(TokenStream),
    /// `name` alone.
    Missing,
    /// Something that was already reported.
    Reported,
}

/// All options of a call.
pub(crate) struct Arguments {
    pub(crate) list: Vec<Argument>,
    /// Whether something unreadable is present: it may be the option that seems to be missing.
    pub(crate) unread: bool,
}

/// Reads all options, and continues after those that cannot be read.
pub(crate) fn parse(tokens: TokenStream, diag: &mut Diag) -> Arguments {
    let mut arguments = Arguments { list: Vec::new(), unread: false };
    let read = |input: ParseStream<'_>| {
        while !input.is_empty() {
            match argument(input, diag)? {
                Some(argument) => arguments.list.push(argument),
                None => arguments.unread = true,
            }
            separator(input, diag)?;
        }
        Ok(())
    };
    if let Err(fault) = read.parse2(tokens) {
        diag.push(fault);
    }
    arguments
}

fn argument(input: ParseStream<'_>, diag: &mut Diag) -> Result<Option<Argument>, Error> {
    if input.peek(Token![,]) {
        diag.error(input.fork().parse::<Token![,]>()?, "expected an option before this `,`");
        return Ok(None);
    }
    if !input.peek(Ident::peek_any) {
        let found = skip(input)?;
        diag.error(&found, format_args!("expected an option, `name = value`, found `{found}`"));
        return Ok(None);
    }
    let name = input.call(Ident::parse_any)?;
    let value = if input.peek(Token![=]) {
        let equals: Token![=] = input.parse()?;
        assigned(&name, equals.span, input, diag)?
    } else if input.peek(Paren) {
        let list;
        parenthesized!(list in input);
        Value::List(list.parse()?)
    } else {
        Value::Missing
    };
    Ok(Some(Argument { name, value }))
}

/// Reads the value after a `=`.
fn assigned(
    name: &Ident,
    equals: Span,
    input: ParseStream<'_>,
    diag: &mut Diag,
) -> Result<Value, Error> {
    if input.is_empty() || input.peek(Token![,]) {
        diag.error_at(equals, format_args!("`{name}` has no value"));
        return Ok(Value::Reported);
    }
    // Only a fork keeps the tokens of a failed parse for the next one.
    let ahead = input.fork();
    if ahead.parse::<Expr>().is_ok() {
        return input.parse().map(ungrouped).map(Box::new).map(Value::Expression);
    }
    let found = skip(input)?;
    diag.error(&found, format_args!("`{name}` cannot be `{found}`"));
    Ok(Value::Reported)
}

/// Unwraps the invisible group around an expression passed on by `macro_rules!`.
fn ungrouped(value: Expr) -> Expr {
    match value {
        Expr::Group(group) => ungrouped(*group.expr),
        other => other,
    }
}

/// Consumes the comma between two options.
fn separator(input: ParseStream<'_>, diag: &mut Diag) -> Result<(), Error> {
    if input.is_empty() || input.peek(Token![,]) {
        return input.parse::<Option<Token![,]>>().map(drop);
    }
    // If the next token starts an option, most likely only the comma is missing.
    if input.peek(Ident::peek_any) {
        diag.error(input.fork().parse::<TokenTree>()?, "expected `,` before this");
        return Ok(());
    }
    let found = skip(input)?;
    diag.error(&found, format_args!("expected `,`, found `{found}`"));
    input.parse::<Option<Token![,]>>().map(drop)
}

/// Consumes everything up to the next comma.
fn skip(input: ParseStream<'_>) -> Result<TokenStream, Error> {
    let mut skipped = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<TokenTree>()?.to_tokens(&mut skipped);
    }
    Ok(skipped)
}

/// Returns the expression of an option, which must have one.
pub(crate) fn expression(name: &Ident, value: Value, diag: &mut Diag) -> Option<Expr> {
    let message = match value {
        Value::Expression(value) => return Some(*value),
        Value::Reported => return None,
        Value::List(_) => format!("`{name}` does not take a list"),
        Value::Missing => format!("`{name}` has no value"),
    };
    diag.error_with_help(name, message, format_args!("write `{name} = …`"));
    None
}

/// Reports a repeated option.
pub(crate) fn twice(name: &Ident, diag: &mut Diag) {
    diag.error(name, format_args!("`{name}` is set twice"));
}

/// Reports an option that does not exist.
pub(crate) fn unknown(name: &Ident, known: &[&str], diag: &mut Diag) {
    let help = match similar::nearest(&name.to_string(), known) {
        Some(near) => format!("did you mean `{near}`? expected one of {}", list(known)),
        None => format!("expected one of {}", list(known)),
    };
    diag.error_with_help(name, format_args!("unknown option `{name}`"), help);
}

/// Lists the names in backticks.
fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
