//! `#[migration(…)]`

mod check;
mod expand;
mod model;
mod parse;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;

use crate::diag::Diag;
use crate::migration::model::{Anchor, Migration, Options};
use crate::{debug, option};

/// Expands to the function and its registration, or to the function and its errors.
pub(crate) fn migration(arguments: TokenStream, item: &TokenStream) -> TokenStream {
    let mut diag = Diag::default();
    let arguments = option::parse(arguments, &mut diag);
    let function = parse::function(item.clone(), &mut diag);
    let options = Options::new(arguments, &mut diag);
    let anchor = Anchor::new(&options, function.as_ref());
    let (migration, warnings) = Migration::new(options, function.as_ref(), &mut diag);
    let expansion = match (diag.finish(), &anchor, migration) {
        (None, Some(anchor), Some(migration)) => {
            expand::migration(anchor, &migration, &warnings, item)
        }
        (faults, anchor, _) => expand::faulty(faults.as_ref(), anchor.as_ref(), &warnings, item),
    };
    debug::show(anchor.map(|anchor| anchor.rev.value()).as_deref(), &expansion);
    expansion
}
