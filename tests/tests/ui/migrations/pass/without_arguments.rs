migrate_core::migrations!();

fn main() {
    assert_eq!(Migrations::INFO.name, env!("CARGO_PKG_NAME"));
    assert_eq!(Migrations::INFO.manifest_dir, env!("CARGO_MANIFEST_DIR"));
    assert_eq!(Migrations::INFO.config, None);
    assert_eq!(format!("{:?}", Migrations.clone()), "Migrations");
}
