//! Names that users choose (revisions, labels, crates), and the functions that represent revisions.

use proc_macro2::Ident;
use syn::LitStr;

/// The characters allowed in a revision id and a branch label.
pub(crate) const REVISION_CHARACTERS: &str = "letters, digits, `_` and `.`";

/// Returns whether `text` is a valid revision id or branch label.
pub(crate) fn is_revision(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'))
}

/// Returns whether `text` is a valid crate name in history.
pub(crate) fn is_crate(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

/// Returns whether a revision's id is a number (`12`, `1.4`, `2024_05`), so that its parent is found by order.
pub(crate) fn is_number(rev: &str) -> bool {
    rev.split(['.', '_']).all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

/// Returns the associated function of `Migrations` that represents a revision, located at the user's literal.
///
/// Different ids have different names: `_` is doubled, so that a single one can only come from `.`.
pub(crate) fn anchor(rev: &LitStr) -> Ident {
    let name = rev.value().replace('_', "__").replace('.', "_d_");
    Ident::new(&format!("rev_{name}"), rev.span())
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;

    use super::*;

    fn anchor_of(rev: &str) -> String {
        anchor(&LitStr::new(rev, Span::call_site())).to_string()
    }

    #[test]
    fn different_revisions_have_different_anchors() {
        assert_eq!(anchor_of("002"), "rev_002");
        assert_eq!(anchor_of("1.4"), "rev_1_d_4");
        assert_eq!(anchor_of("1_4"), "rev_1__4");
        assert_eq!(anchor_of("1_d_4"), "rev_1__d__4");
        assert_eq!(anchor_of("._"), "rev__d___");
        assert_eq!(anchor_of("_."), "rev____d_");
    }

    #[test]
    fn numbers_are_digit_runs_parted_once() {
        assert!(["12", "1.4", "2024_05"].into_iter().all(is_number));
        assert!(!["a1", "1..2", "1.", "", "_1"].into_iter().any(is_number));
    }
}
