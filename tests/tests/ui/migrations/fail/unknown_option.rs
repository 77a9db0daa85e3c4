migrate_core::migrations!(nam = "shop");

fn main() {}
