migrate_core::migrations!();

mod billing {
    mod r001 {
        use migrate_core::migration;

        #[migration(rev = "001", down = super::undo::drop_table)]
        fn create() -> &'static str {
            "CREATE TABLE invoices (id BIGINT)"
        }
    }

    mod undo {
        pub(super) fn drop_table() -> &'static str {
            "DROP TABLE invoices"
        }
    }

    mod deeper {
        mod r002 {
            #[migrate_core::migration(rev = "002", after = "001", down = self::undo)]
            fn create() -> &'static str {
                "CREATE TABLE payments (id BIGINT)"
            }

            fn undo() -> &'static str {
                "DROP TABLE payments"
            }
        }
    }
}

// Names that generated code must not trip over.
mod shadowed {
    #![allow(dead_code, non_camel_case_types)]

    struct Option;
    struct Some;
    struct Migrations;
    struct u8;
    mod core {}
    mod migrate_core {}

    #[::migrate_core::migration(rev = "003", after = "002", branch = "b", down = "DROP TABLE a")]
    fn create() -> &'static str {
        "CREATE TABLE a (id BIGINT)"
    }
}

fn main() {
    #[migrate_core::migration(rev = "004", kind = data)]
    fn inside_a_function() -> &'static str {
        "UPDATE invoices SET id = id + 1 WHERE id > 0"
    }
}
