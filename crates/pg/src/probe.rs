//! Checks whether a server answers.

use std::time::{Duration, Instant};

use crate::{
    connection::{Connection, Dialler},
    error::{PgError, chain},
    metrics::Metrics,
    owner::Owner,
};

/// Checks one server repeatedly in a session of its own, so that the state of pools does not matter.
pub struct Probe<O> {
    dialler: Dialler,
    metrics: Metrics<O>,
    owner: O,
    lifetime: Duration,
    session: Option<(Connection, Instant)>,
}

impl<O: Owner> Probe<O> {
    /// Creates a probe for the dialler's server. A check that takes longer than `longest` fails, and a
    /// session older than `lifetime` is replaced.
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

    /// Runs a query. A session that died or hangs says nothing about the server, so another is opened and
    /// used. Must run on the runtime of the sessions.
    ///
    /// # Errors
    /// No session can be opened, or a new one does not answer.
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
