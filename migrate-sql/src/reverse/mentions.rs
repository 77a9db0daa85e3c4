//! What a statement mentions.

use std::collections::BTreeSet;

use crate::ddl::Ident;
use crate::statement::Statement;
use crate::text::TokenKind;

/// All names that a statement says, in lower case, so that each can be asked for without reading it again.
#[derive(Debug, Default)]
pub(super) struct Mentions {
    names: BTreeSet<String>,
    /// Literals and bodies of functions, which may hold any name: `nextval('numbers')`.
    texts: Vec<String>,
    /// Whether it says a name that is escaped, and so could be any.
    escaped: bool,
}

impl Mentions {
    pub(super) fn of(statement: &Statement<'_>) -> Self {
        let mut mentions = Self::default();
        for token in statement.code() {
            match token.kind() {
                TokenKind::QuotedIdentifier if token.text().starts_with(['u', 'U']) => {
                    mentions.escaped = true;
                }
                TokenKind::Word | TokenKind::QuotedIdentifier => {
                    let name = Ident::of(&token, statement.dialect());
                    mentions.names.extend(name.map(|name| name.value().to_lowercase()));
                }
                TokenKind::String | TokenKind::Number => {
                    mentions.texts.push(token.text().to_lowercase());
                }
                _ => {}
            }
        }
        mentions
    }

    pub(super) const fn may_be_any(&self) -> bool {
        self.escaped
    }

    /// What it says that is as long as one of these names: of words the words, of texts all that they hold.
    pub(super) fn of_lengths<'m>(
        &'m self,
        lengths: &'m BTreeSet<usize>,
    ) -> impl Iterator<Item = &'m str> {
        let inside = self
            .texts
            .iter()
            .flat_map(move |text| lengths.iter().flat_map(move |length| pieces(text, *length)));
        self.names.iter().map(String::as_str).chain(inside)
    }
}

/// All that a text holds of one length.
fn pieces(text: &str, length: usize) -> impl Iterator<Item = &str> {
    (0..=text.len()).filter_map(move |at| text.get(at..at + length))
}
