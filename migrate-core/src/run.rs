//! A run: the lock, the messages, resuming, and the steps.

pub(crate) mod blocker;
pub(crate) mod executor;
pub(crate) mod lock;
pub(crate) mod message;
pub(crate) mod observer;
pub(crate) mod pauses;
pub(crate) mod probe;
pub(crate) mod recall;
pub(crate) mod settings;
pub(crate) mod stop;
