//! Reads the parts of `migrate.toml` about SQL; the rest is for the commands.

use std::fmt::Display;
use std::ops::Range;
use std::str::FromStr;

use migrate_sql::{Dialect, Level, Position, Server};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::{Config, Dialects, FILE};
use crate::excerpt::excerpt;
use crate::similar::nearest;

type Value<'a> = Spanned<DeValue<'a>>;

/// A rule's name, its place, and its level.
type RuleLevel = (String, Range<usize>, Level);

/// The top-level keys of a `migrate.toml`; most of them are read by the commands.
const KEYS: [&str; 9] =
    ["create", "dialect", "env", "history", "lint", "package", "policy", "role", "url"];

/// Reads the settings in a file's text, and reports invalid parts.
pub(super) fn read(text: &str) -> Config {
    let mut reader = Reader { text, faults: Vec::new() };
    let root = match DeTable::parse(text) {
        Ok(root) => root.into_inner(),
        Err(error) => {
            reader.refuse(error.span().unwrap_or_default(), error.message());
            return Config { is_there: true, faults: reader.faults, ..Config::default() };
        }
    };
    reader.known(&root, &KEYS);
    let dialects: Vec<Dialect> = reader.words(root.get("dialect"), "dialect");
    let lint = root.get("lint").and_then(|lint| reader.table(lint, "lint"));
    if let Some(lint) = lint {
        reader.known(lint, &["rules", "server"]);
    }
    let servers = reader.words(lint.and_then(|lint| lint.get("server")), "server");
    let rules = lint.and_then(|lint| lint.get("rules"));
    let levels = rules.map(|rules| reader.levels(rules)).unwrap_or_default();
    reader.finish(dialects, servers, levels)
}

struct Reader<'a> {
    text: &'a str,
    faults: Vec<String>,
}

impl Reader<'_> {
    fn refuse(&mut self, place: Range<usize>, message: impl Display) {
        self.refuse_with(place, message, "");
    }

    fn refuse_with(&mut self, place: Range<usize>, message: impl Display, help: &str) {
        let title = format!("{FILE}:{}", Position::of(self.text, place.start));
        self.faults.push(format!("{message}\n{}{help}", excerpt(self.text, place, &title)));
    }

    /// Refuses unknown keys: a misspelt `dialect` would silently disable the parser.
    fn known(&mut self, table: &DeTable<'_>, keys: &[&str]) {
        for (key, _) in table {
            let name: &str = key.get_ref();
            if !keys.contains(&name) {
                let near = nearest(name, keys);
                let help = near.map(|near| format!("\nhelp: did you mean `{near}`?"));
                let message = format_args!("unknown key `{name}`");
                self.refuse_with(key.span(), message, &help.unwrap_or_default());
            }
        }
    }

    fn table<'t, 'a>(&mut self, value: &'t Value<'a>, key: &str) -> Option<&'t DeTable<'a>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.refuse(value.span(), format_args!("`{key}` must be a table"));
        }
        table
    }

    /// Reads one word or a list of words.
    fn words<T: FromStr<Err: Display>>(&mut self, value: Option<&Value<'_>>, key: &str) -> Vec<T> {
        let Some(value) = value else { return Vec::new() };
        let one = std::slice::from_ref(value);
        let words = value.get_ref().as_array().map_or(one, |words| words);
        words.iter().filter_map(|word| self.word(word, key)).collect()
    }

    fn word<T: FromStr<Err: Display>>(&mut self, value: &Value<'_>, key: &str) -> Option<T> {
        let Some(word) = value.get_ref().as_str() else {
            self.refuse(value.span(), format_args!("`{key}` must be a string"));
            return None;
        };
        word.parse().map_err(|error| self.refuse(value.span(), error)).ok()
    }

    fn levels(&mut self, rules: &Value<'_>) -> Vec<RuleLevel> {
        let mut levels = Vec::new();
        for (name, level) in self.table(rules, "rules").into_iter().flatten() {
            if let Some(level) = self.word(level, name.get_ref()) {
                levels.push((name.get_ref().to_string(), name.span(), level));
            }
        }
        levels
    }

    #[cfg(feature = "lint")]
    fn finish(
        mut self,
        dialects: Vec<Dialect>,
        servers: Vec<Server>,
        levels: Vec<RuleLevel>,
    ) -> Config {
        use migrate_lint::Settings;

        let mut lint = Settings::new::<&str>([], servers).unwrap_or_default();
        // One by one, so that an unknown rule does not affect the others.
        for (name, place, level) in levels {
            if let Err(error) = lint.set([(&name, level)]) {
                self.refuse_with(place, error, &crate::rule::help(&name));
            }
        }
        Config { dialects: Dialects::new(dialects), lint, faults: self.faults, is_there: true }
    }

    #[cfg(not(feature = "lint"))]
    fn finish(self, dialects: Vec<Dialect>, _: Vec<Server>, _: Vec<RuleLevel>) -> Config {
        Config { dialects: Dialects::new(dialects), faults: self.faults, is_there: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_other_keys_say_does_not_matter() {
        let config =
            read("package = 1\ndialect = ['sqlite', 'postgresql']\n[lint]\nserver = 'postgres 15'");
        assert_eq!(config.dialects, Dialects::new(vec![Dialect::Postgres, Dialect::Sqlite]));
        assert!(config.faults.is_empty(), "{:?}", config.faults);
    }

    #[test]
    fn all_that_is_broken_is_shown_and_the_rest_is_heeded() {
        let config =
            read("dialect = ['oracle', 'mysql']\n[lint]\nserver = 15\n[lint.rules]\nlocks = 'no'");
        assert_eq!(config.dialects, Dialects::new(vec![Dialect::Mysql]));
        assert_eq!(
            config.faults,
            [
                "unknown dialect `oracle`: expected `postgres`, `postgresql`, `mysql`, `mariadb` or `sqlite`\n \
                 --> migrate.toml:1:12\n  |\n1 | dialect = ['oracle', 'mysql']\n  |            ^^^^^^^^",
                "`server` must be a string\n --> migrate.toml:3:10\n  |\n3 | server = 15\n  |          ^^",
                "unknown level `no`: expected `allow`, `warn` or `deny`\n \
                 --> migrate.toml:5:9\n  |\n5 | locks = 'no'\n  |         ^^^^",
            ]
        );
    }

    #[test]
    fn a_misspelt_key_is_shown_with_the_one_that_is_meant() {
        let [key, inner] = &*read("dialekt = 'sqlite'\n[lint]\nsever = 'sqlite 3.40'").faults
        else {
            panic!("two faults")
        };
        assert!(key.starts_with("unknown key `dialekt`\n") && key.ends_with("`dialect`?"), "{key}");
        assert!(inner.contains("migrate.toml:3:1") && inner.ends_with("`server`?"), "{inner}");
    }

    #[test]
    fn a_file_that_is_no_toml_is_shown_at_its_fault() {
        let [fault] = &*read("dialect = \n").faults else { panic!("one fault") };
        assert!(fault.contains("migrate.toml:1:"), "{fault}");
    }

    #[cfg(feature = "lint")]
    #[test]
    fn an_unknown_rule_is_shown_and_the_others_are_set() {
        let config = read("[lint.rules]\nmissing-were = 'deny'\nmissing-where = 'allow'");
        let [fault] = &*config.faults else { panic!("one fault") };
        assert!(fault.starts_with("unknown rule `missing-were`\n"), "{fault}");
        assert!(fault.ends_with("\nhelp: did you mean `missing-where`?"), "{fault}");
        let rule = migrate_lint::rule("missing-where").unwrap();
        assert_eq!(config.lint.level(rule), Level::Allow);
    }
}
