//! `DROP FOREIGN KEY`

use crate::reading::{Read, Reading};
use crate::report::Report;
use crate::rule::{Group, Rule};
use migrate_sql::outline::{Action, ConstraintKind, Name};
use migrate_sql::{Dialect, Level, Outline};

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

fn check(reading: &Reading<'_>, report: &mut Report<'_, '_>) {
    for (read, alter, action, span) in reading.changes() {
        let Action::DropConstraint { what: "FOREIGN KEY", name: Some(name), .. } = action else {
            continue;
        };
        let mut later = reading.later(read, &alter.name);
        if !adds_key(read, &alter.name) && !later.any(|read| adds_key(read, &alter.name)) {
            let message = format!("nothing keeps what `{}` kept together", name.value());
            report.span(read, span, message);
        }
    }
}

fn adds_key(read: &Read<'_>, table: &Name<'_>) -> bool {
    let Outline::AlterTable(alter) = &read.outline else { return false };
    let is_key = |(action, _): &(Action<'_>, _)| {
        matches!(action, Action::AddConstraint(constraint)
            if matches!(constraint.kind, ConstraintKind::ForeignKey(_)))
    };
    alter.name.is_same(table) && alter.actions.iter().any(is_key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tested::found_in;

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
