//! Reads doc comments.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// Returns the first line of the docs that is not blank.
pub(crate) fn first_line(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().filter_map(text).find_map(|text| {
        // The lines of a `/** … */` comment keep their stars.
        let mut lines = text.lines().map(|line| line.trim().trim_start_matches('*').trim());
        lines.find(|line| !line.is_empty()).map(str::to_owned)
    })
}

fn text(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    match &pair.value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if pair.path.is_ident("doc") => {
            Some(text.value())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    #[test]
    fn the_first_line_that_says_something() {
        assert_eq!(first_line(&[parse_quote!(#[doc(hidden)])]), None);
        assert_eq!(
            first_line(&[parse_quote!(#[doc = ""]), parse_quote!(#[doc = " Add e-mail. "])]),
            Some("Add e-mail.".to_owned())
        );
        assert_eq!(
            first_line(&[parse_quote!(#[doc = "\n * Add e-mail.\n * More.\n "])]),
            Some("Add e-mail.".to_owned())
        );
    }
}
