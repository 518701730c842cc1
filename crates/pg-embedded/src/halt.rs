//! Runs programs until they end or are interrupted.

use std::{
    io::{self, Write as _},
    process::{Command, Output, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};

use crate::EmbeddedError;

const PAUSE: Duration = Duration::from_millis(5);
/// The time for a program to clean up after it was asked to end.
const GRACE: Duration = Duration::from_secs(2);

/// Interrupts a start at any point. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Halt(Arc<AtomicBool>);

impl Halt {
    /// Interrupts the start. From now on nothing is waited for.
    pub fn halt(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether the start was interrupted.
    pub fn is_halted(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// Returns an error if the start was interrupted.
    pub(crate) fn check(&self) -> Result<(), EmbeddedError> {
        if self.is_halted() { Err(EmbeddedError::Halted) } else { Ok(()) }
    }

    /// Runs a program to its end. When it is interrupted, its whole process group is ended, and the result is
    /// `None`.
    pub(crate) fn output(&self, command: &mut Command, input: &str) -> io::Result<Option<Output>> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            // A program that ended early closes the pipe. Its own message is more helpful.
            let _ = stdin.write_all(input.as_bytes());
        }
        let pid = Pid::from_raw(child.id().cast_signed());
        // The output is read while the program runs, because a full pipe would block it.
        let reading = thread::spawn(move || child.wait_with_output());
        while !reading.is_finished() {
            if self.is_halted() {
                end(pid, || reading.is_finished());
                return Ok(None);
            }
            thread::sleep(PAUSE);
        }
        let output = reading.join().map_err(|_| io::Error::other("its reader panicked"))?;
        output.map(Some)
    }
}

/// The group is the program's own, made by `command.rs`.
fn end(group: Pid, has_ended: impl Fn() -> bool) {
    for signal in [Signal::SIGTERM, Signal::SIGKILL] {
        let _ = killpg(group, signal);
        let deadline = Instant::now() + GRACE;
        while !has_ended() && Instant::now() < deadline {
            thread::sleep(PAUSE);
        }
        if has_ended() {
            return;
        }
    }
}
