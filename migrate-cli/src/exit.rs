//! Exit codes.

/// How a run ended, as the process's exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit(u8);

impl Exit {
    /// Done.
    pub const DONE: Self = Self(0);
    /// Failed.
    pub const FAILED: Self = Self(1);
    /// The command line is wrong.
    pub const USAGE: Self = Self(2);
    /// A check failed: something is pending, or was found.
    pub const NO: Self = Self(3);
    /// Stopped because its terminal was closed.
    pub const HUNG_UP: Self = Self(129);
    /// Stopped by Ctrl-C.
    pub const INTERRUPTED: Self = Self(130);
    /// Stopped by SIGTERM.
    pub const TERMINATED: Self = Self(143);

    /// Returns the exit code of a program that was run.
    pub(crate) const fn of_child(code: u8) -> Self {
        Self(code)
    }

    /// Returns the number.
    pub const fn code(self) -> u8 {
        self.0
    }
}
