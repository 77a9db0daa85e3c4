//! Removes passwords from text that is shown.

/// Names of parameters whose value is secret.
const SECRETS: [&str; 6] = ["password", "passwd", "passphrase", "secret", "token", "pwd"];
/// Parameters that name a key's file, or contain the key itself.
const KEYS: [&str; 2] = ["sslkey", "ssl-key"];

/// Hides the password in each `scheme://user:password@host` of a text.
///
/// ```
/// assert_eq!(migrate_redact::redact("no answer from mysql://u:secret@h/d"), "no answer from mysql://u:***@h/d");
/// ```
pub fn redact(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("://") {
        shown.push_str(before);
        shown.push_str("://");
        let (url, tail) = after.split_at_checked(end(after)).unwrap_or((after, ""));
        shown.push_str(&without_password(url));
        rest = tail;
    }
    shown.push_str(rest);
    shown
}

/// Returns where a URL at the beginning of a text ends.
fn end(text: &str) -> usize {
    let is_end = |c: char| c.is_whitespace() || matches!(c, '`' | '\'' | '"');
    let end = text.find(is_end).unwrap_or(text.len());
    let (url, tail) = text.split_at_checked(end).unwrap_or((text, ""));
    let line = tail.lines().next().unwrap_or_default();
    match line.rfind('@') {
        // A password with a blank or quote in it, which should have been escaped.
        Some(at) if !is_address(url.rsplit('@').next().unwrap_or_default()) => {
            let behind = line.get(at..).unwrap_or_default();
            end + at + behind.find(is_end).unwrap_or(behind.len())
        }
        _ => end,
    }
}

/// Returns whether a text before a path is a host, with or without a port.
fn is_address(url: &str) -> bool {
    let host = url.split(['/', '?', '#']).next().unwrap_or_default();
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    match host.split_once(':') {
        Some((_, port)) => host.starts_with('[') || is_port(port),
        None => true,
    }
}

/// Hides the password of a URL, given without its scheme. Where it is ambiguous, hides more rather than less.
pub fn without_password(url: &str) -> String {
    let Some(first) = url.find('@') else { return without_parameter(url) };
    let question =
        url.get(first..).and_then(|rest| rest.find('?')).map_or(url.len(), |at| first + at);
    let (address, parameters) = url.split_at_checked(question).unwrap_or((url, ""));
    let Some(name) = name_before_password(address) else {
        return format!("{address}{}", without_parameter(parameters));
    };
    // A password may contain characters that should have been escaped, so it ends at the last `@`.
    let (_, rest) = url.rsplit_once('@').unwrap_or_default();
    format!("{name}:***@{}", without_parameter(rest))
}

/// Returns the user name, if a password follows it.
fn name_before_password(address: &str) -> Option<&str> {
    let (user, host) = address.rsplit_once('@')?;
    if let Some((name, _)) = user.split_once(':') {
        return Some(name);
    }
    // The `@` belongs to the user name, and the password was cut at a `?`.
    if is_address(host) {
        return None;
    }
    let (part, _) = host.split_once(':')?;
    address.get(..user.len() + 1 + part.len())
}

/// Hides secrets among the parameters of a URL.
pub fn without_parameter(url: &str) -> String {
    let shown: Vec<String> = url
        .split('&')
        .map(|parameter| match parameter.split_once('=') {
            Some((name, _)) if is_secret(name.rsplit('?').next().unwrap_or(name)) => {
                format!("{name}=***")
            }
            _ => parameter.to_owned(),
        })
        .collect();
    shown.join("&")
}

fn is_secret(name: &str) -> bool {
    let name = decoded(name).to_ascii_lowercase();
    KEYS.contains(&name.as_str()) || SECRETS.iter().any(|secret| name.contains(secret))
}

/// Decodes a name, in which letters may be written as `%70`.
fn decoded(name: &str) -> String {
    let mut parts = name.split('%');
    let mut decoded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let letter = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match letter {
            Some(letter) => {
                decoded.push(char::from(letter));
                decoded.push_str(part.get(2..).unwrap_or_default());
            }
            None => decoded.push_str(part),
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn passwords_are_hidden_wherever_a_url_stands() {
        for (text, shown) in [
            (
                "unexpected argument 'postgres://u:secret@h/d' found",
                "unexpected argument 'postgres://u:***@h/d' found",
            ),
            ("at postgres://u:p@ss@h/d and on", "at postgres://u:***@h/d and on"),
            ("'mysql://u:my secret@h/d' is", "'mysql://u:***@h/d' is"),
            ("'mysql://u:it's@h/d' is", "'mysql://u:***@h/d' is"),
            ("mysql://h:3306/d says 'u'@'h'", "mysql://h:3306/d says 'u'@'h'"),
            ("mysql://u:p@h/d says 'u'@'h'", "mysql://u:***@h/d says 'u'@'h'"),
            ("postgres://[::1]/d, a@b", "postgres://[::1]/d, a@b"),
            ("postgres://u@h/d?password=secret&x=1", "postgres://u@h/d?password=***&x=1"),
            ("mysql://u:a?b@h/d?ssl-mode=x", "mysql://u:***@h/d?ssl-mode=x"),
            ("mysql://u@s:secret@h/d", "mysql://u@s:***@h/d"),
            ("mysql://u@s:it's@h/d is", "mysql://u@s:***@h/d is"),
            ("mysql://u:p@h/d?x=a@b&password=q", "mysql://u:***@b&password=***"),
            ("postgres://h/d?sslkey=-----BEGIN", "postgres://h/d?sslkey=***"),
            ("see https://example.org/a", "see https://example.org/a"),
            ("no URL", "no URL"),
        ] {
            assert_eq!(redact(text), shown);
        }
    }

    proptest! {
        #[test]
        fn no_password_is_left(
            password in "[A-Z][A-Z:/?#@=&%.]{0,8}[A-Z]|[A-Z][A-Z:/?' ]{0,8}[A-Z]",
            user in "u|u@s",
            tail in "( and on|')?",
        ) {
            prop_assume!(!is_address(&format!("u:{password}")));
            let text = format!("at postgres://{user}:{password}@h/d{tail}");
            prop_assert_eq!(redact(&text), format!("at postgres://{user}:***@h/d{tail}"));
        }

        #[test]
        fn no_secret_parameter_is_left(password in "[A-Z][A-Z:/?#@=%.]{0,8}[A-Z]") {
            let text = format!("postgres://u@h:1/d?x=y&password={password}&a=b");
            prop_assert_eq!(redact(&text), "postgres://u@h:1/d?x=y&password=***&a=b");
        }
    }
}
