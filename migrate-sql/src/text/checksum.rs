//! What is remembered of a migration to notice that it was edited.

use std::{
    fmt::{self, Debug, Display, Formatter},
    str::FromStr,
};

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::text::{Dialect, Token, TokenKind, tokens};

/// A SHA-256 over the tokens of a migration.
///
/// Blanks, line ends, byte order marks and ordinary comments do not count; everything else does: the case
/// of keywords, every byte of a literal, hints (`/*+ … */`) and MySQL's conditional comments (`/*! … */`).
/// Of terminators, only one between two tokens counts: not those at either end, and not a second in a row.
///
/// The value is stored in databases, next to the name of its algorithm, so an algorithm never changes; a
/// new one gets a new name.
///
/// # Examples
///
/// ```
/// use migrate_sql::{Checksum, Dialect};
///
/// let of = |sql| Checksum::of_sql(sql, Dialect::Postgres);
/// assert_eq!(of("SELECT 1;"), of("-- why\r\nSELECT\t1"));
/// assert_ne!(of("SELECT 1"), of("select 1"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Checksum([u8; 32]);

impl Checksum {
    /// The name of the algorithm of [`of_sql`](Self::of_sql).
    pub const ALGORITHM: &str = "sha256-tokens-1";

    /// The name of the algorithm of [`of_code`](Self::of_code).
    pub const ALGORITHM_CODE: &str = "sha256-rust-tokens-1";

    /// Hashes SQL by its tokens; an unterminated tail is hashed as it is.
    pub fn of_sql(sql: &str, dialect: Dialect) -> Self {
        let mut hasher = start(Self::ALGORITHM);
        let mut empty = true;
        let mut terminator = None;
        for token in tokens(sql, dialect) {
            match token.kind() {
                TokenKind::Comment => continue,
                TokenKind::Terminator => {
                    terminator = Some(token);
                    continue;
                }
                _ => {}
            }
            if let Some(terminator) = terminator.take().filter(|_| !empty) {
                add(&mut hasher, &terminator);
            }
            add(&mut hasher, &token);
            empty = false;
        }
        Self(hasher.finalize().into())
    }

    /// Hashes the canonical text of Rust code, in which formatting has already lost its say.
    ///
    /// ```
    /// # use migrate_sql::Checksum;
    /// assert_ne!(Checksum::of_code("a ()"), Checksum::of_code("b ()"));
    /// ```
    pub fn of_code(canonical: &str) -> Self {
        let mut hasher = start(Self::ALGORITHM_CODE);
        hasher.update(canonical);
        Self(hasher.finalize().into())
    }

    /// Takes a checksum as it was stored.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl Display for Checksum {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Debug for Checksum {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Checksum({self})")
    }
}

impl FromStr for Checksum {
    type Err = ParseChecksumError;

    fn from_str(hex: &str) -> Result<Self, Self::Err> {
        let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
        let mut bytes = [0; 32];
        if pairs.len() != bytes.len() || !rest.is_empty() {
            return Err(ParseChecksumError);
        }
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Ok(Self(bytes))
    }
}

/// A text that is no [`Checksum`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a checksum has 64 hexadecimal digits")]
pub struct ParseChecksumError;

/// Two algorithms never agree by chance: each hash begins with its algorithm's name.
fn start(algorithm: &str) -> Sha256 {
    let mut hasher = Sha256::new();
    hasher.update(algorithm);
    hasher.update([0]);
    hasher
}

/// The length in front keeps `a b` and `ab` apart.
fn add(hasher: &mut Sha256, token: &Token<'_>) {
    if token.kind() == TokenKind::Hint && token.text().contains("\r\n") {
        return add_text(hasher, &token.text().replace("\r\n", "\n"));
    }
    add_text(hasher, token.text());
}

fn add_text(hasher: &mut Sha256, text: &str) {
    let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
    hasher.update(length.to_le_bytes());
    hasher.update(text);
}

fn digit(hex: u8) -> Result<u8, ParseChecksumError> {
    match hex {
        b'0'..=b'9' => Ok(hex - b'0'),
        b'a'..=b'f' => Ok(hex - b'a' + 10),
        b'A'..=b'F' => Ok(hex - b'A' + 10),
        _ => Err(ParseChecksumError),
    }
}

#[cfg(test)]
mod tests;
