//! The listener, and the service that actix-server runs on each worker.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    rc::Rc,
    time::Duration,
};

use actix_http::{HttpService, Request, body::MessageBody, error::DispatchError};
use actix_server::{GracefulShutdownSignal, Server};
use actix_service::{
    IntoServiceFactory, Service, ServiceFactory, ServiceFactoryExt as _, apply_fn_factory,
    fn_factory, fn_service, map_config,
};
use actix_web::{
    Error,
    dev::{AppConfig, ServiceResponse},
};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpStream;

use super::{
    Limits, exchange::Exchange, metrics::ConnectionMetrics, place::Places, served, stream::Stream,
};
use crate::web::portions::PORTION_BYTES;

const WORKERS: usize = 2;
const BACKLOG: i32 = 1024;
/// The kernel doubles this. Together with actix-http's buffers, less than 32 KiB are unsent.
const KERNEL_BUFFER: usize = 8 * 1024;
/// Places are limited elsewhere; a worker of actix-server must not stop accepting before.
const MORE_THAN_PLACES: usize = 4096;

/// Binds the address and serves this application.
///
/// # Errors
/// The address cannot be bound.
pub fn start<F, I, S, B>(
    app: F,
    metrics: ConnectionMetrics,
    limits: Limits,
    listen: SocketAddr,
) -> io::Result<(Server, SocketAddr)>
where
    F: Fn() -> I + Send + Clone + 'static,
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<
            Request,
            Config = AppConfig,
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
        > + 'static,
    <S::Service as Service<Request>>::Future: 'static,
    B: MessageBody + 'static,
{
    let listener = bind(listen)?;
    let address = listener.local_addr()?;
    let builder = Server::build()
        .workers(WORKERS)
        .disable_signals()
        .shutdown_timeout(3)
        .max_concurrent_connections(limits.connections.saturating_add(MORE_THAN_PLACES));
    let stopping = builder.graceful_shutdown_signal();
    let places = Places::new(limits.connections, metrics);
    let builder = builder.listen("http", listener, move || {
        let http = http(app().into_factory(), stopping.clone(), address);
        let places = places.clone();
        fn_factory(move || {
            let (http, places) = (http.new_service(()), places.clone());
            async move {
                let http = Rc::new(http.await?);
                Ok::<_, ()>(fn_service(move |tcp: TcpStream| {
                    let served = served::serve(http.clone(), places.clone(), limits, tcp);
                    async move {
                        served.await;
                        Ok::<_, ()>(())
                    }
                }))
            }
        })
    })?;
    Ok((builder.run(), address))
}

fn bind(listen: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(listen), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    // Every connection inherits the options.
    socket.set_send_buffer_size(KERNEL_BUFFER)?;
    socket.set_recv_buffer_size(KERNEL_BUFFER)?;
    socket.set_nonblocking(true)?;
    socket.bind(&listen.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// The application in actix-http, whose handlers report to their connection.
fn http<S, B>(
    app: S,
    stopping: GracefulShutdownSignal,
    address: SocketAddr,
) -> impl ServiceFactory<
    (Stream, actix_http::Protocol, Option<SocketAddr>),
    Config = (),
    Response = (),
    Error = DispatchError,
    InitError = (),
>
where
    S: ServiceFactory<
            Request,
            Config = AppConfig,
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
        > + 'static,
    <S::Service as Service<Request>>::Future: 'static,
    B: MessageBody + 'static,
{
    let app = map_config(app, |()| AppConfig::default());
    let app = apply_fn_factory(app, |request: Request, app: &S::Service| {
        let exchange = request.conn_data::<Rc<Exchange>>().cloned();
        exchange.iter().for_each(|exchange| exchange.begin(&request));
        let answer = app.call(request);
        async move {
            let answer = answer.await;
            exchange.iter().for_each(|exchange| exchange.answered());
            answer
        }
    });
    HttpService::<Stream, _, B>::build()
        .local_addr(address)
        .graceful_shutdown_signal(move || {
            let stopping = stopping.clone();
            async move { stopping.notified().await }
        })
        .keep_alive(Duration::from_secs(5))
        .client_request_timeout(Duration::from_secs(5))
        .client_disconnect_timeout(Duration::from_secs(1))
        // When a client closes its side, its handler is dropped and counted as abandoned, and so is its wait
        // for a database connection. A statement that has begun is not interrupted.
        .h1_allow_half_closed(false)
        .h1_write_buffer_size(PORTION_BYTES)
        .on_connect_ext(|stream: &Stream, data| {
            data.insert(stream.exchange().clone());
        })
        .finish(app.map_err(|error: Error| error.error_response()))
}
