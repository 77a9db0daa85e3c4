//! The annotated function, as written.

use proc_macro2::{Group, TokenStream};
use syn::parse::{ParseStream, Parser};
use syn::token::Brace;
use syn::{Attribute, Error, Signature, Token, Visibility};

use crate::diag::Diag;

/// A function with its body unread: most bodies need no look, and a broken one is rustc's to report.
pub(crate) struct Function {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) signature: Signature,
    pub(crate) body: Group,
}

/// Reads the annotated item.
pub(crate) fn function(item: TokenStream, diag: &mut Diag) -> Option<Function> {
    match read.parse2(item) {
        Ok(function) => Some(function),
        Err(fault) => {
            diag.push(fault);
            None
        }
    }
}

fn read(input: ParseStream<'_>) -> Result<Function, Error> {
    let attributes = input.call(Attribute::parse_outer)?;
    input.parse::<Visibility>()?;
    let start = input.fork();
    let signature = input.parse::<Signature>().map_err(|_| no_function(&start))?;
    if input.peek(Token![;]) {
        return Err(Error::new_spanned(&signature, "a migration must have a body"));
    }
    if !input.peek(Brace) {
        return Err(no_function(&start));
    }
    Ok(Function { attributes, signature, body: input.parse()? })
}

fn no_function(start: ParseStream<'_>) -> Error {
    start.error("`#[migration]` goes on a function\nhelp: write `fn …() -> &'static str` or `async fn …(db: &mut Db) -> Result<()>`")
}
