//! What a child writes.

use std::{
    io::{BufRead as _, BufReader, Read},
    sync::{Arc, Mutex},
    thread,
};

/// What a pipe gave so far; a thread reads it, so that the child never waits for us.
pub struct Lines {
    lines: Arc<Mutex<Vec<String>>>,
    reader: Option<thread::JoinHandle<()>>,
}

impl Lines {
    /// Reads to the end of the pipe.
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

    /// So far.
    pub fn all(&self) -> Vec<String> {
        self.lines.lock().expect("no panic in here").clone()
    }

    /// After the writer's end.
    pub fn whole(&mut self) -> String {
        if let Some(reader) = self.reader.take() {
            reader.join().expect("the reader ends");
        }
        self.all().join("\n")
    }
}
