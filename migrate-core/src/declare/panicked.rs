//! Migrations that panic. A panic in user code is an error of the revision like any other: the transaction is rolled
//! back, the journal is kept, and the report names the revision.

use std::any::Any;
use std::error::Error as StdError;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;

use futures_core::future::BoxFuture;

/// A panic of a migration. Rust has printed its place to stderr.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the migration panicked: {message}")]
#[non_exhaustive]
pub struct Panicked {
    /// The message of the panic.
    pub message: String,
}

impl Panicked {
    fn new(payload: Box<dyn Any + Send>) -> Self {
        let said = Self::said(payload.as_ref());
        // Dropping it is code of a migration's as well, and may panic again.
        std::mem::forget(payload);
        said
    }

    fn said(payload: &(dyn Any + Send)) -> Self {
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        Self { message: text.unwrap_or("without a message").to_owned() }
    }

    /// Calls a function of a migration, and catches its panic.
    pub(crate) fn catch<T>(call: impl FnOnce() -> T) -> Result<T, Self> {
        // Everything that the migration held is dropped with it.
        catch_unwind(AssertUnwindSafe(call)).map_err(Self::new)
    }

    /// Checks that an error of a migration can be displayed: its `Display` is code of the migration, too.
    pub(crate) fn check(error: Box<dyn StdError + Send + Sync>) -> Box<dyn StdError + Send + Sync> {
        let told = Self::catch(|| {
            let mut cause: Option<&dyn StdError> = Some(error.as_ref());
            while let Some(told) = cause {
                // A `Display` that fails would panic wherever it is turned into text.
                drop(told.to_string());
                cause = told.source();
            }
        });
        match told {
            Ok(()) => error,
            Err(panicked) => {
                std::mem::forget(error);
                Box::new(panicked)
            }
        }
    }

    /// Runs a migration's code from its first call to its end, and catches its panic.
    pub(crate) async fn catch_async<'a, T>(
        start: impl FnOnce() -> BoxFuture<'a, T>,
    ) -> Result<T, Self> {
        let mut running = Self::catch(start)?;
        poll_fn(|context| match Self::catch(|| running.as_mut().poll(context)) {
            Ok(poll) => poll.map(Ok),
            Err(panicked) => Poll::Ready(Err(panicked)),
        })
        .await
    }
}
