//! The owners of connections, and their names in labels and logs.

use std::{fmt::Debug, sync::Arc, time::Duration};

/// The code that holds a connection: an enum of the service, so that a lease without an owner, or with an
/// owner that no metric knows, does not compile.
///
/// ```
/// use std::time::Duration;
///
/// #[derive(Debug, Clone, Copy, PartialEq, Eq)]
/// enum Part {
///     Orders,
///     Reports,
///     Audit,
/// }
///
/// impl sectorwatch_pg::Owner for Part {
///     const ALL: &'static [Self] = &[Self::Orders, Self::Reports, Self::Audit];
///
///     fn as_str(self) -> &'static str {
///         match self {
///             Self::Orders => "orders",
///             Self::Reports => "reports",
///             Self::Audit => "audit",
///         }
///     }
///
///     fn leak_threshold(self) -> Option<Duration> {
///         match self {
///             Self::Orders => Some(Duration::from_secs(5)),
///             Self::Reports => Some(Duration::from_secs(60)),
///             Self::Audit => None,
///         }
///     }
/// }
/// ```
pub trait Owner: Copy + Eq + Debug + Send + Sync + 'static {
    /// All owners, in the order used in texts.
    const ALL: &'static [Self];

    /// The name in labels and logs. It must be unique.
    fn as_str(self) -> &'static str;

    /// For how long the owner may hold a lease before that is suspected of a leak, unless a setting says
    /// otherwise; `None` for an owner that takes none from a pool.
    fn leak_threshold(self) -> Option<Duration>;

    /// Whether it runs statements, so that they are counted from 0. An owner that only stands for an unknown
    /// owner does not.
    fn runs_statements(self) -> bool {
        true
    }

    /// Whether it runs transactions, so that these are counted from 0.
    fn runs_transactions(self) -> bool {
        self.runs_statements()
    }
}

/// A pool and the names of its owners. Clones share them.
#[derive(Debug, Clone)]
pub struct PoolLabels {
    /// The name of the pool.
    pub name: &'static str,
    /// The names of its owners.
    pub owners: Arc<[&'static str]>,
    /// The owner for events that cannot be attributed.
    pub fallback_owner: &'static str,
}
