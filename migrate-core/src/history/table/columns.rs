//! The columns of the tables, for all dialects.

use migrate_sql::Dialect;

/// A column or constraint. The types differ per dialect.
pub(super) enum Column {
    Of(&'static str, Type),
    /// A column that is read.
    Read(&'static str, Type),
    /// A column that is read, and that tables of earlier versions may lack.
    Late(&'static str, Type),
    Constraint(&'static str),
}

impl Column {
    fn parts(&self) -> Option<(&'static str, Type)> {
        match self {
            Of(name, kind) | Read(name, kind) | Late(name, kind) => Some((name, *kind)),
            Constraint(_) => None,
        }
    }
}

#[derive(Clone, Copy)]
pub(super) enum Type {
    /// Short text that is part of a key.
    Name,
    Word,
    Text,
    OptionalText,
    Number,
    OptionalNumber,
    Time,
    OptionalTime,
    /// The log's increasing number.
    Counter,
}

use Column::{Constraint, Late, Of, Read};

/// History's columns. `store` reads them, `writing` writes them.
pub(super) const HISTORY: &[Column] = &[
    Read("crate", Type::Name),
    Read("revision", Type::Name),
    Read("kind", Type::Word),
    Read("sequence", Type::Number),
    Read("description", Type::Text),
    Read("checksum", Type::OptionalText),
    Read("checksum_algorithm", Type::OptionalText),
    Of("sql_up", Type::OptionalText),
    Of("sql_down", Type::OptionalText),
    // `sql`, `code`, `irreversible` or `nothing`. Layout 1 called it `undone_by`.
    Late(DOWN_KIND, Type::OptionalText),
    Late("waivers", Type::OptionalText),
    Read("state", Type::Word),
    Read("statements_done", Type::Number),
    Read("statements_total", Type::Number),
    // A hash of each statement that was started, in order, separated by blanks; the last one may be in flight.
    Late("journal", Type::OptionalText),
    // Session state that statements of an unfinished revision depend on: see `kept`.
    Late("session", Type::OptionalText),
    Of("data_cursor", Type::OptionalText),
    Of("rows_done", Type::OptionalNumber),
    Read("started_at", Type::Time),
    Of("finished_at", Type::OptionalTime),
    Read("duration_ms", Type::OptionalNumber),
    Read("applied_by", Type::Text),
    Read("tool_version", Type::Word),
    Read("layout", Type::Number),
    Constraint("PRIMARY KEY (crate, revision)"),
    Constraint("UNIQUE (sequence)"),
];

pub(super) const LOG: &[Column] = &[
    Of("id", Type::Counter),
    Of("at", Type::Time),
    // What happened.
    Of(EVENT, Type::Word),
    Of("crate", Type::Name),
    Of("revision", Type::Name),
    Of("actor", Type::Text),
    Of("tool_version", Type::Word),
    Of("duration_ms", Type::OptionalNumber),
    Of("detail", Type::OptionalText),
];

pub(super) const LEASE: &[Column] = &[
    Of("id", Type::Number),
    // NULL while the lease is free.
    Of("owner", Type::OptionalText),
    Of("host", Type::OptionalText),
    Of("pid", Type::OptionalNumber),
    Of("since", Type::OptionalTime),
    Of("beats", Type::Number),
    Of("token", Type::Number),
    Constraint("PRIMARY KEY (id)"),
];

/// Returns the nullable columns of history, with their types. Columns added by later versions are among them.
pub(super) fn nullable(dialect: Dialect) -> impl Iterator<Item = (&'static str, &'static str)> {
    let columns = HISTORY.iter().filter_map(Column::parts);
    columns
        .filter(|(_, kind)| kind.is_optional())
        .map(move |(name, kind)| (name, kind.in_dialect(dialect)))
}

/// Returns the columns that are read and that every layout has, and whether each is a time.
pub(super) fn read() -> impl Iterator<Item = (&'static str, bool)> {
    HISTORY.iter().filter_map(|column| match column {
        Read(name, kind) => Some((*name, kind.is_time())),
        Of(..) | Late(..) | Constraint(_) => None,
    })
}

/// Returns the columns that are read and that tables of earlier versions may lack.
pub(super) fn late() -> impl Iterator<Item = &'static str> {
    HISTORY.iter().filter_map(|column| match column {
        Late(name, _) => Some(*name),
        Of(..) | Read(..) | Constraint(_) => None,
    })
}

/// A column of layout 1 that was renamed: its old name and its new one.
pub(super) struct Renamed {
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    kind: Type,
}

pub(super) const DOWN_KIND: &str = "down_kind";
pub(super) const EVENT: &str = "event";

pub(super) const RENAMED_IN_HISTORY: Renamed =
    Renamed { from: "undone_by", to: DOWN_KIND, kind: Type::OptionalText };
pub(super) const RENAMED_IN_LOG: Renamed = Renamed { from: "deed", to: EVENT, kind: Type::Word };

impl Renamed {
    /// Returns whether a table with these columns still has only the old name.
    pub(super) fn is_due(&self, columns: &[String]) -> bool {
        let has = |name: &str| columns.iter().any(|column| column.eq_ignore_ascii_case(name));
        has(self.from) && !has(self.to)
    }

    /// Returns the change of the table. The oldest MariaDB does not have `RENAME COLUMN`.
    pub(super) fn change(&self, dialect: Dialect) -> String {
        let Self { from, to, kind } = self;
        match dialect {
            Dialect::Mysql => format!("CHANGE COLUMN {from} {to} {}", kind.in_dialect(dialect)),
            Dialect::Postgres | Dialect::Sqlite => format!("RENAME COLUMN {from} TO {to}"),
        }
    }
}

pub(super) fn in_dialect(columns: &[Column], dialect: Dialect) -> String {
    let lines: Vec<String> = columns
        .iter()
        .map(|column| match column {
            Of(name, kind) | Read(name, kind) | Late(name, kind) => {
                format!("{name} {}", kind.in_dialect(dialect))
            }
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

    fn is_time(self) -> bool {
        match self {
            Self::Time | Self::OptionalTime => true,
            Self::Name
            | Self::Word
            | Self::Text
            | Self::OptionalText
            | Self::Number
            | Self::OptionalNumber
            | Self::Counter => false,
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
            // Two of these form a key; InnoDB allows 3,072 bytes, at four per character.
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
            // The log only grows, so numbers are never reused; `AUTOINCREMENT` would create another table.
            Self::Counter => "INTEGER PRIMARY KEY",
        }
    }
}
