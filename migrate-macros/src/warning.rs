//! Warnings of the compiler.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

/// Something that is worth a look.
///
/// Stable Rust lets a macro warn in one way only: its code uses what is deprecated. A macro is what rustc calls by its
/// bare name then, "use of deprecated macro `missing_where`"; of a function it would show the whole path.
pub(crate) struct Warning {
    /// In words with underscores.
    pub(crate) name: String,
    pub(crate) note: String,
    /// What it is shown under.
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
