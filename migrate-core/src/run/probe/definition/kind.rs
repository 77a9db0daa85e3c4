//! Column types of MySQL and MariaDB.

use migrate_sql::{Dialect, TokenKind, tokens};

/// Returns whether a type in a statement is the same as one in the catalog; `None` if that is not known.
pub(super) fn same(asked: &str, held: &str) -> Option<bool> {
    let (asked, held) = (Kind::read(asked)?, Kind::read(held)?);
    if asked.name != held.name {
        return Some(false);
    }
    Some(asked.arguments == held.arguments && asked.unsigned == held.unsigned)
}

#[derive(Debug)]
struct Kind {
    name: &'static str,
    arguments: Vec<String>,
    unsigned: bool,
}

impl Kind {
    fn read(text: &str) -> Option<Self> {
        let (mut words, mut arguments, mut behind) = (Vec::new(), Vec::new(), Vec::new());
        let mut in_parentheses = false;
        for token in tokens(text, Dialect::Mysql).filter(|token| token.kind() != TokenKind::Comment)
        {
            if token.is_mark("(") {
                in_parentheses = true;
            } else if token.is_mark(")") {
                in_parentheses = false;
            } else if in_parentheses {
                if !token.is_mark(",") {
                    arguments.push(token.text().to_owned());
                }
            } else if arguments.is_empty() && !token.is_any_word(SIGNS) {
                words.push(token.text().to_lowercase());
            } else {
                behind.push(token.text().to_lowercase());
            }
        }
        let (name, implied) = canonical(&words.join(" "))?;
        // A character set, or something else that may change the type.
        if behind.iter().any(|word| !SIGNS.iter().any(|sign| word.eq_ignore_ascii_case(sign))) {
            return None;
        }
        let unsigned = implied || behind.iter().any(|word| word != "signed");
        Some(Self { name, arguments: significant(name, arguments)?, unsigned })
    }
}

const SIGNS: &[&str] = &["SIGNED", "UNSIGNED", "ZEROFILL"];

/// Returns the catalog's name of a type, and whether it is unsigned.
fn canonical(words: &str) -> Option<(&'static str, bool)> {
    Some(match words {
        "tinyint" | "int1" | "bool" | "boolean" => ("tinyint", false),
        "smallint" | "int2" => ("smallint", false),
        "mediumint" | "middleint" | "int3" => ("mediumint", false),
        "int" | "integer" | "int4" => ("int", false),
        "bigint" | "int8" => ("bigint", false),
        "serial" => ("bigint", true),
        "decimal" | "dec" | "numeric" | "fixed" => ("decimal", false),
        "double" | "double precision" | "real" | "float8" => ("double", false),
        "char" | "character" => ("char", false),
        "varchar" | "character varying" | "char varying" | "varcharacter" => ("varchar", false),
        "binary" => ("binary", false),
        "varbinary" => ("varbinary", false),
        "tinytext" => ("tinytext", false),
        "text" => ("text", false),
        "mediumtext" => ("mediumtext", false),
        // MariaDB has no JSON type.
        "longtext" | "json" => ("longtext", false),
        "tinyblob" => ("tinyblob", false),
        "blob" => ("blob", false),
        "mediumblob" => ("mediumblob", false),
        "longblob" => ("longblob", false),
        "date" => ("date", false),
        "time" => ("time", false),
        "datetime" => ("datetime", false),
        "timestamp" => ("timestamp", false),
        "year" => ("year", false),
        "enum" => ("enum", false),
        "set" => ("set", false),
        "bit" => ("bit", false),
        "uuid" => ("uuid", false),
        "inet4" => ("inet4", false),
        "inet6" => ("inet6", false),
        "point" => ("point", false),
        "geometry" => ("geometry", false),
        _ => return None,
    })
}

/// Returns the arguments that matter, including defaults.
fn significant(name: &str, arguments: Vec<String>) -> Option<Vec<String>> {
    let or = |arguments: Vec<String>, implied: &[&str]| {
        let rest = implied.iter().skip(arguments.len()).map(|text| (*text).to_owned());
        arguments.iter().cloned().chain(rest).collect()
    };
    Some(match name {
        // Display widths of numbers.
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "year" => Vec::new(),
        "decimal" => or(arguments, &["10", "0"]),
        "char" | "binary" | "bit" => or(arguments, &["1"]),
        "time" | "datetime" | "timestamp" => or(arguments, &["0"]),
        // A length selects one of several types.
        "text" | "blob" if !arguments.is_empty() => return None,
        _ => arguments,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_compared_by_what_they_mean() {
        for (asked, held, found) in [
            ("BIGINT", "bigint(20)", Some(true)),
            ("INTEGER UNSIGNED", "int(10) unsigned", Some(true)),
            ("INT", "int(10) unsigned", Some(false)),
            ("BOOLEAN", "tinyint(1)", Some(true)),
            ("SERIAL", "bigint(20) unsigned", Some(true)),
            ("VARCHAR(100)", "varchar(100)", Some(true)),
            ("VARCHAR(100)", "varchar(10)", Some(false)),
            ("CHARACTER VARYING (5)", "varchar(5)", Some(true)),
            ("VARCHAR(100)", "text", Some(false)),
            ("INT", "bigint(20)", Some(false)),
            ("DECIMAL", "decimal(10,0)", Some(true)),
            ("NUMERIC(5, 2)", "decimal(5,2)", Some(true)),
            ("TIMESTAMP", "timestamp", Some(true)),
            ("TIMESTAMP(6)", "timestamp", Some(false)),
            ("ENUM('a', 'b')", "enum('a','b')", Some(true)),
            ("ENUM('a')", "enum('a','b')", Some(false)),
            ("JSON", "longtext", Some(true)),
            ("TEXT(70000)", "mediumtext", None),
            ("VARCHAR(5) CHARACTER SET binary", "varbinary(5)", None),
            ("FLOAT(30)", "double", None),
        ] {
            assert_eq!(same(asked, held), found, "{asked} and {held}");
        }
    }
}
