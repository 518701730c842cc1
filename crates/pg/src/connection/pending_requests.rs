//! Tracks requests without an answer, and when an answer is late.
//!
//! This is the client's only limit for a statement, and it applies to all of them: after anything that a
//! session sends, the server must become ready again in time. No query future is wrapped for it; the session
//! ends, and the query returns the error.

use std::time::{Duration, Instant};

/// The server ends a statement at the limit by itself. After this additional time, it never will.
const GRACE: Duration = Duration::from_secs(2);
/// The kind and the length of a message.
const HEADER: usize = 5;

/// The requests of one session, tracked from the bytes that it sends.
#[derive(Debug, Default)]
pub struct PendingRequests {
    /// Whether the startup is over. Its messages have no kind.
    is_ready: bool,
    /// How many times the server must still report that it is ready.
    answers_due: u32,
    /// Whether a request is being sent.
    is_sending: bool,
    /// Since when the server has been working on the oldest request.
    since: Option<Instant>,
    /// The server's statement timeout; `None` means no limit.
    limit: Option<Duration>,
    header: Vec<u8>,
    body_left: usize,
    /// Whether the newest message ends a request.
    ends_request: bool,
}

impl PendingRequests {
    /// Sets the server's statement timeout.
    pub fn limit(&mut self, limit: Option<Duration>) {
        self.limit = limit;
    }

    /// Records that bytes are about to be sent, which may not even leave.
    pub fn sending(&mut self) {
        if self.is_ready {
            self.is_sending = true;
            self.since.get_or_insert_with(Instant::now);
        }
    }

    /// Records bytes that were sent.
    pub fn sent(&mut self, mut bytes: &[u8]) {
        while self.is_ready && !bytes.is_empty() {
            let skipped = self.body_left.min(bytes.len());
            self.body_left -= skipped;
            bytes = &bytes[skipped..];
            let taken = (HEADER - self.header.len()).min(bytes.len());
            self.header.extend_from_slice(&bytes[..taken]);
            bytes = &bytes[taken..];
            if let [kind, a, b, c, d] = self.header[..] {
                let length = u32::from_be_bytes([a, b, c, d]) as usize;
                self.body_left = length.saturating_sub(HEADER - 1);
                self.header.clear();
                // A `Query` and a `Sync` end a request.
                self.ends_request = matches!(kind, b'Q' | b'S');
                self.answers_due += u32::from(self.ends_request);
            }
        }
        let is_whole = self.header.is_empty() && self.body_left == 0;
        self.is_sending &= !(self.ends_request && is_whole);
    }

    /// Records that the server is ready.
    pub fn answered(&mut self) {
        self.is_ready = true;
        self.answers_due = self.answers_due.saturating_sub(1);
        let goes_on = self.answers_due > 0 || self.is_sending;
        self.since = goes_on.then(Instant::now);
    }

    /// When the answer is late.
    pub fn due(&self) -> Option<Instant> {
        Some(self.since? + self.limit? + GRACE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: u8, body: &[u8]) -> Vec<u8> {
        let mut bytes = vec![kind];
        bytes.extend_from_slice(&(body.len() as u32 + 4).to_be_bytes());
        bytes.extend_from_slice(body);
        bytes
    }

    fn ready() -> PendingRequests {
        let mut requests = PendingRequests::default();
        requests.limit(Some(Duration::from_secs(10)));
        // The startup message has no kind and does not count.
        requests.sending();
        requests.sent(&[0, 0, 0, 8, 0, 3, 0, 0]);
        assert_eq!(requests.due(), None);
        requests.answered();
        requests
    }

    fn send(requests: &mut PendingRequests, stream: &[u8], piece: usize) {
        for part in stream.chunks(piece) {
            requests.sending();
            requests.sent(part);
        }
    }

    #[test]
    fn an_answer_is_due_from_the_first_byte_to_the_last_request_however_the_bytes_are_cut() {
        let prepare = [message(b'P', b"S\0select 1\0"), message(b'S', b"")].concat();
        let query = message(b'Q', b"select 'Q\0S'\0");
        let both = [prepare, query].concat();
        for piece in 1..=both.len() {
            let mut requests = ready();
            send(&mut requests, &both[..3], piece);
            assert!(requests.due().is_some(), "a request that did not leave whole, in {piece}");
            send(&mut requests, &both[3..], piece);
            requests.answered();
            assert!(requests.due().is_some(), "one of two, in {piece}");
            requests.answered();
            assert_eq!(requests.due(), None, "in {piece}");
            requests.sending();
            assert!(requests.due().is_some(), "a byte that does not leave, in {piece}");
        }
    }

    #[test]
    fn the_time_is_that_of_the_oldest_request_and_of_the_limit_in_force() {
        let mut requests = ready();
        let begun = Instant::now();
        send(&mut requests, &message(b'Q', b"select 1\0"), 100);
        // Time is what is measured.
        std::thread::sleep(Duration::from_millis(20));
        send(&mut requests, &message(b'Q', b"select 2\0"), 100);
        let due = requests.due().map(|due| due - begun);
        assert!(due.is_some_and(|due| due < Duration::from_millis(12_020)), "{due:?}");
        requests.limit(Some(Duration::from_secs(300)));
        assert!(requests.due().is_some_and(|due| due - begun > Duration::from_secs(301)));
        requests.limit(None);
        assert_eq!(requests.due(), None, "a migration takes its time");
        requests.limit(Some(Duration::from_secs(10)));
        requests.answered();
        assert!(requests.due().is_some_and(|due| due - begun >= Duration::from_millis(12_020)));
    }
}
