//! Our own rules, one in each file.

pub(super) mod adding_exclusion_constraint;
pub(super) mod adding_serial_column;
pub(super) mod combine_alters;
pub(super) mod concurrent_if_not_exists;
pub(super) mod concurrent_index_corruption;
pub(super) mod concurrent_with_others;
mod created;
pub(super) mod drop_and_recreate;
pub(super) mod enum_value_in_same_transaction;
mod grant;
pub(super) mod grant_all;
pub(super) mod grant_to_public;
pub(super) mod grant_with_grant_option;
pub(super) mod missing_primary_key;
pub(super) mod missing_where;
pub(super) mod naming_convention;
pub(super) mod password_in_sql;
pub(super) mod powerful_role;
pub(super) mod prefer_jsonb;
pub(super) mod prefer_lookup_table;
pub(super) mod refresh_without_concurrently;
pub(super) mod reserved_word;
pub(super) mod rewriting_table;
pub(super) mod security_definer_without_search_path;
pub(super) mod statements_after_strong_lock;
pub(super) mod truncate_table;
pub(super) mod type_change_and_not_null;
pub(super) mod vacuum_full;
pub(super) mod validate_in_same_transaction;
pub(super) mod wide_index;

#[cfg(test)]
mod tested;
