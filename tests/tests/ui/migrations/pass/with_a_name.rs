migrate_core::migrations!(name = "shop-2");

fn main() {
    assert_eq!(Migrations::INFO.name, "shop-2");
}
