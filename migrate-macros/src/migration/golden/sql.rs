/// Create the users table.
fn create_users() -> &'static str {
    "CREATE TABLE users (\
        id BIGINT)"
}
const _: () = {
    type __M = crate::Migrations;
    use ::migrate_core::__private as __m;
    impl __M {
        #[doc(hidden)]
        #[allow(non_snake_case, reason = "named after the revision")]
        pub const fn rev_002() -> &'static ::core::primitive::u8 {
            static N: ::core::primitive::u8 = *__M::rev_001();
            &N
        }
    }
    __m::inventory::submit(__m::Declaration {
        krate: __M::INFO.name,
        dialects: __M::INFO.dialects,
        rev: "002",
        after: ::core::option::Option::Some(&["001"]),
        depends_on: ::core::option::Option::None,
        branch: ::core::option::Option::None,
        kind: __m::Kind::Schema,
        transaction: __m::Transactions::ALL,
        resume: __m::Resumption::Continue,
        lock_timeout: ::core::option::Option::None,
        statement_timeout: ::core::option::Option::None,
        description: "Create the users table.",
        origin: __m::Origin {
            file: ::core::file!(),
            line: 2,
            function: "create_users",
        },
        up: || __m::sql::<&'static str>(create_users),
        up_source: ::core::option::Option::Some(__m::SqlSource {
            file: ::core::file!(),
            segments: &[
                __m::Segment {
                    offset: 0,
                    line: 3,
                    column: 6,
                },
                __m::Segment {
                    offset: 20,
                    line: 4,
                    column: 9,
                },
            ],
        }),
        down: || __m::down("DROP TABLE users"),
        down_source: ::core::option::Option::Some(__m::SqlSource {
            file: ::core::file!(),
            segments: &[
                __m::Segment {
                    offset: 0,
                    line: 1,
                    column: 37,
                },
            ],
        }),
        code_checksum: ::core::option::Option::None,
        waivers: &[],
        parse: true,
        checked: false,
    });
};
