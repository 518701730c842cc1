//! Serves one connection from its place to its end.

use std::{
    future::poll_fn,
    net::SocketAddr,
    pin::pin,
    rc::Rc,
    task::{Context, Poll},
    time::Instant,
};

use actix_http::{Protocol, error::DispatchError};
use actix_service::Service;
use tokio::{
    net::TcpStream,
    time::{Sleep, sleep_until},
};

use super::{
    Limits, admission, exchange::Exchange, metrics::CloseReason, place::Places, stream::Stream,
};
use crate::web::portions::TooSlow;

/// Serves a connection with `http` until it ends or must end.
pub async fn serve<S>(http: Rc<S>, places: Places, limits: Limits, tcp: TcpStream)
where
    S: Service<(Stream, Protocol, Option<SocketAddr>), Response = (), Error = DispatchError>,
{
    let Some(place) = admission::admit(&places, &tcp).await else { return };
    let _ = tcp.set_nodelay(true);
    let peer = tcp.peer_addr().ok();
    let exchange = Exchange::new(place, limits);
    let stream = Stream::new(tcp, exchange.clone());
    let mut dispatch = pin!(http.call((stream, Protocol::Http1, peer)));
    let mut timer = pin!(sleep_until(Instant::now().into()));
    let reason = poll_fn(|context| {
        exchange.entry().waker.register(context.waker());
        if exchange.entry().is_evicted() {
            return Poll::Ready(CloseReason::Evicted);
        }
        exchange.begin_turn();
        if let Poll::Ready(outcome) = dispatch.as_mut().poll(context) {
            return Poll::Ready(reason_of(&outcome));
        }
        if exchange.wants_turn() {
            context.waker().wake_by_ref();
        }
        overdue(&exchange, timer.as_mut(), context)
    })
    .await;
    exchange.close(reason);
}

/// Ready when the connection has timed out.
fn overdue(
    exchange: &Exchange,
    mut timer: std::pin::Pin<&mut Sleep>,
    context: &mut Context<'_>,
) -> Poll<CloseReason> {
    let now = Instant::now();
    if exchange.is_too_far_behind(now) {
        return Poll::Ready(CloseReason::WriteTimeout);
    }
    let Some((deadline, reason)) = exchange.deadline() else { return Poll::Pending };
    if deadline <= now {
        return Poll::Ready(reason);
    }
    let wake_at = exchange.next_look(now).map_or(deadline, |look| look.min(deadline));
    if timer.deadline() != wake_at.into() {
        timer.as_mut().reset(wake_at.into());
    }
    if timer.poll(context).is_ready() {
        context.waker().wake_by_ref();
    }
    Poll::Pending
}

fn reason_of(outcome: &Result<(), DispatchError>) -> CloseReason {
    match outcome {
        Err(DispatchError::Body(error)) if error.is::<TooSlow>() => CloseReason::WriteTimeout,
        _ => CloseReason::Ended,
    }
}
