use migrate_core::prelude::*;

migrate_core::migrations!();

#[migration(rev = "001", down = "DROP TABLE users")]
async fn create_users(_: &mut Db) -> Result<()> {
    let kept = std::rc::Rc::new(());
    std::future::ready(()).await;
    drop(kept);
    Ok(())
}

fn main() {}
