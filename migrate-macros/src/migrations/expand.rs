//! What `migrations!()` becomes.

use proc_macro2::TokenStream;
use quote::quote;

use crate::migrations::model::Migrations;

pub(crate) fn migrations(migrations: &Migrations, faults: Option<&TokenStream>) -> TokenStream {
    let name = migrations
        .name
        .as_ref()
        .map_or_else(|| quote! { ::core::env!("CARGO_PKG_NAME") }, |name| quote! { #name });
    let config = if migrations.config {
        // Included, so that a change of the file compiles the crate again.
        let path = quote! { ::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/migrate.toml") };
        quote! { ::core::option::Option::Some(::core::include_str!(#path)) }
    } else {
        quote! { ::core::option::Option::None }
    };
    quote! {
        #faults

        /// The migrations of this crate.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct Migrations;

        impl Migrations {
            #[doc(hidden)]
            pub const INFO: ::migrate_core::__private::CrateInfo = ::migrate_core::__private::CrateInfo {
                name: #name,
                manifest_dir: ::core::env!("CARGO_MANIFEST_DIR"),
                config: #config,
            };
        }

        impl ::migrate_core::__private::MigrationSet for Migrations {
            fn scope(self) -> ::migrate_core::__private::Scope {
                ::migrate_core::__private::Scope::Crate(Self::INFO)
            }
        }
    }
}
