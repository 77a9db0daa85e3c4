//! What a schema migration takes away from rows or demands of them, and which rows a data migration needs.
//!
//! Both read tokens, as [`ddl`](crate::ddl) does. Where a text does not tell, the answer is the wider one: a data
//! migration that may touch anything, or a schema migration whose effect is not seen.

mod calls;
mod columns;
mod demands;
mod narrowing;
mod narrowings;
mod nested;
mod relation;
mod ties;
mod touched;

pub use self::{
    narrowing::{Narrowing, Narrowings},
    narrowings::narrowings,
    relation::Relation,
    ties::Ties,
    touched::{Touched, touched},
};

#[cfg(test)]
mod tests;
