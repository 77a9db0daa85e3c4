//! Values of `migrate.toml` that other crates parse.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::value::SeqAccessDeserializer;
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// A value that is written as a word.
struct Word<T>(T);

impl<'de, T: FromStr<Err: Display>> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map(Word).map_err(Error::custom)
    }
}

/// Reads a list of words, or a single word.
pub(super) fn one_or_many<'de, T, D>(from: D) -> Result<Vec<T>, D::Error>
where
    T: FromStr<Err: Display>,
    D: Deserializer<'de>,
{
    from.deserialize_any(OneOrMany(PhantomData))
}

/// Reads a table of words.
pub(super) fn table<'de, T, D>(from: D) -> Result<BTreeMap<String, T>, D::Error>
where
    T: FromStr<Err: Display>,
    D: Deserializer<'de>,
{
    let words = BTreeMap::<String, Word<T>>::deserialize(from)?;
    Ok(words.into_iter().map(|(name, Word(value))| (name, value)).collect())
}

struct OneOrMany<T>(PhantomData<T>);

impl<'de, T: FromStr<Err: Display>> Visitor<'de> for OneOrMany<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a string or a list of strings")
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<Vec<T>, E> {
        Ok(vec![word.parse().map_err(E::custom)?])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, words: A) -> Result<Vec<T>, A::Error> {
        let words = Vec::<Word<T>>::deserialize(SeqAccessDeserializer::new(words))?;
        Ok(words.into_iter().map(|Word(value)| value).collect())
    }
}
