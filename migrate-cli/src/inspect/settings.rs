//! The severities of rules in `migrate.toml`.

use migrate_core::{Config, EnvironmentConfig};
use migrate_lint::{Settings, UnknownRule};

use crate::error::Problem;

/// The levels of a run.
#[derive(Clone, Debug)]
pub(crate) struct Levels {
    pub(crate) settings: Settings,
    /// Whether the selected environment has levels that the compiler did not know.
    pub(crate) of_environment: bool,
}

impl Levels {
    /// Reads the levels of `[lint]`, overridden by those of the selected environment.
    pub(crate) fn new(
        config: &Config,
        environment: Option<&(String, EnvironmentConfig)>,
    ) -> Result<Self, Problem> {
        let levels = config.lint.rules.iter().map(|(name, level)| (name, *level));
        let mut settings = Settings::new(levels, config.lint.server.iter().copied())
            .map_err(|error| unknown_rule("[lint.rules]", &error))?;
        let Some((name, section)) = environment else {
            return Ok(Self { settings, of_environment: false });
        };
        let own = section.lint.iter().map(|(name, level)| (name, *level));
        settings.set(own).map_err(|error| unknown_rule(&format!("[env.{name}.lint]"), &error))?;
        Ok(Self { settings, of_environment: !section.lint.is_empty() })
    }
}

/// Returns the error for an unknown rule in the settings.
fn unknown_rule(section: &str, error: &UnknownRule) -> Problem {
    Problem::new("config", format_args!("`{section}` in `migrate.toml`: {error}"))
        .hint("`migrate lint --rules` lists the rules")
}
