//! The task that reads and renders after each cycle, once for all clients.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{sync::watch, task::spawn_blocking, time::sleep};

use super::{
    changes::changes,
    frame,
    picture::Picture,
    shared::LiveStream,
    window::{Event, Shown},
};
use crate::web::v1::reader::AirspaceInForce;
use sectorwatch_core::Time;
use sectorwatch_store::{
    api::{EndedVisit, ReadError, Reads},
    chain,
};

/// After a failed read.
const PAUSE: Duration = Duration::from_secs(1);
/// Without a cycle, others may have changed what is shown: a member was forgotten, or another instance writes.
const SHORTEST_QUIET: Duration = Duration::from_secs(15);

/// Reads when the newest publication was published that was fetched.
pub type Fetched = Arc<dyn Fn() -> Option<Time> + Send + Sync>;

/// What the task needs. Clones share it.
#[derive(Clone)]
pub struct LiveRenderer {
    /// Where it shows what it rendered.
    pub stream: LiveStream,
    /// What it reads from.
    pub reads: Reads,
    /// The airspace in force.
    pub airspace: AirspaceInForce,
    /// When the newest publication was published that was fetched.
    pub fetched: Fetched,
    /// The time between two polls.
    pub interval: Duration,
}

impl LiveRenderer {
    /// Renders now and after each cycle, of which `completed` tells, until the service stops.
    pub async fn run<T>(
        self,
        mut completed: watch::Receiver<T>,
        mut stopping: watch::Receiver<bool>,
    ) {
        let rendering = async {
            self.render(true).await;
            let quiet = SHORTEST_QUIET.max(self.interval * 3 / 2);
            loop {
                tokio::select! {
                    changed = completed.changed() => match changed {
                        Ok(()) => self.render(false).await,
                        Err(_) => return,
                    },
                    () = sleep(quiet) => self.look().await,
                }
            }
        };
        tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => {}
            () = rendering => {}
        }
        self.stream.close();
    }

    /// Reads and renders until it succeeds. `anew` shows what is read although no cycle led to it.
    async fn render(&self, anew: bool) {
        while let Err(error) = self.try_render(anew).await {
            tracing::debug!(error = %chain(&error), "the live stream cannot be rendered");
            sleep(PAUSE).await;
        }
    }

    async fn try_render(&self, anew: bool) -> Result<(), ReadError> {
        let shown = self.stream.shown();
        let visits = shown.iter().flat_map(|shown| shown.picture.visits()).collect();
        // Before the mark is read, so that a cycle in between does not look like a delay.
        let fetched = (self.fetched)();
        let read = self.reads.live(self.known(shown.as_deref(), anew).await?, visits).await?;
        let (picture, ended) = Picture::of(read, &(self.airspace)(), fetched);
        let stream = self.stream.clone();
        let rendering =
            spawn_blocking(move || show(&stream, shown.as_deref(), picture, &ended, anew));
        if let Ok(Err(error)) = rendering.await {
            tracing::error!(%error, "the live stream is no JSON");
        }
        Ok(())
    }

    /// The mark, or one before it.
    async fn known(&self, shown: Option<&Shown>, anew: bool) -> Result<Option<Time>, ReadError> {
        match shown.filter(|_| !anew).and_then(|shown| shown.picture.mark) {
            Some(mark) => Ok(Some(mark)),
            None => Ok(self.reads.standing().await?.mark),
        }
    }

    /// Shows anew what changed without a cycle of this instance.
    async fn look(&self) {
        let Some(shown) = self.stream.shown() else { return };
        let Ok(standing) = self.reads.standing().await else { return };
        let Picture { mark, data_version, .. } = shown.picture;
        if (standing.mark, standing.data_version) != (mark, data_version) {
            self.render(true).await;
        }
    }
}

/// Shows a picture. What a mark has shown stays until there is a newer one, so that ids grow.
fn show(
    stream: &LiveStream,
    before: Option<&Shown>,
    picture: Picture,
    ended: &[EndedVisit],
    anew: bool,
) -> serde_json::Result<()> {
    let Some(before) = before.map(|shown| &shown.picture).filter(|_| !anew) else {
        stream.replace(Shown::of(picture)?);
        return Ok(());
    };
    if picture.mark == before.mark {
        return Ok(());
    }
    let id = picture.id().filter(|_| picture.mark > before.mark);
    let Some(id) = id else {
        // The mark was set back.
        stream.replace(Shown::of(picture)?);
        return Ok(());
    };
    let cycle = changes(before, &picture, ended);
    let frame = cycle.map(|cycle| frame::event("cycle", Some(id), &cycle)).transpose()?;
    let shown = Shown::of(picture)?;
    let frame = frame.unwrap_or_else(|| shown.snapshot.clone());
    stream.push(Event { id, frame, at: Instant::now() }, shown);
    Ok(())
}
