//! The addresses of the server in a URL.

use std::{net::IpAddr, path::Path};

use tokio_postgres::{Config, config::Host};

/// One address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// The kind of socket and its address.
    pub at: At<'a>,
    /// The port, which is also part of a socket's file name.
    pub port: u16,
}

/// A unix socket, or a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At<'a> {
    /// The directory of the socket.
    Unix(&'a Path),
    /// A host. If the address is given, the name is not resolved and serves only the certificate.
    Tcp(Option<&'a str>, Option<IpAddr>),
}

/// All addresses, in the order in which they are tried.
pub fn places(config: &Config) -> impl Iterator<Item = Place<'_>> {
    let (hosts, addresses) = (config.get_hosts(), config.get_hostaddrs());
    let ports = config.get_ports();
    (0..hosts.len().max(addresses.len())).map(move |index| {
        let address = addresses.get(index).copied();
        let at = match hosts.get(index) {
            Some(Host::Unix(directory)) => At::Unix(directory),
            Some(Host::Tcp(name)) => At::Tcp(Some(name), address),
            None => At::Tcp(None, address),
        };
        let port = ports.get(index).or(ports.first()).copied().unwrap_or(5432);
        Place { at, port }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(url: &str) -> Vec<String> {
        let config: Config = url.parse().expect("a URL");
        places(&config).map(|place| format!("{:?} {}", place.at, place.port)).collect()
    }

    #[test]
    fn names_addresses_and_sockets_are_told_apart() {
        assert_eq!(told("postgres://u@a/d"), [r#"Tcp(Some("a"), None) 5432"#]);
        assert_eq!(
            told("postgres://u@a:1,b:2/d?hostaddr=127.0.0.1,::1"),
            [r#"Tcp(Some("a"), Some(127.0.0.1)) 1"#, r#"Tcp(Some("b"), Some(::1)) 2"#]
        );
        assert_eq!(
            told("postgres://u@/d?hostaddr=10.0.0.1&port=7"),
            ["Tcp(None, Some(10.0.0.1)) 7"]
        );
        assert_eq!(told("postgres://u@%2Frun%2Fpg/d"), [r#"Unix("/run/pg") 5432"#]);
    }
}
