//! Where output goes: standard output for data, standard error for talk.

use std::fmt::{self, Display, Formatter};
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// There is something.
    Found,
    /// There is nothing.
    Nothing,
    /// Done, but not as strictly as asked for.
    Incomplete,
}

impl Outcome {
    /// Found when there is anything.
    pub(crate) fn of(count: u64) -> Outcome {
        if count > 0 { Outcome::Found } else { Outcome::Nothing }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        match outcome {
            Outcome::Found => ExitCode::SUCCESS,
            Outcome::Nothing => ExitCode::from(1),
            Outcome::Incomplete => ExitCode::from(2),
        }
    }
}

/// Standard output, buffered. It must be flushed, so that a failure to write is noticed.
pub(crate) struct Output {
    out: BufWriter<StdoutLock<'static>>,
    /// It is a terminal.
    pub(crate) is_terminal: bool,
    /// Colours are wanted.
    pub(crate) color: bool,
}

impl Output {
    pub(crate) fn open() -> Output {
        let stdout = io::stdout();
        let color = !matches!(anstream::AutoStream::choice(&stdout), anstream::ColorChoice::Never);
        Output { is_terminal: stdout.is_terminal(), color, out: BufWriter::new(stdout.lock()) }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes).map_err(unwritten)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush().map_err(unwritten)
    }
}

/// An error of standard output, which names it: `No space left on device` might be about any file.
pub(crate) fn unwritten(error: io::Error) -> io::Error {
    // Who writes tries again after an interruption, and says nothing of a pipe that nobody reads.
    io::Error::new(error.kind(), Unwritten(error))
}

#[derive(Debug)]
struct Unwritten(io::Error);

impl Display for Unwritten {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "cannot write to standard output: {}", self.0)
    }
}

impl std::error::Error for Unwritten {}

/// Is somebody reading standard error as it comes?
pub(crate) fn talks() -> bool {
    io::stderr().is_terminal()
}
