//! What loses data

use super::{
    Squawk, Taken,
    advice::{column, object},
};
use migrate_sql::Level;

pub(super) const TAKEN: &[Taken] = &[
    Taken {
        squawk: Squawk::BanDropTable,
        id: "ban-drop-table",
        level: Level::Warn,
        finds: "`DROP TABLE` of a table that was there before",
        why: "Its rows are lost, and the application that still runs fails.",
        rewrite: "Stop using it first; rename it in one release, drop it in a later one.",
        message: "all its rows are lost",
        tell: Some(object::table_dropped),
    },
    Taken {
        squawk: Squawk::BanDropColumn,
        id: "ban-drop-column",
        level: Level::Warn,
        finds: "`DROP COLUMN`, and `DROP ATTRIBUTE` of a composite type",
        why: "What it holds is lost, and the application that still runs fails as soon as it names \
              it.",
        rewrite: "First release an application that does not read or write it; drop it in a later \
                  release.",
        message: "what it holds is lost",
        tell: Some(column::dropped),
    },
    Taken {
        squawk: Squawk::BanDropDatabase,
        id: "ban-drop-database",
        level: Level::Deny,
        finds: "`DROP DATABASE`",
        why: "Everything in it is lost.",
        rewrite: "Drop databases by hand, not in a migration.",
        message: "everything in the database is lost",
        tell: None,
    },
    Taken {
        squawk: Squawk::BanDropSchema,
        id: "ban-drop-schema",
        level: Level::Warn,
        finds: "`DROP SCHEMA`",
        why: "With `CASCADE` everything in it is lost, by one word that names none of it.",
        rewrite: "Drop what is in it by name first, then the schema without `CASCADE`.",
        message: "with the schema goes what is in it",
        tell: None,
    },
    Taken {
        squawk: Squawk::BanDropSequence,
        id: "ban-drop-sequence",
        level: Level::Warn,
        finds: "`DROP SEQUENCE`",
        why: "How far it had counted is lost, and inserts that draw from it fail.",
        rewrite: "Take away the defaults that use it first, in an earlier release.",
        message: "how far the sequence had counted is lost",
        tell: None,
    },
    Taken {
        squawk: Squawk::BanDropExtension,
        id: "ban-drop-extension",
        level: Level::Warn,
        finds: "`DROP EXTENSION`",
        why: "Its types and functions go with it; with `CASCADE`, every column of such a type, \
              too.",
        rewrite: "Stop using what it brings first, and drop it without `CASCADE`.",
        message: "its types and functions go with the extension, and with `CASCADE` the columns of \
                  such types",
        tell: None,
    },
    Taken {
        squawk: Squawk::BanTruncateCascade,
        id: "ban-truncate-cascade",
        level: Level::Warn,
        finds: "`TRUNCATE … CASCADE`",
        why: "It empties every table with a foreign key to this one, and those that refer to them, \
              and so on.",
        rewrite: "Name the tables that are meant: `TRUNCATE a, b`.",
        message: "`CASCADE` empties every table that refers to this one, and those that refer to \
                  them",
        tell: None,
    },
];
