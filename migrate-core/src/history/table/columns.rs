//! The columns of the tables, once for all dialects.

use migrate_sql::Dialect;

/// A column or constraint; the types are worded per dialect.
pub(super) enum Column {
    Of(&'static str, Type),
    Constraint(&'static str),
}

#[derive(Clone, Copy)]
pub(super) enum Type {
    /// Short text that takes part in a key.
    Name,
    Word,
    Text,
    OptionalText,
    Number,
    OptionalNumber,
    Time,
    OptionalTime,
    /// The log's own rising number.
    Counter,
}

use Column::{Constraint, Of};

pub(super) const HISTORY: &[Column] = &[
    Of("crate", Type::Name),
    Of("revision", Type::Name),
    Of("kind", Type::Word),
    Of("sequence", Type::Number),
    Of("description", Type::Text),
    Of("checksum", Type::OptionalText),
    Of("checksum_algorithm", Type::OptionalText),
    Of("sql_up", Type::OptionalText),
    Of("sql_down", Type::OptionalText),
    // `sql`, `code`, `irreversible` or `nothing`. MariaDB keeps the word `undo` for itself.
    Of("undone_by", Type::OptionalText),
    Of("waivers", Type::OptionalText),
    Of("state", Type::Word),
    Of("statements_done", Type::Number),
    Of("statements_total", Type::Number),
    // A hash of each statement that was begun, in order, parted by blanks; the last may be in flight.
    Of("journal", Type::OptionalText),
    // What statements of an unfinished revision read from the server and left in their session: see `kept`.
    Of("session", Type::OptionalText),
    Of("data_cursor", Type::OptionalText),
    Of("rows_done", Type::OptionalNumber),
    Of("started_at", Type::Time),
    Of("finished_at", Type::OptionalTime),
    Of("duration_ms", Type::OptionalNumber),
    Of("applied_by", Type::Text),
    Of("tool_version", Type::Word),
    Of("layout", Type::Number),
    Constraint("PRIMARY KEY (crate, revision)"),
    Constraint("UNIQUE (sequence)"),
];

pub(super) const LOG: &[Column] = &[
    Of("id", Type::Counter),
    Of("at", Type::Time),
    Of("deed", Type::Word),
    Of("crate", Type::Name),
    Of("revision", Type::Name),
    Of("actor", Type::Text),
    Of("tool_version", Type::Word),
    Of("duration_ms", Type::OptionalNumber),
    Of("detail", Type::OptionalText),
];

pub(super) const LEASE: &[Column] = &[
    Of("id", Type::Number),
    // Nothing while nobody holds it.
    Of("owner", Type::OptionalText),
    Of("host", Type::OptionalText),
    Of("pid", Type::OptionalNumber),
    Of("since", Type::OptionalTime),
    Of("beats", Type::Number),
    Of("token", Type::Number),
    Constraint("PRIMARY KEY (id)"),
];

/// Every column of history that may be without a value, with its type: those that later versions have added are among
/// them, and a table that an earlier one made lacks them.
pub(super) fn nullable(dialect: Dialect) -> impl Iterator<Item = (&'static str, &'static str)> {
    HISTORY.iter().filter_map(move |column| match column {
        Of(name, kind) if kind.is_optional() => Some((*name, kind.in_dialect(dialect))),
        Of(..) | Constraint(_) => None,
    })
}

pub(super) fn in_dialect(columns: &[Column], dialect: Dialect) -> String {
    let lines: Vec<String> = columns
        .iter()
        .map(|column| match column {
            Of(name, kind) => format!("{name} {}", kind.in_dialect(dialect)),
            Constraint(text) => (*text).to_owned(),
        })
        .collect();
    lines.join(",\n  ")
}

impl Type {
    fn is_optional(self) -> bool {
        match self {
            Self::OptionalText | Self::OptionalNumber | Self::OptionalTime => true,
            Self::Name | Self::Word | Self::Text | Self::Number | Self::Time | Self::Counter => {
                false
            }
        }
    }

    fn in_dialect(self, dialect: Dialect) -> &'static str {
        match dialect {
            Dialect::Postgres => self.postgres(),
            Dialect::Mysql => self.mysql(),
            Dialect::Sqlite => self.sqlite(),
        }
    }

    fn postgres(self) -> &'static str {
        match self {
            Self::Name | Self::Word | Self::Text => "text NOT NULL",
            Self::OptionalText => "text",
            Self::Number => "bigint NOT NULL",
            Self::OptionalNumber => "bigint",
            Self::Time => "timestamptz NOT NULL",
            Self::OptionalTime => "timestamptz",
            Self::Counter => "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
        }
    }

    fn mysql(self) -> &'static str {
        match self {
            // Two of these make a key; InnoDB takes 3,072 bytes at four a character.
            Self::Name => "varchar(255) NOT NULL",
            Self::Word => "varchar(64) NOT NULL",
            Self::Text => "longtext NOT NULL",
            Self::OptionalText => "longtext",
            Self::Number => "bigint NOT NULL",
            Self::OptionalNumber => "bigint",
            Self::Time => "datetime(6) NOT NULL",
            Self::OptionalTime => "datetime(6)",
            Self::Counter => "bigint NOT NULL AUTO_INCREMENT PRIMARY KEY",
        }
    }

    fn sqlite(self) -> &'static str {
        match self {
            Self::Name | Self::Word | Self::Text | Self::Time => "TEXT NOT NULL",
            Self::OptionalText | Self::OptionalTime => "TEXT",
            Self::Number => "INTEGER NOT NULL",
            Self::OptionalNumber => "INTEGER",
            // The log only grows, so that no number comes twice; `AUTOINCREMENT` would leave a table of its own.
            Self::Counter => "INTEGER PRIMARY KEY",
        }
    }
}
