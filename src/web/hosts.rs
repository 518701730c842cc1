//! The host names that the service answers to. A foreign page whose own name points at this address (DNS
//! rebinding) has the same origin for a browser, and could read everything.

use std::{collections::BTreeSet, net::IpAddr, str};

use actix_web::{
    dev::RequestHead,
    http::{Uri, Version, header::HOST},
};

/// Allows every name.
const ANY: &str = "*";
/// No resolver maps it to another machine.
const OURSELVES: &str = "localhost";

/// The names by which the service may be requested. An address cannot be rebound, so it is always allowed.
#[derive(Debug, Clone)]
pub struct AllowedHosts {
    is_any: bool,
    names: BTreeSet<String>,
}

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The request is for another host.
    Misdirected,
    /// The request names no host, two hosts, or an invalid one.
    Unclear,
}

impl AllowedHosts {
    /// Allows `localhost`, addresses, and these names in lower case; `*` allows every name.
    pub fn new(names: impl IntoIterator<Item = String>) -> Self {
        let mut names: BTreeSet<_> = names.into_iter().collect();
        names.insert(OURSELVES.to_owned());
        Self { is_any: names.contains(ANY), names }
    }

    /// Whether the request is for this service. If the target names a host, the header and the target must
    /// both be allowed: a server uses the target, and a proxy before it may use the header.
    pub fn judge(&self, head: &RequestHead) -> Result<(), Refused> {
        if self.is_any {
            return Ok(());
        }
        let mut named = head.headers.get_all(HOST);
        match (named.next(), named.next()) {
            (Some(host), None) => {
                self.allow(str::from_utf8(host.as_bytes()).unwrap_or_default())?
            }
            // A browser always names a host.
            (None, _) if head.version < Version::HTTP_11 => {}
            _ => return Err(Refused::Unclear),
        }
        head.uri.authority().map_or(Ok(()), |of_target| self.allow(of_target.as_str()))
    }

    fn allow(&self, authority: &str) -> Result<(), Refused> {
        match host_of(authority).ok_or(Refused::Unclear)? {
            Host::Address(_) => Ok(()),
            Host::Name(name) if self.names.contains(&name) => Ok(()),
            Host::Name(_) => Err(Refused::Misdirected),
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Host {
    Address(IpAddr),
    /// In lower case, without the dot of the root.
    Name(String),
}

/// The host of `host[:port]`. The header never contains a user.
fn host_of(authority: &str) -> Option<Host> {
    let is_port = |port: &str| port.bytes().all(|digit| digit.is_ascii_digit());
    if let Some(bracketed) = authority.strip_prefix('[') {
        let (address, rest) = bracketed.split_once(']')?;
        let port = if rest.is_empty() { "" } else { rest.strip_prefix(':')? };
        // The zone of a link-local address has a meaning only on the client's machine.
        let address = address.split_once('%').map_or(address, |(address, _)| address);
        let address = address.parse().ok().filter(|_| is_port(port))?;
        return Some(Host::Address(IpAddr::V6(address)));
    }
    let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
    let host = host.strip_suffix('.').unwrap_or(host);
    // The parser of targets knows the characters of a host name.
    let is_name = !host.is_empty() && !host.contains('@') && host.parse::<Uri>().is_ok();
    if !is_name || !is_port(port) || host.contains('/') {
        return None;
    }
    Some(match host.parse() {
        Ok(address) => Host::Address(IpAddr::V4(address)),
        Err(_) => Host::Name(host.to_ascii_lowercase()),
    })
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn judged(allowed: &[&str], target: &str, version: Version, hosts: &[&str]) -> &'static str {
        let request = TestRequest::with_uri(target).version(version);
        let add = |request: TestRequest, host: &&str| request.append_header((HOST, *host));
        let request = hosts.iter().fold(request, add).to_srv_request();
        let allowed = AllowedHosts::new(allowed.iter().map(|&name| name.to_owned()));
        match allowed.judge(request.head()) {
            Ok(()) => "ok",
            Err(Refused::Misdirected) => "misdirected",
            Err(Refused::Unclear) => "unclear",
        }
    }

    #[test]
    fn a_request_is_for_us_when_its_host_is() {
        // The Host header, and the result when `sectorwatch` is allowed too.
        let rows = [
            ("localhost", "ok"),
            ("LocalHost:8080", "ok"),
            ("localhost.", "ok"),
            ("localhost.:80", "ok"),
            ("localhost:", "ok"),
            ("127.0.0.1", "ok"),
            ("127.0.0.1:8080", "ok"),
            ("192.0.2.7:1", "ok"),
            ("[::1]", "ok"),
            ("[::1]:8080", "ok"),
            ("[2001:DB8::7]:8080", "ok"),
            ("[fe80::1%25eth0]:8080", "ok"),
            ("[::ffff:127.0.0.1]", "ok"),
            ("sectorwatch:8080", "ok"),
            ("SectorWatch.", "ok"),
            ("evil.example", "misdirected"),
            ("evil.example:8080", "misdirected"),
            ("localhost.evil.example", "misdirected"),
            ("127.0.0.1.evil.example", "misdirected"),
            ("evil-sectorwatch", "misdirected"),
            ("a.sectorwatch", "misdirected"),
            ("x.localhost", "misdirected"),
            ("127.1", "misdirected"),
            ("2130706433", "misdirected"),
            ("*", "misdirected"),
            ("", "unclear"),
            (".", "unclear"),
            (":8080", "unclear"),
            ("::1", "unclear"),
            ("[::1", "unclear"),
            ("[::1]8080", "unclear"),
            ("[evil.example]", "unclear"),
            ("localhost:x", "unclear"),
            ("localhost:80:80", "unclear"),
            ("evil.example@localhost", "unclear"),
            ("localhost@evil.example", "unclear"),
            ("localhost/evil", "unclear"),
            ("http://localhost", "unclear"),
            ("localhost, evil.example", "unclear"),
            ("local host", "unclear"),
        ];
        for (host, expected) in rows {
            let found = judged(&["sectorwatch"], "/", Version::HTTP_11, &[host]);
            assert_eq!(found, expected, "{host}");
            assert_eq!(judged(&["*"], "/", Version::HTTP_11, &[host]), "ok", "{host}");
        }
    }

    #[test]
    fn the_target_and_the_number_of_headers_count_too() {
        let rows: [(&str, Version, &[&str], &str); 8] = [
            ("/", Version::HTTP_11, &[], "unclear"),
            ("/", Version::HTTP_10, &[], "ok"),
            ("/", Version::HTTP_10, &["evil.example"], "misdirected"),
            ("/", Version::HTTP_11, &["localhost", "localhost"], "unclear"),
            ("/", Version::HTTP_11, &["localhost", "evil.example"], "unclear"),
            ("http://evil.example/", Version::HTTP_11, &["localhost"], "misdirected"),
            ("http://localhost/", Version::HTTP_11, &["evil.example"], "misdirected"),
            ("http://LOCALHOST:80/", Version::HTTP_11, &["localhost"], "ok"),
        ];
        for (target, version, hosts, expected) in rows {
            let found = judged(&[], target, version, hosts);
            assert_eq!(found, expected, "{target} {version:?} {hosts:?}");
        }
    }
}
