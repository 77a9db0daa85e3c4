//! Starts the process that is killed, and sees how it ends.

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

/// A process that takes longer hangs.
const LONGEST: Duration = Duration::from_mins(3);

/// A process that will run a plan.
#[derive(Clone, Debug)]
pub(crate) struct Runner {
    url: String,
    arguments: Vec<String>,
    /// What runs the runner: `faketime` and the like.
    under: Vec<String>,
}

impl Runner {
    /// Runs `plan` on the database at `url`: `deed` is `up`, `production` or `down`, which goes to the base.
    pub(crate) fn new(url: &str, plan: &str, deed: &str) -> Self {
        let runner = Self { url: url.to_owned(), arguments: Vec::new(), under: Vec::new() };
        runner.with("--plan", plan).with("--do", deed)
    }

    /// Has `act` happen at the statement `at`, from 1.
    pub(crate) fn fault(self, at: usize, moment: Moment, act: Act) -> Self {
        let (name, delay) = match moment {
            Moment::Before => ("--before", 0),
            Moment::Inside(delay) => ("--inside", delay.as_micros()),
            Moment::After => ("--after", 0),
        };
        self.with("--at", &at.to_string()).with(name, &delay.to_string()).with("--act", act.word())
    }

    /// Waits for another run as long, instead of a minute.
    pub(crate) fn wait(self, seconds: u64) -> Self {
        self.with("--wait", &seconds.to_string())
    }

    /// Lets the server wait as long for a lock, in seconds.
    pub(crate) fn lock_timeout(self, seconds: u64) -> Self {
        self.with("--lock-timeout", &seconds.to_string())
    }

    /// Goes to this revision, or corrects what history says of it.
    pub(crate) fn to(self, revision: &str) -> Self {
        self.with("--to", revision)
    }

    /// Answers `repair` by this: `done` or `not-done`.
    pub(crate) fn answer(self, answer: &str) -> Self {
        self.with("--answer", answer)
    }

    /// Locks by `session`, `lease` or `none`.
    pub(crate) fn lock(self, mode: &str) -> Self {
        self.with("--lock", mode)
    }

    /// Counts as gone when it was silent for so long, where it locks by a lease.
    pub(crate) fn lease(self, seconds: u64) -> Self {
        self.with("--lease", &seconds.to_string())
    }

    /// Is started by this command, whose last arguments are the runner's.
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

    /// Waits until it has said a line that begins so: `held`, `waiting`, `resuming`, `done`. False when it ends before.
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

    /// Lets it go on, if it is held.
    pub(crate) fn let_go(&mut self) {
        self.input = None;
    }

    /// Lets it go on, and waits for its end.
    pub(crate) async fn end(mut self) -> Ended {
        self.let_go();
        let mut stderr = self.child.stderr.take().expect("a pipe");
        let mut complained = String::new();
        let listen = async {
            // Both at once: a pipe that nobody reads may be full.
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
    /// What it told of the run, a line each; see `tell` in `worker.rs`.
    pub(crate) said: String,
    /// What it wrote to standard error.
    pub(crate) complained: String,
}

impl Ended {
    /// Its exit code; nothing when a signal ended it.
    pub(crate) fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// Whether `SIGKILL` ended it.
    pub(crate) fn was_killed(&self) -> bool {
        self.status.signal() == Some(Signal::KILL.as_raw())
    }

    /// How many statements it has sent.
    pub(crate) fn statements(&self) -> usize {
        let count = self.said.lines().find_map(|line| line.strip_prefix("statements "));
        count.and_then(|count| count.parse().ok()).expect("a runner that counts")
    }

    /// Whether it went on with what another had left unfinished.
    pub(crate) fn has_resumed(&self) -> bool {
        self.said.lines().any(|line| line.starts_with("resuming "))
    }

    /// Whether it has waited for another run.
    pub(crate) fn has_waited(&self) -> bool {
        self.said.lines().any(|line| line.starts_with("waiting "))
    }

    /// How it ended, in one line.
    pub(crate) fn told(&self) -> String {
        let complained: Vec<&str> = self.complained.lines().collect();
        format!("{}; {}", self.status, complained.join(" / "))
    }
}
