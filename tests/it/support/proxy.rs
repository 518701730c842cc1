//! A proxy between the service and PostgreSQL that imitates network failures: delays, black holes,
//! refused connections.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream, UnixStream},
    sync::watch,
    task::{JoinHandle, JoinSet},
};

use super::{http, postgres::Database, sql};

/// How connections are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Open,
    /// A new connection waits this long before its first byte passes.
    Slow(Duration),
    /// What the server says does not pass.
    Deaf,
    /// Nothing passes and nothing is closed. Neither side notices when the other disconnects.
    BlackHole,
}

/// Listens on loopback, and forwards to the server's socket. Closes all connections when dropped.
pub struct Proxy {
    address: SocketAddr,
    server: PathBuf,
    // The sender for new connections. A connection follows the sender with which it began.
    way: Arc<Mutex<watch::Sender<Way>>>,
    // `None` while the proxy refuses connections.
    listening: Mutex<Option<JoinHandle<()>>>,
}

impl Proxy {
    /// Starts a proxy in front of the server of this database. Everything passes.
    pub fn before(database: &Database) -> Self {
        let proxy = Self {
            address: http::free_address(),
            server: database.server().socket(),
            way: Arc::new(Mutex::new(watch::Sender::new(Way::Open))),
            listening: Mutex::default(),
        };
        proxy.listen();
        proxy
    }

    pub fn url_of(&self, database: &Database) -> String {
        format!("postgres://{}@{}/{}", database.role(), self.address, database.name())
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Lets everything pass from now on, including what was held back.
    pub fn open(&self) {
        self.way().send_replace(Way::Open);
    }

    /// Lets new connections wait this long before their first byte passes.
    pub fn slow(&self, delay: Duration) {
        self.way().send_replace(Way::Slow(delay));
    }

    /// Lets nothing pass from now on, not even that a side has closed its connection. New
    /// connections are accepted.
    pub fn black_hole(&self) {
        self.way().send_replace(Way::BlackHole);
    }

    /// Lets what clients say pass, and nothing that the server says.
    pub fn deafen(&self) {
        self.way().send_replace(Way::Deaf);
    }

    /// Like [`Proxy::black_hole`], but only for the current connections, and for ever. New
    /// connections pass.
    pub fn swallow(&self) {
        self.black_hole();
        *self.way() = watch::Sender::new(Way::Open);
    }

    /// Closes all connections, and refuses new ones.
    pub fn refuse(&self) {
        let listening = self.listening().take().expect("it listens");
        listening.abort();
        // The port is free only when the task has ended.
        let _ = sql::wait(listening);
    }

    /// Accepts connections again after [`Proxy::refuse`].
    pub fn listen(&self) {
        let (address, server, way) = (self.address, self.server.clone(), self.way.clone());
        let listener = sql::wait(async move { TcpListener::bind(address).await });
        let listener = listener.expect("the port is ours");
        let task = sql::spawn(async move {
            // Dropped with the task, which ends all connections.
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let way = way.lock().expect("no panic in here").subscribe();
                connections.spawn(connect(client, server.clone(), way));
            }
        });
        let replaced = self.listening().replace(task);
        assert!(replaced.is_none(), "it listens");
    }

    fn way(&self) -> MutexGuard<'_, watch::Sender<Way>> {
        self.way.lock().expect("no panic in here")
    }

    fn listening(&self) -> MutexGuard<'_, Option<JoinHandle<()>>> {
        self.listening.lock().expect("no panic in here")
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        if let Some(listening) = self.listening().take() {
            listening.abort();
        }
    }
}

async fn connect(client: TcpStream, server: PathBuf, way: watch::Receiver<Way>) {
    let delay = match *way.borrow() {
        Way::Slow(delay) => delay,
        _ => Duration::ZERO,
    };
    // The delay that the test has set for new connections.
    tokio::time::sleep(delay).await;
    passable(&mut way.clone(), &[Way::BlackHole]).await;
    let Ok(server) = UnixStream::connect(&server as &Path).await else {
        return;
    };
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    tokio::join!(
        pass(&mut from_client, &mut to_server, way.clone(), &[Way::BlackHole]),
        pass(&mut from_server, &mut to_client, way, &[Way::BlackHole, Way::Deaf]),
    );
}

/// Forwards bytes until one side closes its connection, and then closes the other.
async fn pass(
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    mut way: watch::Receiver<Way>,
    blocked: &[Way],
) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let read = from.read(&mut buffer).await.unwrap_or(0);
        passable(&mut way, blocked).await;
        if read == 0 || to.write_all(&buffer[..read]).await.is_err() {
            let _ = to.shutdown().await;
            return;
        }
    }
}

async fn passable(way: &mut watch::Receiver<Way>, blocked: &[Way]) {
    if way.wait_for(|way| !blocked.contains(way)).await.is_err() {
        // The sender is gone, so this connection stays blocked for ever.
        std::future::pending::<()>().await;
    }
}
