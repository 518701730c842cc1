//! The owners of connections, and their pools.

use std::time::Duration;

/// The code that holds a connection. An enum bounds the label's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Owner {
    /// The flights transaction.
    Flights,
    /// The controllers phase.
    Controllers,
    /// The transceivers phase.
    Transceivers,
    /// The contacts transaction.
    Contacts,
    /// The sector transaction.
    Sectors,
    /// Ledger rows of failed cycles, and rejected records.
    Ledger,
    /// Restoring memory: queue, open visits, known flights.
    Restore,
    /// Partitions and retention.
    Retention,
    /// History for the web.
    Api,
    /// Pages of exports.
    Export,
    /// The rendering of the live stream.
    Live,
    /// The probe behind `/readyz`, in sessions of its own.
    Health,
    /// The audit of the server's sessions, in a session of its own.
    Audit,
    /// The writer's lock, migrations and the next generation, in a session of their own.
    Writer,
    /// Unknown: for leaks that cannot be attributed to an owner.
    Other,
}

/// One of the two pools. They are separate so that load on the API cannot starve the poller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PoolName {
    /// The poller's pool, for writing.
    Ingest,
    /// The web's pool, for reading.
    Read,
}

impl PoolName {
    /// Both pools.
    pub const ALL: [PoolName; 2] = [PoolName::Ingest, PoolName::Read];

    /// The name in metric labels and log.
    pub fn as_str(self) -> &'static str {
        match self {
            PoolName::Ingest => "ingest",
            PoolName::Read => "read",
        }
    }

    /// The owners that may take a lease of this pool.
    pub fn owners(self) -> &'static [Owner] {
        match self {
            PoolName::Ingest => &[
                Owner::Flights,
                Owner::Controllers,
                Owner::Transceivers,
                Owner::Contacts,
                Owner::Sectors,
                Owner::Ledger,
                Owner::Restore,
                Owner::Retention,
            ],
            PoolName::Read => &[Owner::Api, Owner::Export, Owner::Live],
        }
    }

    /// The owner for leaks of this pool that cannot be attributed.
    pub fn fallback_owner(self) -> Owner {
        match self {
            PoolName::Ingest => Owner::Other,
            PoolName::Read => Owner::Api,
        }
    }
}

impl Owner {
    /// All owners, in the order of declaration.
    pub const ALL: [Owner; 15] = [
        Owner::Flights,
        Owner::Controllers,
        Owner::Transceivers,
        Owner::Contacts,
        Owner::Sectors,
        Owner::Ledger,
        Owner::Restore,
        Owner::Retention,
        Owner::Api,
        Owner::Export,
        Owner::Live,
        Owner::Health,
        Owner::Audit,
        Owner::Writer,
        Owner::Other,
    ];

    /// The name in metric labels and log.
    pub fn as_str(self) -> &'static str {
        match self {
            Owner::Flights => "flights",
            Owner::Controllers => "controllers",
            Owner::Transceivers => "transceivers",
            Owner::Contacts => "contacts",
            Owner::Sectors => "sectors",
            Owner::Ledger => "ledger",
            Owner::Restore => "restore",
            Owner::Retention => "retention",
            Owner::Api => "api",
            Owner::Export => "export",
            Owner::Live => "live",
            Owner::Health => "health",
            Owner::Audit => "audit",
            Owner::Writer => "writer",
            Owner::Other => "other",
        }
    }
}

impl sectorwatch_pg::Owner for Owner {
    const ALL: &'static [Self] = &Owner::ALL;

    fn as_str(self) -> &'static str {
        Owner::as_str(self)
    }

    fn leak_threshold(self) -> Option<Duration> {
        let seconds = match self {
            Owner::Flights
            | Owner::Controllers
            | Owner::Transceivers
            | Owner::Contacts
            | Owner::Sectors => 20,
            Owner::Ledger | Owner::Restore | Owner::Live => 10,
            Owner::Retention => 300,
            Owner::Api => 2,
            // What is exported is counted first.
            Owner::Export => 20,
            Owner::Health | Owner::Audit | Owner::Writer | Owner::Other => return None,
        };
        Some(Duration::from_secs(seconds))
    }

    fn runs_statements(self) -> bool {
        self != Owner::Other
    }

    fn runs_transactions(self) -> bool {
        use Owner::{Api, Contacts, Export, Flights, Ledger, Live, Restore, Retention, Sectors};
        let of_cycle = matches!(self, Flights | Contacts | Sectors | Ledger | Restore);
        of_cycle || matches!(self, Retention | Api | Export | Live)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LeakThresholds;

    #[test]
    fn every_owner_of_a_lease_has_a_threshold_and_nobody_else() {
        let thresholds = LeakThresholds::default();
        let pools = PoolName::ALL.map(PoolName::owners);
        for owner in Owner::ALL {
            let takes_leases = pools.iter().any(|owners| owners.contains(&owner));
            let threshold = thresholds.of(owner.as_str());
            let has_one = threshold.is_some_and(|it| it <= Duration::from_mins(5));
            assert_eq!(has_one, takes_leases, "{owner:?}");
        }
    }

    #[test]
    fn an_owner_that_takes_no_lease_is_refused_and_not_allowed() {
        let seconds = |text| LeakThresholds::read(text).and_then(|it| it.of("api"));
        assert_eq!(seconds("api=3s, flights=1s"), Some(Duration::from_secs(3)));
        let allowed = LeakThresholds::allowed();
        for owner in ["health", "audit", "writer", "other", "migrate", "API", ""] {
            assert_eq!(LeakThresholds::read(&format!("api=3s,{owner}=10s")), None, "{owner}");
            assert_eq!(LeakThresholds::default().of(owner), None, "{owner}");
            assert!(owner.is_empty() || !allowed.contains(owner), "{allowed}");
        }
    }
}
