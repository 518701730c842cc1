//! Waiting for lost data, which may come back, for example when a disk is mounted late.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::{
    sync::watch,
    time::{Instant, sleep},
};

use crate::EmbeddedError;

/// How often a server, and a place with lost data, is checked.
pub const CHECK_EVERY: Duration = Duration::from_secs(1);

/// The cluster of a running server is missing, or is another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataLost {
    /// When the loss was noticed.
    pub since: DateTime<Utc>,
    /// What happened and what to do.
    pub message: String,
}

/// Repeats `start` every second while its data is lost, for `limit` at most.
///
/// # Errors
/// The last error of `start`: [`EmbeddedError::DataLost`] after `limit`, any other error at once.
pub async fn await_data<T>(
    limit: Duration,
    start: impl AsyncFnMut() -> Result<T, EmbeddedError>,
) -> Result<T, EmbeddedError> {
    repeat(CHECK_EVERY, limit, start).await
}

async fn repeat<T>(
    pause: Duration,
    limit: Duration,
    mut start: impl AsyncFnMut() -> Result<T, EmbeddedError>,
) -> Result<T, EmbeddedError> {
    let until = Instant::now() + limit;
    loop {
        sleep(pause).await;
        match start().await {
            Err(error) if error.may_pass() && Instant::now() < until => {}
            ended => return ended,
        }
    }
}

/// Resolves with the loss when the data has been lost for this long without interruption.
pub async fn for_good(mut lost: watch::Receiver<Option<DataLost>>, limit: Duration) -> DataLost {
    loop {
        let now = lost.borrow_and_update().clone();
        let for_good = async {
            match now {
                Some(lost) => {
                    sleep(limit).await;
                    lost
                }
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            lost = for_good => return lost,
            changed = lost.changed() => {
                if changed.is_err() {
                    return std::future::pending().await;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{path::PathBuf, pin::pin};

    use super::*;
    use crate::{Loss, SettingNames};

    fn is_lost() -> EmbeddedError {
        EmbeddedError::DataLost {
            dir: PathBuf::from("/data/postgres"),
            created_at: None,
            loss: Loss::Gone,
            marker: None,
            names: &SettingNames::PLAIN,
        }
    }

    fn loss(message: &str) -> Option<DataLost> {
        Some(DataLost { since: Utc::now(), message: message.to_owned() })
    }

    #[tokio::test]
    async fn only_lost_data_is_waited_for_and_not_for_ever() {
        let hour = Duration::from_hours(1);
        for (limit, starts, expected) in [
            (hour, vec![Err(is_lost()), Err(is_lost()), Ok("found")], (3, "found")),
            (hour, vec![Err(EmbeddedError::Halted), Ok("found")], (1, "halted")),
            (hour, vec![Err(is_lost()), Err(EmbeddedError::Halted)], (2, "halted")),
            (Duration::ZERO, vec![Err(is_lost()), Ok("found")], (1, "data_lost")),
            (Duration::ZERO, vec![Ok("found")], (1, "found")),
        ] {
            let (count, mut starts) = (starts.len(), starts.into_iter());
            let start = async || starts.next().expect("no more starts");
            let ended = repeat(Duration::from_millis(1), limit, start).await;
            let ended = ended.unwrap_or_else(|error| error.kind());
            assert_eq!((count - starts.len(), ended), expected);
        }
    }

    #[tokio::test]
    async fn data_that_came_back_is_not_lost_and_a_later_loss_has_its_own_time() {
        let limit = Duration::from_millis(500);
        let (lose, lost) = watch::channel(None);
        let mut for_good = pin!(for_good(lost, limit));
        let mut begun = Instant::now();
        for loss in [None, loss("first"), None, loss("second")] {
            lose.send_replace(loss);
            begun = Instant::now();
            tokio::select! {
                biased;
                lost = &mut for_good => panic!("given up at once: {lost:?}"),
                () = tokio::task::yield_now() => {}
            }
        }
        assert_eq!(for_good.await.message, "second");
        assert!(begun.elapsed() >= limit, "{:?}", begun.elapsed());
    }
}
