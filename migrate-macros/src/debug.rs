//! `MIGRATE_MACROS_DEBUG=002` prints the expansion of the migration with that revision or function name.

use std::env;

use proc_macro2::TokenStream;

pub(crate) fn show(rev: Option<&str>, expansion: &TokenStream) {
    let Some(wanted) = env::var_os("MIGRATE_MACROS_DEBUG") else { return };
    if rev.is_some_and(|rev| wanted == rev) {
        #[expect(clippy::print_stderr, reason = "asked for, by someone who works on the macros")]
        {
            eprintln!("{expansion}");
        }
    }
}
