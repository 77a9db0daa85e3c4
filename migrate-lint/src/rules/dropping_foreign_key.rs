//! `DROP FOREIGN KEY`

use crate::rule::{Group, Report, Rule};
use crate::script::{ParsedScript, ParsedStatement};
use migrate_sql::ddl::{Action, ConstraintKind, Name};
use migrate_sql::{Ddl, Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "dropping-foreign-key",
    group: Group::DataLoss,
    level: Level::Warn,
    dialects: &[Dialect::Mysql],
    finds: "`DROP FOREIGN KEY` that no other foreign key of the table follows",
    why: "From then on rows can refer to what is not there, and deletes no longer cascade; once that has happened, \
         the key cannot be added again.",
    rewrite: "Waive the rule with the reason, or add the key that takes its place in the same migration.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for (read, alter, action, span) in script.changes() {
        let Action::DropConstraint { what: "FOREIGN KEY", name: Some(name), .. } = action else {
            continue;
        };
        let mut later = script.later(read, &alter.name);
        if !adds_key(read, &alter.name) && !later.any(|read| adds_key(read, &alter.name)) {
            let message = format!("nothing keeps what `{}` kept together", name.value());
            report.span(read, span, message);
        }
    }
}

fn adds_key(read: &ParsedStatement<'_>, table: &Name<'_>) -> bool {
    let Ddl::AlterTable(alter) = &read.ddl else { return false };
    let is_key = |(action, _): &(Action<'_>, _)| {
        matches!(action, Action::AddConstraint(constraint)
            if matches!(constraint.kind, ConstraintKind::ForeignKey(_)))
    };
    alter.name.is_same(table) && alter.actions.iter().any(is_key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn for_good() {
        let sql = "ALTER TABLE a DROP FOREIGN KEY b; ALTER TABLE other ADD FOREIGN KEY (d) REFERENCES e (f)";
        assert_eq!(found_in(&RULE, Dialect::Mysql, sql), ["DROP FOREIGN KEY b"]);
    }

    #[test]
    fn for_another() {
        let key = "ADD FOREIGN KEY (c) REFERENCES d (e) ON DELETE CASCADE";
        for sql in [
            format!("ALTER TABLE a DROP FOREIGN KEY b, {key}"),
            format!("ALTER TABLE a DROP FOREIGN KEY b; ALTER TABLE a {key}"),
        ] {
            assert_eq!(found_in(&RULE, Dialect::Mysql, &sql), [""; 0]);
        }
    }
}
