//! One connection through the proxy.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use migrate_core::Dialect;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::time::{Instant, sleep_until};

use crate::proxy::message::Messages;
use crate::proxy::traffic::{End, Place, Verdict, Watch};

/// Carries the messages between client and server.
pub(super) struct Line<'w> {
    dialect: Dialect,
    watch: &'w Arc<Watch>,
    /// Whether the client has sent something that the server has not started to answer.
    waits: AtomicBool,
    /// Whether the server's answers are dropped, because the connection ends with the command that it answers.
    is_muted: AtomicBool,
}

/// Data in transit.
enum Parcel {
    /// Bytes that arrive at this time.
    Bytes(Instant, Vec<u8>),
    /// The connection ends after everything that was sent before.
    End(End),
}

impl<'w> Line<'w> {
    pub(super) fn new(dialect: Dialect, watch: &'w Arc<Watch>) -> Self {
        Self { dialect, watch, waits: AtomicBool::new(false), is_muted: AtomicBool::new(false) }
    }

    /// Carries everything, until one side leaves or the connection is cut.
    pub(super) async fn carry(&self, mut client: TcpStream, server: &str) -> io::Result<()> {
        let Some(number) = self.watch.connected() else {
            return say_starting(&mut client).await;
        };
        if self.watch.is_over() == Some(End::Cut) {
            return Ok(());
        }
        let server = TcpStream::connect(server).await?;
        client.set_nodelay(true)?;
        server.set_nodelay(true)?;
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        let (there, arriving_there) = mpsc::unbounded_channel();
        let (back, arriving_back) = mpsc::unbounded_channel();
        let both = async {
            tokio::try_join!(
                self.commands(number, from_client, there),
                self.deliver(arriving_there, to_server),
                self.answers(from_server, back),
                self.deliver(arriving_back, to_client),
            )
        };
        tokio::select! {
            outcome = both => outcome.map(|_| ()),
            () = self.watch.is_cut() => Ok(()),
        }
    }

    /// Receives the client's messages, one by one.
    async fn commands(
        &self,
        number: usize,
        mut client: impl AsyncRead + Unpin,
        there: UnboundedSender<Parcel>,
    ) -> io::Result<()> {
        let mut messages = Messages::new(self.dialect);
        while let Some(message) = messages.next(&mut client).await? {
            let verdict = self.watch.sent(number, message.sort, self.waits.load(Ordering::SeqCst));
            self.waits.store(true, Ordering::SeqCst);
            let arrives = Instant::now() + self.watch.one_way();
            match verdict {
                None => post(&there, Parcel::Bytes(arrives, message.bytes)),
                Some(verdict) => {
                    self.is_muted.store(true, Ordering::SeqCst);
                    let Verdict { place, end } = verdict;
                    post(&there, Parcel::Bytes(arrives, seen(message.bytes, place)));
                    post(&there, Parcel::End(end));
                    return std::future::pending().await;
                }
            }
        }
        Ok(())
    }

    /// Receives the server's answers.
    async fn answers(
        &self,
        mut server: impl AsyncRead + Unpin,
        back: UnboundedSender<Parcel>,
    ) -> io::Result<()> {
        let mut buffer = vec![0; 16 * 1024];
        loop {
            let length = server.read(&mut buffer).await?;
            if length == 0 {
                return Ok(());
            }
            if !self.is_muted.load(Ordering::SeqCst) {
                self.waits.store(false, Ordering::SeqCst);
                let arrives = Instant::now() + self.watch.one_way();
                post(&back, Parcel::Bytes(arrives, buffer[..length].to_vec()));
            }
        }
    }

    /// Delivers data that has arrived, and closes after the last.
    async fn deliver(
        &self,
        mut parcels: UnboundedReceiver<Parcel>,
        mut to: impl AsyncWrite + Unpin,
    ) -> io::Result<()> {
        while let Some(parcel) = parcels.recv().await {
            match parcel {
                Parcel::Bytes(arrives, bytes) => {
                    sleep_until(arrives).await;
                    to.write_all(&bytes).await?;
                }
                Parcel::End(end) => self.watch.end(end),
            }
        }
        to.shutdown().await
    }
}

/// Sends a parcel; a receiver that is gone has already reported why.
fn post(parcels: &UnboundedSender<Parcel>, parcel: Parcel) {
    let _gone = parcels.send(parcel);
}

/// Returns the part of the last command that the server receives.
fn seen(mut bytes: Vec<u8>, place: Place) -> Vec<u8> {
    match place {
        Place::Before => bytes.clear(),
        Place::Inside => bytes.truncate(bytes.len() / 2),
        Place::After => {}
    }
    bytes
}

/// Sends PostgreSQL's message while it is not ready.
async fn say_starting(client: &mut TcpStream) -> io::Result<()> {
    Messages::new(Dialect::Postgres).next(client).await?;
    let fields = b"SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0";
    let length = u32::try_from(fields.len() + 4).expect("a short message");
    let message = [&b"E"[..], &length.to_be_bytes(), fields].concat();
    client.write_all(&message).await?;
    client.shutdown().await
}
