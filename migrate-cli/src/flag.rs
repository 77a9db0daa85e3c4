//! How `migrate` hands the URL of `--database-url` on to the binary that it starts.

/// The variable that names the database.
pub(crate) const URL_VARIABLE: &str = "DATABASE_URL";

/// Holds the number of the process of `migrate`, and the URL of its flag.
///
/// Where cargo takes the process over, and the binary takes it from cargo, the number stays. Where a program stands between,
/// the URL counts while `DATABASE_URL` is the same. If it is not, somebody has set another since, or cargo has by its `[env]`.
pub(crate) const FLAG_VARIABLE: &str = "_MIGRATE_DATABASE_URL_FLAG";

/// The variables that hand a flag's URL on. `DATABASE_URL` is for a binary of another version.
pub(crate) fn handed_on(url: &str) -> [(&'static str, String); 2] {
    let flag = format!("{} {url}", std::process::id());
    [(URL_VARIABLE, url.to_owned()), (FLAG_VARIABLE, flag)]
}
