fn create_users() -> &'static str {
    "CREATE TABLE users (id BIGINT)"
}
const _: () = {
    type __M = crate::Migrations;
    use ::migrate_core::__private as __m;
    impl __M {
        #[doc(hidden)]
        #[allow(non_snake_case, reason = "named after the revision")]
        pub const fn rev_002() -> &'static ::core::primitive::u8 {
            static N: ::core::primitive::u8 = 0;
            &N
        }
    }
    #[deprecated(
        note = "`mixed` finds nothing in this migration's SQL\nhelp: remove the `waive(…)`"
    )]
    macro_rules! unused_waiver {
        () => {};
    }
    unused_waiver!();
    __m::inventory::submit(__m::Declaration {
        krate: __M::INFO.name,
        dialects: __M::INFO.dialects,
        rev: "002",
        after: ::core::option::Option::None,
        depends_on: ::core::option::Option::None,
        branch: ::core::option::Option::None,
        kind: __m::Kind::Schema,
        transaction: __m::Transactions::ALL,
        resume: __m::Resumption::Continue,
        lock_timeout: ::core::option::Option::None,
        statement_timeout: ::core::option::Option::None,
        description: "create_users",
        origin: __m::Origin {
            file: ::core::file!(),
            line: 1,
            function: "create_users",
        },
        up: || __m::sql::<&'static str>(create_users),
        up_source: ::core::option::Option::Some(__m::SqlSource {
            file: ::core::file!(),
            segments: &[
                __m::Segment {
                    offset: 0,
                    line: 2,
                    column: 6,
                },
            ],
        }),
        down: || __m::derived(
            &[
                (__m::Dialect::Postgres, "DROP TABLE users"),
                (__m::Dialect::Mysql, "DROP TABLE users"),
                (__m::Dialect::Sqlite, "DROP TABLE users"),
            ],
        ),
        down_source: ::core::option::Option::None,
        code_checksum: ::core::option::Option::None,
        waivers: &[
            __m::Waiver {
                rule: "mixed",
                reason: "it was mixed once",
            },
        ],
        parse: false,
        checked: false,
    });
};
