//! A command that reads a file and writes text. It has so much time, and what it has started ends with it.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use crate::format::BUFFER_BYTES;

/// Bytes of what a command says on standard error that are kept.
const COMPLAINT_BYTES: u64 = 4096;

/// Pieces of output that may wait to be read.
const PIECES_AHEAD: usize = 2;

/// How long a command that has ended is still listened to: what it has started may hold its standard error open.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// How long to sleep between two looks at a command that should end any moment.
const GLANCE: Duration = Duration::from_millis(5);

/// A command that runs.
pub(crate) struct Running {
    child: Child,
    limit: Duration,
    /// Of the limit. Only the time in which the command is waited for is taken off.
    left: Duration,
    output: Receiver<io::Result<Vec<u8>>>,
    /// The piece that is being read, and how far.
    piece: Vec<u8>,
    at: usize,
    complaint: Receiver<String>,
    /// The command was waited for.
    is_over: bool,
}

impl Running {
    /// Runs a command without a shell, with the path as its one argument and the file as its standard input.
    pub(crate) fn start(command: &Path, path: &Path, file: File, limit: Duration) -> io::Result<Running> {
        let mut command = Command::new(command);
        command.arg(path).stdin(Stdio::from(file)).stdout(Stdio::piped()).stderr(Stdio::piped());
        in_a_group(&mut command);
        let mut child = command.spawn()?;
        // Read apart: a command that cannot complain does not go on, and a pipe cannot be waited for with a limit.
        let (sender, output) = sync_channel(PIECES_AHEAD);
        if let Some(stdout) = child.stdout.take() {
            std::thread::spawn(move || pass_on(stdout, &sender));
        }
        let (sender, complaint) = sync_channel(1);
        if let Some(stderr) = child.stderr.take() {
            std::thread::spawn(move || sender.send(first_line(stderr)));
        }
        let piece = Vec::new();
        Ok(Running { child, limit, left: limit, output, piece, at: 0, complaint, is_over: false })
    }

    /// Why the command failed, once all of its output was read, or reading it has failed.
    pub(crate) fn failure(&mut self) -> Option<String> {
        while !self.left.is_zero() {
            match self.child.try_wait() {
                Ok(None) => {
                    std::thread::sleep(GLANCE.min(self.left));
                    self.left = self.left.saturating_sub(GLANCE);
                }
                Ok(Some(status)) => {
                    self.is_over = true;
                    let complaint = self.complaint.recv_timeout(LAST_WORDS).unwrap_or_default();
                    return match status {
                        _ if status.success() => None,
                        _ if complaint.is_empty() => Some(format!("it ended with {status}")),
                        _ => Some(complaint),
                    };
                }
                Err(error) => return Some(error.to_string()),
            }
        }
        self.end();
        Some(format!("it took longer than {:?} (--pre-timeout)", self.limit))
    }

    /// Ends it, with all that it has started.
    fn end(&mut self) {
        if !std::mem::replace(&mut self.is_over, true) {
            end_group(&self.child);
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

impl Read for Running {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.piece.len() && !buffer.is_empty() {
            let begin = Instant::now();
            let piece = self.output.recv_timeout(self.left);
            self.left = self.left.saturating_sub(begin.elapsed());
            match piece {
                Ok(piece) => (self.piece, self.at) = (piece?, 0),
                Err(RecvTimeoutError::Disconnected) => return Ok(0),
                Err(RecvTimeoutError::Timeout) => {
                    self.left = Duration::ZERO;
                    return Err(io::ErrorKind::TimedOut.into());
                }
            }
        }
        let piece = self.piece.get(self.at..).unwrap_or_default();
        let count = piece.len().min(buffer.len());
        buffer[..count].copy_from_slice(&piece[..count]);
        self.at += count;
        Ok(count)
    }
}

impl Drop for Running {
    /// A command whose output is not wanted any more must not go on.
    fn drop(&mut self) {
        self.end();
    }
}

/// A script ends with the programs that it runs only where they are a group.
#[cfg(unix)]
fn in_a_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;

    command.process_group(0);
}

#[cfg(not(unix))]
fn in_a_group(_: &mut Command) {}

/// By the program for it: the system's own call cannot be made from safe code.
#[cfg(unix)]
fn end_group(child: &Child) {
    let group = format!("-{}", child.id());
    let kill = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
    let _ = kill; // The command itself is ended in any case.
}

#[cfg(not(unix))]
fn end_group(_: &Child) {}

/// Hands on the output in pieces, to its end or until nobody takes them.
fn pass_on(mut stdout: ChildStdout, sender: &SyncSender<io::Result<Vec<u8>>>) {
    loop {
        let mut piece = vec![0; BUFFER_BYTES];
        let read = stdout.read(&mut piece);
        let is_last = !matches!(read, Ok(1..));
        let piece = read.map(|count| {
            piece.truncate(count);
            piece
        });
        if sender.send(piece).is_err() || is_last {
            return;
        }
    }
}

/// The first line that is not blank. The rest is read and forgotten.
fn first_line(mut stderr: ChildStderr) -> String {
    let mut start = Vec::new();
    let _ = stderr.by_ref().take(COMPLAINT_BYTES).read_to_end(&mut start);
    let _ = io::copy(&mut stderr, &mut io::sink());
    let text = String::from_utf8_lossy(&start);
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().to_owned()
}
