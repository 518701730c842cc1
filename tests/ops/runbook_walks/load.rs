//! Pressure from outside: requests that wait, and something that is done again and again.

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

/// So many clients ask for the page, and go when this is dropped.
pub fn ask_and_wait(address: SocketAddr, path: &str, clients: usize) -> Vec<TcpStream> {
    let ask = |_| {
        let mut connection = TcpStream::connect(address).expect("the service listens");
        write!(connection, "GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("ask");
        connection
    };
    (0..clients).map(ask).collect()
}

/// Does something again and again, until it is ended.
pub struct Beat {
    stop: Arc<AtomicBool>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Beat {
    /// With this pause between two.
    pub fn every(pause: Duration, mut act: impl FnMut() + Send + 'static) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let thread = thread::spawn(move || {
            while !stopped.load(Ordering::SeqCst) {
                act();
                // The pause that was asked for.
                thread::sleep(pause);
            }
        });
        Self { stop, thread: Some(thread) }
    }

    /// Not once more.
    pub fn end(mut self) {
        self.halt();
    }

    fn halt(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            // What it did may have failed: its target was ended.
            let _ = thread.join();
        }
    }
}

impl Drop for Beat {
    fn drop(&mut self) {
        self.halt();
    }
}
