use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001")]
fn after_escapes() -> &'static str {
    "CREATE TABLE a (\"id\" BIGINT);\n\
     CREATE TABLE b (id BIGINT DEFAULT 'x)"
}

#[migration(rev = "002")]
fn in_one_of_several() -> Vec<&'static str> {
    vec!["CREATE TABLE c (id BIGINT)", "CREATE TABLE d (id BIGINT) /* and"]
}

macro_rules! table {
    ($rev:literal, $function:ident, $type:literal) => {
        #[migration(rev = $rev, down = "DROP TABLE e")]
        fn $function() -> &'static str {
            concat!("CREATE TABLE e (id ", $type, ")")
        }
    };
}

table!("003", in_a_macro, "BIGINT DEFAULT 'x");

fn main() {}
