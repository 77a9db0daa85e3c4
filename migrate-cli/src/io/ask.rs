//! Questions to the user.

use std::io::{self, Write as _};
use std::mem;
use std::sync::PoisonError;

use tokio::task;

use crate::escape;
use crate::io::{Printer, Talk};

impl Talk {
    fn prompt(&self, text: &str) {
        let mut err = self.err.lock().unwrap_or_else(PoisonError::into_inner);
        drop(write!(err, "{} ", escape::value(text)).and_then(|()| err.flush()));
    }
}

impl Printer {
    /// Asks a question on a separate thread, so that signals are still received. The answer may be empty.
    pub(crate) async fn ask(&mut self, question: &str) -> String {
        self.talk.prompt(question);
        let mut input = mem::replace(&mut self.input, Box::new(io::empty()));
        let reading = task::spawn_blocking(move || {
            let mut answer = String::new();
            drop(input.read_line(&mut answer));
            (input, answer)
        });
        let Ok((input, answer)) = reading.await else { return String::new() };
        self.input = input;
        answer.trim().to_owned()
    }
}
