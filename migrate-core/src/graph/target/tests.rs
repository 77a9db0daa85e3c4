//! What targets mean.

mod laws;
mod resolution;
mod syntax;
