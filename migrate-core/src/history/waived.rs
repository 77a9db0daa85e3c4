//! Waivers in history: one per line, `rule: reason`.

use std::fmt;

use crate::declare::migration::Waiver;

/// A rule that a revision waives, and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waived {
    /// The rule's name, with hyphens.
    pub rule: String,
    /// The reason, in one line.
    pub reason: String,
}

impl From<&Waiver> for Waived {
    fn from(waiver: &Waiver) -> Self {
        let words: Vec<&str> = waiver.reason.split_whitespace().collect();
        Self { rule: waiver.rule.replace('_', "-"), reason: words.join(" ") }
    }
}

impl fmt::Display for Waived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.reason)
    }
}

impl Waived {
    /// Returns the text for history; `None` where nothing is waived.
    pub(crate) fn write(waivers: &[Waiver]) -> Option<String> {
        let lines: Vec<String> =
            waivers.iter().map(|waiver| Self::from(waiver).to_string()).collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    /// Parses the text in history. Lines that are not waivers are skipped.
    pub(crate) fn read(text: &str) -> Vec<Self> {
        let of_line = |line: &str| {
            let (rule, reason) = line.split_once(": ")?;
            Some(Self { rule: rule.to_owned(), reason: reason.to_owned() })
        };
        text.lines().filter_map(of_line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let waivers = [
            Waiver { rule: "missing_where", reason: "all: of\n  them" },
            Waiver { rule: "mixed", reason: "" },
        ];
        let text = Waived::write(&waivers).expect("two waivers");
        assert_eq!(text, "missing-where: all: of them\nmixed: ");
        let read = Waived::read(&text);
        assert_eq!(read, waivers.iter().map(Waived::from).collect::<Vec<_>>());
    }

    #[test]
    fn nothing_waived_is_nothing() {
        assert_eq!(Waived::write(&[]), None);
        assert_eq!(Waived::read(""), []);
    }
}
