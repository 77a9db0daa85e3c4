migrate_core::migrations!(name = "my shop");

fn main() {}
