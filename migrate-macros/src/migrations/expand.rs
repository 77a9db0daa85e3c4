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
    // In a module of its own, so that a second call collides in the one name and not in all impls.
    quote! {
        #faults

        pub use __migrations::Migrations;

        #[doc(hidden)]
        mod __migrations {
            use ::migrate_core::__private::{CrateInfo, MigrationSet, Scope};

            /// The migrations of this crate.
            #[derive(Clone, Copy, Debug, Default)]
            pub struct Migrations;

            impl Migrations {
                #[doc(hidden)]
                pub const INFO: CrateInfo =
                    CrateInfo { name: #name, manifest_dir: ::core::env!("CARGO_MANIFEST_DIR"), config: #config };
            }

            impl MigrationSet for Migrations {
                fn scope(self) -> Scope {
                    Scope::Crate(Self::INFO)
                }
            }
        }
    }
}
