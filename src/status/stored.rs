//! The tables of the database, and the jobs that maintain them.

use std::time::Duration;

use serde::Serialize;

use super::seconds_since;
use sectorwatch_core::Time;

/// A job is overdue when it has not succeeded for this many periods. Its alert uses the same number.
const OVERDUE_PERIODS: f64 = 2.5;

/// A table as last measured by the audit. Its rows are not counted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TableReport {
    pub name: String,
    /// The planner's estimate; `None` before the table was analysed.
    pub rows_estimate: Option<u64>,
    /// Autovacuum's number of live rows. It starts with the first row of a table, and is lost in a crash.
    #[serde(skip)]
    pub live_rows: Option<u64>,
    /// Always true, because rows are not counted.
    pub estimate: bool,
    /// The size with indexes and TOAST.
    pub bytes: u64,
    pub as_of: Time,
}

impl TableReport {
    /// The better estimate that is available.
    pub fn rows(&self) -> Option<u64> {
        self.rows_estimate.or(self.live_rows)
    }
}

/// A background job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobFigures {
    pub name: &'static str,
    /// The period of its runs.
    pub period: Duration,
    /// When a run last succeeded; `None` when none has since the start.
    pub last_success_at: Option<Time>,
}

/// A background job in the status.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct JobReport {
    pub(crate) name: &'static str,
    pub(crate) last_success_at: Option<Time>,
    pub(crate) period_seconds: f64,
    pub(crate) overdue: bool,
}

impl JobReport {
    /// A job that has never succeeded is overdue when the start is long past.
    pub(super) fn new(job: &JobFigures, started_at: Time, now: Time) -> Self {
        let period_seconds = job.period.as_secs_f64();
        let waited = seconds_since(job.last_success_at.unwrap_or(started_at), now);
        Self {
            name: job.name,
            last_success_at: job.last_success_at,
            period_seconds,
            overdue: waited > OVERDUE_PERIODS * period_seconds,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_job_is_overdue_after_two_and_a_half_periods_without_a_success() {
        let at = |minutes| Time::UNIX_EPOCH + TimeDelta::minutes(minutes);
        // Minutes from the start to the last success, minutes from the start to now, whether it is overdue.
        let rows = [
            (None, 0, false),
            (None, 150, false),
            (None, 151, true),
            (Some(100), 151, false),
            (Some(100), 250, false),
            (Some(100), 251, true),
            (Some(100), 50, false),
        ];
        for (success, now, overdue) in rows {
            let last_success_at = success.map(at);
            let period = Duration::from_secs(3_600);
            let job = JobFigures { name: "retention", period, last_success_at };
            let report = JobReport::new(&job, at(0), at(now));
            assert_eq!(report.overdue, overdue, "{success:?} at {now}");
            assert_eq!(report.last_success_at, last_success_at, "nothing is invented");
        }
    }

    #[test]
    fn the_alert_has_the_same_limit() {
        let rules =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("dashboards/rules/sectorwatch.rules.yml");
        let rules = fs::read_to_string(rules).expect("the rules");
        let limit = format!("> {OVERDUE_PERIODS} * sectorwatch_job_period_seconds");
        assert!(rules.contains(&limit), "{limit}");
    }
}
