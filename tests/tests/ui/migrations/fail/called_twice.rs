migrate_core::migrations!();
migrate_core::migrations!();

fn main() {}
