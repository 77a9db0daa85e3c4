//! Tables with capital letters.

use crate::rule::{Group, Report, Rule};
use crate::script::{ParsedScript, ParsedStatement};
use migrate_sql::ddl::Name;
use migrate_sql::{Ddl, Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "mixed-case-name",
    group: Group::Design,
    level: Level::Allow,
    dialects: &[Dialect::Mysql],
    finds: "a table that is given a name with capital letters",
    why: "Whether `Users` and `users` are the same table depends on the server's file system and settings: what \
         runs on Windows or macOS fails on Linux.",
    rewrite: "Write names of tables in small letters.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        for name in given(read) {
            if name.value().chars().any(char::is_uppercase) {
                let message = format!("`{}` has another name on some servers", name.value());
                report.span(read, name.span(), message);
            }
        }
    }
}

fn given<'r, 'a>(read: &'r ParsedStatement<'a>) -> Vec<&'r Name<'a>> {
    match &read.ddl {
        Ddl::CreateTable(create) => vec![&create.name],
        _ => read.renamed_tables().into_iter().map(|(_, to)| to).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn given_to_tables() {
        let sql = "CREATE TABLE `Users` (Id INT); RENAME TABLE a TO b, c TO orderLines; ALTER TABLE D ADD E INT";
        assert_eq!(found_in(&RULE, Dialect::Mysql, sql), ["`Users`", "orderLines"]);
    }
}
