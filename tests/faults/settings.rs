//! The options of the programme.

use crate::check::Check;

/// The extent of the programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A minute for each engine on a slow machine; needs only the servers of `tests/with-servers`.
    Short,
    /// All of it.
    Full,
}

pub(crate) struct Settings {
    pub(crate) form: Form,
    engine: Option<String>,
    only: Option<String>,
    /// The first random trial, instead of the first of all.
    pub(crate) seed: Option<u64>,
    /// How many random trials there are, instead of as many as the form has.
    pub(crate) trials: Option<u64>,
}

const USAGE: &str = "usage: faults [--short] [--engine NAME] [--only TEXT] [--seed N] [--trials N]";

impl Settings {
    pub(crate) fn read(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut settings =
            Self { form: Form::Full, engine: None, only: None, seed: None, trials: None };
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--short" => settings.form = Form::Short,
                "--engine" => settings.engine = Some(arguments.next().ok_or(USAGE)?),
                "--only" => settings.only = Some(arguments.next().ok_or(USAGE)?),
                "--seed" => settings.seed = Some(number(arguments.next())?),
                "--trials" => settings.trials = Some(number(arguments.next())?),
                _ => return Err(USAGE.to_owned()),
            }
        }
        Ok(settings)
    }

    pub(crate) fn chooses(&self, check: &Check) -> bool {
        let engine = self.engine.as_ref();
        engine.is_none_or(|engine| check.engine.eq_ignore_ascii_case(engine))
            && self.only.as_ref().is_none_or(|text| check.name.contains(text))
    }
}

fn number(word: Option<String>) -> Result<u64, String> {
    word.and_then(|word| word.parse().ok()).ok_or_else(|| USAGE.to_owned())
}

/// Returns a variable set by the script that started a server.
///
/// # Panics
///
/// If it is not set: a check that cannot run has failed.
#[expect(clippy::disallowed_methods, reason = "the tests' own variables, read by no other code")]
pub(crate) fn told_by(script: &str, variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| {
        panic!(
            "{variable} is not set: run `make faults`, which starts what is needed by `{script}`"
        )
    })
}
