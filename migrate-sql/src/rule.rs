//! What rules are called and set to, wherever they are applied.

mod level;

pub use self::level::{Level, UnknownLevel};
