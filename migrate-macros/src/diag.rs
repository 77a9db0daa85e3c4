//! Collects the faults of one macro call, so that all are reported at once.

use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::Error;

/// The faults found so far.
#[must_use = "faults that are not finished are lost"]
#[derive(Debug, Default)]
pub(crate) struct Diag {
    faults: Option<Error>,
}

impl Diag {
    /// Reports a fault under `tokens`.
    pub(crate) fn error(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.push(Error::new_spanned(tokens, message));
    }

    /// Reports a fault at `span`, if there is no token to show.
    pub(crate) fn error_at(&mut self, span: Span, message: impl Display) {
        self.push(Error::new(span, message));
    }

    /// Reports a fault under `tokens`, with advice.
    pub(crate) fn error_with_help(
        &mut self,
        tokens: impl ToTokens,
        message: impl Display,
        help: impl Display,
    ) {
        self.error(tokens, format_args!("{message}\nhelp: {help}"));
    }

    /// Adds a fault that syn found.
    pub(crate) fn push(&mut self, fault: Error) {
        match &mut self.faults {
            None => self.faults = Some(fault),
            Some(faults) => faults.combine(fault),
        }
    }

    /// Returns the faults as `compile_error!`s, or `None` if there are none.
    pub(crate) fn finish(self) -> Option<TokenStream> {
        self.faults.map(Error::into_compile_error)
    }
}
