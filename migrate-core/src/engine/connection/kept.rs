//! The encoding of texts and results in a journal: one word of plain characters.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::engine::connection::row::{Row, Value};

/// The longest result that is kept: the journal is rewritten with each call.
const LONGEST_ANSWER: usize = 4 * 1024;

/// Encodes a text without blanks and punctuation.
pub(crate) fn encode(text: &str) -> String {
    let mut word = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b' ' => word.push('+'),
            _ if byte.is_ascii_alphanumeric() || b"_-.()/<>".contains(&byte) => {
                word.push(byte.into());
            }
            _ => push_escaped(&mut word, byte),
        }
    }
    word
}

fn push_escaped(word: &mut String, byte: u8) {
    // Writing to a string cannot fail.
    let _ = write!(word, "%{byte:02x}");
}

/// Decodes the output of [`encode`].
pub(crate) fn decode(word: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(word.len());
    let mut rest = word.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => hex(rest.next()?, rest.next()?)?,
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

fn hex(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(high)? * 16 + digit(low)?)
}

/// Encodes the rows of a result, unless there are too many: the columns, then each row, separated by `;`.
pub(crate) fn encode_rows(rows: &[Row]) -> Option<String> {
    let columns = rows.first().map_or(&[][..], Row::columns);
    let columns = columns.iter().map(|name| encode(name)).collect::<Vec<_>>().join(",");
    let mut word = columns;
    for row in rows {
        word.push(';');
        word.push_str(&row.values().iter().map(encode_value).collect::<Vec<_>>().join(","));
        if word.len() > LONGEST_ANSWER {
            return None;
        }
    }
    Some(word)
}

/// Decodes the output of [`encode_rows`].
pub(crate) fn decode_rows(word: &str) -> Option<Vec<Row>> {
    let mut parts = word.split(';');
    let columns = parts.next()?.split(',').map(decode).collect::<Option<Arc<[String]>>>()?;
    let row = |part: &str| {
        let values = part.split(',').map(decode_value).collect::<Option<Vec<_>>>()?;
        (values.len() == columns.len()).then(|| Row::new(Arc::clone(&columns), values))
    };
    parts.map(row).collect()
}

fn encode_value(value: &Value) -> String {
    match value {
        Value::Null => "n".to_owned(),
        Value::Bool(truth) => format!("b{}", u8::from(*truth)),
        Value::Int(number) => format!("i{number}"),
        // Exact to the bit.
        Value::Float(number) => format!("f{:x}", number.to_bits()),
        Value::Text(text) => format!("t{}", encode(text)),
        Value::Bytes(bytes) => {
            let mut word = "x".to_owned();
            for byte in bytes {
                let _ = write!(word, "{byte:02x}");
            }
            word
        }
    }
}

fn decode_value(word: &str) -> Option<Value> {
    let (kind, text) = (word.get(..1)?, word.get(1..)?);
    Some(match kind {
        "n" => Value::Null,
        "b" => Value::Bool(text == "1"),
        "i" => Value::Int(text.parse().ok()?),
        "f" => Value::Float(f64::from_bits(u64::from_str_radix(text, 16).ok()?)),
        "t" => Value::Text(decode(text)?),
        "x" => {
            let bytes = text.as_bytes().chunks(2).map(|pair| match pair {
                [high, low] => hex(*high, *low),
                _ => None,
            });
            Value::Bytes(bytes.collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_as_one_word() {
        let text = "INSERT INTO t VALUES ('a = b', ';,:!*%+', 'ü')\n";
        let word = encode(text);
        assert!(!word.contains([' ', '\n', ';', ',', ':', '!', '*', '=', '\'']), "{word}");
        assert_eq!(decode(&word).as_deref(), Some(text));
        assert_eq!(decode("%4"), None);
    }

    #[test]
    fn an_answer_is_given_again_as_it_was() {
        let columns: Arc<[String]> = ["id".to_owned(), "a, b".to_owned()].into();
        let all = [
            Value::Null,
            Value::Bool(true),
            Value::Int(-7),
            Value::Float(0.1),
            Value::Text(String::new()),
            Value::Text("x;y, ü".to_owned()),
            Value::Bytes(vec![0, 255]),
            Value::Bytes(Vec::new()),
        ];
        let rows: Vec<Row> = all
            .iter()
            .map(|value| Row::new(Arc::clone(&columns), vec![Value::Int(1), value.clone()]))
            .collect();
        let again = decode_rows(&encode_rows(&rows).unwrap()).unwrap();
        assert_eq!(again.len(), rows.len());
        for (again, row) in again.iter().zip(&rows) {
            assert_eq!((again.columns(), again.values()), (row.columns(), row.values()));
        }
        assert!(decode_rows(&encode_rows(&[]).unwrap()).unwrap().is_empty());
    }

    #[test]
    fn a_long_answer_is_not_kept() {
        let columns: Arc<[String]> = ["a".to_owned()].into();
        let rows = [Row::new(columns, vec![Value::Text("a".repeat(LONGEST_ANSWER))])];
        assert_eq!(encode_rows(&rows), None);
    }
}
