//! Serves a simulated network over HTTP on loopback, so that the real client fetches it.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::mpsc,
    thread,
    time::Duration,
};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    dev::ServerHandle,
    http::header::{self, ContentEncoding},
    web,
};
use chrono::Utc;
use url::Url;

use super::{
    SimulatorSettings, World,
    publisher::{Document, Publisher},
};

/// How long a dropped server may take to end.
const PATIENCE: Duration = Duration::from_secs(2);

/// Why a simulated feed could not start.
#[derive(Debug, thiserror::Error)]
pub enum SimulatorError {
    /// The thread could not be created.
    #[error("cannot start the thread of the simulated feed")]
    Thread(#[source] std::io::Error),
    /// No port on loopback is available.
    #[error("cannot listen on a loopback port for the simulated feed")]
    Listen(#[source] std::io::Error),
    /// The server's thread ended before it was listening.
    #[error("the simulated feed ended while it started")]
    Ended,
    /// The address of the server cannot be a URL.
    #[error("cannot write the address of the simulated feed as a URL")]
    Url(#[source] url::ParseError),
}

impl SimulatorError {
    /// The cause, for logs.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Thread(_) => "thread",
            Self::Listen(_) => "listen",
            Self::Ended => "ended",
            Self::Url(_) => "url",
        }
    }
}

/// A served simulated network. Dropping this stops the server.
#[derive(Debug)]
pub struct SimulatedFeed {
    base: Url,
    handle: ServerHandle,
    ended: mpsc::Receiver<()>,
}

impl SimulatedFeed {
    /// Creates a network, and serves it on a free port of 127.0.0.1 from its own thread.
    ///
    /// There is one publication for each whole `publication_interval` of the wall clock, created at its first
    /// request.
    ///
    /// # Errors
    ///
    /// There is no thread, port or URL.
    pub fn start(
        settings: SimulatorSettings,
        publication_interval: Duration,
    ) -> Result<Self, SimulatorError> {
        let (started, starting) = mpsc::channel();
        let (ending, ended) = mpsc::channel();
        thread::Builder::new()
            .name("simulated-feed".to_owned())
            .spawn(move || {
                serve(World::new(settings), publication_interval, &started);
                // Without a receiver, nobody waits for the end.
                let _ = ending.send(());
            })
            .map_err(SimulatorError::Thread)?;
        let (address, handle) = starting.recv().map_err(|_| SimulatorError::Ended)??;
        let base = Url::parse(&format!("http://{address}/")).map_err(SimulatorError::Url)?;
        Ok(Self { base, handle, ended })
    }

    /// The URL of the discovery document.
    pub fn status_url(&self) -> Url {
        self.at("/status.json")
    }

    /// The URL of the main feed.
    pub fn feed_url(&self) -> Url {
        self.at("/v3/vatsim-data.json")
    }

    /// The URL of the transceivers feed.
    pub fn transceivers_url(&self) -> Url {
        self.at("/v3/transceivers-data.json")
    }

    fn at(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(path);
        url
    }
}

impl Drop for SimulatedFeed {
    fn drop(&mut self) {
        // The call itself stops the server; its future only tells when that is done.
        drop(self.handle.stop(false));
        let _ = self.ended.recv_timeout(PATIENCE);
    }
}

type Started = Result<(SocketAddr, ServerHandle), SimulatorError>;

/// Runs the server to its end on the calling thread.
fn serve(world: World, interval: Duration, started: &mpsc::Sender<Started>) {
    let publisher = web::Data::new(Publisher::new(world, interval));
    let outcome = actix_web::rt::System::new().block_on(async move {
        let server = HttpServer::new(move || {
            App::new()
                .app_data(publisher.clone())
                .route("/status.json", web::get().to(status))
                .route("/v3/vatsim-data.json", web::get().to(main_document))
                .route("/v3/transceivers-data.json", web::get().to(transceivers_document))
        })
        .workers(1)
        .disable_signals()
        .bind((Ipv4Addr::LOCALHOST, 0))
        .map_err(SimulatorError::Listen)?;
        let address = server.addrs().first().copied().ok_or(SimulatorError::Ended)?;
        let server = server.run();
        let _ = started.send(Ok((address, server.handle())));
        server.await.map_err(SimulatorError::Listen)
    });
    if let Err(error) = outcome {
        tracing::error!(kind = error.kind(), "the simulated feed ended");
        // There is no receiver after a successful start.
        let _ = started.send(Err(error));
    }
}

async fn status(request: HttpRequest) -> HttpResponse {
    let origin = format!("http://{}", request.connection_info().host());
    HttpResponse::Ok().json(serde_json::json!({
        "data": {
            "v3": [format!("{origin}/v3/vatsim-data.json")],
            "transceivers": [format!("{origin}/v3/transceivers-data.json")],
            "servers": [], "servers_sweatbox": [], "servers_all": [],
        },
        "user": [],
        "metar": [],
    }))
}

async fn main_document(request: HttpRequest, publisher: web::Data<Publisher>) -> HttpResponse {
    let published = publisher.at(Utc::now());
    answer(&request, published.moment_us, &published.main)
}

async fn transceivers_document(
    request: HttpRequest,
    publisher: web::Data<Publisher>,
) -> HttpResponse {
    let published = publisher.at(Utc::now());
    answer(&request, published.moment_us, &published.transceivers)
}

/// The document, or 304 when the client has it.
fn answer(request: &HttpRequest, moment_us: i64, document: &Document) -> HttpResponse {
    let etag = format!("\"{moment_us}\"");
    let says = |name, text: &str| {
        let value = request.headers().get(name).and_then(|value| value.to_str().ok());
        value.is_some_and(|value| value.contains(text))
    };
    if says(header::IF_NONE_MATCH, &etag) {
        return HttpResponse::NotModified().insert_header((header::ETAG, etag)).finish();
    }
    let mut response = HttpResponse::Ok();
    response.insert_header((header::ETAG, etag)).content_type("application/json");
    if says(header::ACCEPT_ENCODING, "gzip") {
        response.insert_header(ContentEncoding::Gzip).body(document.gzip.clone())
    } else {
        response.body(document.plain.clone())
    }
}
