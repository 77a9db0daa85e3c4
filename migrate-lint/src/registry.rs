//! All rules.

use std::sync::LazyLock;

use crate::rule::Rule;
use crate::{rules as ours, squawk};

/// Every rule, by group and name. What is dangerous for other reasons elsewhere is a rule of the same name for each
/// dialect.
pub fn rules() -> &'static [Rule] {
    &RULES
}

/// The first rule of a name; `_` counts as `-`.
pub fn rule(name: &str) -> Option<&'static Rule> {
    let id = name.replace('_', "-");
    RULES.iter().find(|rule| rule.id == id)
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let mut rules: Vec<_> = OURS.iter().copied().chain(squawk::rules()).collect();
    rules.sort_by_key(|rule| (rule.group, rule.id, rule.dialects));
    rules
});

const OURS: &[Rule] = &[
    ours::affinity::RULE,
    ours::concurrent_if_not_exists::RULE,
    ours::concurrent_index_corruption::RULE,
    ours::double_quoted_default::RULE,
    ours::dropping_referenced_table::RULE,
    ours::enum_value_in_same_transaction::RULE,
    ours::impossible_add_column::RULE,
    ours::inline_references::RULE,
    ours::rebuild_order::RULE,
    ours::strict_type::RULE,
    ours::zero_date::RULE,
    ours::adding_auto_increment::RULE,
    ours::adding_check::RULE,
    ours::adding_exclusion_constraint::RULE,
    ours::adding_foreign_key_constraint::RULE,
    ours::adding_serial_column::RULE,
    ours::adding_stored_column::RULE,
    ours::changing_column_type::RULE,
    ours::column_position::RULE,
    ours::copy_algorithm::RULE,
    ours::dropping_primary_key::RULE,
    ours::enum_change::RULE,
    ours::expression_default::RULE,
    ours::fulltext_index::RULE,
    ours::lock_option::RULE,
    ours::refresh_without_concurrently::RULE,
    ours::rewriting_table::RULE,
    ours::statements_after_strong_lock::RULE,
    ours::type_change_and_not_null::RULE,
    ours::unasserted_alter::RULE,
    ours::vacuum_full::RULE,
    ours::validate_in_same_transaction::RULE,
    ours::ban_drop_column::RULE,
    ours::ban_drop_database::RULE,
    ours::ban_drop_table::RULE,
    ours::drop_and_recreate::RULE,
    ours::dropping_foreign_key::RULE,
    ours::missing_where::RULE,
    ours::truncate_table::RULE,
    ours::adding_required_field::RULE,
    ours::needs_empty_table::RULE,
    ours::ban_drop_view::RULE,
    ours::renaming_column::RULE,
    ours::renaming_table::RULE,
    ours::definer::RULE,
    ours::grant_all::RULE,
    ours::grant_to_public::RULE,
    ours::grant_with_grant_option::RULE,
    ours::password_in_sql::RULE,
    ours::powerful_role::RULE,
    ours::security_definer_without_search_path::RULE,
    ours::autoincrement::RULE,
    ours::charset::RULE,
    ours::combine_alters::RULE,
    ours::concurrent_with_others::RULE,
    ours::date_affinity::RULE,
    ours::display_width::RULE,
    ours::engine::RULE,
    ours::float_column::RULE,
    ours::integer_primary_key::RULE,
    ours::missing_primary_key::RULE,
    ours::mixed_case_name::RULE,
    ours::naming_convention::RULE,
    ours::not_atomic::RULE,
    ours::prefer_jsonb::RULE,
    ours::prefer_lookup_table::RULE,
    ours::reserved_word::RULE,
    ours::row_format::RULE,
    ours::stored_routine::RULE,
    ours::timestamp_column::RULE,
    ours::wide_index::RULE,
];

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn rules_of_one_name_share_the_group_and_no_dialect() {
        let mut known = BTreeMap::new();
        for rule in rules() {
            assert_eq!(*known.entry(rule.id).or_insert(rule.group), rule.group, "{}", rule.id);
        }
        let of_dialects = || {
            rules().iter().flat_map(|rule| rule.dialects.iter().map(|dialect| (rule.id, *dialect)))
        };
        assert_eq!(of_dialects().collect::<BTreeSet<_>>().len(), of_dialects().count());
    }

    #[test]
    fn names_are_words_with_hyphens_and_are_found_with_underscores() {
        for known in rules() {
            assert!(known.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
            assert_eq!(rule(&known.id.replace('-', "_")).map(|rule| rule.id), Some(known.id));
        }
    }

    #[test]
    fn every_rule_says_what_why_and_what_instead() {
        for rule in rules() {
            assert!(!rule.dialects.is_empty(), "{}", rule.id);
            assert!(!rule.finds.is_empty() && !rule.finds.ends_with('.'), "{}", rule.id);
            assert!(rule.why.ends_with('.') && rule.rewrite.ends_with('.'), "{}", rule.id);
        }
    }
}
