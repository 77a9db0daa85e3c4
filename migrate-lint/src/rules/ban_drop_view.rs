//! `DROP VIEW`

use crate::reading::{Read, Reading};
use crate::report::Report;
use crate::rule::{Group, Rule};
use migrate_sql::outline::{Name, ObjectKind};
use migrate_sql::{Dialect, Level, Outline};

pub(crate) const RULE: Rule = Rule {
    id: "ban-drop-view",
    group: Group::Compatibility,
    level: Level::Warn,
    dialects: &[Dialect::Mysql, Dialect::Sqlite],
    finds: "`DROP VIEW` of a view that was there before and is not created anew",
    why: "The application that still runs fails when it reads it.",
    rewrite: "First release an application that does not read it; drop it in a later release.",
    check: Some(check),
};

fn check(reading: &Reading<'_>, report: &mut Report<'_, '_>) {
    for read in &reading.statements {
        for view in dropped(read) {
            let is_new = reading.earlier(read, view).any(|earlier| earlier.gives(view));
            if !is_new && !reading.is_given_again(read, view) {
                let message = format!("what still reads `{}` fails", view.value());
                report.span(read, view.span(), message);
            }
        }
    }
}

fn dropped<'r, 'a>(read: &'r Read<'a>) -> &'r [Name<'a>] {
    match &read.outline {
        Outline::Drop(drop) if drop.kind == ObjectKind::View => &drop.names,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tested::found_in;

    #[test]
    fn for_good() {
        assert_eq!(found_in(&RULE, Dialect::Mysql, "DROP VIEW a, b"), ["a", "b"]);
    }

    #[test]
    fn a_changed_view_is_dropped_and_created() {
        let sql = "DROP VIEW a; CREATE VIEW a AS SELECT 1";
        assert_eq!(found_in(&RULE, Dialect::Sqlite, sql), [""; 0]);
    }
}
