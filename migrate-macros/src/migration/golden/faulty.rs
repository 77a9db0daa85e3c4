::core::compile_error! {
    "unknown option `ater`\nhelp: did you mean `after`? expected one of `rev`, `after`, `down_revision`, `depends_on`, `branch`, `kind`, `down`, `transaction`, `resume`, `lock_timeout`, `statement_timeout`, `waive`, `parse`"
}
::core::compile_error! {
    "not a valid `down`\nhelp: expected SQL in a string, the name of a function, or `irreversible`"
}
#[allow(dead_code, reason = "it would be registered if it were without fault")]
fn create_users() -> &'static str {
    ""
}
const _: () = {
    type __M = crate::Migrations;
    impl __M {
        #[doc(hidden)]
        #[allow(non_snake_case, reason = "named after the revision")]
        pub const fn rev_004() -> &'static ::core::primitive::u8 {
            static N: ::core::primitive::u8 = 0;
            &N
        }
    }
};
