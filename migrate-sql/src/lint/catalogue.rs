//! All rules.

use super::{Rule, rules as ours};

/// Every rule, by group and name.
pub fn rules() -> &'static [Rule] {
    RULES
}

/// The rule of a name; `_` counts as `-`.
pub fn rule(name: &str) -> Option<&'static Rule> {
    let id = name.replace('_', "-");
    RULES.iter().find(|rule| rule.id == id)
}

const RULES: &[Rule] = &[
    ours::concurrent_if_not_exists::RULE,
    ours::missing_where::RULE,
    ours::adding_auto_increment::RULE,
    ours::adding_check::RULE,
    ours::adding_foreign_key_constraint::RULE,
    ours::adding_required_field::RULE,
    ours::adding_stored_column::RULE,
    ours::affinity::RULE,
    ours::autoincrement::RULE,
    ours::ban_drop_column::RULE,
    ours::ban_drop_database::RULE,
    ours::ban_drop_table::RULE,
    ours::ban_drop_view::RULE,
    ours::changing_column_type::RULE,
    ours::charset::RULE,
    ours::column_position::RULE,
    ours::copy_algorithm::RULE,
    ours::date_affinity::RULE,
    ours::definer::RULE,
    ours::display_width::RULE,
    ours::double_quoted_default::RULE,
    ours::dropping_foreign_key::RULE,
    ours::dropping_primary_key::RULE,
    ours::dropping_referenced_table::RULE,
    ours::engine::RULE,
    ours::enum_change::RULE,
    ours::expression_default::RULE,
    ours::float_column::RULE,
    ours::fulltext_index::RULE,
    ours::impossible_add_column::RULE,
    ours::inline_references::RULE,
    ours::integer_primary_key::RULE,
    ours::lock_option::RULE,
    ours::mixed_case_name::RULE,
    ours::needs_empty_table::RULE,
    ours::not_atomic::RULE,
    ours::rebuild_order::RULE,
    ours::renaming_column::RULE,
    ours::renaming_table::RULE,
    ours::row_format::RULE,
    ours::stored_routine::RULE,
    ours::strict_type::RULE,
    ours::timestamp_column::RULE,
    ours::unasserted_alter::RULE,
    ours::zero_date::RULE,
];
