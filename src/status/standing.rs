//! Compares a publication with the mark, the time of the newest stored snapshot.

use sectorwatch_core::Time;

/// How a publication compares with the mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It is newer, and is to be stored.
    Newer,
    /// It is the one at the mark.
    Same,
    /// It is older: the feed went back in time.
    Backwards,
    /// It is not newer because the mark is wrong.
    MarkAhead(MarkAhead),
}

/// A snapshot of the future was stored: until its time comes, every other one is too old.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the newest stored snapshot is of {}, ahead of the clock, and this one of {} is not newer; \
     `sectorwatch reset-mark` sets the mark back",
    .mark.to_rfc3339(),
    .published.to_rfc3339()
)]
pub struct MarkAhead {
    /// `update_timestamp` of the newest stored snapshot.
    pub mark: Time,
    /// `update_timestamp` of the publication.
    pub published: Time,
}

impl Standing {
    /// Compares a publication with the mark. A mark after `newest_believed` is ahead of the clock; a replay
    /// has no clock.
    pub fn of(published: Time, mark: Option<Time>, newest_believed: Option<Time>) -> Self {
        match mark {
            Some(mark) if mark >= published => {
                if newest_believed.is_some_and(|newest| mark > newest) {
                    Standing::MarkAhead(MarkAhead { mark, published })
                } else if mark == published {
                    Standing::Same
                } else {
                    Standing::Backwards
                }
            }
            _ => Standing::Newer,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_publication_that_is_not_newer_is_judged_by_the_mark() {
        let at = |seconds| Time::UNIX_EPOCH + TimeDelta::seconds(seconds);
        let ahead = |mark, published| {
            Standing::MarkAhead(MarkAhead { mark: at(mark), published: at(published) })
        };
        // Publication, mark, newest believed time, result.
        for (published, mark, newest, standing) in [
            (100, None, Some(400), Standing::Newer),
            (100, Some(99), Some(400), Standing::Newer),
            (100, Some(100), Some(400), Standing::Same),
            (100, Some(101), Some(400), Standing::Backwards),
            (100, Some(400), Some(400), Standing::Backwards),
            (100, Some(401), Some(400), ahead(401, 100)),
            (401, Some(401), Some(400), ahead(401, 401)),
            (402, Some(401), Some(400), Standing::Newer),
            (100, Some(401), None, Standing::Backwards),
            (401, Some(401), None, Standing::Same),
        ] {
            let found = Standing::of(at(published), mark.map(at), newest.map(at));
            assert_eq!(found, standing, "{published} {mark:?} {newest:?}");
        }
    }
}
