//! `migrate.toml`: the settings of a project.

mod word;

use std::collections::BTreeMap;

use migrate_sql::{Dialect, Level, Server};
use serde::Deserialize;

use crate::engine::url::{WrittenUrl, redact};
use crate::plan::{Policies, Policy};
use crate::run::settings::Settings;

/// The contents of `migrate.toml`. Every key is optional; an unknown one is an error.
///
/// ```
/// use migrate_core::{Config, Dialect};
///
/// let config = Config::parse("dialect = ['postgres', 'sqlite']\n[history]\nschema = 'ops'")?;
/// assert_eq!(config.dialects(), [Dialect::Postgres, Dialect::Sqlite]);
/// assert!(Config::parse("dialekt = 'postgres'").is_err());
/// # Ok::<(), migrate_core::ConfigError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Config {
    /// In a workspace's root: the package that contains the migrations.
    pub package: Option<String>,
    #[serde(deserialize_with = "word::one_or_many")]
    dialect: Vec<Dialect>,
    /// The database, if neither the command line nor the environment names one.
    pub url: Option<WrittenUrl>,
    /// The role that migrations assume.
    pub role: Option<String>,
    /// Where history is kept.
    pub history: HistoryConfig,
    /// How `create` writes files.
    pub create: CreateConfig,
    /// The lint settings.
    pub lint: LintConfig,
    /// What is refused, and what is only reported.
    pub policy: PolicyConfig,
    /// The settings of each environment.
    pub env: BTreeMap<String, EnvironmentConfig>,
}

/// The table `[history]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct HistoryConfig {
    /// The table's name.
    pub table: Option<String>,
    /// The table's schema.
    pub schema: Option<String>,
}

/// The table `[create]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct CreateConfig {
    /// The folder for new files, relative to the crate's; the default is `src`.
    pub dir: Option<String>,
    /// How new ids are chosen.
    pub ids: Option<Ids>,
}

/// How `create` chooses ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ids {
    /// The next number after the greatest.
    Number,
    /// A random id of 8 hex digits.
    Random,
}

/// The table `[lint]`. Rule names are kept as written, because this crate does not know the rules.
///
/// ```
/// use migrate_core::{Config, Level};
///
/// let config = Config::parse("[lint]\nserver = 'postgres 15'\n[lint.rules]\nmissing-where = 'deny'")?;
/// assert_eq!(config.lint.rules["missing-where"], Level::Deny);
/// # Ok::<(), migrate_core::ConfigError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct LintConfig {
    /// The servers that SQL is written for, one per dialect.
    #[serde(deserialize_with = "word::one_or_many")]
    pub server: Vec<Server>,
    /// The levels of rules and of groups of rules.
    #[serde(deserialize_with = "word::table")]
    pub rules: BTreeMap<String, Level>,
}

/// The table `[policy]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct PolicyConfig {
    checksum: Option<PolicyWord>,
    checksum_code: Option<PolicyWord>,
    out_of_order: Option<PolicyWord>,
    ahead: Option<PolicyWord>,
}

/// A table `[env.NAME]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct EnvironmentConfig {
    /// The environment's database.
    pub url: Option<WrittenUrl>,
    /// Whether commands that destroy data need a confirmation.
    pub protected: bool,
    /// The role that migrations assume.
    pub role: Option<String>,
    /// The levels of rules that differ from those in `[lint.rules]`.
    #[serde(deserialize_with = "word::table")]
    pub lint: BTreeMap<String, Level>,
}

/// An invalid `migrate.toml`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`migrate.toml` is not valid\n{message}")]
pub struct ConfigError {
    message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum PolicyWord {
    Error,
    Warn,
    Off,
}

impl From<PolicyWord> for Policy {
    fn from(word: PolicyWord) -> Self {
        match word {
            PolicyWord::Error => Self::Error,
            PolicyWord::Warn => Self::Warn,
            PolicyWord::Off => Self::Off,
        }
    }
}

impl Config {
    /// Parses the text of a `migrate.toml`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`], with the line and what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text)
            // The error shows the line, which may contain a database URL.
            .map_err(|error| ConfigError { message: redact(error.to_string().trim_end()) })
    }

    /// Returns the dialects that the migrations are written for; empty if not set.
    pub fn dialects(&self) -> &[Dialect] {
        &self.dialect
    }

    /// Returns the settings for a run.
    pub fn settings(&self) -> Settings {
        let mut settings = Settings { role: self.role.clone(), ..Settings::default() };
        if let Some(table) = &self.history.table {
            settings.history_table.clone_from(table);
        }
        settings.history_schema.clone_from(&self.history.schema);
        let usual = Policies::default();
        let choose = |word: Option<PolicyWord>, usual| word.map_or(usual, Policy::from);
        settings.policies = Policies {
            checksum: choose(self.policy.checksum, usual.checksum),
            checksum_code: choose(self.policy.checksum_code, usual.checksum_code),
            out_of_order: choose(self.policy.out_of_order, usual.out_of_order),
            ahead: choose(self.policy.ahead, usual.ahead),
        };
        settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_shown_with_its_line() {
        let error = Config::parse("url = 'sqlite:a.db'\n[policy]\nchecksums = 'warn'")
            .expect_err("unknown key");
        let message = error.to_string();
        assert!(message.contains("checksums") && message.contains("line 3"), "{message}");
    }

    #[test]
    fn an_unknown_dialect_is_refused_with_the_choices() {
        let message = Config::parse("dialect = 'oracle'").expect_err("unknown dialect").to_string();
        assert!(message.contains("oracle") && message.contains("postgres"), "{message}");
    }

    #[test]
    fn levels_and_servers_are_read_one_or_many() {
        let config = Config::parse(
            "[lint]\nserver = ['postgres 15', 'mariadb 10.11']\n[lint.rules]\nlocks = 'warn'\n\
             [env.live.lint]\nmissing-where = 'deny'",
        )
        .expect("valid");
        assert_eq!(config.lint.server.len(), 2);
        assert_eq!(config.lint.rules["locks"], Level::Warn);
        assert_eq!(config.env["live"].lint["missing-where"], Level::Deny);
        let one = Config::parse("[lint]\nserver = 'sqlite 3.45'").expect("valid");
        assert_eq!(one.lint.server[0].dialect(), Dialect::Sqlite);
    }

    #[test]
    fn a_level_or_server_that_is_none_is_shown_with_its_line() {
        let broken = [
            ("[lint.rules]\n\nlocks = 'forbid'", "line 3", "`allow`, `warn` or `deny`"),
            ("[env.live.lint]\nlocks = 1", "line 2", "string"),
            ("[lint]\nserver = ['postgres']", "line 2", "like `postgres 15`"),
        ];
        for (text, line, words) in broken {
            let message = Config::parse(text).expect_err(text).to_string();
            assert!(message.contains(line) && message.contains(words), "{message}");
        }
    }

    #[test]
    fn policies_reach_the_settings() {
        let config =
            Config::parse("[policy]\nchecksum = 'warn'\n[history]\ntable = 'h'").expect("valid");
        let settings = config.settings();
        assert_eq!(settings.policies.checksum, Policy::Warn);
        assert_eq!(settings.policies.ahead, Policy::Error);
        assert_eq!(settings.history_table, "h");
    }
}
