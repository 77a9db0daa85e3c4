//! `migrations!()`

mod expand;
mod model;

use std::env;
use std::path::Path;

use proc_macro2::TokenStream;

use crate::diag::Diag;
use crate::migrations::model::Migrations;
use crate::option;

/// The settings of the crate, beside its `Cargo.toml`.
const CONFIG: &str = "migrate.toml";

/// The type that stands for the crate's migrations. It is there even if an option is wrong: each migration names it.
pub(crate) fn migrations(arguments: TokenStream) -> TokenStream {
    let mut diag = Diag::default();
    let arguments = option::parse(arguments, &mut diag);
    let migrations = Migrations::new(arguments, has_config(), &mut diag);
    expand::migrations(&migrations, diag.finish().as_ref())
}

fn has_config() -> bool {
    env::var_os("CARGO_MANIFEST_DIR")
        .is_some_and(|folder| Path::new(&folder).join(CONFIG).is_file())
}
