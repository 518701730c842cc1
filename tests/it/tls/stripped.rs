//! Servers without TLS, and attackers who claim to be one.

use std::{
    io::{Read, Write},
    net::{IpAddr, SocketAddr, TcpListener, TcpStream, UdpSocket},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use super::rig::{PASSWORD, Rig};

const PASSWORDS: &str = "host all writer all scram-sha-256\n";

/// An address of this machine that is not loopback. Connecting a UDP socket only finds the route,
/// and sends nothing.
fn far_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("198.51.100.1:9").ok()?;
    Some(socket.local_addr().ok()?.ip()).filter(|ip| !ip.is_loopback() && !ip.is_unspecified())
}

#[test]
fn a_server_without_tls_is_taken_on_loopback_and_where_it_is_not_asked_for() {
    let rig = Rig::new("127.0.73.35", PASSWORDS);
    for parameters in ["", "sslmode=prefer", "sslmode=disable", "channel_binding=prefer"] {
        rig.expect_stored(&rig.here(parameters), false);
    }
    let trusted = rig.trusted();
    for (parameters, mode) in [
        ("sslmode=require".to_owned(), "require"),
        (format!("sslmode=verify-ca&{trusted}"), "verify-ca"),
        ("sslmode=verify-full".to_owned(), "verify-full"),
        (trusted.replace("sslrootcert=", "sslmode=require&sslrootcert="), "require"),
    ] {
        let words = ["offers no TLS", &format!("sslmode={mode} asks for it"), "sslmode=disable"];
        rig.expect_refused(&rig.here(&parameters), &words);
    }
    rig.expect_refused(&rig.here("channel_binding=require"), &["channel binding"]);
    // A Unix socket needs no TLS, whatever the parameters say.
    let ended = rig.run(&format!("{}?sslmode=verify-full", rig.database.url()), &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
}

#[test]
fn a_failed_handshake_and_a_rule_against_tls_are_met_without_tls_where_it_is_only_preferred() {
    let rig = Rig::new("127.0.73.36", "hostnossl all writer all scram-sha-256\n");
    rig.present(&rig.authority.issue_expired("localhost", "DNS:localhost"));
    let trusted = rig.trusted();
    for parameters in
        [String::new(), "sslmode=prefer".to_owned(), format!("sslmode=prefer&{trusted}")]
    {
        rig.expect_stored(&rig.here(&parameters), false);
    }
    rig.expect_refused(&rig.here("sslmode=require"), &["no pg_hba.conf entry", "SSL encryption"]);
}

#[test]
fn a_remote_server_needs_tls_or_a_word_that_it_does_not() {
    let Some(far) = far_address() else {
        eprintln!("this machine has no address but loopback's: not tested");
        return;
    };
    let rig = Rig::listening("127.0.73.37", &format!("127.0.73.37,{far}"), PASSWORDS);
    let there = |parameters: &str| rig.url(&far.to_string(), parameters);
    rig.expect_refused(&there(""), &["offers no TLS", "sslmode=verify-full asks for it"]);
    rig.expect_stored(&there("sslmode=disable"), false);
    rig.expect_stored(&there("sslmode=prefer"), false);
    rig.present(&rig.authority.issue("db", &format!("IP:{far}")));
    rig.expect_refused(&there(""), &["UnknownIssuer"]);
    rig.expect_stored(&there(&rig.trusted()), true);
}

/// An attacker that refuses TLS, asks for the password in clear text, and keeps what it receives.
struct Thief {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Thief {
    fn at(ip: IpAddr) -> Self {
        let listener = TcpListener::bind((ip, 0)).expect("listen");
        let address = listener.local_addr().expect("an address");
        let heard = Arc::<Mutex<Vec<u8>>>::default();
        let keeps = Arc::clone(&heard);
        thread::spawn(move || {
            for client in listener.incoming() {
                let heard = keeps.clone();
                thread::spawn(move || steal(client.expect("a client"), &heard));
            }
        });
        Self { address, heard }
    }

    fn has_password(&self) -> bool {
        let heard = self.heard.lock().expect("no panic in here");
        heard.windows(PASSWORD.len()).any(|part| part == PASSWORD.as_bytes())
    }

    fn url(&self, parameters: &str) -> String {
        format!("postgres://writer:{PASSWORD}@{}/d?{parameters}", self.address)
    }
}

fn steal(mut client: TcpStream, heard: &Mutex<Vec<u8>>) {
    client.set_read_timeout(Some(Duration::from_secs(2))).expect("a time-out");
    loop {
        let mut length = [0; 4];
        if client.read_exact(&mut length).is_err() {
            return;
        }
        let mut body = vec![0; u32::from_be_bytes(length) as usize - 4];
        client.read_exact(&mut body).expect("a message");
        if body == [4, 210, 22, 47] {
            client.write_all(b"N").expect("say no");
            continue;
        }
        // An attacker may send its message in pieces.
        for part in [&b"R\0\0"[..], b"\0\x08\0\0", b"\0\x03"] {
            client.write_all(part).expect("ask");
            client.flush().expect("ask");
            // The pause makes each piece arrive on its own.
            thread::sleep(Duration::from_millis(20));
        }
        let mut answer = [0; 256];
        let read = client.read(&mut answer).unwrap_or(0);
        heard.lock().expect("no panic in here").extend_from_slice(&answer[..read]);
        return;
    }
}

#[test]
fn a_password_is_not_sent_in_clear_text_to_another_machine() {
    let rig = Rig::new("127.0.73.38", PASSWORDS);
    // On loopback, clear text is allowed, as psql does it.
    let near = Thief::at(IpAddr::from([127, 0, 0, 1]));
    rig.run(&near.url(""), &[]);
    assert!(near.has_password(), "clear text is for loopback");

    let Some(far) = far_address() else {
        eprintln!("this machine has no address but loopback's: not tested");
        return;
    };
    let thief = Thief::at(far);
    for parameters in ["sslmode=prefer", "sslmode=disable"] {
        let words = ["asks for the password in clear text", "was not sent", "sslmode=require"];
        rig.expect_refused(&thief.url(parameters), &words);
    }
    for parameters in ["", "sslmode=require", "sslmode=verify-full"] {
        rig.expect_refused(&thief.url(parameters), &["offers no TLS"]);
    }
    assert!(!thief.has_password(), "a password was sent");
}
