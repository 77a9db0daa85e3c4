//! `migrations!()`

mod expand;
mod model;

use proc_macro2::{Span, TokenStream};

use crate::config::Config;
use crate::diag::Diag;
use crate::migrations::model::Migrations;
use crate::option;

/// The type that stands for the crate's migrations. It is there even if an option is wrong: each migration names it.
pub(crate) fn migrations(arguments: TokenStream) -> TokenStream {
    let mut diag = Diag::default();
    let arguments = option::parse(arguments, &mut diag);
    let config = Config::of_crate();
    // Here and not at each migration, so that it is said once.
    for fault in &config.faults {
        diag.error_at(Span::call_site(), fault);
    }
    let migrations = Migrations::new(arguments, &config, &mut diag);
    expand::migrations(&migrations, diag.finish().as_ref())
}
