use migrate_core::__private::{Declaration, SqlSource, inventory};
use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001", down = "DROP \
    TABLE a")]
fn a_literal() -> &'static str {
    "CREATE TABLE a (id BIGINT);\n\
     CREATE TABLE b (id BIGINT)"
}

#[migration(rev = "002", down = irreversible)]
fn a_raw_literal() -> Sql {
    let _first = "something else";
    Sql::new(r#"
        CREATE TABLE "c" (id BIGINT)
    "#)
}

#[migration(rev = "003", down = include_str!("places_of_sql.sql"))]
fn a_file() -> &'static str {
    include_str!("places_of_sql.sql")
}

#[migration(rev = "004", down = irreversible)]
fn not_a_literal() -> String {
    "CREATE TABLE d (id BIGINT)".replace('d', "e")
}

macro_rules! table {
    ($rev:literal, $function:ident, $sql:literal) => {
        #[migration(rev = $rev, down = irreversible)]
        fn $function() -> &'static str {
            $sql
        }
    };
}

table!("005", by_a_macro, "CREATE TABLE f (id BIGINT)");

fn main() {
    let mut all: Vec<_> = inventory::iter::<Declaration>.into_iter().collect();
    all.sort_by_key(|declaration| declaration.rev);
    let here = |source: Option<SqlSource>, expected: &[(usize, usize, usize)]| {
        let source = source.unwrap();
        assert_eq!(source.file, file!());
        assert_eq!(segments(&source), expected);
    };
    here(all[0].up_source, &[(0, 9, 6), (28, 10, 6)]);
    here(all[0].down_source, &[(0, 6, 34), (5, 7, 5)]);
    here(all[1].up_source, &[(0, 16, 17)]);
    here(all[4].up_source, &[(0, 40, 28)]);

    for source in [all[2].up_source.unwrap(), all[2].down_source.unwrap()] {
        assert_eq!(source.file, file!().replace(".rs", ".sql"));
        assert_eq!(segments(&source), [(0, 1, 1)]);
    }
    assert_eq!(all[3].up_source, None);
}

fn segments(source: &SqlSource) -> Vec<(usize, usize, usize)> {
    source.segments.iter().map(|segment| (segment.offset, segment.line, segment.column)).collect()
}
