//! Types that SQLite takes for others.

use crate::rule::{Group, Report, Rule};
use crate::rules::strict_type;
use crate::script::ParsedScript;
use migrate_sql::ddl::Column;
use migrate_sql::{Dialect, Level, TokenKind, tokens};

pub(crate) const RULE: Rule = Rule {
    id: "affinity",
    group: Group::Correctness,
    level: Level::Warn,
    dialects: &[Dialect::Sqlite],
    finds: "columns without a type, and with types that SQLite does not know, like `STRING`, `JSON` or `INTERVAL`",
    why: "SQLite looks for a few syllables in a type's name. What has `INT` in it is an integer, even `POINT`; what \
         has none of them is numeric, so that the text `007` in a `STRING` column becomes the number 7.",
    rewrite: "Say `INTEGER`, `REAL`, `TEXT`, `BLOB` or `NUMERIC`.",
    check: Some(check),
};

/// What SQLite makes of the values in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Affinity {
    Integer,
    Text,
    Blob,
    Real,
    Numeric,
}

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in script.statements.iter().filter(|read| !strict_type::is_strict(script, read)) {
        for column in read.columns() {
            if let Some(message) = surprise(column) {
                report.span(read, column.span.clone(), message);
            }
        }
    }
}

fn surprise(column: &Column<'_>) -> Option<String> {
    let data_type = column.data_type;
    if data_type.is_empty() {
        let is_filled = column.generated.is_none();
        return is_filled.then(|| format!("`{}` has no type", column.name.value()));
    }
    let known: &[&str] = match Affinity::of(data_type) {
        Affinity::Text | Affinity::Blob | Affinity::Real => return None,
        Affinity::Integer => &[
            "INT",
            "INTEGER",
            "TINYINT",
            "SMALLINT",
            "MEDIUMINT",
            "BIGINT",
            "INT2",
            "INT4",
            "INT8",
        ],
        Affinity::Numeric => &[
            "NUMERIC",
            "DECIMAL",
            "DEC",
            "NUMBER",
            "MONEY",
            "BOOLEAN",
            "BOOL",
            "BIT",
            "DATE",
            "DATETIME",
            "TIME",
            "TIMESTAMP",
            "TIMESTAMPTZ",
            "YEAR",
        ],
    };
    let mut words = tokens(data_type, Dialect::Sqlite);
    if words.any(|word| word.kind() == TokenKind::Word && word.is_any_word(known)) {
        return None;
    }
    let taken = if Affinity::of(data_type) == Affinity::Integer { "an integer" } else { "numeric" };
    Some(format!("`{data_type}` is {taken} to SQLite: a text of digits becomes a number"))
}

impl Affinity {
    /// As SQLite decides it: the first syllable that is found, in this order.
    fn of(data_type: &str) -> Self {
        let name = data_type.to_ascii_uppercase();
        let has = |syllables: &[&str]| syllables.iter().any(|syllable| name.contains(syllable));
        if has(&["INT"]) {
            Self::Integer
        } else if has(&["CHAR", "CLOB", "TEXT"]) {
            Self::Text
        } else if has(&["BLOB"]) || name.is_empty() {
            Self::Blob
        } else if has(&["REAL", "FLOA", "DOUB"]) {
            Self::Real
        } else {
            Self::Numeric
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{found_in, messages};

    fn found(data_type: &str) -> Vec<String> {
        messages(&RULE, Dialect::Sqlite, &format!("CREATE TABLE a (b {data_type} NOT NULL)"))
    }

    #[test]
    fn types_that_are_others() {
        for (data_type, taken) in [
            ("STRING", "numeric"),
            ("uuid", "numeric"),
            ("VARBINARY(16)", "numeric"),
            ("FLOATING POINT", "an integer"),
            ("interval", "an integer"),
        ] {
            let message =
                format!("`{data_type}` is {taken} to SQLite: a text of digits becomes a number");
            assert_eq!(found(data_type), [message]);
        }
        assert_eq!(found(""), ["`b` has no type"]);
        let sql = "ALTER TABLE a ADD COLUMN b STRING";
        assert_eq!(found_in(&RULE, Dialect::Sqlite, sql), ["b STRING"]);
    }

    #[test]
    fn types_that_are_what_they_say() {
        for data_type in [
            "INTEGER",
            "UNSIGNED BIG INT",
            "VARCHAR(20)",
            "NATIVE CHARACTER(70)",
            "TEXT",
            "BLOB",
            "DOUBLE PRECISION",
            "DECIMAL(10, 5)",
            "BOOLEAN",
            "DATETIME",
        ] {
            assert_eq!(found(data_type), [""; 0], "{data_type}");
        }
    }
}
