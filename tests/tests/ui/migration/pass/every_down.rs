use migrate_core::__private::{Body, Declaration, Down, inventory};
use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001", down = "DROP TABLE a")]
fn by_a_literal() -> &'static str {
    "CREATE TABLE a (id BIGINT)"
}

#[migration(rev = "002", down = concat!("DROP", " TABLE b"))]
fn by_a_macro() -> &'static str {
    "CREATE TABLE b (id BIGINT)"
}

#[migration(rev = "003", down = drop_c)]
fn by_a_function() -> &'static str {
    "CREATE TABLE c (id BIGINT)"
}

fn drop_c() -> &'static str {
    "DROP TABLE c"
}

#[migration(rev = "004", down = dialects::drop_d)]
fn by_a_function_elsewhere() -> &'static str {
    "CREATE TABLE d (id BIGINT)"
}

mod dialects {
    use migrate_core::prelude::*;

    pub fn drop_d(dialect: Dialect) -> String {
        format!("DROP TABLE d -- {dialect}")
    }
}

#[migration(rev = "005", down = drop_e)]
fn by_code() -> &'static str {
    "CREATE TABLE e (id BIGINT)"
}

async fn drop_e(db: &mut Db) -> Result<()> {
    db.execute("DROP TABLE e").await?;
    Ok(())
}

#[migration(rev = "006", down = irreversible)]
fn not_at_all() -> &'static str {
    "DROP TABLE e"
}

#[migration(rev = "007", kind = data)]
fn nothing_to_undo() -> &'static str {
    "UPDATE a SET id = id + 1 WHERE id > 0"
}

fn main() {
    let mut all: Vec<_> = inventory::iter::<Declaration>.into_iter().collect();
    all.sort_by_key(|declaration| declaration.rev);
    let downs: Vec<_> = all.iter().map(|declaration| (declaration.down)()).collect();
    assert!(matches!(
        *downs,
        [
            Down::Body(Body::Sql(_)),
            Down::Body(Body::Sql(_)),
            Down::Body(Body::Sql(_)),
            Down::Body(Body::Sql(_)),
            Down::Body(Body::Code(_)),
            Down::Irreversible,
            Down::Nothing,
        ]
    ));
}
