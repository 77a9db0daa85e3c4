//! Reads strings in the values of options.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{Expr, ExprLit, Lit, LitStr};

use crate::diag::Diag;

/// Returns a value that is a string.
pub(crate) fn string_of(value: &Expr) -> Option<&LitStr> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text),
        // Passed on by `macro_rules!`.
        Expr::Group(group) => string_of(&group.expr),
        _ => None,
    }
}

/// Returns the string of an option, which must be one.
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

/// Returns a number or a word as a string: only the quotes are missing.
pub(crate) fn quoted(value: &Expr) -> Option<String> {
    let bare = match value {
        Expr::Lit(ExprLit { lit: lit @ (Lit::Int(_) | Lit::Float(_)), .. }) => {
            lit.to_token_stream().to_string()
        }
        // rustc names the function that represents a revision, if one is missing.
        Expr::Path(path) => {
            path.path.get_ident()?.to_string().trim_start_matches("rev_").to_owned()
        }
        _ => return None,
    };
    Some(format!("\"{bare}\""))
}
