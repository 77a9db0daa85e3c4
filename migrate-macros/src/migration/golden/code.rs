#[allow(
    clippy::unused_async,
    clippy::unnecessary_wraps,
    reason = "a migration has this signature"
)]
async fn add_email(db: &mut Db) -> Result<()> {
    db.execute("ALTER TABLE users ADD email TEXT").await?;
    Ok(())
}
const _: () = {
    type __M = crate::Migrations;
    use ::migrate_core::__private as __m;
    impl __M {
        #[doc(hidden)]
        #[allow(non_snake_case, reason = "named after the revision")]
        pub const fn rev_1_d_5() -> &'static ::core::primitive::u8 {
            static N: ::core::primitive::u8 = *__M::rev_1_d_4() ^ *__M::rev_1__4()
                ^ *__M::rev_1_d_3();
            &N
        }
    }
    __m::inventory::submit(__m::Declaration {
        krate: __M::INFO.name,
        dialects: __M::INFO.dialects,
        rev: "1.5",
        after: ::core::option::Option::Some(&["1.4", "1_4"]),
        depends_on: ::core::option::Option::Some(&["1.3", "shop@7"]),
        branch: ::core::option::Option::None,
        kind: __m::Kind::Schema,
        transaction: __m::Transactions::ALL,
        resume: __m::Resumption::Continue,
        lock_timeout: ::core::option::Option::Some(__m::Duration::new(2, 0)),
        statement_timeout: ::core::option::Option::None,
        description: "add_email",
        origin: __m::Origin {
            file: ::core::file!(),
            line: 1,
            function: "add_email",
        },
        up: || __m::body::<__m::shape::Code>(add_email),
        up_source: ::core::option::Option::None,
        down: || __m::down(undo::drop_email),
        down_source: ::core::option::Option::None,
        code_checksum: ::core::option::Option::Some(
            *b"\x89\xA0C\xE0\xDAz\xE0\x80L\x99\xA6\xD4G\xCC\xDC\x96\xC5C\xD3\xBEk\xB0\xEB\xDA\xDC*\xA8\x14\x9B\x13E`",
        ),
        waivers: &[],
        parse: true,
        checked: false,
    });
};
