//! `DEFINER =`

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::{Ddl, Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "definer",
    group: Group::Security,
    level: Level::Warn,
    dialects: &[Dialect::Mysql],
    finds: "`DEFINER =` of a named user in a view, routine, trigger or event",
    why: "It runs with the rights of that user: where there is none of that name, in a test or after a restore, it \
          is created and fails when it is used.",
    rewrite: "Leave it out, so that it belongs to who migrates, or say `SQL SECURITY INVOKER`.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        if !matches!(&read.ddl, Ddl::Create(create) if create.definer) {
            continue;
        }
        let code = read.code();
        let place = code.windows(3).find(|place| {
            matches!(place, [word, equals, _] if word.is_word("DEFINER") && equals.is_mark("="))
        });
        if let Some([word, _, user]) = place
            && !user.is_any_word(&["CURRENT_USER", "CURRENT_ROLE"])
        {
            let message = format!(
                "fails where there is no user `{}`",
                user.text().trim_matches(['\'', '"', '`'])
            );
            report.span(read, word.start()..user.end(), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{found_in, messages};

    #[test]
    fn by_name() {
        let sql = "CREATE DEFINER=`root`@`localhost` VIEW a AS SELECT 1";
        assert_eq!(found_in(&RULE, Dialect::Mysql, sql), ["DEFINER=`root`"]);
        assert_eq!(messages(&RULE, Dialect::Mysql, sql), ["fails where there is no user `root`"]);
        let sql = "CREATE OR REPLACE DEFINER = admin TRIGGER a BEFORE INSERT ON b FOR EACH ROW SET NEW.c = 1";
        assert_eq!(found_in(&RULE, Dialect::Mysql, sql), ["DEFINER = admin"]);
    }

    #[test]
    fn who_migrates() {
        for sql in [
            "CREATE VIEW a AS SELECT 1",
            "CREATE SQL SECURITY DEFINER VIEW a AS SELECT 1",
            "CREATE DEFINER = CURRENT_USER() VIEW a AS SELECT 1",
        ] {
            assert_eq!(found_in(&RULE, Dialect::Mysql, sql), [""; 0]);
        }
    }
}
