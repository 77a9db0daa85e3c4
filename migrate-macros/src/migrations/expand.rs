//! The expansion of `migrations!()`.

#[cfg(test)]
use migrate_sql::Dialect;
use proc_macro2::TokenStream;
use quote::quote;

use crate::dialect;
use crate::migrations::model::Migrations;

pub(crate) fn migrations(migrations: &Migrations, faults: Option<&TokenStream>) -> TokenStream {
    let name = migrations
        .name
        .as_ref()
        .map_or_else(|| quote! { ::core::env!("CARGO_PKG_NAME") }, |name| quote! { #name });
    let config = if migrations.config {
        // Included, so that a change of the file recompiles the crate.
        let path = quote! { ::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/migrate.toml") };
        quote! { ::core::option::Option::Some(::core::include_str!(#path)) }
    } else {
        quote! { ::core::option::Option::None }
    };
    let dialects = migrations.dialects.iter().map(|of| dialect::tokens(*of));
    // In a separate module, so that a second call collides in one name and not in all impls.
    quote! {
        #faults

        pub use __migrations::Migrations;

        #[doc(hidden)]
        mod __migrations {
            use ::migrate_core::__private as __m;
            use __m::{CrateInfo, MigrationSet, Scope};

            /// The migrations of this crate.
            #[derive(Clone, Copy, Debug, Default)]
            pub struct Migrations;

            impl Migrations {
                #[doc(hidden)]
                pub const INFO: CrateInfo = CrateInfo {
                    name: #name,
                    manifest_dir: ::core::env!("CARGO_MANIFEST_DIR"),
                    config: #config,
                    dialects: &[#(#dialects),*],
                };
            }

            impl MigrationSet for Migrations {
                fn scope(self) -> Scope {
                    Scope::Crate(Self::INFO)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crate_knows_the_dialects_of_its_settings() {
        let dialects = vec![Dialect::Postgres, Dialect::Sqlite];
        let written = migrations(&Migrations { name: None, config: true, dialects }, None);
        let expected = quote! {
            dialects: &[__m::Dialect::Postgres, __m::Dialect::Sqlite]
        };
        assert!(written.to_string().contains(&expected.to_string()), "{written}");
    }
}
