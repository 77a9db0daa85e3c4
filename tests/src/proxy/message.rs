//! Reads the messages that clients send, and classifies them for counting.

use std::io;

use migrate_core::Dialect;
use tokio::io::{AsyncRead, AsyncReadExt as _};

/// The kind of a message, for counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// Part of the login: start, password, and messages that belong to it.
    Login,
    /// A message that the server will answer.
    Command,
    /// The client leaves, and does not wait for an answer.
    Goodbye,
}

/// A message as it arrived.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) sort: Sort,
    pub(super) bytes: Vec<u8>,
}

/// Reads one connection's messages. It must not be encrypted.
#[derive(Debug)]
pub(super) struct Messages {
    dialect: Dialect,
    /// Whether PostgreSQL's first message has come, after which each begins with its type.
    started: bool,
}

// The code in place of a version that asks PostgreSQL for TLS or GSSAPI; the actual first message follows.
const FIRST_REQUEST_CODE: i32 = 80_877_102;

impl Messages {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self { dialect, started: false }
    }

    /// Returns the next message, or `None` at the end of the connection.
    pub(super) async fn next(
        &mut self,
        from: &mut (impl AsyncRead + Unpin),
    ) -> io::Result<Option<Message>> {
        let mut bytes = vec![0; self.head()];
        match from.read_exact(&mut bytes).await {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            outcome => outcome?,
        };
        let head = bytes.len();
        bytes.resize(head + self.rest(&bytes), 0);
        from.read_exact(&mut bytes[head..]).await?;
        let sort = self.sort(&bytes);
        Ok(Some(Message { sort, bytes }))
    }

    /// Returns the number of bytes that encode a message's length.
    fn head(&self) -> usize {
        match self.dialect {
            Dialect::Postgres if self.started => 5,
            Dialect::Mysql | Dialect::Postgres | Dialect::Sqlite => 4,
        }
    }

    /// Returns the number of bytes after the head.
    fn rest(&self, head: &[u8]) -> usize {
        let length = match self.dialect {
            Dialect::Mysql => {
                return usize::from_le_bytes([head[0], head[1], head[2], 0, 0, 0, 0, 0]);
            }
            Dialect::Postgres | Dialect::Sqlite => &head[head.len() - 4..],
        };
        // PostgreSQL's lengths count themselves.
        let length = u32::from_be_bytes(length.try_into().expect("four bytes"));
        usize::try_from(length).expect("a length").saturating_sub(4)
    }

    fn sort(&mut self, bytes: &[u8]) -> Sort {
        match self.dialect {
            // Each command restarts the numbers; the way in continues from the server's greeting.
            Dialect::Mysql if bytes[3] != 0 => Sort::Login,
            Dialect::Mysql if bytes.get(4) == Some(&1) => Sort::Goodbye,
            Dialect::Mysql => Sort::Command,
            Dialect::Postgres | Dialect::Sqlite if !self.started => {
                let code = bytes
                    .get(4..8)
                    .map_or(0, |code| i32::from_be_bytes(code.try_into().expect("four bytes")));
                self.started = code < FIRST_REQUEST_CODE;
                Sort::Login
            }
            Dialect::Postgres | Dialect::Sqlite => match bytes[0] {
                b'p' => Sort::Login,
                b'X' => Sort::Goodbye,
                _ => Sort::Command,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn sorts(dialect: Dialect, mut bytes: &[u8]) -> Vec<(Sort, usize)> {
        let mut messages = Messages::new(dialect);
        let mut sorts = Vec::new();
        while let Some(message) = messages.next(&mut bytes).await.expect("whole messages") {
            sorts.push((message.sort, message.bytes.len()));
        }
        sorts
    }

    #[tokio::test]
    async fn postgres_messages_are_told_apart() {
        let mut sent = vec![0, 0, 0, 8, 4, 210, 22, 47]; // may I have TLS?
        sent.extend([0, 0, 0, 9, 0, 3, 0, 0, 0]); // version 3.0
        sent.extend(b"p\0\0\0\x07pw\0");
        sent.extend(b"Q\0\0\0\x0bSELECT\0");
        sent.extend(b"X\0\0\0\x04");
        let expected = [
            (Sort::Login, 8),
            (Sort::Login, 9),
            (Sort::Login, 8),
            (Sort::Command, 12),
            (Sort::Goodbye, 5),
        ];
        assert_eq!(sorts(Dialect::Postgres, &sent).await, expected);
    }

    #[tokio::test]
    async fn mysql_messages_are_told_apart() {
        let sent = [&[3, 0, 0, 1, 9, 9, 9], &b"\x04\0\0\0\x03SET"[..], b"\x01\0\0\0\x01"].concat();
        let expected = [(Sort::Login, 7), (Sort::Command, 8), (Sort::Goodbye, 5)];
        assert_eq!(sorts(Dialect::Mysql, &sent).await, expected);
    }

    #[tokio::test]
    async fn a_message_that_breaks_off_is_an_error() {
        let mut messages = Messages::new(Dialect::Mysql);
        messages.next(&mut &b"\x04\0\0\0\x03S"[..]).await.expect_err("half a message");
    }
}
