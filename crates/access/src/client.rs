//! From which address a request came, behind proxies too.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use super::Networks;

/// The bits of an IPv6 address that identify a network. The others are the client's choice.
const IPV6_NETWORK: u128 = !0 << 64;

/// What the requests of one client have in common: an IPv4 address, or the /64 of an IPv6 address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AddressKey(IpAddr);

impl AddressKey {
    /// The key of an address. An IPv4 address that is mapped to IPv6 is an IPv4 address.
    pub fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => {
                IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & IPV6_NETWORK))
            }
        })
    }
}

/// The address that a request came from: the peer, or if the peer is a trusted proxy, the rightmost address of
/// `forwarded` that is none.
///
/// `forwarded` are the values of all `X-Forwarded-For` headers in their order, which make one list. A client can write
/// anything into it; only what trusted proxies appended is read, from the right. If something there is no address, the
/// peer counts. If all are trusted, the leftmost counts.
pub fn client<'a>(
    peer: IpAddr,
    forwarded: impl DoubleEndedIterator<Item = &'a [u8]>,
    trusted: &Networks,
) -> IpAddr {
    let mut client = peer;
    if !trusted.contains(peer) {
        return client;
    }
    for text in forwarded.rev().flat_map(|value| value.rsplit(|byte| *byte == b',')) {
        let Some(address) = address(text) else { return peer };
        client = address;
        if !trusted.contains(address) {
            break;
        }
    }
    client
}

/// An address, with or without a port.
fn address(text: &[u8]) -> Option<IpAddr> {
    let text = str::from_utf8(text).ok()?.trim();
    let bracketed = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let address = bracketed.unwrap_or(text).parse().ok();
    address.or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rightmost_address_that_is_no_trusted_proxy_is_the_client() {
        // The peer, the headers, the client.
        let rows: [(&str, &[&str], &str); 16] = [
            ("192.0.2.1", &[], "192.0.2.1"),
            ("192.0.2.1", &["198.51.100.1"], "192.0.2.1"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["203.0.113.9, 198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1, 10.0.0.2,10.0.0.3"], "198.51.100.1"),
            ("10.0.0.1", &["203.0.113.9", "198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1", "10.0.0.2"], "198.51.100.1"),
            ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
            ("10.0.0.1", &["nonsense, 198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1, nonsense"], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1,"], "10.0.0.1"),
            ("10.0.0.1", &[""], "10.0.0.1"),
            ("::ffff:10.0.0.1", &["198.51.100.1:4711"], "198.51.100.1"),
            ("10.0.0.1", &["[2001:db8::7]:4711"], "2001:db8::7"),
            ("10.0.0.1", &["[2001:db8::7], 10.9.9.9"], "2001:db8::7"),
        ];
        let trusted = Networks::read("10.0.0.0/8").expect("a range");
        for (peer, headers, expected) in rows {
            let headers = headers.iter().map(|header| header.as_bytes());
            let found = client(peer.parse().expect(peer), headers.clone(), &trusted);
            let given: Vec<_> = headers.map(String::from_utf8_lossy).collect();
            assert_eq!(found.to_string(), expected, "{peer} {given:?}");
        }
        let bytes = [b"\xff, 198.51.100.1".as_slice()].into_iter();
        let found = client(IpAddr::from([10, 0, 0, 1]), bytes, &trusted);
        assert_eq!(found.to_string(), "198.51.100.1");
    }

    #[test]
    fn a_client_is_an_ipv4_address_or_a_network_of_ipv6() {
        let key = |text: &str| AddressKey::of(text.parse().expect(text));
        assert_eq!(key("2001:db8:0:1::1"), key("2001:db8:0:1:ffff::2"));
        assert_ne!(key("2001:db8:0:1::1"), key("2001:db8:0:2::1"));
        assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
        assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
    }
}
