fn fill(dialect: Dialect) -> impl IntoSql {
    query(dialect)
}
const _: () = {
    type __M = crate::Migrations;
    use ::migrate_core::__private as __m;
    impl __M {
        #[doc(hidden)]
        #[allow(non_snake_case, reason = "named after the revision")]
        pub const fn rev_003() -> &'static ::core::primitive::u8 {
            static N: ::core::primitive::u8 = 0;
            &N
        }
    }
    __m::inventory::submit(__m::Declaration {
        krate: __M::INFO.name,
        dialects: __M::INFO.dialects,
        rev: "003",
        after: ::core::option::Option::None,
        depends_on: ::core::option::Option::None,
        branch: ::core::option::Option::Some("billing"),
        kind: __m::Kind::Data,
        transaction: __m::Transactions::NONE,
        resume: __m::Resumption::Continue,
        lock_timeout: ::core::option::Option::None,
        statement_timeout: ::core::option::Option::None,
        description: "fill",
        origin: __m::Origin {
            file: ::core::file!(),
            line: 1,
            function: "fill",
        },
        up: || __m::sql_for::<_>(fill),
        up_source: ::core::option::Option::None,
        down: || __m::Down::Nothing,
        down_source: ::core::option::Option::None,
        code_checksum: ::core::option::Option::None,
        waivers: &[],
        parse: true,
        checked: false,
    });
};
