//! What users rely on, once for every engine.

pub mod apply;

/// Makes a test of each case, on one engine.
#[macro_export]
macro_rules! suite {
    ($dialect:ident: $($module:ident { $($case:ident),* $(,)? })*) => {
        $(mod $module {
            $(#[tokio::test]
            async fn $case() {
                let database = $crate::Database::fresh(migrate_core::Dialect::$dialect).await;
                $crate::suite::$module::$case(&database).await;
                database.drop().await;
            })*
        })*
    };
}

/// Makes a test of every case of the suite, on one engine.
#[macro_export]
macro_rules! all_suites {
    ($dialect:ident) => {
        $crate::suite! { $dialect:
            apply {
                applies_everything_in_order_and_records_it,
            }
        }
    };
}
