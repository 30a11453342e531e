//! The child process that reads a workbook, and the watch over its time.
//!
//! The watch needs the one thread that this crate has outside of the child: a read from a pipe cannot be given up after a
//! while, so somebody else has to end the child, whose pipe then ends. Only time that the parent
//! spends waiting for the child counts, else a slow receiver would condemn an innocent file.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use matricule_record::{Code, Finding, message};

use super::failure::{Failure, quoted};
use super::frame::{self, Frame, Request};
use crate::flow::Stop;

/// How to start the isolated workbook reader; the path of the workbook is appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReaderCommand {
    /// The program.
    pub program: PathBuf,
    /// Its arguments before the path.
    pub arguments: Vec<OsString>,
}

/// How long a child that closed its output may take to end.
const LAST_MOMENT: Duration = Duration::from_secs(2);

/// A child at work. Dropping it ends it.
pub(crate) struct Reader {
    child: Arc<Mutex<Child>>,
    output: BufReader<ChildStdout>,
    errors: File,
    turns: Sender<()>,
    overdue: Arc<AtomicBool>,
    seconds: u64,
}

impl Reader {
    /// Starts a child and tells it what to do.
    pub fn start(command: &ReaderCommand, path: &Path, request: &Request) -> Result<Self, Stop> {
        let not_started = |error: io::Error| {
            Stop::from(Finding::new(Code::I101, message!("i101-not-started", error = error)))
        };
        let errors = tempfile::tempfile().map_err(not_started)?;
        let mut child = Command::new(&command.program)
            // mimalloc reserves a gigabyte of addresses otherwise, which is all that the child may have.
            .env("MIMALLOC_ARENA_RESERVE", "32MiB")
            .args(&command.arguments)
            .arg(path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(errors.try_clone().map_err(not_started)?)
            .spawn()
            .map_err(not_started)?;
        let output = child.stdout.take().ok_or_else(|| not_started(io::Error::other("it has no output")))?;
        if let Some(mut input) = child.stdin.take() {
            // A child that is gone already says why by its status.
            let _ = frame::write(request, &mut input);
        }
        let child = Arc::new(Mutex::new(child));
        let overdue = Arc::new(AtomicBool::new(false));
        let seconds = request.limits.seconds_for(request.bytes);
        let turns = watch(child.clone(), overdue.clone(), Duration::from_secs(seconds));
        Ok(Self { child, output: BufReader::with_capacity(1 << 18, output), errors, turns, overdue, seconds })
    }

    /// The next frame; an error once the child has failed.
    pub fn next_frame(&mut self) -> Result<Frame, Stop> {
        let frame = frame::read(&mut self.output);
        // The watch stops here and goes on when the next frame is asked for.
        let _ = self.turns.send(());
        let frame = match frame {
            Ok(Some(frame)) => frame,
            Ok(None) => return Err(self.post_mortem().finding().into()),
            Err(error) => return Err(Failure::damaged(&error).finding().into()),
        };
        let _ = self.turns.send(());
        Ok(frame)
    }

    /// Why a child that said nothing at the end is gone.
    fn post_mortem(&mut self) -> Failure {
        let status = self.wait();
        let said = self.errors();
        if self.overdue.load(Ordering::Relaxed) {
            return Failure::Limit(message!("i107-time", seconds = self.seconds));
        }
        match status {
            Some(status) if was_stopped(status) => {
                Failure::Limit(message!("i107-memory", status = status, said = said))
            }
            Some(status) => Failure::Damaged(message!("i101-ended-early", status = status, said = said)),
            None => Failure::Damaged(message!("i101-no-answer", said = said)),
        }
    }

    fn wait(&self) -> Option<ExitStatus> {
        let until = Instant::now() + LAST_MOMENT;
        loop {
            let status = self.child.lock().unwrap_or_else(PoisonError::into_inner).try_wait();
            match status {
                Ok(None) if Instant::now() < until => thread::sleep(Duration::from_millis(2)),
                Ok(status) => return status,
                Err(_) => return None,
            }
        }
    }

    fn errors(&mut self) -> String {
        let mut text = Vec::new();
        let read = self.errors.rewind().and_then(|()| (&mut self.errors).take(4096).read_to_end(&mut text));
        match quoted(&String::from_utf8_lossy(&text)) {
            said if read.is_ok() && !said.is_empty() => format!("; {}", message!("i101-said", said = said)),
            _ => String::new(),
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        // Both fail only where the child is gone, which is what is wanted.
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// Ends the child when the time spent waiting for it is used up. Each message ends a turn: first
/// the child's, then the parent's, and so on; the watch ends with its sender.
fn watch(child: Arc<Mutex<Child>>, overdue: Arc<AtomicBool>, allowed: Duration) -> Sender<()> {
    let (turns, received) = channel();
    thread::spawn(move || {
        if is_overdue(&received, allowed) {
            overdue.store(true, Ordering::Relaxed);
            let _ = child.lock().unwrap_or_else(PoisonError::into_inner).kill();
        }
    });
    turns
}

fn is_overdue(turns: &Receiver<()>, mut allowed: Duration) -> bool {
    loop {
        let since = Instant::now();
        match turns.recv_timeout(allowed) {
            Err(RecvTimeoutError::Timeout) => return true,
            Err(RecvTimeoutError::Disconnected) => return false,
            Ok(()) => allowed = allowed.saturating_sub(since.elapsed()),
        }
        if turns.recv().is_err() {
            return false;
        }
    }
}

/// Whether a limit or an abort ended the child: SIGABRT (out of memory), SIGKILL, SIGXCPU.
#[cfg(unix)]
fn was_stopped(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    matches!(status.signal(), Some(6 | 9 | 24))
}

/// Where there are no signals, an abort is a status of its own (0xC0000409 on Windows).
#[cfg(not(unix))]
fn was_stopped(status: ExitStatus) -> bool {
    status.code().is_some_and(|code| code < 0)
}
