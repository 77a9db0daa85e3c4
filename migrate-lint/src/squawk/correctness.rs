//! What fails, or does something else than it says

use super::{Squawk, Taken, advice::column};
use migrate_sql::Level;

pub(super) const TAKEN: &[Taken] = &[
    Taken {
        squawk: Squawk::IdentifierTooLong,
        id: "identifier-too-long",
        level: Level::Warn,
        finds: "names of more than 63 bytes",
        why: "PostgreSQL cuts them off: what is made has another name than the text says, and two \
              names may become one.",
        rewrite: "Choose a name of at most 63 bytes.",
        message: "PostgreSQL keeps only the first 63 bytes of this name",
        tell: None,
    },
    Taken {
        squawk: Squawk::BanDuplicateColumnAssignments,
        id: "ban-duplicate-column-assignments",
        level: Level::Deny,
        finds: "a column that is defined or assigned twice",
        why: "PostgreSQL refuses the statement.",
        rewrite: "Name each column once.",
        message: "this column is named more than once, which PostgreSQL refuses",
        tell: None,
    },
];

pub(super) const ROWS: &[Taken] = &[Taken {
    squawk: Squawk::AddingRequiredField,
    id: "adding-required-field",
    level: Level::Warn,
    finds: "`ADD COLUMN … NOT NULL` without a default",
    why: "It fails as soon as the table has a row; and the application that still runs does not \
          know the column, so its inserts fail.",
    rewrite: "Give it a constant default, or add it nullable, fill it, and demand it later.",
    message: "fails if the table has a row",
    tell: Some(column::required),
}];
