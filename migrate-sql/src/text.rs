//! Text: its tokens, places in it, and how the dialects write names and literals.

mod checksum;
mod dialect;
mod lexer;
mod position;
pub mod quote;
mod server;
mod token;
mod token_list;

pub use self::checksum::{Checksum, ParseChecksumError};
pub use self::dialect::{Dialect, UnknownDialect};
pub use self::lexer::{Tokens, tokens};
pub use self::position::Position;
pub use self::server::{Product, Server, UnknownServer};
pub use self::token::{Token, TokenKind};
pub(crate) use self::token_list::TokenList;
