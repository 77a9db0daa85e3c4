use migrate_core::prelude::*;

migrate_core::migrations!();

struct Batch;

#[migration(rev = "001", kind = data)]
async fn lowercase(_: &mut Batch) -> Result<()> {
    Ok(())
}

fn main() {}
