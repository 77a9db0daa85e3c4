use migrate_core::prelude::*;

migrate_core::migrations!();

struct Batch;

#[migration(rev = "001", down = irreversible)]
async fn lowercase(_: &mut Batch) -> Result<()> {
    Ok(())
}

fn main() {}
