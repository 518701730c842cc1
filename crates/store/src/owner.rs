//! Who holds a connection, and out of which pool.

/// The code that asks for a connection. An enum, so that the compiler bounds the label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Owner {
    /// The flights transaction.
    Flights,
    /// The controllers phase.
    Controllers,
    /// The transceivers phase.
    Transceivers,
    /// The sector transaction.
    Sectors,
    /// Ledger rows of failed cycles, and rejected records.
    Ledger,
    /// The start-up path: queue, open visits, known flights.
    Restore,
    /// Partitions and retention.
    Retention,
    /// History for the web.
    Api,
    /// The probe behind `/readyz`, on sessions of its own.
    Health,
    /// The comparison with the server's own list of sessions, on a session of its own.
    Audit,
    /// The writer's lock, migrations and the next generation, on a session of their own.
    Writer,
    /// Nobody that is known: of leaks that no owner's code can be named for.
    Other,
}

/// One of the two pools: load on the API can never starve the poller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PoolName {
    /// The pool of the poller, for what is written.
    Ingest,
    /// The pool of the web, for what is read.
    Read,
}

impl PoolName {
    /// Both.
    pub const ALL: [PoolName; 2] = [PoolName::Ingest, PoolName::Read];

    /// The word in label and log.
    pub fn as_str(self) -> &'static str {
        match self {
            PoolName::Ingest => "ingest",
            PoolName::Read => "read",
        }
    }

    /// Who may take a lease of this pool.
    pub fn owners(self) -> &'static [Owner] {
        match self {
            PoolName::Ingest => &[
                Owner::Flights,
                Owner::Controllers,
                Owner::Transceivers,
                Owner::Sectors,
                Owner::Ledger,
                Owner::Restore,
                Owner::Retention,
            ],
            PoolName::Read => &[Owner::Api],
        }
    }

    /// Who stands for this pool where no owner's code can be named.
    pub fn anybody(self) -> Owner {
        match self {
            PoolName::Ingest => Owner::Other,
            PoolName::Read => Owner::Api,
        }
    }
}

impl Owner {
    /// Everyone, in the order of the declaration.
    pub const ALL: [Owner; 12] = [
        Owner::Flights,
        Owner::Controllers,
        Owner::Transceivers,
        Owner::Sectors,
        Owner::Ledger,
        Owner::Restore,
        Owner::Retention,
        Owner::Api,
        Owner::Health,
        Owner::Audit,
        Owner::Writer,
        Owner::Other,
    ];

    /// Those that run statements on an observed connection.
    pub fn of_statements() -> impl Iterator<Item = Owner> {
        Self::ALL.into_iter().filter(|owner| *owner != Owner::Other)
    }

    /// Those that run them in transactions.
    pub const OF_TRANSACTIONS: [Owner; 5] =
        [Owner::Flights, Owner::Sectors, Owner::Ledger, Owner::Restore, Owner::Retention];

    /// The word in label and log.
    pub fn as_str(self) -> &'static str {
        match self {
            Owner::Flights => "flights",
            Owner::Controllers => "controllers",
            Owner::Transceivers => "transceivers",
            Owner::Sectors => "sectors",
            Owner::Ledger => "ledger",
            Owner::Restore => "restore",
            Owner::Retention => "retention",
            Owner::Api => "api",
            Owner::Health => "health",
            Owner::Audit => "audit",
            Owner::Writer => "writer",
            Owner::Other => "other",
        }
    }
}
