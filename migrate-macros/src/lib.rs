//! The macros of migrate-core. They are documented where that crate re-exports them.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "syn's enums are open, and most of Rust is not meant here"
)]

mod canonical;
mod config;
mod debug;
mod diag;
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

/// Registers a function as a migration; see `migrate_core::migration`.
#[proc_macro_attribute]
pub fn migration(arguments: TokenStream, item: TokenStream) -> TokenStream {
    migration::migration(arguments.into(), &item.into()).into()
}

/// Declares the crate's `Migrations`; see `migrate_core::migrations`.
#[proc_macro]
pub fn migrations(arguments: TokenStream) -> TokenStream {
    migrations::migrations(arguments.into()).into()
}
