//! Turns a description into the name of a function and of a file.

/// The maximum length of a name, so that it fits on a line of code.
const LONGEST: usize = 50;

/// Returns lower-case words joined by `_`; empty if the text has no ASCII letter or digit. The file names of modules must
/// be ASCII.
pub(super) fn slug(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut slug = String::new();
    for word in words {
        if slug.is_empty() {
            slug.extend(word.chars().take(LONGEST));
        } else if slug.len() + 1 + word.len() <= LONGEST {
            slug.push('_');
            slug.push_str(word);
        } else {
            break;
        }
    }
    slug.to_ascii_lowercase()
}

/// Returns whether a slug can name a function.
pub(super) fn is_name(slug: &str) -> bool {
    slug.starts_with(|c: char| c.is_ascii_alphabetic()) && !KEYWORDS.contains(&slug)
}

/// Rust's current and reserved keywords, and lower-case names that a function should not have.
const KEYWORDS: &[&str] = &[
    "abstract",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "const",
    "continue",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "match",
    "migration",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "struct",
    "super",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_names_of_files() {
        for (text, expected) in [
            ("Add e-mail to users", "add_e_mail_to_users"),
            ("  many   spaces ", "many_spaces"),
            ("2FA", "2fa"),
            ("добавить email", "email"),
            ("日本", ""),
            ("../../etc/passwd", "etc_passwd"),
            ("a\nb\"c", "a_b_c"),
        ] {
            assert_eq!(slug(text), expected, "{text}");
        }
        assert!(slug(&"word ".repeat(40)).len() <= LONGEST);
        assert!(slug(&"x".repeat(400)).len() <= LONGEST);
    }

    #[test]
    fn keywords_and_digits_name_no_function() {
        assert!(is_name("add_email"));
        for slug in ["", "2fa", "type", "move", "self"] {
            assert!(!is_name(slug), "{slug}");
        }
    }
}
