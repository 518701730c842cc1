//! Pages of a list: by key, so that a page costs the same wherever it is.

use sectorwatch_core::Time;

/// Which page is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageOf<K> {
    /// The key of the last row before the page; `None` for the first page.
    pub after: Option<K>,
    /// The mark at the first page, which bounds the whole walk; `None` for the first page.
    pub bound: Option<Time>,
    /// The maximum of rows, at least 1.
    pub limit: u32,
}

impl<K> PageOf<K> {
    /// The first page.
    pub const fn first(limit: u32) -> Self {
        Self { after: None, bound: None, limit }
    }
}

/// The rows of a page in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows<R, K> {
    /// The rows.
    pub rows: Vec<R>,
    /// The key of the last row, when more rows follow.
    pub next: Option<K>,
}

impl<R, K> Rows<R, K> {
    /// The page of rows of which one more was read than asked for.
    pub(super) fn cut(mut rows: Vec<R>, limit: u32, key: impl Fn(&R) -> K) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let is_more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| is_more).map(key);
        Self { rows, next }
    }
}
