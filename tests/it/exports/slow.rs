//! A client that takes as much of an answer as it wants, by HTTP/1.1.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use socket2::{Domain, Socket, Type};

use super::scene::token;

const PATIENCE: Duration = Duration::from_secs(20);
/// So small that the service soon has to wait.
const BUFFER_BYTES: usize = 4 * 1024;

pub struct Slow(TcpStream);

impl Slow {
    /// Requests a path.
    pub fn send(address: SocketAddr, path: &str) -> Self {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        socket.set_recv_buffer_size(BUFFER_BYTES).expect("a small buffer");
        socket.connect(&address.into()).expect("connect");
        let mut client = TcpStream::from(socket);
        client.set_read_timeout(Some(PATIENCE)).expect("a time limit");
        let (name, value) = token();
        let head = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n{name}: {value}\r\n\r\n");
        client.write_all(head.as_bytes()).expect("ask");
        Self(client)
    }

    /// Requests a path, and reads the first bytes of the answer, which it returns.
    pub fn ask(address: SocketAddr, path: &str) -> (Self, String) {
        let Self(mut client) = Self::send(address, path);
        let mut first = [0; 1024];
        let read = client.read(&mut first).expect("the begin of an answer");
        let first = String::from_utf8_lossy(&first[..read]).into_owned();
        (Self(client), first)
    }

    /// Takes the rest until the connection ends in any way.
    pub fn rest(mut self) -> Vec<u8> {
        let (mut rest, mut some) = (Vec::new(), vec![0; 64 * 1024]);
        while let Ok(read @ 1..) = self.0.read(&mut some) {
            rest.extend_from_slice(&some[..read]);
        }
        rest
    }
}
