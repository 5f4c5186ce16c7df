//! Real programs, run as a user runs them, watched while they run.
//!
//! The invariants: a program sees only the environment that its test gave it, so that no setting of the developer's leaks
//! into a test; and it is killed when its [`Process`] is dropped. The programs that it started in turn are its own affair.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::witness;

/// How long the output of a program that has ended may be held open by programs that it left behind.
const LATE_OUTPUT: Duration = Duration::from_secs(2);

/// A program about to be run.
#[derive(Debug)]
pub struct Program {
    command: Command,
    input: Option<Vec<u8>>,
}

impl Program {
    /// The program at `path`, without arguments. Of the environment it keeps PATH and TMPDIR only.
    pub fn new(path: impl AsRef<OsStr>) -> Program {
        let mut command = Command::new(path);
        command.env_clear();
        for name in ["PATH", "TMPDIR"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        Program { command, input: None }
    }

    /// Adds one argument.
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Program {
        self.command.arg(argument);
        self
    }

    /// Adds arguments.
    pub fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Program {
        self.command.args(arguments);
        self
    }

    /// Sets one variable of the program's environment.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Program {
        self.command.env(name, value);
        self
    }

    /// The directory to run in, else the test's own.
    pub fn directory(mut self, path: impl AsRef<Path>) -> Program {
        self.command.current_dir(path);
        self
    }

    /// What the program reads from its standard input, which then ends. Without it the input is empty.
    pub fn input(mut self, bytes: impl Into<Vec<u8>>) -> Program {
        self.input = Some(bytes.into());
        self
    }

    /// Starts the program.
    #[track_caller]
    pub fn spawn(mut self) -> Process {
        let stdin = if self.input.is_some() { Stdio::piped() } else { Stdio::null() };
        self.command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
        let name = self.command.get_program().to_string_lossy().into_owned();
        let mut child = self.command.spawn().unwrap_or_else(|error| panic!("cannot run {name}: {error}"));
        let output = Arc::new(Output::default());
        output.collect(child.stdout.take().unwrap(), |captured| &mut captured.stdout);
        output.collect(child.stderr.take().unwrap(), |captured| &mut captured.stderr);
        if let (Some(mut stdin), Some(input)) = (child.stdin.take(), self.input) {
            // Beside the test: a program that does not read its input must not hold the test up. It may also end
            // without having read everything, which is its right.
            thread::spawn(move || stdin.write_all(&input));
        }
        // What a command prints for its user may well be a secret; a server has nobody to tell one.
        let serves = self.command.get_args().any(|argument| argument == "serve");
        Process { name, serves, child, output }
    }
}

/// A program that runs, or has ended; what it wrote can be read at any time.
#[derive(Debug)]
pub struct Process {
    name: String,
    serves: bool,
    child: Child,
    output: Arc<Output>,
}

impl Process {
    /// The operating system's number of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has written to its standard output so far; bytes that are not UTF-8 are replaced.
    pub fn stdout(&self) -> String {
        self.output.lock().stdout.text()
    }

    /// What it has written to its standard error so far; bytes that are not UTF-8 are replaced.
    pub fn stderr(&self) -> String {
        self.output.lock().stderr.text()
    }

    /// The first whole line that contains `part`, of standard output before standard error, be it written already or
    /// still to come. Fails the test where there is none in time, at once where the program ends without it.
    #[track_caller]
    pub fn wait_for_line(&self, part: &str, timeout: Duration) -> String {
        let deadline = Instant::now() + timeout;
        let mut captured = self.output.lock();
        loop {
            if let Some(line) = captured.stdout.line_with(part).or_else(|| captured.stderr.line_with(part)) {
                return line;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if captured.ended() || left.is_zero() {
                let why = if captured.ended() { "ended" } else { "did not write it in time" };
                let output = captured.report();
                drop(captured);
                panic!("no line with {part:?}: {} {why}\n{output}", self.name);
            }
            captured = self.output.changed.wait_timeout(captured, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Sends SIGKILL, which no program can catch, and waits until the process is gone. Does nothing where it has ended.
    #[track_caller]
    pub fn kill9(&mut self) {
        self.child.kill().unwrap_or_else(|error| panic!("cannot kill {}: {error}", self.name));
        self.child.wait().unwrap_or_else(|error| panic!("cannot wait for {}: {error}", self.name));
    }

    /// Sends SIGTERM, the polite request to end. Does nothing where the process has ended.
    #[track_caller]
    pub fn terminate(&mut self) {
        // Asking first keeps us from a process id that has been given to somebody else.
        if self.status().is_none() {
            let id = Pid::from_raw(i32::try_from(self.child.id()).unwrap());
            kill(id, Signal::SIGTERM).unwrap_or_else(|error| panic!("cannot terminate {}: {error}", self.name));
        }
    }

    /// How the process ended, once it has; by then all its output is captured. Fails the test where it still runs after
    /// `timeout`.
    #[track_caller]
    pub fn wait(&mut self, timeout: Duration) -> ExitStatus {
        let deadline = Instant::now() + timeout;
        loop {
            if let Some(status) = self.status() {
                self.output.wait_for_end(LATE_OUTPUT);
                return status;
            }
            if Instant::now() >= deadline {
                panic!("{} still runs after {timeout:?}\n{}", self.name, self.output.lock().report());
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Whether it still runs.
    #[track_caller]
    pub fn is_running(&mut self) -> bool {
        self.status().is_none()
    }

    #[track_caller]
    fn status(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap_or_else(|error| panic!("cannot ask after {}: {error}", self.name))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only where it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if self.name.ends_with("/latchkey") {
            self.output.wait_for_end(LATE_OUTPUT);
            witness::written(&self.stderr());
            if self.serves {
                witness::written(&self.stdout());
            }
        }
        if thread::panicking() {
            // The test harness shows this with the test that failed.
            #[allow(clippy::print_stderr, reason = "what the program wrote explains the failure")]
            {
                eprintln!("--- {}\n{}", self.name, self.output.lock().report());
            }
        }
    }
}

/// What a program has written, shared with the two threads that read it.
#[derive(Debug, Default)]
struct Output {
    captured: Mutex<Captured>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Captured {
    stdout: Stream,
    stderr: Stream,
}

#[derive(Debug, Default)]
struct Stream {
    bytes: Vec<u8>,
    ended: bool,
}

impl Output {
    fn lock(&self) -> MutexGuard<'_, Captured> {
        self.captured.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads `pipe` to its end, on a thread of its own.
    fn collect(self: &Arc<Self>, mut pipe: impl Read + Send + 'static, stream: fn(&mut Captured) -> &mut Stream) {
        let output = Arc::clone(self);
        thread::spawn(move || {
            let mut buffer = [0; 8192];
            loop {
                // A pipe that cannot be read any more has nothing more to say.
                let read = pipe.read(&mut buffer).unwrap_or(0);
                let mut captured = output.lock();
                stream(&mut captured).bytes.extend_from_slice(&buffer[..read]);
                stream(&mut captured).ended = read == 0;
                output.changed.notify_all();
                if read == 0 {
                    return;
                }
            }
        });
    }

    fn wait_for_end(&self, timeout: Duration) {
        // Where it takes longer, what is captured by then is what there is.
        let _ = self.changed.wait_timeout_while(self.lock(), timeout, |captured| !captured.ended());
    }
}

impl Captured {
    fn ended(&self) -> bool {
        self.stdout.ended && self.stderr.ended
    }

    fn report(&self) -> String {
        let mut report = String::new();
        for (name, stream) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            for line in stream.text().lines() {
                let _ = writeln!(report, "{name}: {line}");
            }
        }
        report
    }
}

impl Stream {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// A last line without its end counts once nothing can follow.
    fn line_with(&self, part: &str) -> Option<String> {
        let text = self.text();
        let whole = if self.ended { text.len() } else { text.rfind('\n').map_or(0, |end| end + 1) };
        text[..whole].lines().find(|line| line.contains(part)).map(str::to_owned)
    }
}
