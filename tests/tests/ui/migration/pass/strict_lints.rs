//! What generated code leaves behind is clean in the strictest crate.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, missing_debug_implementations, missing_copy_implementations, unreachable_pub)]
#![deny(unnameable_types, unused_qualifications, elided_lifetimes_in_paths, unused_lifetimes, single_use_lifetimes)]
#![deny(non_local_definitions, unused_results, let_underscore_drop, unit_bindings, redundant_imports, variant_size_differences)]

migrate_core::migrations!(name = "strict");

mod r001 {
    use migrate_core::prelude::*;

    #[migration(rev = "001", down = drop)]
    async fn create(db: &mut Db) -> Result<()> {
        let _rows = db.execute("CREATE TABLE a (id BIGINT)").await?;
        Ok(())
    }

    async fn drop(_: &mut Db) -> Result<()> {
        Ok(())
    }
}

mod r002 {
    use migrate_core::prelude::*;

    /// Count on.
    #[migration(rev = "2_A.0", kind = data, after = "001", lock_timeout = "1h")]
    fn count() -> &'static str {
        "UPDATE a SET id = id + 1 WHERE id > 0"
    }
}

fn main() {}
