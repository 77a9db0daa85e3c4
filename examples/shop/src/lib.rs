//! The migrations of a small shop: users, products, orders and payments, on three engines.

migrate_core::migrations!();

mod r001_create_users;
mod r002_create_products;
mod r003_create_orders;
mod r004_create_payments;
mod r005_order_status;
mod r006_merge_payments;
mod r007_lowercase_emails;
mod r008_index_orders;
mod r009_order_totals;
mod r010_fill_totals;
