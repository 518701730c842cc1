//! The highest number of leases in the last minute.

use std::time::Instant;

/// A ring of one-second maxima. Reading it changes nothing.
pub struct Highwater {
    started: Instant,
    newest_second: u64,
    maxima: [usize; 60],
}

impl Default for Highwater {
    fn default() -> Self {
        Self { started: Instant::now(), newest_second: 0, maxima: [0; 60] }
    }
}

impl Highwater {
    pub fn note(&mut self, open: usize) {
        let second = self.started.elapsed().as_secs();
        for passed in (self.newest_second + 1..=second).take(self.maxima.len()) {
            self.maxima[passed as usize % 60] = 0;
        }
        self.newest_second = second;
        let maximum = &mut self.maxima[second as usize % 60];
        *maximum = open.max(*maximum);
    }

    pub fn maximum(&self) -> usize {
        self.maxima.into_iter().max().unwrap_or(0)
    }
}
