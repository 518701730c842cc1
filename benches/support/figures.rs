//! Medians, and how they are printed.

use std::time::Duration;

/// Times of one thing.
#[derive(Default)]
pub struct Times(pub Vec<Duration>);

impl Times {
    /// One more.
    pub fn push(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// Milliseconds.
    pub fn median_ms(&self) -> f64 {
        self.percentile_ms(0.5)
    }

    /// Milliseconds that this share of the times does not exceed.
    pub fn percentile_ms(&self, share: f64) -> f64 {
        let mut times = self.0.clone();
        times.sort();
        let at = (share * times.len() as f64) as usize;
        times[at.min(times.len() - 1)].as_secs_f64() * 1e3
    }

    /// Of the medians.
    pub fn ratio_to(&self, yardstick: &Times) -> f64 {
        self.median_ms() / yardstick.median_ms()
    }
}

/// A heading, and the head of a table.
pub fn table(heading: &str, columns: &[&str]) {
    println!("\n### {heading}\n");
    row(columns.iter().map(ToString::to_string));
    row(columns.iter().map(|_| "--:".to_owned()));
}

/// One line of the table.
pub fn row(cells: impl IntoIterator<Item = String>) {
    let cells: Vec<String> = cells.into_iter().collect();
    println!("| {} |", cells.join(" | "));
}

/// `1.23`.
pub fn ratio(ratio: f64) -> String {
    format!("{ratio:.2}")
}

/// `1.23 ms`.
pub fn ms(ms: f64) -> String {
    format!("{ms:.2} ms")
}
