//! Admission of connections: a new one waits for a place while all others make progress.

use std::time::Duration;

use socket2::SockRef;
use tokio::{net::TcpStream, sync::Notify, time::sleep};

use super::place::{Place, Places};

/// Additional places for probes, which are answered quickly.
const MORE_FOR_PROBES: usize = 16;
/// The pause between two attempts to get a place.
const PAUSE: Duration = Duration::from_millis(25);
const PROBES: [&[u8]; 4] = [b"GET /livez", b"GET /readyz", b"HEAD /livez", b"HEAD /readyz"];

/// Returns a place for the client of this connection, or `None` when it must be refused.
pub async fn admit(places: &Places, tcp: &TcpStream) -> Option<Place> {
    let peer = tcp.peer_addr().ok();
    if let Some(place) = places.take(peer, 0) {
        return Some(place);
    }
    let ticket = places.queue().enter();
    let place = wait(places, tcp, &ticket).await;
    places.queue().leave(&ticket);
    if place.is_none() {
        places.refused();
        // The kernel must keep no unsent bytes for it.
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
