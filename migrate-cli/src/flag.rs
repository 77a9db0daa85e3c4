//! Passes the URL of `--database-url` from `migrate` to the binary that it starts.

/// The variable that names the database.
pub(crate) const URL_VARIABLE: &str = "DATABASE_URL";

/// The variable with the process id of `migrate`, and the URL of its flag.
///
/// If cargo replaces the process, and the binary replaces cargo, the id stays the same. If there is a program in between, the
/// URL counts while `DATABASE_URL` equals it. If not, something has set another one since, for example cargo's `[env]`.
pub(crate) const FLAG_VARIABLE: &str = "_MIGRATE_DATABASE_URL_FLAG";

/// Returns the variables that pass on a flag's URL. `DATABASE_URL` is for a binary of another version.
pub(crate) fn handed_on(url: &str) -> [(&'static str, String); 2] {
    let flag = format!("{} {url}", std::process::id());
    [(URL_VARIABLE, url.to_owned()), (FLAG_VARIABLE, flag)]
}
