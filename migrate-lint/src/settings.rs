//! What `[lint]` in `migrate.toml` says.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::registry;
use crate::rule::{Group, Rule};
use migrate_sql::{Dialect, Level, Server};

/// The levels of rules, and the servers that SQL is written for.
///
/// # Examples
///
/// ```
/// use migrate_lint::{Settings, UnknownRule, rule};
/// use migrate_sql::Level;
///
/// let settings = Settings::new([("locks", Level::Deny), ("missing-where", Level::Allow)], [])?;
/// let rule = rule("missing-where").unwrap();
/// assert_eq!(settings.level(rule), Level::Allow);
/// # Ok::<(), UnknownRule>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Settings {
    groups: BTreeMap<Group, Level>,
    rules: BTreeMap<&'static str, Level>,
    servers: Vec<Server>,
}

impl Settings {
    /// Takes the levels of rules and groups by name, and the servers.
    ///
    /// # Errors
    ///
    /// [`UnknownRule`], with the name that is nearest.
    pub fn new<S: AsRef<str>>(
        levels: impl IntoIterator<Item = (S, Level)>,
        servers: impl IntoIterator<Item = Server>,
    ) -> Result<Self, UnknownRule> {
        let mut settings = Self { servers: servers.into_iter().collect(), ..Self::default() };
        settings.set(levels)?;
        Ok(settings)
    }

    /// Sets further levels, which win over those set before.
    ///
    /// # Errors
    ///
    /// [`UnknownRule`], with the name that is nearest.
    pub fn set<S: AsRef<str>>(
        &mut self,
        levels: impl IntoIterator<Item = (S, Level)>,
    ) -> Result<(), UnknownRule> {
        for (name, level) in levels {
            let name = name.as_ref();
            if let Some(group) = Group::ALL.into_iter().find(|group| group.name() == name) {
                self.groups.insert(group, level);
            } else if let Some(rule) = registry::rule(name) {
                self.rules.insert(rule.id, level);
            } else {
                return Err(UnknownRule { name: name.to_owned() });
            }
        }
        Ok(())
    }

    /// A rule's level: its own, its group's, or the one it comes with. A group does not switch on what comes
    /// switched off.
    pub fn level(&self, rule: &Rule) -> Level {
        let group = || match self.groups.get(&rule.group) {
            Some(level) if rule.level != Level::Allow || *level == Level::Allow => Some(*level),
            _ => None,
        };
        self.rules.get(rule.id).copied().or_else(group).unwrap_or(rule.level)
    }

    /// The server of a dialect, if one is named.
    pub fn server(&self, dialect: Dialect) -> Option<Server> {
        self.servers.iter().copied().find(|server| server.dialect() == dialect)
    }
}

/// A name that is neither a rule's nor a group's.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("unknown rule `{name}`")]
pub struct UnknownRule {
    /// The name.
    pub name: String,
}
