//! Passwords taken out of whatever is said.

/// Hides the password in each `scheme://user:password@host` of a text.
///
/// ```
/// assert_eq!(migrate_core::redact("no answer from mysql://u:secret@h/d"), "no answer from mysql://u:***@h/d");
/// ```
pub fn redact(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("://") {
        shown.push_str(before);
        shown.push_str("://");
        let end = after
            .find(|c: char| c.is_whitespace() || matches!(c, '`' | '\'' | '"'))
            .unwrap_or(after.len());
        let (url, tail) = after.split_at_checked(end).unwrap_or((after, ""));
        shown.push_str(&without_password(url));
        rest = tail;
    }
    shown.push_str(rest);
    shown
}

/// Hides the password of a URL, given without its scheme.
pub(super) fn without_password(url: &str) -> String {
    // A password may hold an `@` that was not escaped: the last one counts.
    let (user, host) = match url.rsplit_once('@') {
        Some((user, host)) => {
            (user.split_once(':').map_or(user.to_owned(), |(name, _)| format!("{name}:***@")), host)
        }
        None => (String::new(), url),
    };
    let user = if user.is_empty() || user.ends_with('@') { user } else { format!("{user}@") };
    format!("{user}{}", without_parameter(host))
}

fn without_parameter(url: &str) -> String {
    let Some((before, parameters)) = url.split_once('?') else { return url.to_owned() };
    let shown: Vec<String> = parameters
        .split('&')
        .map(|parameter| match parameter.split_once('=') {
            Some((name, _)) if name.to_ascii_lowercase().contains("password") => {
                format!("{name}=***")
            }
            _ => parameter.to_owned(),
        })
        .collect();
    format!("{before}?{}", shown.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_hidden_wherever_a_url_stands() {
        for (text, shown) in [
            (
                "unexpected argument 'postgres://u:secret@h/d' found",
                "unexpected argument 'postgres://u:***@h/d' found",
            ),
            ("at postgres://u:p@ss@h/d and on", "at postgres://u:***@h/d and on"),
            ("postgres://u@h/d?password=secret&x=1", "postgres://u@h/d?password=***&x=1"),
            ("see https://example.org/a", "see https://example.org/a"),
            ("no URL", "no URL"),
        ] {
            assert_eq!(redact(text), shown);
        }
    }
}
