//! The statements that say a name.

use std::collections::BTreeMap;

use migrate_sql::ddl::{Ident, Name};
use migrate_sql::{Ddl, TokenKind};

use super::{ParsedScript, ParsedStatement};
use crate::names::key;

impl<'a> ParsedScript<'a> {
    /// The statements before this one that say a name, so that no other need be looked at.
    pub(crate) fn earlier(
        &self,
        read: &ParsedStatement<'_>,
        name: &Name<'_>,
    ) -> impl DoubleEndedIterator<Item = &ParsedStatement<'a>> + Clone {
        let (saying, place) = (self.places(name), self.number(read) - 1);
        self.at(saying.get(..saying.partition_point(|at| *at < place)))
    }

    /// The statements behind this one that say a name.
    pub(crate) fn later(
        &self,
        read: &ParsedStatement<'_>,
        name: &Name<'_>,
    ) -> impl DoubleEndedIterator<Item = &ParsedStatement<'a>> + Clone {
        let (saying, place) = (self.places(name), self.number(read) - 1);
        self.at(saying.get(saying.partition_point(|at| *at <= place)..))
    }

    /// All statements that say a name.
    pub(crate) fn saying(
        &self,
        name: &Name<'_>,
    ) -> impl DoubleEndedIterator<Item = &ParsedStatement<'a>> + Clone {
        self.at(Some(self.places(name)))
    }

    fn at(
        &self,
        places: Option<&[usize]>,
    ) -> impl DoubleEndedIterator<Item = &ParsedStatement<'a>> + Clone + use<'_, 'a> {
        let places = places.unwrap_or_default().to_vec();
        places.into_iter().filter_map(|at| self.statements.get(at))
    }

    fn places(&self, name: &Name<'_>) -> &[usize] {
        let said = self.said.get_or_init(|| said(&self.statements));
        said.get(&key(name)).map(Vec::as_slice).unwrap_or_default()
    }
}

/// The places of the statements that say each name.
fn said(statements: &[ParsedStatement<'_>]) -> BTreeMap<String, Vec<usize>> {
    let mut said: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, read) in statements.iter().enumerate() {
        // Some servers take other literals for names, too; but what DML holds are values.
        let defines = !matches!(read.ddl, Ddl::Other);
        for token in read.statement.code() {
            let is_word = matches!(token.kind(), TokenKind::Word | TokenKind::QuotedIdentifier);
            if !is_word && !defines {
                continue;
            }
            if let Some(name) = Ident::of(&token, read.statement.dialect()) {
                let places = said.entry(name.value().to_lowercase()).or_default();
                if places.last() != Some(&place) {
                    places.push(place);
                }
            }
        }
    }
    said
}
