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

const RULES: &[Rule] = &[ours::concurrent_if_not_exists::RULE, ours::missing_where::RULE];
