//! Routines, triggers and events.

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::ddl::ObjectKind;
use migrate_sql::{Ddl, Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "stored-routine",
    group: Group::Design,
    level: Level::Allow,
    dialects: &[Dialect::Mysql],
    finds: "functions, procedures, triggers and events",
    why: "They are a part of the application that is released, tested and read elsewhere than the rest.",
    rewrite: "Let the application do it, if that is where your team looks.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        if let Ddl::Create(create) = &read.ddl
            && matches!(
                create.kind,
                ObjectKind::Function
                    | ObjectKind::Procedure
                    | ObjectKind::Trigger
                    | ObjectKind::Event
                    | ObjectKind::Package
            )
        {
            report.statement(read, format!("`{}` keeps code in the database", create.kind.words()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn of_every_kind() {
        for sql in [
            "CREATE FUNCTION a() RETURNS INT RETURN 1",
            "CREATE PROCEDURE a() SELECT 1",
            "CREATE TRIGGER a BEFORE INSERT ON b FOR EACH ROW SET NEW.c = 1",
            "CREATE EVENT a ON SCHEDULE EVERY 1 DAY DO DELETE FROM b WHERE c",
        ] {
            assert_eq!(found_in(&RULE, Dialect::Mysql, sql), [sql]);
        }
        assert_eq!(found_in(&RULE, Dialect::Mysql, "CREATE VIEW a AS SELECT 1"), [""; 0]);
    }
}
