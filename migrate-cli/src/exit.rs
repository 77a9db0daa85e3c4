//! How a process ends.

/// How a run ended, as the process's exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit(u8);

impl Exit {
    /// It is done.
    pub const DONE: Self = Self(0);
    /// It failed.
    pub const FAILED: Self = Self(1);
    /// It was asked for in a way that is not understood.
    pub const USAGE: Self = Self(2);
    /// The answer is no: something is pending, or was found.
    pub const NO: Self = Self(3);
    /// Stopped because its terminal was closed.
    pub const HUNG_UP: Self = Self(129);
    /// Stopped by Ctrl-C.
    pub const INTERRUPTED: Self = Self(130);
    /// Stopped by SIGTERM.
    pub const TERMINATED: Self = Self(143);

    /// The code of a program that was run.
    pub(crate) const fn of_child(code: u8) -> Self {
        Self(code)
    }

    /// The number.
    pub const fn code(self) -> u8 {
        self.0
    }
}
