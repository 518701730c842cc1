//! Who writes the feed: an edition each second, good unless a scene says otherwise.

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

/// A feed of its own, and the thread that writes it. Dropping it ends the thread.
pub struct Press {
    pub feed: Arc<FeedServer>,
    edition: Arc<Mutex<Edition>>,
    stop: Arc<AtomicBool>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Press {
    /// One flight above Sydney, each second anew.
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
                    // Between two publications.
                    thread::sleep(Duration::from_secs(1));
                }
            })
        };
        let press = Self { feed, edition, stop, thread: Some(thread) };
        press.feed.publish(&of_now("SYD"));
        press
    }

    /// Writes like this from now on; it is given the number of the second.
    pub fn write(&self, edition: impl FnMut(&FeedServer, u64) + Send + 'static) {
        *self.edition.lock().unwrap_or_else(PoisonError::into_inner) = Box::new(edition);
    }

    /// Writes as at first.
    pub fn write_well(&self) {
        self.write(|feed, _| feed.publish(&of_now("SYD")));
    }
}

impl Drop for Press {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A publication of this moment, with a flight in this sector.
pub fn of_now(sector: &str) -> Feed {
    dated_back(sector, TimeDelta::zero())
}

/// A publication that is as old as this.
pub fn dated_back(sector: &str, by: TimeDelta) -> Feed {
    let time = Utc::now() - by;
    let text = time.to_rfc3339_opts(SecondsFormat::Micros, true);
    let pilot = Pilot::new("QFA1", 1).inside(sector).kt(200).last_updated(&text);
    // A radio that never moves would be taken for a feed that stands still.
    let (latitude, longitude) = inside(sector);
    let moved = f64::from(time.timestamp_subsec_micros()) / 1e8;
    Feed::at(&text).pilot(pilot).radio("QFA1", 124_700_000, (latitude + moved, longitude))
}
