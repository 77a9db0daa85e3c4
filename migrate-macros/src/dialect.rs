//! Dialects in generated code.

use migrate_sql::Dialect;
use proc_macro2::TokenStream;
use quote::quote;

/// Returns the path of a dialect; `__m` is `migrate_core::__private`.
pub(crate) fn tokens(dialect: Dialect) -> TokenStream {
    match dialect {
        Dialect::Postgres => quote! { __m::Dialect::Postgres },
        Dialect::Mysql => quote! { __m::Dialect::Mysql },
        Dialect::Sqlite => quote! { __m::Dialect::Sqlite },
    }
}
