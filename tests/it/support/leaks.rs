//! The metrics of leaks on a page of `/metrics`: counters that moved, and gauges that should be 0.

use std::collections::BTreeMap;

/// Counters of confirmed leaks and of replaced pools.
const LEAKS: [&str; 2] = ["sectorwatch_db_pool_leaks_total", "sectorwatch_db_pool_rebuilds_total"];

/// Counters of suspected leaks, and of events that were handled before they became leaks.
const TRACES: [&str; 4] = [
    "sectorwatch_db_pool_leak_suspects_total",
    "sectorwatch_db_pool_leak_suspects_returned_total",
    "sectorwatch_db_cancelled_transactions_total",
    "sectorwatch_db_cancelled_queries_total",
];

/// Counter of closed connections. These reasons mean a dirty session; other reasons are normal.
const CLOSED: &str = "sectorwatch_db_pool_connections_closed_total";
const DIRTY: [&str; 3] = ["in_transaction", "query_in_flight", "panic"];

/// Gauges that are 0 while the database is not used.
const AT_REST: [&str; 6] = [
    "sectorwatch_db_pool_checked_out_connections",
    "sectorwatch_db_pool_checked_out_connections_by_owner",
    "sectorwatch_db_pool_establishing_connections",
    "sectorwatch_db_pool_pending_acquires",
    "sectorwatch_db_pool_unaccounted_connections",
    "sectorwatch_db_pool_leases_overdue",
];

/// Values by series. A series is written as on the page.
pub type Series = BTreeMap<String, f64>;

/// All counters of one page that a leak can move.
#[derive(Debug, Clone)]
pub struct Counters(Series);

impl Counters {
    pub fn of(page: &str) -> Self {
        let is_counter = |series: &str| {
            let name = name(series);
            let is_dirt = |reason| series.contains(&format!("reason=\"{reason}\""));
            LEAKS.contains(&name)
                || TRACES.contains(&name)
                || name == CLOSED && DIRTY.into_iter().any(is_dirt)
        };
        let counters = all(page).filter(|(series, _)| is_counter(series));
        let counters: Series = counters.map(|(series, value)| (series.to_owned(), value)).collect();
        assert!(counters.keys().any(|series| name(series) == LEAKS[0]), "no leaks in:\n{page}");
        Self(counters)
    }

    pub fn born() -> Self {
        Self(Series::new())
    }

    /// Returns the counters that moved, with their differences.
    pub fn moved_since(&self, before: &Self) -> Series {
        let by = |series: &String| self.0[series] - before.0.get(series).unwrap_or(&0.0);
        let moves = self.0.keys().map(|series| (series.clone(), by(series)));
        moves.filter(|(_, by)| *by != 0.0).collect()
    }

    /// Returns those counters of confirmed leaks and replaced pools that moved.
    pub fn leaked_since(&self, before: &Self) -> Series {
        let mut moved = self.moved_since(before);
        moved.retain(|series, _| LEAKS.contains(&name(series)));
        moved
    }
}

/// Returns the gauges that should be 0 while the database is not used, and are not.
pub fn unrest(page: &str) -> Series {
    let moving =
        all(page).filter(|(series, value)| AT_REST.contains(&name(series)) && *value != 0.0);
    moving.map(|(series, value)| (series.to_owned(), value)).collect()
}

fn name(series: &str) -> &str {
    series.split('{').next().unwrap_or(series)
}

fn all(page: &str) -> impl Iterator<Item = (&str, f64)> {
    let samples = page.lines().filter(|line| !line.starts_with('#'));
    samples.filter_map(|line| {
        let (series, value) = line.rsplit_once(' ')?;
        Some((series, value.parse().ok()?))
    })
}

#[test]
fn what_moved_is_told_and_nothing_else() {
    let leak = "sectorwatch_db_pool_leaks_total{kind=\"forgotten\",owner=\"api\",pool=\"read\"}";
    let closed = |reason| format!("{CLOSED}{{pool=\"read\",reason=\"{reason}\"}}");
    let page = |leaks: u32, cut: u32, aged: u32| {
        let (dirty, old) = (closed("in_transaction"), closed("max_lifetime"));
        format!("# HELP x y\n{leak} {leaks}\n{dirty} {cut}\n{old} {aged}\nother 1\n")
    };
    let before = Counters::of(&page(0, 1, 1));
    let aged = Counters::of(&page(0, 1, 2));
    assert_eq!(aged.moved_since(&before), Series::new());
    let cut = Counters::of(&page(0, 3, 1));
    assert_eq!(cut.moved_since(&before), Series::from([(closed("in_transaction"), 2.0)]));
    assert_eq!(cut.leaked_since(&before), Series::new());
    let leaked = Counters::of(&page(1, 1, 1));
    assert_eq!(leaked.leaked_since(&before), Series::from([(leak.to_owned(), 1.0)]));

    let pending = "sectorwatch_db_pool_pending_acquires{pool=\"read\"}";
    assert_eq!(unrest(&format!("{pending} 0\n{leak} 7\n")), Series::new());
    assert_eq!(unrest(&format!("{pending} 2\n")), Series::from([(pending.to_owned(), 2.0)]));
}
