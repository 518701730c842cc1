//! A stand-in for a bad pooler between the service and PostgreSQL. It sends statements of which
//! neither side knows.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    os::unix::net::UnixStream,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use crate::support::{http, postgres::Database};

/// `begin` as a simple query.
const BEGIN: &[u8] = b"Q\0\0\0\x0abegin\0";
/// The length of the server's answer: the command is complete, and a transaction is open.
const ANSWER: usize = b"C\0\0\0\x0aBEGIN\0".len() + b"Z\0\0\0\x05T".len();

/// A proxy that listens on loopback and forwards to the server's socket.
pub struct MixingPooler {
    address: SocketAddr,
    links: Arc<Mutex<Vec<Link>>>,
}

struct Link {
    server: UnixStream,
    /// The number of bytes from the server that are not forwarded to the client.
    withheld: Arc<AtomicUsize>,
}

impl MixingPooler {
    /// Starts in front of the server of this database. Its threads run until the test process ends.
    pub fn before(database: &Database) -> Self {
        let listener = TcpListener::bind(http::free_address()).expect("a free port");
        let address = listener.local_addr().expect("its address");
        let links = Arc::new(Mutex::new(Vec::new()));
        let (socket, held) = (database.server().socket(), links.clone());
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if let Ok(server) = UnixStream::connect(&socket)
                    && let Ok(link) = link(client, server)
                {
                    held.lock().unwrap_or_else(PoisonError::into_inner).push(link);
                }
            }
        });
        Self { address, links }
    }

    /// The URL of the database through this proxy.
    pub fn url_of(&self, database: &Database) -> String {
        format!("postgres://{}@{}/{}", database.role(), self.address, database.name())
    }

    /// Begins a transaction in every session. All sessions must be idle.
    pub fn begin(&self) {
        for link in self.links.lock().unwrap_or_else(PoisonError::into_inner).iter_mut() {
            link.withheld.fetch_add(ANSWER, Ordering::SeqCst);
            // The session may have ended.
            let _ = link.server.write_all(BEGIN);
        }
    }
}

fn link(client: TcpStream, server: UnixStream) -> std::io::Result<Link> {
    let withheld = Arc::new(AtomicUsize::new(0));
    let (mut from_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
    thread::spawn(move || {
        let _ = std::io::copy(&mut from_client, &mut to_server);
        let _ = to_server.shutdown(Shutdown::Both);
    });
    let (mut from_server, mut to_client, withhold) =
        (server.try_clone()?, client, withheld.clone());
    thread::spawn(move || {
        let mut buffer = [0; 16 * 1024];
        while let Ok(read) = from_server.read(&mut buffer)
            && read > 0
        {
            let hidden = read.min(withhold.load(Ordering::SeqCst));
            withhold.fetch_sub(hidden, Ordering::SeqCst);
            if to_client.write_all(&buffer[hidden..read]).is_err() {
                break;
            }
        }
        let _ = to_client.shutdown(Shutdown::Both);
    });
    Ok(Link { server, withheld })
}
