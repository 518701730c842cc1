//! Publishes a document every second. It is a good one unless a scene changes that.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use chrono::{SecondsFormat, TimeDelta, Utc};

use crate::support::{
    documents::{Feed, Pilot, inside},
    feed_server::FeedServer,
};

type Edition = Box<dyn FnMut(&FeedServer, u64) + Send>;

/// A feed and the thread that publishes on it. The thread ends when this is dropped.
pub struct Publisher {
    pub feed: Arc<FeedServer>,
    edition: Arc<Mutex<Edition>>,
    stop: Arc<AtomicBool>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Publisher {
    /// Starts to publish, every second, one flight above Sydney.
    pub fn start() -> Self {
        let feed = Arc::new(FeedServer::start());
        let edition: Edition = Box::new(|feed, _| feed.publish(&of_now("SYD")));
        let edition = Arc::new(Mutex::new(edition));
        let stop = Arc::new(AtomicBool::new(false));
        let thread = {
            let (feed, edition, stop) = (feed.clone(), edition.clone(), stop.clone());
            thread::spawn(move || {
                for number in 0.. {
                    if stop.load(Ordering::SeqCst) {
                        return;
                    }
                    edition.lock().unwrap_or_else(PoisonError::into_inner)(&feed, number);
                    // The interval between two publications.
                    thread::sleep(Duration::from_secs(1));
                }
            })
        };
        let publisher = Self { feed, edition, stop, thread: Some(thread) };
        publisher.feed.publish(&of_now("SYD"));
        publisher
    }

    /// Publishes in this way from now on. The argument is the number of the publication.
    pub fn write(&self, edition: impl FnMut(&FeedServer, u64) + Send + 'static) {
        *self.edition.lock().unwrap_or_else(PoisonError::into_inner) = Box::new(edition);
    }

    /// Publishes as at the start again.
    pub fn write_well(&self) {
        self.write(|feed, _| feed.publish(&of_now("SYD")));
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A publication with the current time and a flight in this sector.
pub fn of_now(sector: &str) -> Feed {
    dated_back(sector, TimeDelta::zero())
}

/// A publication whose time is this long ago.
pub fn dated_back(sector: &str, by: TimeDelta) -> Feed {
    let time = Utc::now() - by;
    let text = time.to_rfc3339_opts(SecondsFormat::Micros, true);
    let pilot = Pilot::new("QFA1", 1).inside(sector).kt(200).last_updated(&text);
    // The transceiver moves, because a feed in which nothing changes counts as stale.
    let (latitude, longitude) = inside(sector);
    let moved = f64::from(time.timestamp_subsec_micros()) / 1e8;
    Feed::at(&text).pilot(pilot).radio("QFA1", 124_700_000, (latitude + moved, longitude))
}
