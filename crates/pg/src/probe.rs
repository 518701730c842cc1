//! Asking a server for a sign of life.

use std::time::{Duration, Instant};

use crate::{
    connection::{Connection, Dialler},
    error::{PgError, chain},
    metrics::Metrics,
    owner::Owner,
};

/// Asks one server, time after time, on a session of its own: what the pools are doing is no part of the answer.
pub struct Probe<O> {
    dialler: Dialler,
    metrics: Metrics<O>,
    owner: O,
    lifetime: Duration,
    session: Option<(Connection, Instant)>,
}

impl<O: Owner> Probe<O> {
    /// Of the server of this dialler, for this owner. An answer that takes longer than `longest` is none, and a session
    /// older than `lifetime` is replaced.
    pub fn new(
        dialler: &Dialler,
        metrics: &Metrics<O>,
        owner: O,
        longest: Duration,
        lifetime: Duration,
    ) -> Self {
        let (dialler, metrics) = (dialler.limited(longest), metrics.clone());
        Self { dialler, metrics, owner, lifetime, session: None }
    }

    /// Asks it something. A session that died or hangs says nothing of the server: another is opened, and asked. Has to
    /// run on the runtime of the sessions.
    ///
    /// # Errors
    /// When no session can be opened, or a new one does not answer.
    pub async fn ask<T>(
        &mut self,
        question: impl AsyncFn(&mut Connection) -> Result<T, PgError>,
    ) -> Result<T, PgError> {
        if let Some((mut session, opened)) = self.session.take()
            && session.life().goes_on()
            && opened.elapsed() < self.lifetime
        {
            match question(&mut session).await {
                Ok(answer) => {
                    self.session = Some((session, opened));
                    return Ok(answer);
                }
                Err(error) => {
                    tracing::debug!(error = %chain(&error), "the probe's session is replaced");
                }
            }
        }
        let begun = Instant::now();
        let mut session = Connection::open(&self.dialler, &self.metrics, self.owner).await?;
        let answer = question(&mut session).await?;
        self.session = Some((session, begun));
        Ok(answer)
    }
}
