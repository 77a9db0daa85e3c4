//! Starts the process that is killed, and observes how it ends.

use std::env;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use migrate_core::Moment;
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use crate::worker::{Act, COMMAND, URL};

/// The time after which a process hangs.
const LONGEST: Duration = Duration::from_mins(3);

/// A process that will run a plan.
#[derive(Clone, Debug)]
pub(crate) struct Runner {
    url: String,
    arguments: Vec<String>,
    /// The command that runs the runner, such as `faketime`.
    under: Vec<String>,
}

impl Runner {
    /// Runs `plan` on the database at `url`: `command` is `up`, `production` or `down`, which goes to the base.
    pub(crate) fn new(url: &str, plan: &str, command: &str) -> Self {
        let runner = Self { url: url.to_owned(), arguments: Vec::new(), under: Vec::new() };
        runner.with("--plan", plan).with("--do", command)
    }

    /// Injects `act` at the statement `at`, from 1.
    pub(crate) fn fault(self, at: usize, moment: Moment, act: Act) -> Self {
        let (name, delay) = match moment {
            Moment::Before => ("--before", 0),
            Moment::Inside(delay) => ("--inside", delay.as_micros()),
            Moment::After => ("--after", 0),
        };
        self.with("--at", &at.to_string()).with(name, &delay.to_string()).with("--act", act.word())
    }

    /// Sets how long to wait for another run, instead of a minute.
    pub(crate) fn wait(self, seconds: u64) -> Self {
        self.with("--wait", &seconds.to_string())
    }

    /// Sets the server's lock timeout, in seconds.
    pub(crate) fn lock_timeout(self, seconds: u64) -> Self {
        self.with("--lock-timeout", &seconds.to_string())
    }

    /// Sets the target revision, or the revision to repair.
    pub(crate) fn to(self, revision: &str) -> Self {
        self.with("--to", revision)
    }

    /// Sets the decision for `repair`: `done` or `not-done`.
    pub(crate) fn answer(self, answer: &str) -> Self {
        self.with("--answer", answer)
    }

    /// Sets the kind of lock: `session`, `lease` or `none`.
    pub(crate) fn lock(self, mode: &str) -> Self {
        self.with("--lock", mode)
    }

    /// Sets the time after which its lease expires without renewal.
    pub(crate) fn lease(self, seconds: u64) -> Self {
        self.with("--lease", &seconds.to_string())
    }

    /// Starts it through this command, followed by the runner's arguments.
    pub(crate) fn under<const N: usize>(mut self, command: [&str; N]) -> Self {
        self.under = command.map(str::to_owned).to_vec();
        self
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.arguments.extend([name.to_owned(), value.to_owned()]);
        self
    }

    /// Starts it.
    pub(crate) fn start(&self) -> Running {
        let own = env::current_exe().expect("a program");
        let mut words = self.under.iter().map(Into::into).chain([own.into_os_string()]);
        let mut command = Command::new(words.next().expect("a command"));
        command.args(words).arg(COMMAND).args(&self.arguments).env(URL, &self.url);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.kill_on_drop(true).spawn().expect("a runner");
        let (input, output) = (child.stdin.take(), child.stdout.take().expect("a pipe"));
        Running { child, input, lines: BufReader::new(output).lines(), said: String::new() }
    }

    /// Starts it, and waits for its end.
    pub(crate) async fn run(&self) -> Ended {
        self.start().end().await
    }
}

/// A process that runs a plan.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    input: Option<ChildStdin>,
    lines: Lines<BufReader<ChildStdout>>,
    said: String,
}

impl Running {
    /// Its process.
    pub(crate) fn pid(&self) -> Pid {
        let pid = self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        pid.expect("a process that nobody has waited for")
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).expect("a process of ours");
    }

    /// Waits until it prints a line with this prefix: `held`, `waiting`, `resuming`, `done`. Returns false if it ends before.
    pub(crate) async fn says(&mut self, beginning: &str) -> bool {
        let listen = async {
            while let Some(line) = self.lines.next_line().await.expect("its words") {
                self.said.push_str(&line);
                self.said.push('\n');
                if line.starts_with(beginning) {
                    return true;
                }
            }
            false
        };
        timeout(LONGEST, listen).await.expect("a runner that does not hang")
    }

    /// Lets it continue, if it is held.
    pub(crate) fn let_go(&mut self) {
        self.input = None;
    }

    /// Lets it continue, and waits for its end.
    pub(crate) async fn end(mut self) -> Ended {
        self.let_go();
        let mut stderr = self.child.stderr.take().expect("a pipe");
        let mut complained = String::new();
        let listen = async {
            // Both at once: an unread pipe may be full.
            let (_, complaint) =
                tokio::join!(self.says("\0"), stderr.read_to_string(&mut complained));
            complaint.expect("its complaints");
            self.child.wait().await.expect("its end")
        };
        let status = timeout(LONGEST, listen).await.expect("a runner that does not hang");
        Ended { status, said: self.said, complained }
    }
}

/// How such a process ended.
#[derive(Debug)]
pub(crate) struct Ended {
    status: ExitStatus,
    /// Its output about the run, one line each; see `tell` in `worker.rs`.
    pub(crate) said: String,
    /// What it wrote to standard error.
    pub(crate) complained: String,
}

impl Ended {
    /// Returns its exit code; `None` if a signal ended it.
    pub(crate) fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// Returns whether `SIGKILL` ended it.
    pub(crate) fn was_killed(&self) -> bool {
        self.status.signal() == Some(Signal::KILL.as_raw())
    }

    /// Returns the number of statements that it has sent.
    pub(crate) fn statements(&self) -> usize {
        let count = self.said.lines().find_map(|line| line.strip_prefix("statements "));
        count.and_then(|count| count.parse().ok()).expect("a runner that counts")
    }

    /// Returns whether it resumed an unfinished revision.
    pub(crate) fn has_resumed(&self) -> bool {
        self.said.lines().any(|line| line.starts_with("resuming "))
    }

    /// Returns whether it has waited for another run.
    pub(crate) fn has_waited(&self) -> bool {
        self.said.lines().any(|line| line.starts_with("waiting "))
    }

    /// Describes how it ended, in one line.
    pub(crate) fn told(&self) -> String {
        let complained: Vec<&str> = self.complained.lines().collect();
        format!("{}; {}", self.status, complained.join(" / "))
    }
}
