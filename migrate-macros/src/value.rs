//! Reads strings among the values of options.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{Expr, ExprLit, Lit, LitStr};

use crate::diag::Diag;

/// The string a value is.
pub(crate) fn string_of(value: &Expr) -> Option<&LitStr> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text),
        // What `macro_rules!` passes on.
        Expr::Group(group) => string_of(&group.expr),
        _ => None,
    }
}

/// The string an option must be.
pub(crate) fn string<'a>(option: &Ident, value: &'a Expr, diag: &mut Diag) -> Option<&'a LitStr> {
    let text = string_of(value);
    if text.is_none() {
        let message = format!("`{option}` must be a string");
        let help = quoted(value)
            .map(|quoted| format!("\nhelp: write `{option} = {quoted}`"))
            .unwrap_or_default();
        diag.error(value, message + &help);
    }
    text
}

/// A number or a word as a string: quotes are the one thing missing.
pub(crate) fn quoted(value: &Expr) -> Option<String> {
    let bare = match value {
        Expr::Lit(ExprLit { lit: lit @ (Lit::Int(_) | Lit::Float(_)), .. }) => {
            lit.to_token_stream().to_string()
        }
        // rustc names the function that stands for a revision, where one is missing.
        Expr::Path(path) => {
            path.path.get_ident()?.to_string().trim_start_matches("rev_").to_owned()
        }
        _ => return None,
    };
    Some(format!("\"{bare}\""))
}
