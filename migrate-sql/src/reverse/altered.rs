//! A table that is altered, and the answer for each of its actions.

use super::reason::Reason;
use super::title::Title;
use crate::ddl::Name;
use crate::statement::Statement;
use crate::text::Dialect;

/// A table as it is altered.
pub(super) struct Altered<'s, 'a> {
    pub(super) statement: &'s Statement<'a>,
    pub(super) name: &'s Name<'a>,
    pub(super) table: Title,
    /// What it is in the log, if the text made it: nothing may be left of it but what drops with it.
    pub(super) made: Option<usize>,
}

impl Altered<'_, '_> {
    pub(super) const fn dialect(&self) -> Dialect {
        self.statement.dialect()
    }
}

/// What undoes an action; nothing if something else does.
pub(super) type Back = Result<Option<String>, Reason>;
