//! Our own rules, one in each file.

pub(super) mod concurrent_if_not_exists;
pub(super) mod missing_where;

#[cfg(test)]
mod tested;
