//! The output of a child process.

use std::{
    io::{BufRead as _, BufReader, Read},
    sync::{Arc, Mutex},
    thread,
};

/// The lines that a child process has written to a pipe. A thread reads the pipe, so that the child
/// never blocks.
pub struct Lines {
    lines: Arc<Mutex<Vec<String>>>,
    reader: Option<thread::JoinHandle<()>>,
}

impl Lines {
    /// Starts a thread that reads to the end of the pipe.
    pub fn of(pipe: impl Read + Send + 'static) -> Self {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let sink = lines.clone();
        let reader = thread::spawn(move || {
            for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                sink.lock().expect("no panic in here").push(line);
            }
        });
        Self { lines, reader: Some(reader) }
    }

    pub fn all(&self) -> Vec<String> {
        self.lines.lock().expect("no panic in here").clone()
    }

    /// Waits for the end of the pipe, and returns the whole text.
    pub fn whole(&mut self) -> String {
        if let Some(reader) = self.reader.take() {
            reader.join().expect("the reader ends");
        }
        self.all().join("\n")
    }
}
