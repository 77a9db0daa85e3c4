//! A database URL as it was written in a setting.

use std::fmt;
use std::ops::Deref;

use serde::Deserialize;

use crate::engine::url::redact;

/// The text of a setting that names a database. `Debug` hides the password that it may contain.
///
/// ```
/// use migrate_core::WrittenUrl;
///
/// let url = WrittenUrl::from("postgres://shop:secret@db/shop".to_owned());
/// assert_eq!(format!("{url:?}"), r#""postgres://shop:***@db/shop""#);
/// assert_eq!(&*url, "postgres://shop:secret@db/shop");
/// ```
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct WrittenUrl(String);

impl From<String> for WrittenUrl {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// Gives the text with its password.
impl Deref for WrittenUrl {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for WrittenUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Text that is not a URL may be a password alone.
        let shown = if self.0.contains("://") { redact(&self.0) } else { "***".to_owned() };
        fmt::Debug::fmt(&shown, f)
    }
}
