//! Medians, percentiles and Markdown tables.

use std::time::Duration;

/// Repeated measurements of one duration.
#[derive(Default)]
pub struct Times(pub Vec<Duration>);

impl Times {
    pub fn push(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// The median in milliseconds.
    pub fn median_ms(&self) -> f64 {
        self.percentile_ms(0.5)
    }

    /// The duration in milliseconds that this share of the measurements does not exceed.
    pub fn percentile_ms(&self, share: f64) -> f64 {
        let mut times = self.0.clone();
        times.sort();
        let at = (share * times.len() as f64) as usize;
        times[at.min(times.len() - 1)].as_secs_f64() * 1e3
    }

    /// The ratio of the two medians.
    pub fn ratio_to(&self, yardstick: &Times) -> f64 {
        self.median_ms() / yardstick.median_ms()
    }
}

/// Prints a heading and the head of a table.
pub fn table(heading: &str, columns: &[&str]) {
    println!("\n### {heading}\n");
    row(columns.iter().map(ToString::to_string));
    row(columns.iter().map(|_| "--:".to_owned()));
}

/// Prints one row of the table.
pub fn row(cells: impl IntoIterator<Item = String>) {
    let cells: Vec<String> = cells.into_iter().collect();
    println!("| {} |", cells.join(" | "));
}

/// Formats a ratio like `1.23`.
pub fn ratio(ratio: f64) -> String {
    format!("{ratio:.2}")
}

/// Formats milliseconds like `1.23 ms`.
pub fn ms(ms: f64) -> String {
    format!("{ms:.2} ms")
}
