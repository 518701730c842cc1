//! Who is let in: a newcomer waits for a place while nobody was still for a second.

use std::time::Duration;

use socket2::SockRef;
use tokio::{net::TcpStream, sync::Notify, time::sleep};

use super::place::{Place, Places};

/// How many more are let in for a probe, which is answered in a moment.
const MORE_FOR_PROBES: usize = 16;
/// How often a place is asked for.
const PAUSE: Duration = Duration::from_millis(25);
const PROBES: [&[u8]; 4] = [b"GET /livez", b"GET /readyz", b"HEAD /livez", b"HEAD /readyz"];

/// A place for the client of this connection, or `None`: it has to go.
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
