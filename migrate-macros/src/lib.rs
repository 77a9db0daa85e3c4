//! The macros of migrate-core.

#![expect(missing_docs, reason = "what users read stands where migrate-core re-exports the macros")]
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "syn's enums are open, and most of Rust is not meant here"
)]

mod canonical;
mod config;
mod debug;
mod diag;
mod dialect;
mod docs;
mod excerpt;
mod migration;
mod migrations;
mod name;
mod option;
mod rule;
mod similar;
mod source;
mod text;
mod value;
mod warning;

use proc_macro::TokenStream;

#[proc_macro_attribute]
pub fn migration(arguments: TokenStream, item: TokenStream) -> TokenStream {
    migration::migration(arguments.into(), &item.into()).into()
}

#[proc_macro]
pub fn migrations(arguments: TokenStream) -> TokenStream {
    migrations::migrations(arguments.into()).into()
}
