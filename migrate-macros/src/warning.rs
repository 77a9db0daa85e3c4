//! Compiler warnings.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

/// A compiler warning.
///
/// On stable Rust a macro can warn in only one way: its code uses something deprecated. It uses a deprecated macro, because
/// rustc shows a macro's bare name, "use of deprecated macro `missing_where`"; for a function it would show the whole path.
pub(crate) struct Warning {
    /// The name, with underscores.
    pub(crate) name: String,
    pub(crate) note: String,
    /// The tokens that it is shown under.
    pub(crate) tokens: TokenStream,
}

impl ToTokens for Warning {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let mut spans = self.tokens.clone().into_iter().map(|token| token.span());
        let first = spans.next().unwrap_or_else(Span::call_site);
        let last = spans.last().unwrap_or(first);
        let (name, note) = (Ident::new(&self.name, first), &self.note);
        let used = quote_spanned! { last=> !(); };
        // A second one of the same name shadows the first.
        tokens.extend(quote! {
            #[deprecated(note = #note)]
            macro_rules! #name {
                () => {};
            }
            #name #used
        });
    }
}
