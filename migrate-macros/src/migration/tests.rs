//! The expansion of each kind of migration, compared with a golden file. `BLESS=1 cargo test` rewrites the files.

use std::path::Path;
use std::{env, fs};

use syn::{Expr, File, Item, Stmt, parse_quote};

/// Expands `#[migration(arguments)] item`. Both are parsed from text, so that their tokens have a place.
fn check(golden: &str, arguments: &str, item: &str) {
    let expansion = super::migration(arguments.parse().unwrap(), &item.parse().unwrap());
    let written = prettyplease::unparse(&readable(syn::parse2(expansion).unwrap()));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/migration/golden").join(golden);
    if env::var_os("BLESS").is_some() {
        fs::write(&path, &written).unwrap();
    }
    assert_eq!(written, fs::read_to_string(&path).unwrap(), "{golden}; BLESS=1 rewrites it");
}

/// Turns `submit!` into a function call: prettyplease leaves the tokens of macros on one line.
fn readable(mut file: File) -> File {
    let statements = file.items.iter_mut().filter_map(|item| match item {
        Item::Const(registration) => match &mut *registration.expr {
            Expr::Block(block) => Some(&mut block.block.stmts),
            _ => None,
        },
        _ => None,
    });
    for statement in statements.flatten() {
        // Calls that emit warnings have no arguments, and are readable.
        if let Stmt::Macro(call) = statement
            && !call.mac.tokens.is_empty()
        {
            let (path, declaration) = (&call.mac.path, call.mac.parse_body::<Expr>().unwrap());
            *statement = parse_quote! { #path(#declaration); };
        }
    }
    file
}

#[test]
fn sql() {
    check(
        "sql.rs",
        r#"rev = "002", after = "001", down = "DROP TABLE users""#,
        "/// Create the users table.\nfn create_users() -> &'static str {\n    \"CREATE TABLE users (\\\n        id BIGINT)\"\n}",
    );
}

#[test]
fn derived_and_waived() {
    check(
        "derived_and_waived.rs",
        r#"rev = "002", waive(mixed, reason = "it was mixed once"), parse = false"#,
        "fn create_users() -> &'static str {\n    \"CREATE TABLE users (id BIGINT)\"\n}",
    );
}

#[test]
fn code() {
    check(
        "code.rs",
        r#"rev = "1.5", after = ["1.4", "1_4"], depends_on = ["1.3", "shop@7"], down = undo::drop_email, lock_timeout = "2s""#,
        "async fn add_email(db: &mut Db) -> Result<()> {\n    db.execute(\"ALTER TABLE users ADD email TEXT\").await?;\n    Ok(())\n}",
    );
}

#[test]
fn data() {
    check(
        "data.rs",
        r#"rev = "003", kind = data, branch = "billing", transaction = false"#,
        "fn fill(dialect: Dialect) -> impl IntoSql {\n    query(dialect)\n}",
    );
}

#[test]
fn faulty() {
    check(
        "faulty.rs",
        r#"rev = "004", ater = [], down = 1"#,
        "fn create_users() -> &'static str {\n    \"\"\n}",
    );
}
