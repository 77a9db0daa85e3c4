//! Statements that only read, so that running them twice is as good as once.

use super::{Reader, Statement};
use crate::statement::StatementKind;
use crate::text::{Dialect, Token, TokenKind};

/// Whether the statement is known to change nothing, neither rows nor a sequence. What calls a function that is not
/// known here may change anything.
pub(super) fn only(statement: &Statement<'_>) -> bool {
    match (statement.kind(), statement.dialect()) {
        (StatementKind::Query, dialect) => is_query_that_reads(Reader::new(statement), dialect),
        (StatementKind::SessionSetting, Dialect::Sqlite) => pragma(Reader::new(statement)),
        (
            StatementKind::Ddl
            | StatementKind::Dml
            | StatementKind::TransactionControl
            | StatementKind::SessionSetting
            | StatementKind::Maintenance
            | StatementKind::Routine
            | StatementKind::Unknown,
            _,
        ) => false,
    }
}

fn is_query_that_reads(mut words: Reader<'_>, dialect: Dialect) -> bool {
    let first = words.clone().keyword();
    // They write files, or move a cursor.
    if matches!(first.as_str(), "COPY" | "DECLARE" | "FETCH" | "HANDLER" | "MOVE") {
        return false;
    }
    let mut before: [Option<Token<'_>>; 2] = [None, None];
    while let Some(token) = words.next() {
        let called = words.peek().is_some_and(|next| next.kind() == TokenKind::OpenParen);
        if writes(&token, dialect) || (called && !may_call(&token, before, dialect)) {
            return false;
        }
        before = [before[1], Some(token)];
    }
    true
}

/// Whether a word or mark writes by itself, wherever in a query it stands.
fn writes(token: &Token<'_>, dialect: Dialect) -> bool {
    match dialect {
        // `SELECT … INTO OUTFILE`, `SELECT … INTO @a`, `SELECT @a := 1`, `NEXT VALUE FOR a`, `a.nextval`.
        Dialect::Mysql => token.is_any_word(&["INTO", "NEXT", "NEXTVAL"]) || token.is_mark(":="),
        Dialect::Postgres | Dialect::Sqlite => false,
    }
}

/// Whether a word before a parenthesis calls nothing, or a function that only reads.
fn may_call(token: &Token<'_>, before: [Option<Token<'_>>; 2], dialect: Dialect) -> bool {
    let name = token.text().to_ascii_lowercase();
    match token.kind() {
        TokenKind::Word => {}
        // A function may be called by its name in quotes.
        TokenKind::QuotedIdentifier => return dialect == Dialect::Sqlite,
        _ => return true,
    }
    if dialect == Dialect::Sqlite {
        return name != "load_extension";
    }
    let is_dot = |token: Option<Token<'_>>| token.is_some_and(|token| token.is_mark("."));
    if is_dot(before[1]) {
        let builtin = before[0].is_some_and(|schema| schema.is_word("pg_catalog"));
        return builtin && FUNCTIONS.binary_search(&name.as_str()).is_ok();
    }
    [FUNCTIONS, WORDS].iter().any(|known| known.binary_search(&name.as_str()).is_ok())
}

/// Whether a `PRAGMA` asks and sets nothing.
fn pragma(mut words: Reader<'_>) -> bool {
    if !words.eat("PRAGMA") {
        return false;
    }
    let mut name = words.keyword();
    if words.eat_mark(".") {
        name = words.keyword();
    }
    let name = name.to_ascii_lowercase();
    if words.is_at_end() {
        return !["incremental_vacuum", "optimize", "shrink_memory", "wal_checkpoint"]
            .contains(&name.as_str());
    }
    PRAGMAS.binary_search(&name.as_str()).is_ok()
}

/// The `PRAGMA`s whose argument says what is asked about.
const PRAGMAS: &[&str] = &[
    "foreign_key_check",
    "foreign_key_list",
    "index_info",
    "index_list",
    "index_xinfo",
    "integrity_check",
    "quick_check",
    "table_info",
    "table_list",
    "table_xinfo",
];

/// What may stand before a parenthesis and is no function: keywords, and types that have a size.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "all", "and", "any", "array", "as", "between", "bit", "by", "case", "cast", "character", "columns", "cube", "dec",
    "decimal", "distinct", "else", "except", "exists", "explain", "filter", "float", "for", "from", "group", "having", "in",
    "index", "intersect", "interval", "is", "join", "key", "lateral", "like", "limit", "materialized", "not", "numeric",
    "offset", "on", "or", "over", "partition", "path", "recursive", "rollup", "row", "rows", "select", "sets", "some",
    "then", "union", "using", "values", "varbinary", "varbit", "varchar", "varying", "when", "where", "with",
];

/// Functions of PostgreSQL, MySQL and MariaDB that change nothing.
#[rustfmt::skip]
const FUNCTIONS: &[&str] = &[
    "abs", "acos", "adddate", "addtime", "age", "array_agg", "array_append", "array_cat", "array_fill", "array_length",
    "array_lower", "array_ndims", "array_position", "array_positions", "array_prepend", "array_remove", "array_replace",
    "array_to_json", "array_to_string", "array_upper", "ascii", "asin", "atan", "atan2", "avg", "bin", "bit_and",
    "bit_count", "bit_length", "bit_or", "bit_xor", "bool_and", "bool_or", "btrim", "cardinality", "cbrt", "ceil",
    "ceiling", "char", "char_length", "character_length", "charset", "chr", "clock_timestamp", "coalesce",
    "col_description", "collation", "concat", "concat_ws", "connection_id", "conv", "convert", "convert_from", "convert_to",
    "convert_tz", "corr", "cos", "cot", "count", "crc32", "cume_dist", "curdate", "current_database", "current_date",
    "current_schema", "current_schemas", "current_setting", "current_time", "current_timestamp", "current_user", "curtime",
    "database", "date", "date_add", "date_bin", "date_format", "date_part", "date_sub", "date_trunc", "datediff", "day",
    "dayname", "dayofmonth", "dayofweek", "dayofyear", "decode", "degrees", "dense_rank", "div", "elt", "encode", "every",
    "exp", "export_set", "extract", "factorial", "field", "find_in_set", "first_value", "floor", "format", "format_type",
    "from_base64", "from_days", "from_unixtime", "gcd", "gen_random_uuid", "generate_series", "generate_subscripts",
    "get_bit", "get_byte", "greatest", "group_concat", "grouping", "has_any_column_privilege", "has_column_privilege",
    "has_database_privilege", "has_function_privilege", "has_schema_privilege", "has_sequence_privilege",
    "has_table_privilege", "hex", "hour", "if", "ifnull", "inet_aton", "inet_ntoa", "initcap", "insert", "instr",
    "isfinite", "isnull", "json_agg", "json_array", "json_array_elements", "json_array_elements_text", "json_array_length",
    "json_arrayagg", "json_build_array", "json_build_object", "json_contains", "json_contains_path", "json_depth",
    "json_each", "json_each_text", "json_exists", "json_extract", "json_extract_path", "json_extract_path_text",
    "json_insert", "json_keys", "json_length", "json_merge_patch", "json_merge_preserve", "json_object", "json_object_agg",
    "json_object_keys", "json_objectagg", "json_overlaps", "json_populate_record", "json_query", "json_quote",
    "json_remove", "json_replace", "json_search", "json_set", "json_strip_nulls", "json_table", "json_to_record",
    "json_to_recordset", "json_type", "json_typeof", "json_unquote", "json_valid", "json_value", "jsonb_agg",
    "jsonb_array_elements", "jsonb_array_elements_text", "jsonb_array_length", "jsonb_build_array", "jsonb_build_object",
    "jsonb_each", "jsonb_each_text", "jsonb_extract_path", "jsonb_extract_path_text", "jsonb_insert", "jsonb_object",
    "jsonb_object_agg", "jsonb_object_keys", "jsonb_path_exists", "jsonb_path_query", "jsonb_pretty", "jsonb_set",
    "jsonb_strip_nulls", "jsonb_to_record", "jsonb_to_recordset", "jsonb_typeof", "justify_days", "justify_hours",
    "justify_interval", "lag", "last_day", "last_value", "lcase", "lcm", "lead", "least", "left", "length", "ln",
    "localtime", "localtimestamp", "locate", "log", "log10", "log2", "lower", "lpad", "ltrim", "make_date", "make_interval",
    "make_set", "make_time", "make_timestamp", "make_timestamptz", "makedate", "maketime", "max", "md5", "microsecond",
    "mid", "min", "minute", "mod", "mode", "month", "monthname", "now", "nth_value", "ntile", "nullif", "num_nonnulls",
    "num_nulls", "obj_description", "oct", "octet_length", "ord", "overlay", "percent_rank", "percentile_cont",
    "percentile_disc", "period_add", "period_diff", "pg_backend_pid", "pg_column_size", "pg_database_size",
    "pg_encoding_to_char", "pg_function_is_visible", "pg_get_constraintdef", "pg_get_expr",
    "pg_get_function_identity_arguments", "pg_get_functiondef", "pg_get_indexdef", "pg_get_serial_sequence",
    "pg_get_triggerdef", "pg_get_userbyid", "pg_get_viewdef", "pg_indexes_size", "pg_relation_size", "pg_size_pretty",
    "pg_table_is_visible", "pg_table_size", "pg_total_relation_size", "pg_type_is_visible", "pg_typeof", "pi", "position",
    "pow", "power", "quarter", "quote", "quote_ident", "quote_literal", "quote_nullable", "radians", "rand", "random",
    "rank", "regexp_count", "regexp_instr", "regexp_like", "regexp_match", "regexp_matches", "regexp_replace",
    "regexp_split_to_array", "regexp_split_to_table", "regexp_substr", "repeat", "replace", "reverse", "right", "round",
    "row_number", "row_to_json", "rpad", "rtrim", "schema", "sec_to_time", "second", "session_user", "sha1", "sha2",
    "sha224", "sha256", "sha384", "sha512", "shobj_description", "sign", "sin", "soundex", "space", "split_part", "sqrt",
    "starts_with", "statement_timestamp", "std", "stddev", "stddev_pop", "stddev_samp", "str_to_date", "strcmp",
    "string_agg", "string_to_array", "string_to_table", "strpos", "subdate", "substr", "substring", "substring_index",
    "subtime", "sum", "sysdate", "system_user", "tan", "time", "time_format", "time_to_sec", "timediff", "timestamp",
    "timestampadd", "timestampdiff", "to_base64", "to_char", "to_date", "to_days", "to_hex", "to_json", "to_jsonb",
    "to_number", "to_regclass", "to_regnamespace", "to_regproc", "to_regprocedure", "to_regrole", "to_regtype",
    "to_seconds", "to_timestamp", "to_tsquery", "to_tsvector", "translate", "trim", "trunc", "truncate", "ucase", "unhex",
    "unix_timestamp", "unnest", "upper", "user", "utc_date", "utc_time", "utc_timestamp", "uuid", "var_pop", "var_samp",
    "variance", "version", "week", "weekday", "weekofyear", "width_bucket", "year", "yearweek",
];

#[cfg(test)]
mod tests {
    use super::{FUNCTIONS, PRAGMAS, WORDS};
    use crate::statement::split;
    use crate::text::Dialect::{self, Mysql, Postgres, Sqlite};

    #[test]
    fn the_lists_are_searched_by_halves() {
        for list in [FUNCTIONS, PRAGMAS, WORDS] {
            let out_of_order = list.windows(2).find(|pair| pair[0] >= pair[1]);
            assert_eq!(out_of_order, None);
        }
    }

    fn reads(sql: &str, dialect: Dialect) -> bool {
        split(sql, dialect).unwrap()[0].only_reads()
    }

    #[test]
    fn what_only_reads_may_be_read_again() {
        let everywhere = [
            "SELECT count(*) FROM a WHERE b IN (1, 2) AND (c OR lower(d) LIKE 'x%')",
            "WITH a AS (SELECT 1) SELECT max(b) FROM a JOIN c USING (d)",
            "SELECT id FROM a ORDER BY id LIMIT 10",
            "SELECT CAST(a AS decimal(10, 2)), coalesce(b, '') FROM c",
        ];
        for (sql, dialect) in everywhere.iter().flat_map(|sql| Dialect::ALL.map(|d| (*sql, d))) {
            assert!(reads(sql, dialect), "{sql} in {dialect}");
        }
        let one = [
            ("SELECT a FROM b FOR UPDATE SKIP LOCKED", Postgres),
            ("SELECT pg_catalog.count(*) FROM a", Postgres),
            ("SHOW search_path", Postgres),
            ("SELECT a FROM b FOR UPDATE", Mysql),
            ("SHOW COLUMNS FROM a", Mysql),
            ("PRAGMA table_info(a)", Sqlite),
            ("PRAGMA main.user_version", Sqlite),
            ("SELECT highlight(a, 1, 'b', 'c') FROM a", Sqlite),
        ];
        for (sql, dialect) in one {
            assert!(reads(sql, dialect), "{sql} in {dialect}");
        }
    }

    #[test]
    fn what_writes_while_it_answers_does_not_only_read() {
        let writes = [
            ("SELECT nextval('a')", Postgres),
            ("SELECT setval('a', 1)", Postgres),
            ("SELECT a.lower(b) FROM c", Postgres),
            ("SELECT \"archive\"(1)", Postgres),
            ("SELECT * FROM archive(1)", Postgres),
            ("INSERT INTO a VALUES (1) RETURNING b", Postgres),
            ("WITH a AS (DELETE FROM b RETURNING *) SELECT count(*) FROM a", Postgres),
            ("SELECT 1 AS a INTO b", Postgres),
            ("EXPLAIN ANALYZE DELETE FROM a", Postgres),
            ("SELECT archive(1)", Mysql),
            ("SELECT NEXT VALUE FOR a", Mysql),
            ("SELECT nextval(a)", Mysql),
            ("SELECT @a := 1", Mysql),
            ("SELECT 1 INTO @a", Mysql),
            ("SELECT last_insert_id(5)", Mysql),
            ("SELECT get_lock('a', 1)", Mysql),
            ("CALL a()", Mysql),
            ("DO a()", Mysql),
            ("INSERT INTO a VALUES (1) RETURNING b", Mysql),
            ("DELETE FROM a RETURNING b", Sqlite),
            ("PRAGMA user_version = 2", Sqlite),
            ("PRAGMA user_version(2)", Sqlite),
            ("PRAGMA wal_checkpoint", Sqlite),
        ];
        for (sql, dialect) in writes {
            assert!(!reads(sql, dialect), "{sql} in {dialect}");
        }
    }
}
