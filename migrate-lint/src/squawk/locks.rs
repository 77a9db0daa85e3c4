//! What blocks

use super::{
    Squawk, Taken,
    advice::{column, constraint, index},
};
use migrate_sql::Level;

pub(super) const TAKEN: &[Taken] = &[
    Taken {
        squawk: Squawk::RequireConcurrentIndexCreation,
        id: "require-concurrent-index-creation",
        level: Level::Warn,
        finds: "`CREATE INDEX` without `CONCURRENTLY` on a table that was there before",
        why: "The build holds a SHARE lock: reading goes on, every write waits until the last row \
              is indexed.",
        rewrite: "`CREATE INDEX CONCURRENTLY`, in a migration of its own with `transaction = \
                  false`.",
        message: "building the index blocks every write to its table",
        tell: Some(index::creation),
    },
    Taken {
        squawk: Squawk::RequireConcurrentIndexDeletion,
        id: "require-concurrent-index-deletion",
        level: Level::Warn,
        finds: "`DROP INDEX` without `CONCURRENTLY`",
        why: "Dropping takes an ACCESS EXCLUSIVE lock on the table. It is short, but it queues \
              behind the longest query, and every other query queues behind it.",
        rewrite: "`DROP INDEX CONCURRENTLY`, in a migration of its own with `transaction = false`.",
        message: "dropping the index blocks its table",
        tell: Some(index::deletion),
    },
    Taken {
        squawk: Squawk::RequireConcurrentReindex,
        id: "require-concurrent-reindex",
        level: Level::Warn,
        finds: "`REINDEX` without `CONCURRENTLY`",
        why: "The rebuild blocks writes to the table, and reads that the index would serve, until \
              it is done.",
        rewrite: "`REINDEX … CONCURRENTLY`, in a migration of its own with `transaction = false`.",
        message: "rebuilding blocks the table",
        tell: Some(index::rebuild),
    },
    Taken {
        squawk: Squawk::RequireConcurrentPartitionDetach,
        id: "require-concurrent-partition-detach",
        level: Level::Warn,
        finds: "`DETACH PARTITION` without `CONCURRENTLY`",
        why: "Detaching takes an ACCESS EXCLUSIVE lock on the whole partitioned table.",
        rewrite: "`DETACH PARTITION … CONCURRENTLY`, in a migration of its own with `transaction = \
                  false`.",
        message: "detaching blocks the whole table",
        tell: Some(index::detachment),
    },
    Taken {
        squawk: Squawk::ConstraintMissingNotValid,
        id: "constraint-missing-not-valid",
        level: Level::Warn,
        finds: "`ADD … CHECK` without `NOT VALID` on a table that was there before",
        why: "Every row is checked under an ACCESS EXCLUSIVE lock, so nobody reads or writes \
              meanwhile.",
        rewrite: "Add it `NOT VALID`, and `VALIDATE CONSTRAINT` in a later migration.",
        message: "every row is checked while the table is locked",
        tell: Some(constraint::check),
    },
    Taken {
        squawk: Squawk::AddingForeignKeyConstraint,
        id: "adding-foreign-key-constraint",
        level: Level::Warn,
        finds: "a foreign key without `NOT VALID` on a table that was there before",
        why: "Every row is looked up under a SHARE ROW EXCLUSIVE lock on both tables, so nobody \
              writes to either meanwhile. A new column that is NULL everywhere needs no look and \
              is not meant.",
        rewrite: "Add it `NOT VALID`, and `VALIDATE CONSTRAINT` in a later migration.",
        message: "every row is looked up while both tables are locked",
        tell: Some(constraint::foreign_key),
    },
    Taken {
        squawk: Squawk::DisallowedUniqueConstraint,
        id: "disallowed-unique-constraint",
        level: Level::Warn,
        finds: "`UNIQUE` as a constraint of a table that was there before",
        why: "The index behind it is built under an ACCESS EXCLUSIVE lock; and it fails if two \
              rows are alike.",
        rewrite: "Build the unique index concurrently first, then `ADD CONSTRAINT … UNIQUE USING \
                  INDEX`.",
        message: "the index behind it is built while the table is locked",
        tell: Some(constraint::unique),
    },
    Taken {
        squawk: Squawk::AddingSerialPrimaryKeyField,
        id: "adding-serial-primary-key-field",
        level: Level::Warn,
        finds: "`PRIMARY KEY` for a table that was there before",
        why: "The index behind it is built, and every row looked at for NULL, under an ACCESS \
              EXCLUSIVE lock.",
        rewrite: "Build the unique index concurrently first, over columns that are NOT NULL \
                  already, then `ADD CONSTRAINT … PRIMARY KEY USING INDEX`.",
        message: "the index behind it is built while the table is locked",
        tell: Some(constraint::primary_key),
    },
    Taken {
        squawk: Squawk::AddingNotNullableField,
        id: "adding-not-nullable-field",
        level: Level::Warn,
        finds: "`SET NOT NULL` without a validated check that says the same",
        why: "Every row is looked at under an ACCESS EXCLUSIVE lock; and it fails if one is NULL.",
        rewrite: "Add `CHECK (… IS NOT NULL) NOT VALID`; in a later migration validate it, `SET \
                  NOT NULL`, which trusts it, and drop it. From PostgreSQL 18: `ADD CONSTRAINT … \
                  NOT NULL … NOT VALID` and `VALIDATE`.",
        message: "every row is looked at while the table is locked",
        tell: Some(column::not_null),
    },
    Taken {
        squawk: Squawk::ChangingColumnType,
        id: "changing-column-type",
        level: Level::Warn,
        finds: "`ALTER COLUMN … TYPE` of a table that was there before",
        why: "Most changes write every row and index anew under an ACCESS EXCLUSIVE lock, and the \
              application that still runs may not take the new type.",
        rewrite: "Add a second column, keep both alike by a trigger, fill it in batches, change \
                  over, drop the first later.",
        message: "what is stored changes its shape, as a rule by writing every row anew",
        tell: Some(column::retyped),
    },
    Taken {
        squawk: Squawk::AddingFieldWithDefault,
        id: "adding-field-with-default",
        level: Level::Warn,
        finds: "`ADD COLUMN` with a volatile default, or generated and stored",
        why: "Every row is written anew under an ACCESS EXCLUSIVE lock. A constant default costs \
              nothing since PostgreSQL 11; before, it does the same.",
        rewrite: "Add the column without it, `SET DEFAULT` for new rows, fill the others in \
                  batches.",
        message: "every row is written anew while the table is locked",
        tell: Some(column::filled),
    },
    Taken {
        squawk: Squawk::PreferRepack,
        id: "prefer-repack",
        level: Level::Warn,
        finds: "`VACUUM FULL` and `CLUSTER`, for PostgreSQL 19 and later",
        why: "The table is written anew under an ACCESS EXCLUSIVE lock.",
        rewrite: "`REPACK (CONCURRENTLY)`, in a migration of its own with `transaction = false`.",
        message: "nobody reads or writes the table while it is written anew",
        tell: None,
    },
    Taken {
        squawk: Squawk::RequireLockTimeout,
        id: "require-lock-timeout",
        level: Level::Allow,
        finds: "statements that lock, without `SET lock_timeout` before them",
        why: "A statement that waits for a lock makes everybody behind it wait. The runner sets \
              `lock_timeout` itself, so this is for texts that are run otherwise, too.",
        rewrite: "`SET LOCAL lock_timeout = '5s'` before them.",
        message: "waits for its lock without end, where the runner's time-out is not in force",
        tell: None,
    },
    Taken {
        squawk: Squawk::RequireStatementTimeout,
        id: "require-statement-timeout",
        level: Level::Allow,
        finds: "slow statements without `SET statement_timeout` before them",
        why: "A statement that takes longer than thought holds its locks as long. The runner has a \
              setting for it, so this is for texts that are run otherwise, too.",
        rewrite: "`SET LOCAL statement_timeout = '1min'` before them.",
        message: "may run without end",
        tell: None,
    },
];
