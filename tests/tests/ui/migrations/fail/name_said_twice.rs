migrate_core::migrations!(name = "shop", name = "other");

fn main() {}
