//! Why a statement cannot be undone by what it says.

use std::borrow::Cow;

/// A reason, as the end of a sentence.
pub(super) type Reason = Cow<'static, str>;

pub(super) const IF_NOT_EXISTS: Reason = Cow::Borrowed("`IF NOT EXISTS` may have made nothing");
pub(super) const IF_EXISTS: Reason = Cow::Borrowed("`IF EXISTS` may have changed nothing");
pub(super) const OR_REPLACE: Reason = Cow::Borrowed("`OR REPLACE` may have replaced another");
pub(super) const CONDITIONAL: Reason =
    Cow::Borrowed("which servers run what stands in `/*! … */` is not known");
pub(super) const UNKNOWN: Reason = Cow::Borrowed("what it changes is not known");

/// The reason why something has no name to undo it by.
pub(super) fn unnamed(what: &str) -> Reason {
    format!("the {what} has no name of its own").into()
}

/// The reason why a change of something that was there before is not undone.
pub(super) fn before(what: &str) -> Reason {
    format!("it does not say what {what} was before").into()
}

/// The reason why what was dropped is not brought back.
pub(super) fn lost(what: &str) -> Reason {
    format!("what a dropped {what} held is lost").into()
}
