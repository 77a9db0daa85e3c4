//! Names that are words of SQL

use super::created::created;
use crate::rule::{Group, Report, Rule};
use crate::script::ParsedScript;
use migrate_sql::{Dialect, Level};

pub(crate) const RULE: Rule = Rule {
    id: "reserved-word",
    group: Group::Design,
    level: Level::Allow,
    dialects: &Dialect::ALL,
    finds: "names of what is made that are reserved words in PostgreSQL, MySQL, MariaDB or SQLite",
    why: "The name needs quotes wherever it is used, or will need them on another server.",
    rewrite: "Choose another name: `orders` for `order`, `app_user` for `user`.",
    check: Some(check),
};

fn check(script: &ParsedScript<'_>, report: &mut Report<'_, '_>) {
    for read in &script.statements {
        for name in created(read) {
            let value = name.value();
            if RESERVED.binary_search(&&*value.to_lowercase()).is_ok() {
                let start = name.offset();
                report.span(
                    read,
                    start..start + name.text().len(),
                    format!("`{value}` is a reserved word"),
                );
            }
        }
    }
}

/// Words that may not name a table or a column without quotes, in at least one of them.
#[rustfmt::skip]
const RESERVED: &[&str] = &[
    "add", "all", "alter", "analyze", "and", "any", "array", "as", "asc", "between", "both", "by", "call", "cascade",
    "case", "cast", "change", "check", "collate", "column", "commit", "condition", "constraint", "convert", "create",
    "cross", "cube", "current_date", "current_role", "current_time", "current_timestamp", "current_user", "cursor",
    "database", "databases", "default", "deferrable", "delete", "desc", "describe", "distinct", "div", "do", "drop",
    "each", "else", "end", "escape", "except", "exists", "explain", "false", "fetch", "for", "force", "foreign", "from",
    "full", "fulltext", "function", "generated", "grant", "group", "grouping", "groups", "having", "if", "ignore", "in",
    "index", "initially", "inner", "insert", "intersect", "interval", "into", "is", "isnull", "join", "key", "keys",
    "kill", "lateral", "leading", "leave", "left", "like", "limit", "lines", "load", "localtime", "localtimestamp",
    "lock", "long", "loop", "match", "mod", "natural", "not", "nothing", "notnull", "null", "of", "offset", "on", "only",
    "optimize", "option", "or", "order", "outer", "over", "partition", "placing", "precision", "primary", "procedure",
    "purge", "range", "rank", "read", "recursive", "references", "regexp", "release", "rename", "repeat", "replace",
    "require", "restrict", "return", "returning", "revoke", "right", "row", "row_number", "rows", "schema", "schemas",
    "select", "separator", "session_user", "set", "show", "signal", "similar", "some", "sql", "starting", "system",
    "table", "then", "to", "trailing", "transaction", "trigger", "true", "undo", "union", "unique", "unlock", "unsigned",
    "update", "usage", "use", "user", "using", "values", "variadic", "when", "where", "while", "window", "with", "write",
    "xor", "zerofill",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::found_in;

    #[test]
    fn the_words_are_sorted() {
        assert!(RESERVED.is_sorted());
    }

    #[test]
    fn reserved_or_not() {
        let sql = "CREATE TABLE \"Order\" (\"user\" int, id int, name text)";
        assert_eq!(found_in(&RULE, Dialect::Postgres, sql), ["\"Order\"", "\"user\""]);
        assert_eq!(found_in(&RULE, Dialect::Mysql, "ALTER TABLE a ADD `rank` int"), ["`rank`"]);
        let sql = "CREATE TABLE orders (user_id int); ALTER TABLE \"order\" ADD b int";
        assert_eq!(found_in(&RULE, Dialect::Sqlite, sql), [""; 0]);
    }
}
