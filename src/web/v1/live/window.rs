//! What the stream can send: the newest picture, and the events that led to it. Pure.

use std::{collections::VecDeque, sync::Arc, time::Instant};

use bytes::Bytes;

use super::picture::Picture;

/// An hour of cycles.
const MOST_EVENTS: usize = 240;
const MOST_BYTES: usize = 16 << 20;

/// An event as it is sent.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its id: the mark in microseconds.
    pub id: i64,
    /// The whole event, in the format of the stream.
    pub frame: Bytes,
    /// Since when it can be sent.
    pub at: Instant,
}

/// The newest picture, rendered.
#[derive(Debug)]
pub struct Shown {
    /// What is shown.
    pub picture: Picture,
    /// The event `snapshot`, in the format of the stream.
    pub snapshot: Bytes,
}

/// What the stream can send. Events have numbers in the order in which they were made.
#[derive(Debug, Default)]
pub struct Window {
    /// The number of the oldest event.
    first: u64,
    events: VecDeque<Event>,
    bytes: usize,
    /// The id of the event before the oldest one, if there was one.
    before: Option<i64>,
    shown: Option<Arc<Shown>>,
    /// How often something was shown.
    renders: u64,
    /// How often everything was replaced.
    epoch: u64,
    /// Whether the service stops.
    is_over: bool,
}

impl Window {
    /// Shows the next picture, to which this event leads.
    pub fn push(&mut self, event: Event, shown: Shown) {
        self.bytes += event.frame.len();
        self.events.push_back(event);
        while self.events.len() > MOST_EVENTS || self.bytes > MOST_BYTES {
            let Some(oldest) = self.events.pop_front() else { break };
            self.first += 1;
            self.bytes -= oldest.frame.len();
            self.before = Some(oldest.id);
        }
        self.show(shown);
    }

    /// Shows a picture to which no event leads.
    pub fn replace(&mut self, shown: Shown) {
        self.first = self.end();
        self.events.clear();
        (self.bytes, self.before) = (0, None);
        self.epoch += 1;
        self.show(shown);
    }

    fn show(&mut self, shown: Shown) {
        self.renders += 1;
        self.shown = Some(Arc::new(shown));
    }

    /// How often something was shown.
    pub fn renders(&self) -> u64 {
        self.renders
    }

    /// Ends all streams.
    pub fn close(&mut self) {
        self.is_over = true;
    }

    /// The newest picture; `None` before the first.
    pub fn shown(&self) -> Option<&Arc<Shown>> {
        self.shown.as_ref()
    }

    /// The number of the event that is made next.
    pub fn end(&self) -> u64 {
        self.first + self.events.len() as u64
    }

    /// The event of this number; `None` if it was forgotten or is still to be made.
    pub fn event(&self, number: u64) -> Option<&Event> {
        let index = usize::try_from(number.checked_sub(self.first)?).ok()?;
        self.events.get(index)
    }

    /// Whether the event of this number was forgotten.
    pub fn has_forgotten(&self, number: u64) -> bool {
        number < self.first
    }

    /// The number of the event after the one with this id, if all after it are still there.
    pub fn after(&self, id: i64) -> Option<u64> {
        if self.before == Some(id) {
            return Some(self.first);
        }
        let index = self.events.iter().position(|event| event.id == id)?;
        Some(self.first + index as u64 + 1)
    }

    /// How often everything was replaced.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Whether the service stops.
    pub fn is_over(&self) -> bool {
        self.is_over
    }
}
