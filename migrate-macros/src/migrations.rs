//! `migrations!()`

mod expand;
mod model;

use proc_macro2::{Span, TokenStream};

use crate::config::Config;
use crate::diag::Diag;
use crate::migrations::model::Migrations;
use crate::option;

/// Expands to the type that represents the crate's migrations, even if an option is invalid: each migration names it.
pub(crate) fn migrations(arguments: TokenStream) -> TokenStream {
    let mut diag = Diag::default();
    let arguments = option::parse(arguments, &mut diag);
    let config = Config::of_crate();
    // Here and not at each migration, so that it is reported once.
    for fault in &config.faults {
        diag.error_at(Span::call_site(), fault);
    }
    let migrations = Migrations::new(arguments, &config, &mut diag);
    expand::migrations(&migrations, diag.finish().as_ref())
}
