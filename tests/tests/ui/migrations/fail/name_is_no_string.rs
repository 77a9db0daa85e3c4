migrate_core::migrations!(name = shop);

fn main() {}
