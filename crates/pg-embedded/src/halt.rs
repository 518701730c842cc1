//! Programs that are waited for, until somebody says that there is no time for it any more.

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
/// For a program to tidy up after itself, once it was told to end.
const GRACE: Duration = Duration::from_secs(2);

/// Ends a start that waits, whatever it waits for. Cloning shares it.
#[derive(Debug, Clone, Default)]
pub struct Halt(Arc<AtomicBool>);

impl Halt {
    /// From now on nothing is waited for.
    pub fn halt(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether that was said.
    pub fn is_halted(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// An error, once that was said.
    pub(crate) fn check(&self) -> Result<(), EmbeddedError> {
        if self.is_halted() { Err(EmbeddedError::Halted) } else { Ok(()) }
    }

    /// Runs a program to its end; all of its group is ended when there is no time for it. `None` then.
    pub(crate) fn output(&self, command: &mut Command, input: &str) -> io::Result<Option<Output>> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            // A program that ended early closes the pipe; its own words tell more than ours.
            let _ = stdin.write_all(input.as_bytes());
        }
        let pid = Pid::from_raw(child.id().cast_signed());
        // What it writes is read while it runs: a full pipe would stop it.
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

/// The group is the program's own: `command.rs` makes it so.
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
