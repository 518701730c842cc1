//! How long a test has computed.

use std::{fs, sync::LazyLock, time::Duration, time::Instant};

/// The time that this thread has been on a processor: what a busy machine does meanwhile does not count, where the
/// system tells it.
pub(super) fn time() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| START.elapsed(), Duration::from_nanos)
}
