migrate_core::migrations!("shop");

fn main() {}
