//! Load from outside: requests that stay open, and actions that are repeated.

use std::{
    io::Write as _,
    net::{SocketAddr, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

/// Sends a request from this many clients, without reading the answers. The connections close when
/// dropped.
pub fn ask_and_wait(address: SocketAddr, path: &str, clients: usize) -> Vec<TcpStream> {
    let ask = |_| {
        let mut connection = TcpStream::connect(address).expect("the service listens");
        write!(connection, "GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("ask");
        connection
    };
    (0..clients).map(ask).collect()
}

/// Repeats an action in a thread until it is ended.
pub struct Beat {
    stop: Arc<AtomicBool>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Beat {
    /// Starts the thread. It pauses for this long after each action.
    pub fn every(pause: Duration, mut act: impl FnMut() + Send + 'static) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let thread = thread::spawn(move || {
            while !stopped.load(Ordering::SeqCst) {
                act();
                // The pause that the caller wants between two actions.
                thread::sleep(pause);
            }
        });
        Self { stop, thread: Some(thread) }
    }

    /// Waits until the current action has ended, and does not start another.
    pub fn end(mut self) {
        self.halt();
    }

    fn halt(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            // The action may have panicked, because its target may have ended before.
            let _ = thread.join();
        }
    }
}

impl Drop for Beat {
    fn drop(&mut self) {
        self.halt();
    }
}
