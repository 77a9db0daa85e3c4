//! What is said of a migration besides its SQL.

mod context;
mod kind;
mod resumption;

mod transactions;

pub use self::context::{Direction, SqlContext};
pub use self::kind::Kind;
pub use self::resumption::Resumption;
pub use self::transactions::Transactions;
