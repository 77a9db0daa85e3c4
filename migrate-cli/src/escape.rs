//! Escapes text from outside for people: the only place that does.
//!
//! History, server messages and SQL may contain characters that move a terminal's cursor, start a line that looks like ours,
//! or reverse the order of letters. Such characters are shown as codes. Scripts are programs, and stay unchanged.

use std::borrow::Cow;

/// Replaces a character where columns are counted.
const STAND_IN: char = '\u{fffd}';

/// Escapes a value within a line: it can neither end the line nor colour it.
pub(crate) fn value(text: &str) -> Cow<'_, str> {
    escaped(text, |character| character == '\t')
}

/// Escapes a value of several lines.
pub(crate) fn values(text: &str) -> Cow<'_, str> {
    escaped(text, |character| matches!(character, '\t' | '\n'))
}

/// Escapes a value so that each character keeps its column.
pub(crate) fn columns(text: &str) -> String {
    let shown = |c: char| if c != '\t' && is_hidden(c) { STAND_IN } else { c };
    text.chars().map(shown).collect()
}

/// Escapes a JSON document without changing its meaning: only its strings can contain anything to escape.
pub(crate) fn json(document: &str) -> String {
    let mut shown = String::with_capacity(document.len());
    for character in document.chars() {
        if character != '\n' && is_hidden(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                shown.extend(["\\u", &format!("{unit:04x}")]);
            }
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Escapes a whole text of ours, except these colour codes.
pub(crate) fn text<'a>(text: &'a str, codes: &[String]) -> Cow<'a, str> {
    if !text.chars().any(|c| is_hidden(c) && c != '\n') {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let code = codes.iter().find(|code| rest.starts_with(code.as_str()));
        let length = code.map_or(character.len_utf8(), String::len);
        let (piece, tail) = rest.split_at_checked(length).unwrap_or((rest, ""));
        if code.is_some() {
            shown.push_str(piece);
        } else {
            shown.push_str(&values(piece));
        }
        rest = tail;
    }
    Cow::Owned(shown)
}

fn escaped(text: &str, stays: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(|c| is_hidden(c) && !stays(c)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hidden(character) && !stays(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// Returns whether a character is a control, ends a line or a paragraph, sets the text direction, or is invisible.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_does_something_to_a_terminal_is_shown_by_its_code() {
        for (hostile, shown) in [
            ("plain", "plain"),
            ("Größe\tπ 👩‍💻", "Größe\tπ 👩‍💻"),
            ("\u{1b}]0;title\u{7}", r"\u{1b}]0;title\u{7}"),
            ("\u{9b}31mred", r"\u{9b}31mred"),
            ("a\nerror: forged\r", r"a\nerror: forged\r"),
            ("user\u{202e}txt.exe", r"user\u{202e}txt.exe"),
            ("a\u{2028}b", r"a\u{2028}b"),
        ] {
            assert_eq!(value(hostile), shown);
        }
        assert_eq!(values("a\nb\u{8}"), "a\nb\\u{8}");
        assert_eq!(columns("a\u{1b}[2J\tb"), "a\u{fffd}[2J\tb");
    }

    #[test]
    fn our_own_codes_survive_and_no_others() {
        let codes = ["\u{1b}[31m".to_owned(), "\u{1b}[0m".to_owned()];
        assert_eq!(text("\u{1b}[31mred\u{1b}[0m\n", &codes), "\u{1b}[31mred\u{1b}[0m\n");
        assert_eq!(text("\u{1b}[31mred\u{1b}[0m", &[]), r"\u{1b}[31mred\u{1b}[0m");
        assert_eq!(text("\u{1b}[2J", &codes), r"\u{1b}[2J");
    }

    proptest! {
        #[test]
        fn nothing_hidden_is_left(hostile in any::<String>()) {
            prop_assert!(!value(&hostile).chars().any(|c| is_hidden(c) && c != '\t'));
            let lines = text(&hostile, &[]);
            prop_assert!(!lines.chars().any(|c| is_hidden(c) && !matches!(c, '\t' | '\n')));
            prop_assert_eq!(hostile.lines().count().max(1), lines.lines().count().max(1));
            let document = json(&serde_json::to_string(&hostile).expect("JSON"));
            prop_assert!(!document.chars().any(is_hidden));
            prop_assert_eq!(serde_json::from_str::<String>(&document).expect("JSON"), hostile.clone());
            prop_assert_eq!(columns(&hostile).chars().count(), hostile.chars().count());
        }
    }
}
