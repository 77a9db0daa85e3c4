//! Tables without a primary key

use crate::names::Names;
use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::ddl::{Action, ConstraintKind, CreateTable};
use migrate_sql::{Ddl, Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "missing-primary-key",
    group: Group::Design,
    level: Level::Allow,
    dialects: &Dialect::ALL,
    finds: "`CREATE TABLE` without a primary key",
    why: "Two rows may be alike, and then none of them can be named; logical replication refuses \
          to change them.",
    rewrite: "Give it a primary key.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    let mut keyed = Names::default();
    for read in &script.statements {
        if let Ddl::AlterTable(alter) = &read.ddl
            && alter.actions.iter().any(|(action, _)| adds_key(action))
        {
            keyed.insert(&alter.name, ());
        }
    }
    for read in &script.statements {
        let Ddl::CreateTable(create) = &read.ddl else { continue };
        let has_its_own = !(create.temporary
            || create.foreign
            || create.partition_of.is_some()
            || create.as_query
            || create.like);
        if has_its_own && !has_key(create) && !keyed.holds(&create.name) {
            report.statement(read, format!("`{}` has no primary key", create.name.text()));
        }
    }
}

fn has_key(create: &CreateTable<'_>) -> bool {
    let of_table = |kind: &ConstraintKind<'_>| *kind == ConstraintKind::PrimaryKey;
    create.columns.iter().any(|column| column.primary_key)
        || create.constraints.iter().any(|constraint| of_table(&constraint.kind))
        // PostgreSQL's `INHERITS` takes columns, not the key; one may follow from elsewhere.
        || create.options.to_ascii_uppercase().contains("INHERITS")
}

fn adds_key(action: &Action<'_>) -> bool {
    match action {
        Action::AddConstraint(constraint) => constraint.kind == ConstraintKind::PrimaryKey,
        Action::AddColumn { column, .. } => column.primary_key,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn without_one() {
        let sql = "CREATE TABLE a (b int UNIQUE, primary_key int)";
        for dialect in Dialect::ALL {
            assert_eq!(found_in(&RULE, dialect, sql), [sql]);
        }
    }

    #[test]
    fn with_one_or_without_need() {
        for sql in [
            "CREATE TABLE a (b int PRIMARY KEY)",
            "CREATE TABLE a (b int, c int, PRIMARY KEY (b, c))",
            "CREATE TABLE a (b int); ALTER TABLE a ADD PRIMARY KEY (b)",
            "CREATE TEMP TABLE a (b int)",
            "CREATE TABLE a AS SELECT 1",
            "CREATE TABLE a (LIKE b INCLUDING ALL)",
            "CREATE TABLE a PARTITION OF b DEFAULT",
        ] {
            assert_eq!(found_in(&RULE, Dialect::Postgres, sql), [""; 0], "{sql}");
        }
    }
}
