//! `DROP VIEW`

use crate::rule::{Group, Report, Rule};
use crate::script::{ParsedScript, ParsedStatement};
use migrate_sql::ddl::{Name, ObjectKind};
use migrate_sql::{Ddl, Dialect, Level};

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

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        for view in dropped(read) {
            let is_new = script.earlier(read, view).any(|earlier| earlier.gives(view));
            if !is_new && !script.is_given_again(read, view) {
                let message = format!("what still reads `{}` fails", view.value());
                report.span(read, view.span(), message);
            }
        }
    }
}

fn dropped<'r, 'a>(read: &'r ParsedStatement<'a>) -> &'r [Name<'a>] {
    match &read.ddl {
        Ddl::Drop(drop) if drop.kind == ObjectKind::View => &drop.names,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

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
