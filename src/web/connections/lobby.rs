//! Newcomers for whom there is no place yet: nobody was still for a second. Few wait, and the one who
//! waits longest has to go for the next, so that nobody is kept in the kernel's queue behind a crowd.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use socket2::SockRef;
use tokio::{net::TcpStream, sync::Notify, time::sleep};

use super::place::{Place, Places};

/// How many wait.
const MOST_WAITING: usize = 64;
/// How many more are let in for a probe, which is answered in a moment.
const MORE_FOR_PROBES: usize = 16;
/// How often a place is asked for.
const PAUSE: Duration = Duration::from_millis(25);
const PROBES: [&[u8]; 4] = [b"GET /livez", b"GET /readyz", b"HEAD /livez", b"HEAD /readyz"];

/// Those who wait.
#[derive(Default)]
pub struct Lobby(Mutex<VecDeque<Arc<Notify>>>);

impl Lobby {
    fn enter(&self) -> Arc<Notify> {
        let ticket = Arc::new(Notify::new());
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.push_back(ticket.clone());
        if waiting.len() > MOST_WAITING
            && let Some(longest) = waiting.pop_front()
        {
            longest.notify_one();
        }
        ticket
    }

    fn leave(&self, ticket: &Arc<Notify>) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|other| !Arc::ptr_eq(other, ticket));
    }
}

/// A place for the client of this connection, or none: it has to go.
pub async fn place(places: &Places, tcp: &TcpStream) -> Option<Place> {
    let peer = tcp.peer_addr().ok();
    if let Some(place) = places.take(peer, 0) {
        return Some(place);
    }
    let ticket = places.lobby().enter();
    let place = wait(places, tcp, &ticket).await;
    places.lobby().leave(&ticket);
    if place.is_none() {
        places.refused();
        // No word of ours is to be kept for it.
        let _ = SockRef::from(tcp).set_linger(Some(Duration::ZERO));
    }
    place
}

async fn wait(places: &Places, tcp: &TcpStream, ticket: &Notify) -> Option<Place> {
    let peer = tcp.peer_addr().ok();
    let mut has_spoken = false;
    let mut head = [0; 12];
    loop {
        tokio::select! {
            biased;
            () = ticket.notified() => return None,
            read = tcp.peek(&mut head), if !has_spoken => {
                let head = &head[..read.ok().filter(|read| *read > 0)?];
                has_spoken = true;
                let is_probe = PROBES.iter().any(|probe| head.starts_with(probe));
                if is_probe && let Some(place) = places.take(peer, MORE_FOR_PROBES) {
                    return Some(place);
                }
            }
            () = sleep(PAUSE) => {}
        }
        if let Some(place) = places.take(peer, 0) {
            return Some(place);
        }
    }
}
