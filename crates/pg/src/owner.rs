//! Who takes connections, and what of that stands in labels and logs.

use std::{fmt::Debug, sync::Arc, time::Duration};

/// The code that takes a connection: an enum of the service, so that a lease without an owner, or with one that no
/// metric knows, does not compile.
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
    /// Every owner, in the order in which texts name them.
    const ALL: &'static [Self];

    /// The word in labels and logs. Two owners must not share one.
    fn as_str(self) -> &'static str;

    /// For how long it may hold a lease before that is suspected of being a leak, unless a setting says otherwise;
    /// `None` for an owner that takes none out of a pool.
    fn leak_threshold(self) -> Option<Duration>;

    /// Whether it runs statements, so that these are counted from 0. An owner that only stands for what nobody can be
    /// named for does not.
    fn runs_statements(self) -> bool {
        true
    }

    /// Whether it runs transactions, so that these are counted from 0.
    fn runs_transactions(self) -> bool {
        self.runs_statements()
    }
}

/// A pool and those who may take its connections, by their words. Cloning shares it.
#[derive(Debug, Clone)]
pub struct PoolLabels {
    /// The pool.
    pub name: &'static str,
    /// Who takes its connections.
    pub owners: Arc<[&'static str]>,
    /// Who stands for the pool where no owner's code can be named.
    pub anybody: &'static str,
}
