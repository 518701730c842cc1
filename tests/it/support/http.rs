//! HTTP requests without a client library.

use std::{
    io::{self, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use socket2::{Domain, Socket, Type};

const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug, Clone)]
pub struct Answered {
    pub status: u16,
    /// Their names are in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as it was received.
    pub body: Vec<u8>,
}

impl Answered {
    /// The value of the first header with this name, which is given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        let json = serde_json::from_slice(&self.body);
        json.unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}

/// Sends a GET request.
pub fn get(address: SocketAddr, path: &str) -> io::Result<Answered> {
    request(address, "GET", path)
}

/// Sends a GET request with this header.
pub fn get_with(address: SocketAddr, path: &str, header: (&str, &str)) -> io::Result<Answered> {
    let (name, value) = header;
    exchange(address, "GET", path, &format!("{name}: {value}\r\n"), PATIENCE)
}

/// Sends a GET request. `limit` applies to each step, such as connecting or one read.
pub fn get_within(address: SocketAddr, path: &str, limit: Duration) -> io::Result<Answered> {
    exchange(address, "GET", path, "", limit)
}

/// Sends a request with any method.
pub fn request(address: SocketAddr, method: &str, path: &str) -> io::Result<Answered> {
    exchange(address, method, path, "", PATIENCE)
}

/// Uses HTTP/1.0, which has no chunked encoding and no second request on a connection.
fn exchange(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &str,
    limit: Duration,
) -> io::Result<Answered> {
    let mut connection = TcpStream::connect_timeout(&address, limit)?;
    connection.set_read_timeout(Some(limit))?;
    write!(
        connection,
        "{method} {path} HTTP/1.0\r\nHost: {address}\r\nContent-Length: 0\r\nConnection: close\r\n{headers}\r\n"
    )?;
    let mut bytes = Vec::new();
    connection.read_to_end(&mut bytes)?;
    parse(&bytes).ok_or_else(|| {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        io::Error::new(io::ErrorKind::InvalidData, text)
    })
}

pub fn parse(bytes: &[u8]) -> Option<Answered> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let header = |line: &str| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_ascii_lowercase(), value.trim().to_owned()))
    };
    Some(Answered {
        status,
        headers: lines.filter_map(header).collect(),
        body: bytes[end + 4..].to_vec(),
    })
}

/// Ports outside the range from which systems assign ports, so that none is taken before it is
/// used.
const PORTS: std::ops::Range<u32> = 20_000..32_000;

/// A free loopback address that no other test gets, of this process or of another one.
pub fn free_address() -> SocketAddr {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    // Parallel test processes begin at different ports.
    let first = std::process::id().wrapping_mul(397);
    let mut ports = std::iter::repeat_with(|| {
        let number = first.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
        PORTS.start + number % (PORTS.end - PORTS.start)
    });
    let addresses = ports.by_ref().take(PORTS.len()).map(|port| {
        let port = u16::try_from(port).expect("a port");
        SocketAddr::from(([127, 0, 0, 1], port))
    });
    let mut free = addresses.filter(|address| reserve(*address).is_ok());
    free.next().expect("a free port")
}

/// Keeps an address for as long as this process lives. The socket refuses connections, because it does not
/// listen, and lets a server listen there that reuses addresses, as all servers of the tests do.
fn reserve(address: SocketAddr) -> io::Result<()> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    // Reuse is allowed only afterwards: this bind fails when another process has the address.
    socket.bind(&address.into())?;
    socket.set_reuse_address(true)?;
    std::mem::forget(socket);
    Ok(())
}
