//! The airspace in force, and the one that the next cycle is to use.

use std::sync::Arc;

use tokio::sync::watch;

use sectorwatch_core::airspace::Airspace;

/// Hands airspaces to the poller, and tells when they are in force. Clones share it.
#[derive(Clone)]
pub struct Airspaces {
    newest: watch::Sender<Arc<Airspace>>,
    in_force: watch::Sender<Arc<Airspace>>,
}

impl Airspaces {
    /// Begins with the airspace of the start.
    pub fn of(airspace: &Arc<Airspace>) -> Self {
        let sender = || watch::Sender::new(Arc::clone(airspace));
        Self { newest: sender(), in_force: sender() }
    }

    /// The airspace for the next cycle.
    pub fn newest(&self) -> Arc<Airspace> {
        Arc::clone(&self.newest.borrow())
    }

    /// The airspace that the poller uses.
    pub fn in_force(&self) -> Arc<Airspace> {
        Arc::clone(&self.in_force.borrow())
    }

    /// Receives each airspace for the next cycle. The one of now is no news.
    pub fn subscribe(&self) -> watch::Receiver<Arc<Airspace>> {
        self.newest.subscribe()
    }

    /// Hands over an airspace, and waits until a poller uses it, which is before its next cycle begins. A poller that
    /// is blocked gets a successor, which begins with the newest airspace.
    pub async fn put_in_force(&self, airspace: Airspace) {
        let airspace = Arc::new(airspace);
        let mut in_force = self.in_force.subscribe();
        self.newest.send_replace(Arc::clone(&airspace));
        // The error means that there is no sender, and this is one.
        let _ = in_force.wait_for(|it| Arc::ptr_eq(it, &airspace)).await;
    }

    /// Announces the airspace that the poller uses from now on.
    pub fn taken(&self, airspace: &Arc<Airspace>) {
        self.in_force.send_replace(Arc::clone(airspace));
    }
}
