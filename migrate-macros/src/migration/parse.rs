//! The annotated function, as written.

use proc_macro2::{Group, TokenStream};
use syn::parse::{ParseStream, Parser};
use syn::token::Brace;
use syn::{Attribute, Error, Signature, Token, Visibility};

use crate::diag::Diag;

/// A function with its body unparsed: most bodies are not needed, and rustc reports a broken one.
pub(crate) struct Function {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) signature: Signature,
    pub(crate) body: Group,
}

/// Reads the annotated item; returns `None` for one that rustc reports itself.
pub(crate) fn function(item: TokenStream, diag: &mut Diag) -> Option<Function> {
    read.parse2(item).unwrap_or_else(|fault| {
        diag.push(fault);
        None
    })
}

fn read(input: ParseStream<'_>) -> Result<Option<Function>, Error> {
    let attributes = input.call(Attribute::parse_outer)?;
    input.parse::<Visibility>()?;
    let start = input.fork();
    let signature = input.parse::<Signature>().map_err(|_| no_function(&start))?;
    if input.peek(Brace) {
        return Ok(Some(Function { attributes, signature, body: input.parse()? }));
    }
    input.parse::<Token![;]>().map_err(|_| no_function(&start))?;
    Ok(None)
}

fn no_function(start: ParseStream<'_>) -> Error {
    start.error(
        "`#[migration]` goes on a function\n\
         help: write `fn …() -> &'static str` or `async fn …(db: &mut Db) -> Result<()>`",
    )
}
