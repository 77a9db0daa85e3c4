//! `ROW_FORMAT`, `KEY_BLOCK_SIZE` and compression.

use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::{Ddl, Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "row-format",
    group: Group::Design,
    level: Level::Allow,
    dialects: &[Dialect::Mysql],
    finds: "`ROW_FORMAT`, `KEY_BLOCK_SIZE`, `COMPRESSION` and `PAGE_COMPRESSED`",
    why: "How rows are stored is the server's affair: a compressed table costs time at every read and write, can \
         have no column added at once, and is refused by managed servers.",
    rewrite: "Leave it out.",
    check: Some(check),
};

const OPTIONS: &[&str] = &["ROW_FORMAT", "KEY_BLOCK_SIZE", "COMPRESSION", "PAGE_COMPRESSED"];

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        if !matches!(read.ddl, Ddl::CreateTable(_) | Ddl::AlterTable(_)) {
            continue;
        }
        let code = read.outer_code();
        for place in code.windows(2) {
            let [option, value] = place else { continue };
            let is_option =
                value.is_mark("=") || option.is_any_word(&["ROW_FORMAT", "KEY_BLOCK_SIZE"]);
            if option.is_any_word(OPTIONS) && is_option {
                report.span(read, option.span(), "says how rows are stored");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn of_tables() {
        let sql = "CREATE TABLE a (row_format INT) row_format COMPRESSED KEY_BLOCK_SIZE = 8; \
                   ALTER TABLE a ROW_FORMAT=DYNAMIC; ALTER TABLE a ADD compression INT";
        let places = ["row_format", "KEY_BLOCK_SIZE", "ROW_FORMAT"];
        assert_eq!(found_in(&RULE, Dialect::Mysql, sql), places);
    }
}
